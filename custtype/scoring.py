"""The fitted model as plain arrays: fast, exact, and without scikit-learn.

A note is judged twice: as a whole, by its n-grams and signals, and through its clauses, each judged by itself and pooled
(:mod:`custtype.feature_extraction.clauses`); :mod:`custtype.stacking` puts both together. All weights of an n-gram stand
in one row of small integers (:data:`custtype.tables.LANES`). Integer sums do not depend on the order or the size
of a batch, so a note gets the same probabilities, bit for bit, alone or among a million. What a known word adds by itself
is summed beforehand; only unknown words are taken apart into letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from custtype.feature_extraction.clauses import ClauseFinder, place_clauses, pool_clauses
from custtype.feature_extraction.cues import CueFinder
from custtype.feature_extraction.ngrams import COLUMN_BITS, link_columns, own_columns, spelling_columns
from custtype.feature_extraction.phrases import Hits
from custtype.feature_extraction.quality import check_quality
from custtype.feature_extraction.slots import Slots
from custtype.feature_extraction.tokens import TokenBatch, Tokenizer, split_batches
from custtype.stacking import softmax, stack_features, stack_scores, stack_slopes
from custtype.tables import CLASSES, CUE_UNIT, LANES, LARGEST_WORD, N_LANES, Tables

__all__ = ["SHARPNESS", "UNREADABLE", "BatchScores", "Scorer", "clause_probabilities"]

SHARPNESS = 2.5  # from a clause's margin to its log-odds
#: What a note that cannot be judged gets: nearly certainly unclear.
UNREADABLE = (0.01, 0.01, 0.01, 0.97)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a batch.

    Attributes
    ----------
    first_word : ndarray of int64, shape (n_clauses,)
    n_words : ndarray of int64, shape (n_clauses,)
    first_clause : ndarray of int64, shape (n_notes + 1,)
        Index of each note's first clause.
    shown : ndarray of float64, shape (n_clauses, 3)
        Probability that the clause shows each type.
    """

    first_word: npt.NDArray[np.int64]
    n_words: npt.NDArray[np.int64]
    first_clause: npt.NDArray[np.int64]
    shown: npt.NDArray[np.float64]


@dataclass(frozen=True)  # no slots: cached properties need a place to live
class BatchScores:
    """What the scorer found in a batch; everything later is read off it.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n_notes, 4)
        Columns as in :data:`CLASSES`.
    quality : ndarray of uint8, shape (n_notes,)
        0, or why the note cannot be judged (:data:`~custtype.feature_extraction.quality.QUALITY_REASONS`).
    features : ndarray of float64, shape (n_notes, 44)
        What the probabilities rest on (:func:`custtype.stacking.stack_features`).
    alerts : ndarray of bool, shape (n_notes, 8)
    cues : Hits
        The signals found.
    words : TokenBatch
    clauses : Clauses
    own, links : ndarray of int16, shape (n_words, 16)
        What each word adds by itself, and together with what follows it, in units.
    tables : Tables
    """

    probabilities: npt.NDArray[np.float64]
    quality: npt.NDArray[np.uint8]
    features: npt.NDArray[np.float64]
    alerts: npt.NDArray[np.bool_]
    cues: Hits
    words: TokenBatch
    clauses: Clauses
    own: npt.NDArray[np.int16]
    links: npt.NDArray[np.int16]
    tables: Tables

    @cached_property
    def word_weights(self) -> npt.NDArray[np.float64]:
        """What each word adds to the score of each type, shape (n_words, 3).

        A pair counts half for each of its words. What a word adds to its clause counts by how likely the clause shows
        the type and by what such a clause adds to the note.
        """
        lanes = slice(LANES["clause"].stop)  # of the note, then of its clauses
        halves = self.links[:, lanes] / 2
        halves[1:] += self.links[:-1, lanes] / 2
        weights = (self.own[:, lanes] + halves) * self.tables.units[lanes]
        n_words = np.diff(self.words.first_word)
        of_margin, of_clauses = (slope.take(self.words.note, axis=0) for slope in stack_slopes(self.tables.stack_weights, n_words))
        in_note = np.sqrt(np.maximum(n_words, 1)).take(self.words.note)[:, None]
        in_clause = np.repeat(np.sqrt(self.clauses.n_words), self.clauses.n_words)[:, None]
        shown = SHARPNESS * np.repeat(self.clauses.shown, self.clauses.n_words, axis=0)
        note, clause = weights[:, LANES["note"]], weights[:, LANES["clause"]]
        result: npt.NDArray[np.float64] = of_margin * note / in_note + of_clauses * shown * clause / in_clause
        return result

    @cached_property
    def alert_word_weights(self) -> npt.NDArray[np.float64]:
        """What each word adds to the score of each alert, shape (n_words, 8)."""
        lanes = LANES["alert"]
        in_note = np.sqrt(np.maximum(np.diff(self.words.first_word), 1)).take(self.words.note)[:, None]
        result: npt.NDArray[np.float64] = (self.own[:, lanes] + self.links[:, lanes]) * self.tables.units[lanes] / in_note
        return result


class Scorer:
    """Scores notes with a model's tables.

    Parameters
    ----------
    tables : Tables
    least : float, default=0
        Probability below which no type is named (:func:`custtype.decision.least_certainty`); changes no probability.
    """

    def __init__(self, tables: Tables, least: float = 0.0) -> None:
        self.tables = tables
        self.least = least
        self._tokenizer = Tokenizer(tables.special)
        self._find_cues = CueFinder(tables.cues)
        self._find_clauses = ClauseFinder(tables.openers)

    @cached_property
    def _row_of(self) -> npt.NDArray[np.int32]:
        """Row of each column; the first row, of zeros, for columns without weights."""
        result = np.zeros(1 << COLUMN_BITS, np.int32)
        result[self.tables.columns] = np.arange(1, len(self.tables.columns) + 1)
        return result

    @cached_property
    def _rows(self) -> npt.NDArray[np.int16]:
        return np.concatenate([np.zeros((1, N_LANES), np.int16), self.tables.rows])

    @cached_property
    def _vocabulary(self) -> Slots:
        return Slots(self.tables.vocabulary)

    @cached_property
    def _vocabulary_rows(self) -> npt.NDArray[np.int16]:
        """What known words add; the last row, of zeros, for unknown ones."""
        return np.concatenate([self.tables.vocabulary_rows, np.zeros((1, N_LANES), np.int16)])

    @cached_property
    def _cue_units(self) -> npt.NDArray[np.int64]:
        return np.rint(self.tables.cue_weights / CUE_UNIT).astype(np.int64)

    @cached_property
    def _known(self) -> npt.NDArray[np.bool_]:
        return np.unpackbits(self.tables.known).view(np.bool_)

    def predict_proba(self, notes: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return calibrated probabilities, shape (n_notes, 4), columns as in :data:`CLASSES`."""
        parts = [scores.probabilities for scores in self.batches(notes)]
        return np.concatenate(parts) if parts else np.zeros((0, len(CLASSES)))

    def batches(self, notes: Sequence[str]) -> Iterator[BatchScores]:
        """Score many notes, a batch that fits the cache at a time."""
        for start, stop in split_batches(notes):
            yield self.score(notes[start:stop])

    def score(self, notes: Sequence[str]) -> BatchScores:
        """Score one batch."""
        tables = self.tables
        words = self._tokenizer(notes)
        cues = self._find_cues(words)
        own, links = self._sum_own(words), self._look_up(*link_columns(words))
        wording = (own + links).astype(np.int32)
        first_of_clause = self._find_clauses(words)
        by_clause = _sum_rows(wording, np.append(first_of_clause, len(words.key)))
        clauses = self._judge_clauses(words, cues, first_of_clause, by_clause[:, LANES["clause"]])
        # n-grams weigh by the square root of how many words there are: a long note may be surer, but not in proportion
        n_words = np.diff(words.first_word)
        sums = _sum_rows(by_clause, clauses.first_clause) * (tables.units / np.sqrt(np.maximum(n_words, 1))[:, None]) + tables.bias
        sums += self._sum_cues(cues.note, cues.label, words.n_notes, slice(N_LANES)) * CUE_UNIT
        pooled = pool_clauses(clauses.shown, clauses.first_clause)
        features = stack_features(sums[:, LANES["note"]], pooled, n_words, np.diff(clauses.first_clause))
        quality = check_quality(words, self._known)
        probabilities = softmax(stack_scores(features, tables.stack_weights, tables.stack_bias))
        probabilities[quality > 0] = UNREADABLE
        alerts = (sums[:, LANES["alert"]] >= tables.alert_thresholds) & (quality == 0)[:, None]
        return BatchScores(probabilities, quality, features, alerts, cues, words, clauses, own, links, tables)

    def _look_up(self, *columns: npt.NDArray[np.uint32]) -> npt.NDArray[np.int16]:
        """Sum the rows of at most four parallel arrays of columns."""
        total = self._rows.take(self._row_of.take(columns[0]), axis=0)
        for more in columns[1:]:  # most have no row
            row = self._row_of.take(more)
            there = np.flatnonzero(row)
            total[there] += self._rows.take(row.take(there), axis=0)
        return total

    def _sum_own(self, words: TokenBatch) -> npt.NDArray[np.int16]:
        """Sum the n-grams of each word by itself: known words from the vocabulary, others letter by letter."""
        number = self._vocabulary.number(words.spelled)
        result = self._vocabulary_rows.take(number, axis=0)
        unknown = np.flatnonzero(number == len(self.tables.vocabulary))
        if len(unknown):
            result[unknown] = self.sum_spelling(words, unknown)
        return result

    def sum_spelling(self, words: TokenBatch, which: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
        """Sum the n-grams of some words by themselves: their letters, the word, the word with its diacritics."""
        columns, begin = spelling_columns(words, which)
        sums = _sum_rows(self._look_up(columns).astype(np.int32), np.append(begin, len(columns)))
        sums += self._look_up(*own_columns(words.key.take(which), words.exact.take(which)))
        return sums.clip(-LARGEST_WORD, LARGEST_WORD).astype(np.int16)

    def _judge_clauses(self, words: TokenBatch, cues: Hits, first_word: npt.NDArray[np.int64], wording: npt.NDArray[np.int64]) -> Clauses:
        """Judge each clause by itself, from where it begins and the sum of its wording."""
        n_words = np.diff(first_word, append=len(words.key))
        clause = np.searchsorted(first_word, cues.first, side="right") - 1
        first_clause = np.searchsorted(first_word, words.first_word)
        lanes = LANES["clause"]
        scores = wording * (self.tables.units[lanes] / np.sqrt(n_words)[:, None]) + self.tables.bias[lanes]
        scores += self._sum_cues(clause, cues.label, len(first_word), lanes) * CUE_UNIT
        for place, weight in zip(place_clauses(first_clause).T, self.tables.place_weights, strict=True):
            scores += place[:, None] * weight
        return Clauses(first_word, n_words, first_clause, clause_probabilities(scores))

    def _sum_cues(self, owner: npt.NDArray[np.int64], label: npt.NDArray[np.int32], n_owners: int, lanes: slice) -> npt.NDArray[np.int64]:
        """Sum some lanes of the weights of the signals of each note or clause, each signal once."""
        n_signals = len(self.tables.cues.names)
        fired = np.zeros(n_owners * n_signals, np.bool_)
        fired[owner * n_signals + label] = True
        which, signal = np.divmod(np.flatnonzero(fired), n_signals)
        return _sum_rows(self._cue_units[signal, lanes], np.searchsorted(which, np.arange(n_owners + 1)))


def clause_probabilities(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn margins of the three types against nothing, shape (n_clauses, 3), into probabilities of the same shape."""
    against_nothing = np.zeros((scores.shape[1] + 1, len(scores)))
    np.multiply(scores.T, SHARPNESS, out=against_nothing[:-1])
    return softmax(against_nothing.T)[:, :-1]


def _sum_rows(values: npt.NDArray[np.int32] | npt.NDArray[np.int64], edges: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sum rows of integers from each edge to the next.

    A product with a sparse matrix of ones: twice as fast as ``np.add.reduceat``, and no sum depends on its neighbours.
    32 bits hold any sum of a note: it has at most 10,000 words, each of 16 bits.
    """
    ones = np.ones(len(values), values.dtype)
    together = sparse.csr_array((ones, np.arange(len(values)), edges), shape=(len(edges) - 1, len(values)))
    result: npt.NDArray[np.int64] = (together @ values).astype(np.int64, copy=False)
    return result
