"""Finding thousands of lexicon phrases in a batch of notes, with their places.

A phrase is found by the hashes of its words, whatever diacritics the writer typed, and then held against the note word
by word: a word typed *with* diacritics must carry those of the phrase ("chót" is not "chốt"), a word typed without any
may be either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.slots import Slots
from custtype.feature_extraction.tokens import TokenBatch, Tokenizer, split_batches

__all__ = ["MAX_WORDS", "Hits", "PhraseFinder", "PhraseTable", "compile_phrases"]

MAX_WORDS = 6
_FILTER_BITS = 20
_MIX = np.uint32(0x9E3779B1)
_NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """Phrases as plain arrays, sorted by number of words and hash.

    Attributes
    ----------
    rolled : ndarray of uint32, shape (n_phrases,)
        Hash over the words of each phrase.
    n_words : ndarray of uint8, shape (n_phrases,)
    pair : ndarray of uint32, shape (n_phrases,)
        Hash over the first two words; equal to `rolled` for a single word.
    exact : ndarray of uint32, shape (n_phrases, MAX_WORDS)
        Exact key of each word; 0 beyond the last.
    label : ndarray of int32, shape (n_phrases,)
        What the caller filed the phrase under (a signal's number).
    words : ndarray of uint32
        Keys of all words that occur in phrases, each once.
    """

    rolled: npt.NDArray[np.uint32]
    pair: npt.NDArray[np.uint32]
    n_words: npt.NDArray[np.uint8]
    exact: npt.NDArray[np.uint32]
    label: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Phrases found: parallel arrays of note, label, and first and last word (indices into the batch)."""

    note: npt.NDArray[np.int64]
    label: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def compile_phrases(phrases: Sequence[str], labels: Sequence[int], tokenizer: Tokenizer) -> PhraseTable:
    """Turn phrases into a table.

    A phrase of several words must keep two once forms of address and names are dropped: "chỗ anh em" would fire on every
    "chỗ". One that does not is left out.

    Parameters
    ----------
    phrases : sequence of str
    labels : sequence of int
        One for each phrase.
    tokenizer : Tokenizer
        The one that will read the notes.
    """
    inside = Tokenizer(replace(tokenizer.special, who=np.zeros(0, np.uint32)))  # a phrase opens no note: it introduces nobody
    keys = [(batch.key[words], batch.exact[words]) for batch, words in _words_of_each(phrases, inside)]
    usable = [i for i, (key, _) in enumerate(keys) if min(2, len(phrases[i].split())) <= len(key) <= MAX_WORDS]
    exact = np.zeros((len(usable), MAX_WORDS), np.uint32)
    rolled, pair = np.zeros((2, len(usable)), np.uint32)
    for row, i in enumerate(usable):
        key, marked = keys[i]
        exact[row, : len(key)] = marked
        rolled[row], pair[row] = _roll(key), _roll(key[:2])
    n_words = np.array([len(keys[i][0]) for i in usable], np.uint8)
    label = np.array([labels[i] for i in usable], np.int32)
    words = np.unique(np.concatenate([key for key, _ in keys] or [np.zeros(0, np.uint32)]))
    # The same words may stand under one label with and without an address: keep one.
    identity = np.column_stack([label.astype(np.int64), n_words, exact]) if len(usable) else np.zeros((0, 1), np.int64)
    _, first = np.unique(identity, axis=0, return_index=True)
    order = first[np.lexsort((label[first], rolled[first], n_words[first]))]
    return PhraseTable(rolled[order], pair[order], n_words[order], exact[order], label[order], words)


def _words_of_each(phrases: Sequence[str], tokenizer: Tokenizer) -> Iterator[tuple[TokenBatch, slice]]:
    for start, stop in split_batches(phrases):
        batch = tokenizer(phrases[start:stop])
        for first, last in pairwise(batch.first_word):
            yield batch, slice(first, last)


def _roll(keys: npt.NDArray[np.uint32]) -> int:
    value = 0
    for key in keys:
        value = (value * 31 + int(key)) & 0xFFFFFFFF
    return value


class PhraseFinder:
    """Finds the phrases of a table.

    Most places of a note begin no phrase: a filter on pairs of words leaves few to look at closely.

    Parameters
    ----------
    table : PhraseTable
    """

    def __init__(self, table: PhraseTable) -> None:
        self.table = table
        bounds = np.searchsorted(table.n_words, np.arange(1, MAX_WORDS + 2)).tolist()
        # For each length its hashes, each once, with the first phrase and the number of phrases that have it.
        self._by_length = [
            (Slots(hashes), first, count)
            for hashes, first, count in (
                np.unique(table.rolled[low:high], return_index=True, return_counts=True) for low, high in pairwise(bounds)
            )
        ]
        self._lows = bounds
        self._pair = _filter(table.pair[table.n_words > 1])

    def __call__(self, batch: TokenBatch) -> Hits:
        """Find every phrase in every note of the batch; overlapping phrases are all there."""
        found = []
        found.append(self._look_up(batch, np.arange(len(batch.key)), batch.key, 1))
        if len(batch.key) > 1:
            pairs = batch.key[:-1] * np.uint32(31) + batch.key[1:]
            words = np.flatnonzero(self._pair.take(_place(pairs)))
            rolled = pairs.take(words)
            for n in range(2, MAX_WORDS + 1):
                if n > 2:
                    inside = words + n <= len(batch.key)
                    words, rolled = words[inside], rolled[inside]
                    rolled = rolled * np.uint32(31) + batch.key.take(words + (n - 1))
                if not len(words):
                    break
                found.append(self._look_up(batch, words, rolled, n))
        word, phrase, last = (np.concatenate(column) for column in zip(*found, strict=True))
        return Hits(batch.note.take(word), self.table.label.take(phrase), word, last)

    def _look_up(
        self, batch: TokenBatch, words: npt.NDArray[np.int64], rolled: npt.NDArray[np.uint32], n: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return first word, phrase and last word of the phrases of `n` words that begin at `words`."""
        hashes, first, count = self._by_length[n - 1]
        matched, place = hashes.find(rolled)
        if not len(matched):
            return _NOTHING
        words = words[matched]
        repeats = count.take(place)  # one wording may stand under two labels
        word = np.repeat(words, repeats)
        begin = np.repeat(first.take(place) - np.cumsum(repeats) + repeats, repeats)
        phrase = self._lows[n - 1] + begin + np.arange(len(word))
        good = batch.note.take(word) == batch.note.take(word + (n - 1))
        for k in range(n):
            exact = batch.exact.take(word + k)
            good &= (exact == self.table.exact[phrase, k]) | (exact == batch.key.take(word + k))
        word = word[good]
        return word, phrase[good], word + (n - 1)


def _place(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (hashes * _MIX) >> np.uint32(32 - _FILTER_BITS)


def _filter(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    result = np.zeros(1 << _FILTER_BITS, np.bool_)
    result[_place(hashes)] = True
    return result
