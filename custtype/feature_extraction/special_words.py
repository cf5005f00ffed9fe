"""Words that the tokenizer drops, reads as another, or takes for a mere description of who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["BESIDE_WHO", "DROP", "MAYBE_ADDRESS", "NAME", "PAIR_FACTOR", "REPLACE", "WHO", "SpecialWords"]

DROP, REPLACE, NAME, MAYBE_ADDRESS = 1, 2, 3, 4
WHO, BESIDE_WHO = 1, 2
PAIR_FACTOR = 31  # the key of a pair of words: that of the first times this, plus that of the second, modulo 2**32


@dataclass(frozen=True, slots=True)
class SpecialWords:
    """Plain arrays; keys are ascending.

    Attributes
    ----------
    keys : ndarray of uint32, shape (n_special,)
        Exact keys (letters and marks).
    action : ndarray of uint8, shape (n_special,)
        DROP, REPLACE, NAME (dropped after a form of address) or MAYBE_ADDRESS (kept, but drops a name after it).
    key, exact : ndarray of uint32, shape (n_special,)
        Letters' key and exact key of the replacement.
    who : ndarray of uint32, shape (n_who,)
        Exact keys of what says who somebody is, with diacritics and without: of one word, or of two (:data:`PAIR_FACTOR`).
    introducing : ndarray of uint32, shape (n_introducing,)
        Exact keys of the words that an introduction may be made of; forms of address and names among them.
    role : ndarray of uint8, shape (n_introducing,)
        WHO for a word of an entry of `who`, BESIDE_WHO for one that may stand beside such entries, or their sum.
    """

    keys: npt.NDArray[np.uint32]
    action: npt.NDArray[np.uint8]
    key: npt.NDArray[np.uint32]
    exact: npt.NDArray[np.uint32]
    who: npt.NDArray[np.uint32]
    introducing: npt.NDArray[np.uint32]
    role: npt.NDArray[np.uint8]

    @classmethod
    def from_entries(cls, entries: Mapping[int, tuple[int, int, int]], who: set[int], roles: Mapping[int, int]) -> SpecialWords:
        """Sort into arrays: exact key -> (action, key, exact key of the replacement); keys of `who`; exact key -> role."""
        rows = sorted((key, *entry) for key, entry in entries.items())
        columns = [np.array([row[i] for row in rows], np.uint32) for i in range(4)]
        stand = {key: BESIDE_WHO for key, entry in entries.items() if entry[0] != REPLACE}
        both = sorted((key, roles.get(key, 0) | stand.get(key, 0)) for key in {*roles, *stand})
        introducing, role = (np.array([row[i] for row in both], kind) for i, kind in enumerate((np.uint32, np.uint8)))
        return cls(columns[0], columns[1].astype(np.uint8), columns[2], columns[3], np.array(sorted(who), np.uint32), introducing, role)
