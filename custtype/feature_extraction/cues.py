"""Cues: the lexicon's signals found in a batch of notes, with the words that a dismissal turns.

"Anh hỏi rất kỹ từng khoản" shows ``wants_breakdown``; "không cần từng khoản" shows the opposite. A cue that follows a
dismisser ("không cần", "no need to") within three words of the same clause becomes ``dismisses_<type>``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.phrases import Hits, PhraseFinder, PhraseTable, compile_phrases
from custtype.feature_extraction.stylometry import numbered_points
from custtype.feature_extraction.tokens import TokenBatch, Tokenizer
from custtype.lexicon import Lexicon
from custtype.schema import CustomerType

__all__ = ["DISMISSAL_REACH", "CueFinder", "CueTable", "compile_cues"]

DISMISSAL_REACH = 3  # words between a dismisser and the cue that it turns
_TURNED = {
    CustomerType.RESULT: ("dismisses_result", CustomerType.DETAIL),
    CustomerType.DETAIL: ("dismisses_detail", CustomerType.RESULT),
    CustomerType.PEOPLE: ("dismisses_people", CustomerType.RESULT),
}
_NUMBERED = ("numbered_points", CustomerType.DETAIL)


@dataclass(frozen=True, slots=True)
class CueTable:
    """What finding cues needs, as plain data.

    Attributes
    ----------
    names : tuple of str
        Name of each signal: those of the lexicon, then the turned ones, then ``numbered_points``.
    toward : tuple of str
        What each speaks for: a customer type or an alert.
    turned : ndarray of int32, shape (n_signals,)
        The signal that each becomes after a dismisser; itself where it cannot be turned.
    phrases : PhraseTable
        Phrases of all signals; the label of a dismisser is ``len(names)``.
    """

    names: tuple[str, ...]
    toward: tuple[str, ...]
    turned: npt.NDArray[np.int32]
    phrases: PhraseTable


def compile_cues(lexicon: Lexicon, tokenizer: Tokenizer) -> CueTable:
    """Turn a lexicon into a table."""
    names = [*lexicon.names, *(name for name, _ in _TURNED.values()), _NUMBERED[0]]
    toward = [str(s.toward) for s in lexicon.signals] + [str(t) for _, t in _TURNED.values()] + [str(_NUMBERED[1])]
    turned = np.arange(len(names), dtype=np.int32)
    for number, signal in enumerate(lexicon.signals):
        if isinstance(signal.toward, CustomerType) and signal.toward in _TURNED:
            turned[number] = names.index(_TURNED[signal.toward][0])
    texts = [p.text for s in lexicon.signals for p in s.phrases]
    labels = [number for number, s in enumerate(lexicon.signals) for _ in s.phrases]
    dismissers = list(lexicon.structure.dismissers)
    phrases = compile_phrases(texts + dismissers, labels + [len(names)] * len(dismissers), tokenizer)
    return CueTable(tuple(names), tuple(toward), turned, phrases)


class CueFinder:
    """Finds the signals of a table in notes."""

    def __init__(self, table: CueTable) -> None:
        self.table = table
        self._finder = PhraseFinder(table.phrases)

    def __call__(self, batch: TokenBatch) -> Hits:
        """Find every cue; the label of a hit is the number of its signal, turned where a dismisser precedes it."""
        hits = self._finder(batch)
        n_signals = len(self.table.names)
        is_dismisser = hits.label == n_signals
        label = hits.label[~is_dismisser]
        note, first, last = hits.note[~is_dismisser], hits.first[~is_dismisser], hits.last[~is_dismisser]
        if is_dismisser.any():
            label = np.where(self._dismissed(batch, hits, is_dismisser, first), self.table.turned.take(label), label)
        point_note, point = numbered_points(batch)
        number = np.full(len(point), n_signals - 1, np.int32)
        return Hits(
            np.concatenate([note, point_note]),
            np.concatenate([label, number]),
            np.concatenate([first, point]),
            np.concatenate([last, point]),
        )

    def _dismissed(
        self, batch: TokenBatch, hits: Hits, is_dismisser: npt.NDArray[np.bool_], first: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        """Tell which cues begin shortly after a dismisser, in the same clause."""
        ends = np.sort(hits.last[is_dismisser])
        place = np.searchsorted(ends, first) - 1  # the nearest dismisser that ends before the cue begins
        nearest = ends.take(np.maximum(place, 0))
        near = (place >= 0) & (first - nearest <= DISMISSAL_REACH + 1)
        same_note = batch.note.take(nearest) == batch.note.take(first)
        begin, end = batch.end.take(nearest), batch.start.take(first)
        unbroken = np.searchsorted(batch.clause_ends, begin) == np.searchsorted(batch.clause_ends, end)
        result: npt.NDArray[np.bool_] = near & same_note & unbroken
        return result
