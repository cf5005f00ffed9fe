"""SignalExtractor: notes to named, interpretable signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from custtype.feature_extraction.cues import CueFinder, compile_cues
from custtype.feature_extraction.stylometry import STYLE_SIGNALS, style_counts
from custtype.feature_extraction.tokens import Tokenizer, split_batches
from custtype.lexicon import load_lexicon
from custtype.validation import check_notes

__all__ = ["SignalExtractor", "SignalSpan"]


@dataclass(frozen=True, slots=True)
class SignalSpan:
    """Where a signal fired.

    Attributes
    ----------
    signal : str
    toward : str
        The customer type or alert that it speaks for.
    text : str
    start, end : int
        ``note[start:end] == text``.
    """

    signal: str
    toward: str
    text: str
    start: int
    end: int


class SignalExtractor(TransformerMixin, BaseEstimator):
    """Turn notes into named signals: how often each cue of the lexicon fired, and how the note is written.

    Matching ignores case, tone-mark placement and chat spelling, and accepts words typed without diacritics; a cue after
    "không cần", "no need to" and the like counts for ``dismisses_<type>`` instead.

    Parameters
    ----------
    lexicon : path, optional
        A folder of lexicon files; without it, the one that comes with custtype.
    style : bool, default=True
        Add counts of how the note is written (words, question marks...).

    Attributes
    ----------
    n_features_out_ : int
        Number of signals.

    Examples
    --------
    >>> extractor = SignalExtractor().fit([])
    >>> [(s.signal, s.text) for s in extractor.explain("Chị bảo khỏi giải thích, bao giờ xong?")]
    [('cuts_off_explanation', 'khỏi giải thích'), ('asks_when_done', 'bao giờ xong')]
    >>> extractor.transform(["bao giờ xong?"]).shape == (1, extractor.n_features_out_)
    True
    """

    def __init__(self, lexicon: str | Path | None = None, style: bool = True) -> None:
        self.lexicon = lexicon
        self.style = style

    def fit(self, notes: Iterable[str], labels: object = None) -> Self:
        """Read the lexicon; notes and labels are ignored."""
        lexicon = load_lexicon(self.lexicon)
        tokenizer = Tokenizer.from_structure(lexicon.structure)
        cues = compile_cues(lexicon, tokenizer)
        self.names_ = [*cues.names, *(STYLE_SIGNALS[1:] if self.style else ())]
        self.n_features_out_ = len(self.names_)
        self.special_, self.cues_ = tokenizer.special, cues
        return self

    def _ready(self) -> tuple[Tokenizer, CueFinder]:
        if not hasattr(self, "cues_"):
            raise NotFittedError("this SignalExtractor is not fitted; call fit(notes) first (the notes are not looked at)")
        return Tokenizer(self.special_), CueFinder(self.cues_)

    def transform(self, notes: Iterable[str]) -> npt.NDArray[np.float64]:
        """Count signals.

        Returns
        -------
        ndarray of float64, shape (n_notes, n_features_out_)
        """
        tokenizer, find_cues = self._ready()
        texts = check_notes(notes)
        counts = np.zeros((len(texts), self.n_features_out_))
        for start, stop in split_batches(texts):
            batch = tokenizer(texts[start:stop])
            hits = find_cues(batch)
            np.add.at(counts, (hits.note + start, hits.label), 1)
            if self.style:
                counts[start:stop, len(self.cues_.names) :] = style_counts(batch)[:, 1:]
        return counts

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """Return the signals' names, in column order."""
        self._ready()
        return np.array(self.names_, dtype=object)

    def explain(self, note: str) -> tuple[SignalSpan, ...]:
        """Return every place where a signal fired, in the order of the note."""
        tokenizer, find_cues = self._ready()
        batch = tokenizer(check_notes([note]))
        hits = find_cues(batch)
        spans = []
        for first, last, label in zip(hits.first, hits.last, hits.label, strict=True):
            start, end = batch.raw_span(int(first), int(last))
            spans.append(SignalSpan(self.cues_.names[label], self.cues_.toward[label], note[start:end], start, end))
        return tuple(sorted(set(spans), key=lambda s: (s.start, s.end, s.signal)))

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that this takes text, not numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = True
        return tags
