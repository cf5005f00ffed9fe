"""Introductions: the opening of a note that only says who somebody is ("Khách nữ, 62 tuổi, người Huế.").

Gender, age, region, nationality and occupation are no evidence. Where the first clauses of a note say nothing else, their
words are dropped, so that a note reads the same with such an opening and without.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.slots import Slots
from custtype.feature_extraction.special_words import BESIDE_WHO, PAIR_FACTOR, SpecialWords

__all__ = ["IntroductionFinder"]

_FIRST = 5  # words of all notes that are looked at together; few notes are left after them
_LONGEST = 30  # words


class IntroductionFinder:
    """Finds introductions.

    Parameters
    ----------
    special : SpecialWords
    """

    def __init__(self, special: SpecialWords) -> None:
        self._introducing = Slots(special.introducing)
        self._role = dict(zip(special.introducing.tolist(), special.role.tolist(), strict=True))
        self._who = frozenset(special.who.tolist())

    def __call__(
        self,
        exact: npt.NDArray[np.uint32],
        is_number: npt.NDArray[np.bool_],
        start: npt.NDArray[np.int64],
        clause_ends: npt.NDArray[np.int64],
        first_word: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        """Find the words of introductions.

        Parameters
        ----------
        exact : ndarray of uint32, shape (n_words,)
            Exact keys.
        is_number : ndarray of bool, shape (n_words,)
        start : ndarray of int64, shape (n_words,)
            Where each word begins.
        clause_ends : ndarray of int64
            Where clauses end; each note ends with one.
        first_word : ndarray of int64, shape (n_notes + 1,)

        Returns
        -------
        ndarray of int64
            Indices of words.
        """
        if not self._who:
            return np.zeros(0, np.int64)
        found = [np.zeros(0, np.int64)]
        for note in self._possible(exact, is_number, start, clause_ends, first_word).tolist():
            begin, limit = int(first_word[note]), int(first_word[note + 1])
            last = min(limit, begin + _LONGEST)
            said = self._said(exact[begin:last].tolist(), is_number[begin:last].tolist())
            if not any(said):
                continue
            end = begin + len(said)
            if end < limit:  # back to the end of a whole clause
                ends = clause_ends[: np.searchsorted(clause_ends, start[end])]
                end = max(begin, int(np.searchsorted(start, ends[-1]))) if len(ends) else begin
            if any(said[: end - begin]):
                found.append(np.arange(begin, end))
        return np.concatenate(found)

    def _possible(
        self,
        exact: npt.NDArray[np.uint32],
        is_number: npt.NDArray[np.bool_],
        start: npt.NDArray[np.int64],
        clause_ends: npt.NDArray[np.int64],
        first_word: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        """Return the notes whose first clause consists of words that may stand in an introduction, as far as it was looked at."""
        notes = np.flatnonzero(first_word[1:] > first_word[:-1])
        clause_end = clause_ends.take(np.searchsorted(clause_ends, start.take(first_word.take(notes))))
        for number in range(_FIRST):
            word = np.minimum(first_word.take(notes) + number, len(exact) - 1)
            stands = (start.take(word) > clause_end) | is_number.take(word)
            stands[self._introducing.find(exact.take(word))[0]] = True
            notes, clause_end = notes[stands], clause_end[stands]
        return notes

    def _said(self, exact: list[int], is_number: list[bool]) -> list[bool]:
        """Tell which of the first words say who somebody is, as far as all may stand in an introduction."""
        said: list[bool] = []
        in_pair = False
        for i, word in enumerate(exact):
            role = BESIDE_WHO if is_number[i] else self._role.get(word, 0)
            if not role:
                break
            alone, before = word in self._who, in_pair
            in_pair = i + 1 < len(exact) and (word * PAIR_FACTOR + exact[i + 1]) & 0xFFFFFFFF in self._who
            said.append(alone or before or in_pair)
            if not (said[-1] or role & BESIDE_WHO):  # half an entry: "kỹ" without "sư"
                said.pop()
                break
        return said
