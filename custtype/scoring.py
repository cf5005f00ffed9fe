"""The fitted model as plain arrays: fast, exact, and without scikit-learn.

A note's score for a type is a bias, plus a weight for each signal that fires, plus the mean-like sum of small integer
weights of its hashed n-grams. Integer sums do not depend on the order or the size of a batch, so a note gets the same
probabilities, bit for bit, alone or among a million. Three weights and a count share one 64-bit integer, 16 bits each,
so that one look-up and one sum serve all three types.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from custtype.calibration import Calibration
from custtype.feature_extraction.cues import CueFinder, CueTable
from custtype.feature_extraction.ngrams import TABLE_BITS, canonical_stream, char_ngrams, word_ngrams
from custtype.feature_extraction.phrases import Hits
from custtype.feature_extraction.quality import check_quality
from custtype.feature_extraction.tokens import SpecialWords, TokenBatch, Tokenizer, split_batches
from custtype.schema import CustomerType

__all__ = ["ALERT_BITS", "CLASSES", "MAX_WEIGHT", "TYPES", "BatchScores", "Scorer", "Tables"]

#: The columns of every probability array: the order of ``classes_``, sorted as scikit-learn expects.
CLASSES = tuple(sorted(CustomerType))
TYPES = CLASSES[:3]
assert CLASSES[3] == CustomerType.UNCLEAR

ALERT_BITS = 16
MAX_WEIGHT = 255  # of an n-gram, in units: a word's sum of at most 123 of them stays within 16 bits
_OFFSET = MAX_WEIGHT + 1  # added to every stored weight, so that sums have no sign; the count takes it out again
CUE_UNIT = 1e-6  # weights of signals are whole multiples of it
#: What a note that cannot be judged gets: nearly certainly unclear.
_UNREADABLE = (0.01, 0.01, 0.01, 0.97)


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a fitted model knows, as plain data.

    Attributes
    ----------
    special, cues : SpecialWords, CueTable
        The lexicon that the model was fitted with.
    known : ndarray of uint8
        Bit filter of known words.
    char_weights, word_weights : ndarray of int16, shape (2**18, 3)
        Weight of each hashed n-gram for :data:`TYPES` against ``unclear``, in units.
    alert_weights : ndarray of int16, shape (2**16, 8)
        Weight of each hashed word n-gram for the alerts, in units.
    cue_weights, alert_cue_weights : ndarray of float64, shapes (n_signals, 3) and (n_signals, 8)
    bias, alert_bias : ndarray of float64, shapes (3,) and (8,)
    units : ndarray of float64, shape (3,)
        Size of one unit of `char_weights`, `word_weights`, `alert_weights`.
    alert_thresholds : ndarray of float64, shape (8,)
        Score from which an alert is raised.
    calibration : Calibration
    """

    special: SpecialWords
    cues: CueTable
    known: npt.NDArray[np.uint8]
    char_weights: npt.NDArray[np.int16]
    word_weights: npt.NDArray[np.int16]
    alert_weights: npt.NDArray[np.int16]
    cue_weights: npt.NDArray[np.float64]
    alert_cue_weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    alert_bias: npt.NDArray[np.float64]
    units: npt.NDArray[np.float64]
    alert_thresholds: npt.NDArray[np.float64]
    calibration: Calibration


@dataclass(frozen=True)  # no slots: cached properties need a place to live
class BatchScores:
    """What the scorer found in a batch; everything later is read off it.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n_notes, 4)
        Columns as in :data:`CLASSES`.
    quality : ndarray of uint8, shape (n_notes,)
        0, or why the note cannot be judged (:data:`~custtype.feature_extraction.quality.QUALITY_REASONS`).
    alerts : ndarray of bool, shape (n_notes, 8)
    cues : Hits
        The signals found.
    words : TokenBatch
    sums : WordSums
        What each word adds, in units; see :attr:`word_weights`.
    scales : tuple of ndarray of float64, shape (n_notes,)
        Size of a unit in each note, for characters, words and alerts.
    """

    probabilities: npt.NDArray[np.float64]
    quality: npt.NDArray[np.uint8]
    alerts: npt.NDArray[np.bool_]
    cues: Hits
    words: TokenBatch
    sums: WordSums
    scales: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]

    @cached_property
    def word_weights(self) -> npt.NDArray[np.float64]:
        """What the wording of each word adds to the score of each type, shape (n_words, 3); a pair counts half for each."""
        chars, words, _ = (scale.take(self.words.note)[:, None] for scale in self.scales)
        pairs = self.sums.pairs / 2
        pairs[1:] += self.sums.pairs[:-1] / 2
        weights: npt.NDArray[np.float64] = self.sums.chars * chars + (self.sums.single + pairs) * words
        return weights

    @cached_property
    def alert_word_weights(self) -> npt.NDArray[np.float64]:
        """What each word adds to the score of each alert, shape (n_words, 8)."""
        weights: npt.NDArray[np.float64] = self.sums.alerts * self.scales[2].take(self.words.note)[:, None]
        return weights


@dataclass(frozen=True, slots=True)
class WordSums:
    """Weights of n-grams, in units, summed per word: characters, single words, pairs (by their first word), alerts."""

    chars: npt.NDArray[np.int64]
    single: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int64]
    alerts: npt.NDArray[np.int32]


class Scorer:
    """Scores notes with a model's tables.

    Parameters
    ----------
    tables : Tables
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._tokenizer = Tokenizer(tables.special)
        self._find_cues = CueFinder(tables.cues)

    @cached_property
    def _char_table(self) -> npt.NDArray[np.int64]:
        return _pack(self.tables.char_weights)

    @cached_property
    def _word_table(self) -> npt.NDArray[np.int64]:
        return _pack(self.tables.word_weights)

    @cached_property
    def _alert_table(self) -> npt.NDArray[np.int32]:
        return self.tables.alert_weights.astype(np.int32)

    @cached_property
    def _cue_units(self) -> npt.NDArray[np.int64]:
        both = np.concatenate([self.tables.cue_weights, self.tables.alert_cue_weights], axis=1)
        return np.rint(both / CUE_UNIT).astype(np.int64)

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
        words = self._tokenizer(notes)
        cues = self._find_cues(words)
        chars, n_chars = self._sum_chars(words)
        sums = WordSums(chars, *self._sum_words(words))
        n_pairs = np.maximum(2 * np.diff(words.first_word) - 1, 1)
        # n-grams weigh by the square root of how many there are: a long note may be surer, but not in proportion
        char_unit, word_unit, alert_unit = self.tables.units
        scales = (char_unit / np.sqrt(np.maximum(n_chars, 1)), word_unit / np.sqrt(n_pairs), alert_unit / np.sqrt(n_pairs))
        fired = self._sum_cues(words, cues) * CUE_UNIT
        wording = _by_note(words, sums.chars) * scales[0][:, None] + _by_note(words, sums.single + sums.pairs) * scales[1][:, None]
        scores = np.zeros((words.n_notes, len(CLASSES)))
        scores[:, :3] = self.tables.bias + fired[:, :3] + wording
        alert_scores = self.tables.alert_bias + fired[:, 3:] + _by_note(words, sums.alerts) * scales[2][:, None]
        quality = check_quality(words, self._known)
        probabilities = self.tables.calibration(scores)
        probabilities[quality > 0] = _UNREADABLE
        alerts = (alert_scores >= self.tables.alert_thresholds) & (quality == 0)[:, None]
        return BatchScores(probabilities, quality, alerts, cues, words, sums, scales)

    def _sum_chars(self, words: TokenBatch) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Sum the character n-grams that begin in each word (or the blank before it); count places per note."""
        stream = canonical_stream(words)
        n_chars = np.diff(stream.note_start)
        if not len(stream.codes):
            return np.zeros((0, 3), np.int64), n_chars
        total = np.zeros(len(stream.codes), np.int64)
        for index, crossing in char_ngrams(stream):
            value = self._char_table.take(index)
            value[crossing] = 0
            total += value
        return _unpack(np.add.reduceat(total, stream.word_start - 1)), n_chars

    def _sum_words(self, words: TokenBatch) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Look up word n-grams: single words, pairs by their first word, and both together for the alerts."""
        (single, _), (pair, crossing) = word_ngrams(words)
        pairs = np.zeros(len(single), np.int64)
        pairs[: len(pair)] = self._word_table.take(pair)
        pairs[crossing] = 0
        narrow = np.uint32(TABLE_BITS - ALERT_BITS)
        of_pairs = self._alert_table.take(pair >> narrow, axis=0)
        of_pairs[crossing] = 0
        alerts = self._alert_table.take(single >> narrow, axis=0)
        alerts[: len(pair)] += of_pairs
        return _unpack(self._word_table.take(single)), _unpack(pairs), alerts

    def _sum_cues(self, words: TokenBatch, cues: Hits) -> npt.NDArray[np.int64]:
        """Sum the weights of the signals of each note, each signal once."""
        n_signals = len(self.tables.cues.names)
        fired = np.zeros(words.n_notes * n_signals, np.bool_)
        fired[cues.note * n_signals + cues.label] = True
        note, signal = np.divmod(np.flatnonzero(fired), n_signals)
        result = np.zeros((words.n_notes, self._cue_units.shape[1]), np.int64)
        np.add.at(result, note, self._cue_units.take(signal, axis=0))
        return result


def _by_note(words: TokenBatch, values: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Sum integer values of words over their notes."""
    result = np.zeros((words.n_notes, values.shape[1]), np.int64)
    filled = np.flatnonzero(words.first_word[1:] > words.first_word[:-1])
    if len(filled):
        result[filled] = np.add.reduceat(values, words.first_word[filled], axis=0)
    return result


def _pack(weights: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """Put three signed weights and a one into each integer, such that sums of them can be taken apart again."""
    lanes = np.ones((len(weights), 4), np.uint16)
    lanes[:, :3] = weights + _OFFSET
    return lanes.astype("<u2").view("<i8")[:, 0]


def _unpack(packed: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Take sums of packed weights apart, shape (n, 3)."""
    lanes = packed.astype("<i8", copy=False).view("<u2").reshape(-1, 4).astype(np.int64)
    return lanes[:, :3] - _OFFSET * lanes[:, 3:]
