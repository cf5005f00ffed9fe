"""Is there anything to read? Notes that no model should judge, told apart before it can.

Systems of this kind are most often blamed for being sure of themselves on "haha", on digits, on one word repeated
64,000 times, or on a language they never saw. Such notes get a reason here and are ``unclear`` whatever the weights say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.tokens import TokenBatch
from custtype.preprocessing import DIGIT, SPACE, is_word_code
from custtype.schema import ReasonCode

__all__ = ["QUALITY_REASONS", "check_quality", "known_words", "make_known_words"]

#: Numbers in the result of :func:`check_quality`; 0 is a note that can be read.
QUALITY_REASONS = (
    None,
    ReasonCode.EMPTY,
    ReasonCode.NO_WORDS,
    ReasonCode.REPETITIVE,
    ReasonCode.UNKNOWN_LANGUAGE,
    ReasonCode.TOO_SHORT,
)
_EMPTY, _NO_WORDS, _REPETITIVE, _UNKNOWN, _SHORT = range(1, 6)

MIN_WORDS = 2  # one word alone shows nothing
MAX_REPEATED = 0.6  # share of words that repeat one of the three words before them
MIN_KNOWN = 0.6  # share of words seen in the corpus or lexicon; real notes, typos and names and all, have 0.8 and more
MIN_WORDS_TO_DOUBT = 4  # below that, names and typos alone can make the share low
_FILTER_BITS = 18
_MIX = np.uint32(0x85EBCA77)


def make_known_words(keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Pack the keys of known words into a bit filter (some 2 % of other words pass it)."""
    bits = np.zeros(1 << _FILTER_BITS, np.bool_)
    bits[(keys * _MIX) >> np.uint32(32 - _FILTER_BITS)] = True
    return np.packbits(bits)


def known_words(batch: TokenBatch, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which words are known; `known` is the unpacked filter."""
    return known.take((batch.key * _MIX) >> np.uint32(32 - _FILTER_BITS))


def check_quality(batch: TokenBatch, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Give each note that cannot be judged the number of its reason; see :data:`QUALITY_REASONS`."""
    n_words = np.diff(batch.first_word)
    n_numbers, n_foreign = _sum(batch, batch.is_number), _sum(batch, batch.is_foreign)
    n_readable = n_words - n_numbers - n_foreign
    n_known = _sum(batch, known_words(batch, known) & ~batch.is_number)
    result = np.zeros(batch.n_notes, np.uint8)
    result[(n_words >= MIN_WORDS_TO_DOUBT) & (n_known < MIN_KNOWN * np.maximum(n_words - n_numbers, 1))] = _UNKNOWN
    result[n_foreign * 2 > n_words] = _UNKNOWN
    result[(n_readable < MIN_WORDS) & (result == 0)] = _SHORT
    result[(n_words >= 3) & (_sum(batch, _repeats(batch)) > MAX_REPEATED * n_words)] = _REPETITIVE
    result[(n_readable == 0) & (n_foreign == 0)] = _NO_WORDS
    for number in np.flatnonzero(n_words == 0):
        start = int(batch.folded.note_end[number - 1]) + 1 if number else 0
        codes = batch.folded.codes[start : batch.folded.note_end[number]]
        if (codes <= SPACE).all():
            result[number] = _EMPTY
        elif (is_word_code(codes) & (codes != DIGIT)).any():  # all that is there says who somebody is
            result[number] = _SHORT
    return result


def _repeats(batch: TokenBatch) -> npt.NDArray[np.bool_]:
    """Tell which words repeat one of the three before them."""
    result = np.zeros(len(batch.key), np.bool_)
    for step in (1, 2, 3):
        result[step:] |= (batch.key[step:] == batch.key[:-step]) & (batch.note[step:] == batch.note[:-step])
    return result


def _sum(batch: TokenBatch, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.bincount(batch.note[flags], minlength=batch.n_notes) if flags.any() else np.zeros(batch.n_notes, np.int64)
