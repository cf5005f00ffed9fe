"""Which words decided: the model's own sums, read back onto the note.

The score of a type is a sum over words (their n-grams) and signals. Words that add to it, side by side, make one span;
a signal that fired inside gives the span its name. What is shown is the computation itself, not a story about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from custtype.decision import REASONS, Decisions
from custtype.feature_extraction.tokens import TokenBatch
from custtype.schema import Alert, CustomerType, Evidence, ReasonCode
from custtype.scoring import BatchScores
from custtype.tables import LANES, TYPES, Tables

__all__ = ["WORDING", "Spans", "alert_evidence", "span_texts", "spans_shown", "type_evidence", "type_spans"]

WORDING = "wording"
MAX_SPANS = 3
MIN_WEIGHT = 0.05  # log-odds; what adds less is noise
_KEEP_SHARE = 0.2  # of the note's strongest word: weaker words do not extend a span
_IS_PUNCTUATION = np.isin(np.arange(256), list(b".,;:!?()\n"))
_HINTS = 2  # spans shown for a note that stays unclear although something hints at a type
_HINTING = [REASONS.index(code) for code in (ReasonCode.BALANCED, ReasonCode.WEAK_EVIDENCE)]


@dataclass(frozen=True, slots=True)
class Spans:
    """Deciding words of a batch, strongest first within each note: parallel arrays.

    Attributes
    ----------
    note, first, last : ndarray of int64
        The note, and the first and last word of the span.
    weight : ndarray of float64
        What the span adds to the score of its type.
    signal : ndarray of int64
        Number of the strongest signal inside, or -1.
    lane : ndarray of int64
        The type that the span speaks for: an index into TYPES.
    """

    note: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    signal: npt.NDArray[np.int64]
    lane: npt.NDArray[np.int64]


def type_spans(scores: BatchScores, tables: Tables) -> Spans:
    """Find the words that speak for the type of each note, or, where it is unclear, for the likeliest type."""
    words = scores.words
    lane = scores.probabilities[:, :3].argmax(axis=1)
    lane_of_word = lane.take(words.note)
    weight = np.take_along_axis(scores.word_weights, lane_of_word[:, None], axis=1)[:, 0]
    cues = scores.cues
    cue_weight = tables.cue_weights[cues.label, lane.take(cues.note)]
    useful = (cue_weight > MIN_WEIGHT) & (_lanes(tables.cues.toward)[cues.label] == lane.take(cues.note))
    first, last = cues.first[useful], cues.last[useful]
    label, cue_weight = cues.label[useful].astype(np.int64), cue_weight[useful]
    _, once = np.unique(cues.note[useful] * len(tables.cues.names) + label, return_index=True)  # a signal counts once a note
    length = last - first + 1
    spread = np.zeros(len(weight) + 1)
    np.add.at(spread, first[once], cue_weight[once] / length[once])
    np.add.at(spread, last[once] + 1, -cue_weight[once] / length[once])
    weight = weight + np.cumsum(spread)[:-1]
    inside = np.zeros(len(weight) + 1, np.int64)
    np.add.at(inside, first, 1)
    np.add.at(inside, last + 1, -1)
    return _runs(words, lane, weight, np.cumsum(inside)[:-1] > 0, (first, last, label, cue_weight), scores.quality)


@cache
def _lanes(toward: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return the index into TYPES of what each signal speaks for; -1 for alerts and distractors."""
    return np.array([TYPES.index(CustomerType(name)) if name in TYPES else -1 for name in toward])


def _runs(
    words: TokenBatch,
    lane: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float64],
    in_cue: npt.NDArray[np.bool_],
    cues: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]],
    quality: npt.NDArray[np.uint8],
) -> Spans:
    """Join neighbouring words that speak for the type, and keep the strongest runs of each note."""
    strongest = np.zeros(words.n_notes)
    np.maximum.at(strongest, words.note, weight)
    counts = (weight > np.maximum(MIN_WEIGHT, _KEEP_SHARE * strongest.take(words.note))) | in_cue
    counts &= (quality == 0).take(words.note)
    breaks = np.ones(len(counts) + 1, np.bool_)
    if len(counts) > 1:
        breaks[1:-1] = (counts[1:] != counts[:-1]) | (words.note[1:] != words.note[:-1]) | _clause_ends(words)[:-1]
    edges = np.flatnonzero(breaks)
    begin, end = edges[:-1], edges[1:]
    kept = counts[begin] if len(begin) else np.zeros(0, np.bool_)
    begin, end = begin[kept], end[kept]
    total = np.concatenate([[0.0], np.cumsum(weight)])
    strength = total[end] - total[begin]
    kept = strength > MIN_WEIGHT
    begin, end, strength = begin[kept], end[kept], strength[kept]
    note = words.note.take(begin)
    order = np.lexsort((begin, -strength, note))
    rank = np.arange(len(order)) - np.searchsorted(note[order], note[order])
    order = order[rank < MAX_SPANS]
    begin, end, strength, note = begin[order], end[order], strength[order], note[order]
    return Spans(note, begin, end - 1, strength, _name(begin, end, cues), lane.take(note))


def _clause_ends(words: TokenBatch) -> npt.NDArray[np.bool_]:
    """Tell which words have punctuation or a line end between them and the next word."""
    result = np.zeros(len(words.start), np.bool_)
    places = np.flatnonzero(_IS_PUNCTUATION.take(words.folded.codes))
    word = np.searchsorted(words.start, places, side="right") - 1
    result[word[word >= 0]] = True
    return result


def _name(
    begin: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    cues: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]],
) -> npt.NDArray[np.int64]:
    """Give each span the strongest signal that fired inside it; -1 for none."""
    first, _, label, weight = cues
    result = np.full(len(begin), -1, np.int64)
    by_place = np.argsort(begin, kind="stable")
    span = np.searchsorted(begin[by_place], first, side="right") - 1
    inside = span >= 0
    inside[inside] = first[inside] < end[by_place][span[inside]]
    for number in np.flatnonzero(inside)[np.argsort(weight[inside], kind="stable")]:  # strongest written last
        result[by_place[span[number]]] = label[number]
    return result


def spans_shown(decisions: Decisions) -> npt.NDArray[np.int64]:
    """Return how many spans each note shows: none where nothing speaks for a type, two where something hints at one."""
    hint = np.isin(decisions.reason, _HINTING)
    return np.where(decisions.reason == 0, MAX_SPANS, np.where(hint, _HINTS, 0))


def type_evidence(note: str, number: int, spans: Spans, scores: BatchScores, tables: Tables, limit: int) -> tuple[Evidence, ...]:
    """Turn the first `limit` spans of one note of a batch into :class:`Evidence`."""
    mine = np.flatnonzero(spans.note == number)
    result = []
    for i in mine[:limit]:
        start, end = scores.words.raw_span(int(spans.first[i]), int(spans.last[i]))
        signal = tables.cues.names[spans.signal[i]] if spans.signal[i] >= 0 else WORDING
        result.append(Evidence(note[start:end], start, end, signal, TYPES[spans.lane[i]], round(float(spans.weight[i]), 3)))
    return tuple(result)


def alert_evidence(note: str, number: int, scores: BatchScores, tables: Tables) -> tuple[Evidence, ...]:
    """Find the words behind each alert of one note: its own signal where one fired, else the strongest word."""
    words, cues = scores.words, scores.cues
    low, high = int(words.first_word[number]), int(words.first_word[number + 1])
    result = []
    for column, alert in enumerate(Alert):
        if not scores.alerts[number, column]:
            continue
        hit = _own_cue(number, alert, column, scores, tables)
        if hit is not None:
            first, last = int(cues.first[hit]), int(cues.last[hit])
            weight = float(tables.cue_weights[cues.label[hit], LANES["alert"]][column])
        else:
            first = low + int(scores.alert_word_weights[low:high, column].argmax())
            last, weight = min(first + 1, high - 1), float(scores.alert_word_weights[first, column])
        start, end = words.raw_span(first, last)
        result.append(Evidence(note[start:end], start, end, f"alert:{alert}", alert, round(weight, 3)))
    return tuple(result)


def _own_cue(number: int, alert: Alert, column: int, scores: BatchScores, tables: Tables) -> int | None:
    cues = scores.cues
    of_alert = [i for i in np.flatnonzero(cues.note == number) if tables.cues.toward[cues.label[i]] == alert]
    if not of_alert or tables.cue_weights[cues.label[of_alert[0]], LANES["alert"]][column] <= 0:
        return None
    return int(max(of_alert, key=lambda i: (cues.last[i] - cues.first[i], -cues.first[i])))


def span_texts(notes: Sequence[str], spans: Spans, scores: BatchScores, limits: npt.NDArray[np.int64]) -> list[list[str]]:
    """Return the deciding words of every note of a batch, as they stand in it."""
    result: list[list[str]] = [[] for _ in notes]
    folded, words = scores.words.folded, scores.words
    offset = folded.raw_start.take(spans.note)
    start = folded.raw.take(words.start.take(spans.first)) - offset
    end = folded.raw.take(words.end.take(spans.last)) - offset
    limit = limits.tolist()
    for number, begin, stop in zip(spans.note.tolist(), start.tolist(), end.tolist(), strict=True):
        if len(result[number]) < limit[number]:
            result[number].append(notes[number][begin:stop])
    return result
