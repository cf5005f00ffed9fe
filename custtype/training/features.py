"""Counts of a corpus as sparse matrices, from the very functions that score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from custtype.feature_extraction.clauses import ClauseFinder
from custtype.feature_extraction.cues import CueFinder, CueTable
from custtype.feature_extraction.ngrams import COLUMN_BITS, NOTHING, link_columns, own_columns, spelling_columns
from custtype.feature_extraction.tokens import Tokenizer, split_batches

__all__ = ["Features", "Selection", "count_features", "select_columns"]

# How large the families of n-grams are beside each other, in this order: letters, words, words with diacritics.
# Chosen so that a note's features of one family have a length of about one, as cosine-normalised TF-IDF has.
_LETTERS, _WORDS, _MARKED = 0, 1, 2
FAMILY_SCALE = (0.03, 0.12, 0.12)


@dataclass(frozen=True, slots=True)
class Features:
    """What a corpus holds, clause by clause.

    Attributes
    ----------
    families : tuple of sparse matrices, shape (n_clauses, 2**20)
        Counts of letter n-grams, of word n-grams, and of word n-grams with diacritics.
    cues : sparse matrix, shape (n_clauses, n_signals)
        Which signals begin in each clause.
    n_words : ndarray of int64, shape (n_clauses,)
    note : ndarray of int64, shape (n_clauses,)
        The note of each clause.
    first_clause : ndarray of int64, shape (n_notes + 1,)
    span : ndarray of int64, shape (n_clauses, 2)
        Where each clause stands in its note, as given.
    keys : ndarray of uint32
        Keys of all words, each once.
    """

    families: tuple[Any, Any, Any]
    cues: Any
    n_words: npt.NDArray[np.int64]
    note: npt.NDArray[np.int64]
    first_clause: npt.NDArray[np.int64]
    span: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint32]

    @property
    def n_notes(self) -> int:
        """Number of notes."""
        return len(self.first_clause) - 1

    def by_note(self) -> Features:
        """Return the same features with one row a note."""
        shape = (self.n_notes, len(self.note))
        together = sparse.csr_matrix((np.ones(len(self.note)), (self.note, np.arange(len(self.note)))), shape=shape)
        cues = together @ self.cues
        cues.data[:] = 1.0
        every = np.arange(self.n_notes)
        families = tuple(together @ counts for counts in self.families)
        n_words = np.asarray(together @ self.n_words, np.int64)
        return Features(families, cues, n_words, every, np.arange(self.n_notes + 1), np.zeros((self.n_notes, 2), np.int64), self.keys)


def count_features(notes: Sequence[str], tokenizer: Tokenizer, cues: CueTable, find_clauses: ClauseFinder) -> Features:
    """Count n-grams and signals in every clause, with the functions that score."""
    find_cues = CueFinder(cues)
    parts: list[list[Any]] = [[], [], []]
    fired, n_words, note_of_clause, keys = [], [], [], []
    spans: list[tuple[int, int]] = []
    n_clauses = 0
    for start, stop in split_batches(notes):
        batch = tokenizer(notes[start:stop])
        if not len(batch.key):
            continue
        first = find_clauses(batch)
        ends = np.append(first[1:], len(batch.key))
        clause = np.repeat(np.arange(len(first)), ends - first) + n_clauses
        different, where, which = np.unique(batch.spelled, return_index=True, return_inverse=True)
        column, begin = spelling_columns(batch, where)
        owner = np.repeat(np.arange(len(where)), np.diff(begin, append=len(column)))
        letters = _matrix([(owner[column != NOTHING], column[column != NOTHING])], len(different), 1 << COLUMN_BITS)
        words = sparse.csr_matrix((np.ones(len(clause)), (clause - n_clauses, which)), shape=(len(first), len(different)))
        parts[_LETTERS].append(words @ letters)
        single, marked = own_columns(batch.key, batch.exact)
        pair, marked_pair, asked, question = link_columns(batch)
        for family, lists in ((_WORDS, (single, pair, asked, question)), (_MARKED, (marked, marked_pair))):
            there = [(clause[c != NOTHING] - n_clauses, c[c != NOTHING]) for c in lists]
            parts[family].append(_matrix(there, len(first), 1 << COLUMN_BITS))
        hits = find_cues(batch)
        fired.append((clause.take(hits.first), hits.label))
        n_words.append(ends - first)
        note_of_clause.append(batch.note.take(first) + start)
        spans.extend(batch.raw_span(int(a), int(b) - 1) for a, b in zip(first, ends, strict=True))
        keys.append(batch.key)
        n_clauses += len(first)
    note = np.concatenate([*note_of_clause, np.zeros(0, np.int64)])
    cue_matrix = _matrix([*fired, (np.zeros(0, np.int64), np.zeros(0, np.int64))], n_clauses, len(cues.names))
    cue_matrix.data[:] = 1.0
    empty = sparse.csr_matrix((0, 1 << COLUMN_BITS))
    return Features(
        tuple(sparse.vstack([empty, *family]).tocsr() for family in parts),
        cue_matrix,
        np.concatenate([*n_words, np.zeros(0, np.int64)]),
        note,
        np.searchsorted(note, np.arange(len(notes) + 1)),
        np.array(spans, np.int64).reshape(-1, 2),
        np.unique(np.concatenate([*keys, np.zeros(0, np.uint32)])),
    )


def _matrix(parts: Sequence[tuple[npt.NDArray[Any], npt.NDArray[Any]]], rows: int, columns: int) -> Any:
    row, column = (np.concatenate(side) for side in zip(*parts, strict=True))
    matrix = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(rows, columns))
    matrix.sum_duplicates()
    return matrix


@dataclass(frozen=True, slots=True)
class Selection:
    """Which columns of the count matrices are used, and how they are weighted."""

    columns: tuple[npt.NDArray[np.int64], ...]
    idf: tuple[npt.NDArray[np.float64], ...]  # times the family's scale

    def __call__(self, features: Features, rows: npt.NDArray[np.int64], *, stripped: bool = False) -> Any:
        """Return the weighted n-grams of some rows: counts by the square root of the number of words, times idf.

        With `stripped`, as if the texts had been typed without diacritics.
        """
        blocks = []
        for family, (counts, columns, idf) in enumerate(zip(features.families, self.columns, self.idf, strict=True)):
            weighted = counts[rows][:, columns] @ sparse.diags_array(idf * (0.0 if stripped and family == _MARKED else 1.0))
            weighted.eliminate_zeros()
            blocks.append(weighted)
        length = sparse.diags_array(1 / np.sqrt(np.maximum(features.n_words[rows], 1)))
        return (length @ sparse.hstack(blocks)).tocsr()

    def spread(self, coefficients: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the columns used, ascending, and what one count of each adds: coefficients (n_outputs, n_features) times idf."""
        columns = np.concatenate(self.columns)
        order = np.argsort(columns)  # no column belongs to two families
        return columns[order], (coefficients * np.concatenate(self.idf)).T[order]


def select_columns(features: Features, min_notes: int) -> Selection:
    """Keep n-grams that occur in several notes, and weigh rarer ones more (inverse document frequency).

    `features` has one row a note.
    """
    columns, idf = [], []
    n_notes = features.n_notes
    for counts, scale in zip(features.families, FAMILY_SCALE, strict=True):
        frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
        kept = np.flatnonzero(frequency >= min(min_notes, n_notes))
        columns.append(kept)
        idf.append(scale * (np.log((1 + n_notes) / (1 + frequency[kept])) + 1))
    return Selection(tuple(columns), tuple(idf))
