"""Counts of a corpus as sparse matrices, from the very functions that score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from custtype.feature_extraction.cues import CueFinder, CueTable
from custtype.feature_extraction.ngrams import TABLE_BITS, canonical_stream, char_ngrams, word_ngrams
from custtype.feature_extraction.tokens import Tokenizer, split_batches

__all__ = ["Features", "Selection", "count_features", "select_columns"]


@dataclass(frozen=True, slots=True)
class Features:
    """Counts of the corpus: characters, words, signals (one row a note), and the keys of its words."""

    chars: Any  # scipy.sparse matrices, untyped
    words: Any
    cues: Any
    vocabulary: npt.NDArray[np.uint32]


def count_features(notes: Sequence[str], tokenizer: Tokenizer, cues: CueTable) -> Features:
    """Count n-grams and signals, with the functions that score."""
    find_cues = CueFinder(cues)
    chars, words, fired, keys = [], [], [], []
    for start, stop in split_batches(notes):
        batch = tokenizer(notes[start:stop])
        stream = canonical_stream(batch)
        note_of_place = np.repeat(np.arange(stop - start), np.diff(stream.note_start))
        for index, crossing in char_ngrams(stream):
            inside = np.ones(len(index), np.bool_)
            inside[crossing] = False
            chars.append((note_of_place[inside] + start, index[inside]))
        for index, crossing in word_ngrams(batch):
            inside = np.ones(len(index), np.bool_)
            inside[crossing] = False
            words.append((batch.note[: len(index)][inside] + start, index[inside]))
        hits = find_cues(batch)
        fired.append((hits.note + start, hits.label))
        keys.append(batch.key)
    width = 1 << TABLE_BITS
    cue_matrix = _matrix(fired, len(notes), len(cues.names))
    cue_matrix.data[:] = 1.0
    return Features(_matrix(chars, len(notes), width), _matrix(words, len(notes), width), cue_matrix, np.unique(np.concatenate(keys)))


def _matrix(parts: list[tuple[npt.NDArray[Any], npt.NDArray[Any]]], rows: int, columns: int) -> Any:
    row, column = (np.concatenate(side) for side in zip(*parts, strict=True))
    matrix = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(rows, columns))
    matrix.sum_duplicates()
    return matrix


@dataclass(frozen=True, slots=True)
class Selection:
    """Which columns of a count matrix are used, and how they are weighted."""

    columns: npt.NDArray[np.int64]
    idf: npt.NDArray[np.float64]  # times the scale: how large n-grams are beside signals before the penalty sees them

    def __call__(self, counts: Any) -> Any:
        """Return the weighted features of some notes: counts by the square root of the note's total, times idf."""
        total = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
        return sparse.diags_array(1 / np.sqrt(total)) @ counts[:, self.columns] @ sparse.diags_array(self.idf)

    def spread(self, coefficients: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
        """Put coefficients (n_outputs, n_columns) back into a table (width, n_outputs)."""
        table = np.zeros((width, len(coefficients)))
        table[self.columns] = (coefficients * self.idf).T
        return table


def select_columns(counts: Any, min_notes: int, scale: float) -> Selection:
    """Keep n-grams that occur in several notes, and weigh rarer ones more (inverse document frequency)."""
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(frequency >= min(min_notes, counts.shape[0]))
    return Selection(columns, scale * (np.log((1 + counts.shape[0]) / (1 + frequency[columns])) + 1))
