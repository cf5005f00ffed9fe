"""Notes to words: the one place where text becomes arrays.

A :class:`TokenBatch` holds the words of a whole batch of notes as parallel arrays (hash, place, note). Everything that
reads notes (phrases, n-grams, checks for degenerate input) works on it, so that all of them see the same words.

Words that say who somebody is, and not what they press for, are dropped here: forms of address, pronouns, and anything
with a digit or an @ in it shrinks to one mark. What the model cannot see cannot move a result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.introductions import IntroductionFinder
from custtype.feature_extraction.slots import Slots
from custtype.feature_extraction.special_words import BESIDE_WHO, DROP, MAYBE_ADDRESS, NAME, PAIR_FACTOR, REPLACE, WHO, SpecialWords
from custtype.lexicon import Structure
from custtype.preprocessing import DIGIT, FOREIGN, NEWLINE, SPACE, Folded, fold, is_word_code

__all__ = ["MAX_CHARACTERS", "TokenBatch", "Tokenizer", "split_batches"]

MAX_CHARACTERS = 20_000  # what is read of one note; a note that long is a document
BATCH_NOTES = 1024  # measured: in smaller batches the steps themselves cost more than the words
BATCH_CHARACTERS = 300_000

_PRIME = 0x01000193  # the FNV prime; odd, hence invertible modulo 2**32
_INVERSE = pow(_PRIME, -1, 1 << 32)
_MARK_FACTOR = np.uint32(0x85EBCA6B)
_POWERS_LENGTH = BATCH_CHARACTERS + MAX_CHARACTERS + BATCH_NOTES + 1

_CLAUSE_ENDS = np.isin(np.arange(256), list(b'.,;:!?()\n"'))


def _powers(base: int) -> npt.NDArray[np.uint32]:
    factors = np.full(_POWERS_LENGTH, base, np.uint32)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint32)


_POWER, _INVERSE_POWER = _powers(_PRIME), _powers(_INVERSE)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The words of a batch of notes.

    Attributes
    ----------
    n_notes : int
    folded : Folded
    key : ndarray of uint32, shape (n_words,)
        Hash of the letters of each word, chat spelling resolved.
    exact : ndarray of uint32, shape (n_words,)
        The same with the diacritics; equal to `key` for a word typed without any.
    spelled : ndarray of uint32, shape (n_words,)
        `exact` before chat spelling was resolved: which word it is, letter for letter.
    start, end : ndarray of int64, shape (n_words,)
        Where each word stands in ``folded.codes``.
    note : ndarray of int64, shape (n_words,)
        The note of each word.
    first_word : ndarray of int64, shape (n_notes + 1,)
        Index of each note's first word; the last entry is the number of words.
    is_number, is_foreign : ndarray of bool, shape (n_words,)
        Words with a digit; words of another script.
    clause_ends : ndarray of int64
        Where punctuation that ends a clause stands in ``folded.codes``.
    """

    n_notes: int
    folded: Folded
    key: npt.NDArray[np.uint32]
    exact: npt.NDArray[np.uint32]
    spelled: npt.NDArray[np.uint32]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    note: npt.NDArray[np.int64]
    first_word: npt.NDArray[np.int64]
    is_number: npt.NDArray[np.bool_]
    is_foreign: npt.NDArray[np.bool_]
    clause_ends: npt.NDArray[np.int64]

    def raw_span(self, first: int, last: int) -> tuple[int, int]:
        """Return where words `first` to `last` stand in their note, as given."""
        note_start = int(self.folded.raw_start[self.note[first]])
        return int(self.folded.raw[self.start[first]]) - note_start, int(self.folded.raw[self.end[last]]) - note_start


class Tokenizer:
    """Turns notes into a :class:`TokenBatch`.

    Parameters
    ----------
    special : SpecialWords
        Words to drop or to read as another.

    Examples
    --------
    >>> from custtype.lexicon import load_lexicon
    >>> tokenizer = Tokenizer.from_structure(load_lexicon().structure)
    >>> batch = tokenizer(["anh ko cần", "không cần"])
    >>> bool((batch.exact[batch.note == 0] == batch.exact[batch.note == 1]).all())
    True
    """

    def __init__(self, special: SpecialWords) -> None:
        self.special = special
        self._special = Slots(special.keys)
        self._find_introductions = IntroductionFinder(special)

    @classmethod
    def from_structure(cls, structure: Structure) -> Tokenizer:
        """Build the table of special words from a lexicon's structure words."""
        plain = cls(SpecialWords.from_entries({}, set(), {}))
        entries: dict[int, tuple[int, int, int]] = {}
        for word in structure.address:
            _, exact = plain._single(word)
            entries[exact] = (DROP, 0, 0)
        for word in structure.address_unmarked:
            key, _ = plain._single(word)
            entries[key] = (DROP, 0, 0)
        for spelling, standard in structure.chat.items():
            _, exact = plain._single(spelling)
            entries.setdefault(exact, (REPLACE, *plain._single(standard)))
        for words, action in ((structure.address_maybe, MAYBE_ADDRESS), (structure.names, NAME)):
            for form in {form for word in words for form in plain._single(word)}:  # with diacritics and without
                entries.setdefault(form, (action, 0, 0))
        roles, who = plain._who(structure)
        return cls(SpecialWords.from_entries(entries, who, roles))

    def _who(self, structure: Structure) -> tuple[dict[int, int], set[int]]:
        """Return the roles of words in introductions, by exact key, and the keys of what says who somebody is."""
        roles: dict[int, int] = {form: BESIDE_WHO for word in structure.beside_who for form in self._single(word)}
        who: set[int] = set()
        for entry in structure.who:
            batch = self([entry])
            if not 1 <= len(batch.key) <= 2:
                raise ValueError(f"expected one word or two, got {entry!r}")
            for forms in (batch.exact.tolist(), batch.key.tolist()):  # with diacritics and without
                who.add(forms[0] if len(forms) == 1 else (forms[0] * PAIR_FACTOR + forms[1]) & 0xFFFFFFFF)
                for form in forms:
                    roles[form] = roles.get(form, 0) | WHO
        return roles, who

    def _single(self, word: str) -> tuple[int, int]:
        batch = self([word])
        if len(batch.key) != 1:
            raise ValueError(f"expected one word, got {word!r}")
        return int(batch.key[0]), int(batch.exact[0])

    def __call__(self, notes: Sequence[str]) -> TokenBatch:
        """Tokenise one batch; see :func:`split_batches` for many notes."""
        folded = fold([note if len(note) <= MAX_CHARACTERS else note[:MAX_CHARACTERS] for note in notes])
        codes = _blot_out_addresses(folded.codes)
        is_word = is_word_code(codes)
        edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
        if len(codes) and is_word[0]:
            edges = np.concatenate([[0], edges])
        start, end = edges[::2].copy(), edges[1::2].copy()  # every note ends with a newline, so edges come in pairs
        if not len(start):
            return _without_words(folded)
        key = _sums(codes * _POWER[: len(codes)], edges) * _INVERSE_POWER.take(start)
        exact = key + _sums(folded.marks, folded.raw.take(edges)) * _MARK_FACTOR
        is_number, is_foreign = _holds(codes, DIGIT, start, end), _holds(codes, FOREIGN, start, end)
        key[is_number] = exact[is_number] = DIGIT
        return self._resolve(folded, codes, key, exact, start, end, is_number, is_foreign)

    def _resolve(
        self,
        folded: Folded,
        codes: npt.NDArray[np.uint8],
        key: npt.NDArray[np.uint32],
        exact: npt.NDArray[np.uint32],
        start: npt.NDArray[np.int64],
        end: npt.NDArray[np.int64],
        is_number: npt.NDArray[np.bool_],
        is_foreign: npt.NDArray[np.bool_],
    ) -> TokenBatch:
        """Drop and replace special words, run numbers together, and number the notes."""
        n_notes = len(folded.note_end)
        first_word = np.append(0, np.searchsorted(start, folded.note_end))
        note = np.repeat(np.arange(n_notes), np.diff(first_word))
        clause_ends = np.flatnonzero(_CLAUSE_ENDS.take(codes))
        clause_ends = clause_ends[codes.take(clause_ends + 1, mode="clip") != DIGIT]  # "15.000" goes on
        found, place = self._special.find(exact)
        spelled = exact.copy()
        kept = np.ones(len(key), np.bool_)
        if len(found):
            action = self.special.action.take(place)
            kept[found[action == DROP]] = False
            self._drop_names(kept, note, found, action)
            replaced, by = found[action == REPLACE], place[action == REPLACE]
            key[replaced] = self.special.key.take(by)
            exact[replaced] = self.special.exact.take(by)
        kept[self._find_introductions(exact, is_number, start, clause_ends, first_word)] = False
        if len(key) > 1:  # "0912 345 678" is one number, masked or not
            kept[1:] &= ~(is_number[1:] & is_number[:-1] & (note[1:] == note[:-1]))
        index = np.flatnonzero(kept)
        note = note.take(index)
        first_word = np.searchsorted(note, np.arange(n_notes + 1))
        return TokenBatch(
            n_notes, replace(folded, codes=codes), key.take(index), exact.take(index), spelled.take(index), start.take(index),
            end.take(index), note, first_word, is_number.take(index), is_foreign.take(index), clause_ends,
        )  # fmt: skip

    @staticmethod
    def _drop_names(
        kept: npt.NDArray[np.bool_], note: npt.NDArray[np.int64], found: npt.NDArray[np.int64], action: npt.NDArray[np.uint8]
    ) -> None:
        """Drop names that follow a form of address in the same note."""
        is_name = np.zeros(len(kept), np.bool_)
        is_name[found[action == NAME]] = True
        before = found[(action == DROP) | (action == MAYBE_ADDRESS)]
        before = before[before + 1 < len(kept)]
        kept[(before + 1)[is_name[before + 1] & (note[before + 1] == note[before])]] = False


def _sums(values: npt.NDArray[np.uint32], edges: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Sum `values` from each even edge to the next odd one, modulo 2**32."""
    running = np.cumsum(values, dtype=np.uint32).take(edges - 1, mode="wrap")  # before the first edge stands the total...
    if edges[0] == 0:
        running[0] = 0  # ...which is nothing where the first word opens the batch
    return running[1::2] - running[::2]


def _without_words(folded: Folded) -> TokenBatch:
    n_notes = len(folded.note_end)
    hashes, places, flags = np.zeros(0, np.uint32), np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return TokenBatch(
        n_notes, folded, hashes, hashes, hashes, places, places, places, np.zeros(n_notes + 1, np.int64), flags, flags, places
    )


def _holds(codes: npt.NDArray[np.uint8], code: int, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which words hold a code."""
    result = np.zeros(len(start), np.bool_)
    places = np.flatnonzero(codes == code)
    if len(places):
        result[np.searchsorted(end, places, side="right")] = True
    return result


def _blot_out_addresses(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Overwrite e-mail addresses, handles and links with digits: whose they are is no evidence."""
    at = np.flatnonzero(codes == ord("@"))
    colon = np.flatnonzero(codes == ord(":"))
    colon = colon[(codes.take(colon + 1, mode="clip") == ord("/")) & (codes.take(colon + 2, mode="clip") == ord("/"))]
    marks = np.concatenate([at, colon])
    if not len(marks):
        return codes
    codes = codes.copy()
    blanks = np.flatnonzero((codes == SPACE) | (codes == NEWLINE))
    right = np.searchsorted(blanks, marks)
    for begin, stop in zip(np.where(right > 0, blanks[right - 1] + 1, 0), blanks[right], strict=True):
        codes[begin:stop] = DIGIT
    return codes


def split_batches(notes: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Cut a collection of notes into batches that fit the cache.

    Yields
    ------
    start, stop : int
        Half-open ranges that cover all notes in order.

    Examples
    --------
    >>> list(split_batches(["a"] * 1100))
    [(0, 1024), (1024, 1100)]
    """
    start = size = 0
    for position, note in enumerate(notes):
        length = min(len(note), MAX_CHARACTERS)
        if position > start and (position - start == BATCH_NOTES or size + length > BATCH_CHARACTERS):
            yield start, position
            start, size = position, 0
        size += length
    if start < len(notes):
        yield start, len(notes)
