"""Hashed n-grams of words and characters, as row-sorted index arrays over a whole batch.

Word n-grams come from the words' hashes. Character n-grams roll over the *canonical stream*: the kept words, each
followed by one blank (or "?" where a question mark stood), so that nothing that was dropped can be seen through them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.tokens import TokenBatch
from custtype.preprocessing import DIGIT, SPACE

__all__ = ["TABLE_BITS", "Stream", "canonical_stream", "char_ngrams", "word_ngrams"]

TABLE_BITS = 18  # 2**18 places: collisions cost under 0.001 of macro-F1, the table stays in the second-level cache
CHAR_ORDERS = (3, 4, 5)
WORD_ORDERS = (1, 2)

_PRIME = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_WORD_SALT = np.uint32(0x7FEB352D)
_QUESTION = ord("?")
_LONGEST_WORD = 40  # letters of one word that count: bounds what a single word can add


@dataclass(frozen=True, slots=True)
class Stream:
    """The canonical stream of a batch: one code a character, and where each note and word stands in it.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n_codes,)
        For each note a blank, then each word with one separator after it; nothing for a note without words.
    word_start : ndarray of int64, shape (n_words,)
        Index of each word's first code.
    note_start : ndarray of int64, shape (n_notes + 1,)
        Index of the blank before each note's first word; the last entry is the length of `codes`.
    """

    codes: npt.NDArray[np.uint8]
    word_start: npt.NDArray[np.int64]
    note_start: npt.NDArray[np.int64]


def canonical_stream(batch: TokenBatch) -> Stream:
    """Write the kept words one after another."""
    opens = np.zeros(len(batch.start) + 1, np.int64)  # 1 for the first word of a note: room for the blank before it
    opens[batch.first_word[:-1]] = 1
    opens = opens[:-1]
    length = np.where(batch.is_number, 1, np.minimum(batch.end - batch.start, _LONGEST_WORD)) + 1 + opens
    begin = np.zeros(len(length) + 1, np.int64)
    np.cumsum(length, out=begin[1:])
    # Each place reads from its word: place - begin + start, computed for whole words at a time.
    source = np.arange(begin[-1]) + np.repeat(batch.start - opens - begin[:-1], length)
    codes = batch.folded.codes.take(source, mode="clip")
    separators = begin[1:] - 1
    codes[separators] = SPACE
    codes[separators[_asked(batch)]] = _QUESTION
    word_start = begin[:-1] + opens
    codes[word_start[batch.is_number]] = DIGIT
    codes[begin[:-1][opens == 1]] = SPACE
    return Stream(codes, word_start, begin.take(batch.first_word))


def _asked(batch: TokenBatch) -> npt.NDArray[np.bool_]:
    """Tell which words have a question mark between them and the next word."""
    result = np.zeros(len(batch.start), np.bool_)
    places = np.flatnonzero(batch.folded.codes == _QUESTION)
    if len(places) and len(result):
        word = np.searchsorted(batch.start, places, side="right") - 1
        result[word[word >= 0]] = True
    return result


def word_ngrams(batch: TokenBatch) -> list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]]:
    """Return, for each order, the table index of the n-gram that begins at each word, and the words where none does.

    Those listed in the second array run over the end of their note and do not count.
    """
    result = []
    rolling = batch.key
    ends = batch.first_word[1:]
    for order in WORD_ORDERS:
        if order > 1:
            rolling = rolling[:-1] * np.uint32(31) + batch.key[order - 1 :]
        index = ((rolling ^ _WORD_SALT) * _MIX) >> np.uint32(32 - TABLE_BITS)
        crossing = np.concatenate([ends - step for step in range(1, order)]) if order > 1 else ends[:0]
        begins = np.tile(batch.first_word[:-1], order - 1)
        result.append((index, crossing[(crossing >= begins) & (crossing < len(index))]))
    return result


def char_ngrams(stream: Stream) -> list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]]:
    """Return, for each order, the table index of the n-gram at every place of the stream, and the places where none fits.

    The first array has one entry for every place of the stream; those listed in the second run over the end of their
    note and do not count.
    """
    n_places = len(stream.codes)
    codes = np.zeros(n_places + max(CHAR_ORDERS), np.uint32)
    codes[:n_places] = stream.codes
    rolling = codes[:n_places].copy()
    result = []
    ends, starts = stream.note_start[1:], stream.note_start[:-1]
    for order in range(2, max(CHAR_ORDERS) + 1):
        rolling *= _PRIME
        rolling ^= codes[order - 1 : order - 1 + n_places]
        if order in CHAR_ORDERS:
            index = (rolling * _MIX) >> np.uint32(32 - TABLE_BITS)
            crossing = np.concatenate([ends - step for step in range(1, order)])
            begins = np.tile(starts, order - 1)
            result.append((index, crossing[crossing >= begins]))
    return result
