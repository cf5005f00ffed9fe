"""Hashed n-grams of words and of letters inside words, as columns of one table.

Every n-gram is a column number below ``2**COLUMN_BITS``. Those of a word alone (its letters, the word, the word with its
diacritics) depend on nothing around it, so that they can be summed once for a known word; those that link a word to what
follows it (pairs, question marks) are looked up where they stand.

Wording with diacritics has columns of its own, beside those without: text typed without any simply lacks them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.tokens import TokenBatch
from custtype.preprocessing import DIGIT, SPACE

__all__ = ["COLUMN_BITS", "NOTHING", "Columns", "link_columns", "own_columns", "spelling_columns"]

COLUMN_BITS = 20
NOTHING = 0  # the column of an n-gram that is not there
LETTER_ORDERS = (2, 3, 4, 5)  # with a blank before and after the word

_PRIME = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_SALTS = {
    "word": np.uint32(0x7FEB352D),
    "marked": np.uint32(0x846CA68B),
    "pair": np.uint32(0x2C1B3C6D),
    "marked pair": np.uint32(0x297A2D39),
    "asked": np.uint32(0x31848BAB),
}
#: Where the columns of letters, of words and of words with diacritics begin, and how many bits number them: a column never
#: belongs to two families, which are weighted apart. Inside a family about one n-gram in ten shares its column.
_LETTERS, _WORDS, _MARKED = (1 << 18, 18), (1 << 19, 19), (0, 18)
_FAMILIES = {"word": _WORDS, "pair": _WORDS, "asked": _WORDS, "marked": _MARKED, "marked pair": _MARKED}
_ANY_QUESTION = np.uint32(_WORDS[0] + 1)
_QUESTION = ord("?")
_LONGEST_WORD = 40  # letters of one word that count: bounds what a single word can add

Columns = npt.NDArray[np.uint32]


def _column(hashes: npt.NDArray[np.uint32], kind: str) -> Columns:
    return _place((hashes ^ _SALTS[kind]) * _MIX, _FAMILIES[kind])


def _place(hashes: npt.NDArray[np.uint32], family: tuple[int, int]) -> Columns:
    """Turn mixed hashes into the columns of a family; its first two columns stay free."""
    begin, bits = family
    columns: Columns = np.maximum(hashes >> np.uint32(32 - bits), np.uint32(2)) + np.uint32(begin)
    return columns


def own_columns(key: npt.NDArray[np.uint32], exact: npt.NDArray[np.uint32]) -> tuple[Columns, Columns]:
    """Return the columns of words without and with their diacritics (:data:`NOTHING` for a word that has none)."""
    marked = _column(exact, "marked")
    marked[exact == key] = NOTHING
    return _column(key, "word"), marked


def link_columns(batch: TokenBatch) -> tuple[Columns, Columns, Columns, Columns]:
    """Return the columns that link each word to what follows it.

    The pair with the next word of the note, the same with diacritics, the word before a question mark, and any question.
    """
    pair, marked = np.zeros(len(batch.key), np.uint32), np.zeros(len(batch.key), np.uint32)
    if len(pair):
        pair[:-1] = _column(batch.key[:-1] * np.uint32(31) + batch.key[1:], "pair")
        marked[:-1] = _column(batch.exact[:-1] * np.uint32(31) + batch.exact[1:], "marked pair")
        plain = batch.exact == batch.key
        marked[:-1][plain[:-1] & plain[1:]] = NOTHING
        last = batch.first_word[1:] - 1
        last = last[last >= 0]
        pair[last] = marked[last] = NOTHING
    asked = _asked(batch)
    return pair, marked, np.where(asked, _column(batch.key, "asked"), np.uint32(NOTHING)), asked * _ANY_QUESTION


def _asked(batch: TokenBatch) -> npt.NDArray[np.bool_]:
    """Tell which words have a question mark between them and the next word."""
    result = np.zeros(len(batch.start), np.bool_)
    places = np.flatnonzero(batch.folded.codes == _QUESTION)
    if len(places) and len(result):
        word = np.searchsorted(batch.start, places, side="right") - 1
        note = np.searchsorted(batch.folded.note_end, places)
        word, note = word[word >= 0], note[word >= 0]
        result[word[batch.note.take(word) == note]] = True
    return result


def spelling_columns(batch: TokenBatch, words: npt.NDArray[np.int64]) -> tuple[Columns, npt.NDArray[np.int64]]:
    """Return the columns of the letter n-grams of some words.

    Parameters
    ----------
    batch : TokenBatch
    words : ndarray of int64
        Which words, as indices into the batch.

    Returns
    -------
    columns : ndarray of uint32
        Word after word; :data:`NOTHING` where no n-gram fits.
    begin : ndarray of int64, shape (n_words,)
        Where the columns of each word begin.
    """
    number = batch.is_number.take(words)
    size = np.where(number, 1, np.minimum(batch.end.take(words) - batch.start.take(words), _LONGEST_WORD)) + 2
    edges = np.zeros(len(words) + 1, np.int64)
    np.cumsum(size, out=edges[1:])
    begin, stop = edges[:-1], edges[1:]
    place = np.arange(edges[-1])
    codes = np.zeros(len(place) + max(LETTER_ORDERS), np.uint32)
    codes[: len(place)] = batch.folded.codes.take(place + np.repeat(batch.start.take(words) - begin - 1, size), mode="clip")
    codes[begin] = codes[stop - 1] = SPACE
    codes[begin[number] + 1] = DIGIT
    room = np.repeat(stop, size) - place
    rolling = codes[: len(place)].copy()
    columns = np.zeros((len(place), len(LETTER_ORDERS)), np.uint32)
    for number_of_order, order in enumerate(LETTER_ORDERS):
        rolling = (rolling * _PRIME) ^ codes[order - 1 : order - 1 + len(place)]
        found = _place(rolling * _MIX, _LETTERS)
        columns[:, number_of_order] = np.where(room >= order, found, np.uint32(NOTHING))
    return columns.ravel(), begin * len(LETTER_ORDERS)
