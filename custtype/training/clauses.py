"""Fitting the judge of single clauses, from the words that readers said had decided.

A clause that holds such words shows the note's type; the other clauses of these notes, and all clauses of notes that are
``unclear``, show nothing. Short examples of single behaviours may be added. Notes whose deciding words nobody marked are
left out: which of their clauses shows the type is not known.

References
----------
Zaidan, Eisner and Piatko (2007), "Using annotator rationales to improve machine learning for text categorization", NAACL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from custtype.feature_extraction.clauses import CLAUSE_FEATURES, place_clauses, pool_clauses
from custtype.scoring import clause_probabilities
from custtype.training.features import Features, Selection
from custtype.training.margins import Margins, fit_margins

__all__ = ["CUE_SCALE", "PLACE_SCALE", "ClauseModel", "Example", "clause_design", "fit_clauses", "mark_clauses"]

#: Weight of a signal, and of a clause's place, beside an n-gram before the penalty sees them.
CUE_SCALE, PLACE_SCALE = 0.3, 0.5
_EXAMPLE_WEIGHT = 0.3  # of a short example beside a real clause
_UNCLEAR_SHARE = 1.5  # notes that show nothing, per note with marked words: more teach no more
_MIN_NOTES = 20  # with marked words: below that no clause is judged
_OVERLAP = 0.5  # of the shorter of clause and marked words

Example = tuple[str, str]
_UNKNOWN, _NOTHING = -1, 3


def mark_clauses(
    notes: Sequence[str], labels: npt.NDArray[np.int64], rationales: Sequence[Sequence[str] | None] | None, features: Features
) -> npt.NDArray[np.int64]:
    """Say what each clause shows: 0 to 2 a type, 3 nothing, -1 not known."""
    result = np.where(labels.take(features.note) == _NOTHING, _NOTHING, _UNKNOWN)
    for number, pieces in enumerate(rationales or ()):
        if not pieces or labels[number] == _NOTHING:
            continue
        low, high = features.first_clause[number], features.first_clause[number + 1]
        result[low:high] = _NOTHING
        for piece in pieces:
            start = notes[number].find(piece)
            if start < 0:
                continue
            begin, end = features.span[low:high].T
            shared = np.minimum(end, start + len(piece)) - np.maximum(begin, start)
            result[low:high][shared >= _OVERLAP * np.minimum(end - begin, len(piece))] = labels[number]
    return result


@dataclass(frozen=True, slots=True)
class ClauseModel:
    """The judge of clauses; without one, every pooled feature is 0."""

    margins: Margins | None

    def pooled(self, design: Any, first_clause: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return the pooled features of all notes, from the design matrix of all clauses."""
        if self.margins is None:
            return np.zeros((len(first_clause) - 1, 3 * len(CLAUSE_FEATURES)))
        return pool_clauses(clause_probabilities(self.margins.against_unclear(design)), first_clause)


def clause_design(features: Features, selection: Selection, *, stripped: bool = False) -> Any:
    """Return what the judge of clauses sees of every clause."""
    every = np.arange(len(features.note))
    place = sparse.csr_matrix(place_clauses(features.first_clause) * PLACE_SCALE)
    return sparse.hstack([selection(features, every, stripped=stripped), features.cues * CUE_SCALE, place]).tocsr()


def fit_clauses(
    designs: tuple[Any, Any],
    shown: npt.NDArray[np.int64],
    note: npt.NDArray[np.int64],
    used: npt.NDArray[np.bool_],
    examples: tuple[Any, npt.NDArray[np.int64]] | None,
    C: float,
) -> ClauseModel:
    """Fit the judge on the clauses of some notes.

    Parameters
    ----------
    designs : tuple of sparse matrices
        All clauses as typed, and as typed without diacritics; both are learned from, at half weight.
    shown : ndarray of int64, shape (n_clauses,)
        From :func:`mark_clauses`.
    note : ndarray of int64, shape (n_clauses,)
    used : ndarray of bool, shape (n_notes,)
        The notes to fit on.
    examples : tuple of (design, labels), optional
    C : float
    """
    marked = np.unique(note[(shown >= 0) & (shown < _NOTHING) & used.take(note)])
    if len(marked) < _MIN_NOTES:
        return ClauseModel(None)
    has_marks = np.zeros(len(used), np.bool_)
    has_marks[marked] = True
    empty = np.setdiff1d(np.unique(note[used.take(note) & (shown == _NOTHING)]), marked)
    few = np.random.default_rng(0).permutation(empty)[: int(_UNCLEAR_SHARE * len(marked))]
    has_marks[few] = True
    rows = np.flatnonzero(has_marks.take(note) & (shown >= 0))
    blocks, labels, weights = [d[rows] for d in designs], [shown[rows]] * 2, [np.full(len(rows), 0.5)] * 2
    if examples is not None:
        blocks.append(examples[0])
        labels.append(examples[1])
        weights.append(np.full(len(examples[1]), _EXAMPLE_WEIGHT))
    return ClauseModel(fit_margins(sparse.vstack(blocks).tocsr(), np.concatenate(labels), np.concatenate(weights), C))
