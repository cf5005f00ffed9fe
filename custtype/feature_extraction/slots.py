"""Hashes that whole arrays of hashes are looked up in: one step each, where a binary search takes a dozen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Slots"]

_SPARE_BITS, _MOST_BITS = 7, 18  # slots a key, and slots at most, as powers of two: a megabyte stays in the cache
_MIX = 0x9E3779B1


class Slots:
    """Looks hashes up among others.

    Parameters
    ----------
    keys : ndarray of uint32, shape (n_keys,)
        Each once.

    Examples
    --------
    >>> slots = Slots(np.array([7, 40], np.uint32))
    >>> where, which = slots.find(np.array([40, 41, 7], np.uint32))
    >>> where.tolist(), which.tolist()
    ([0, 2], [1, 0])
    """

    def __init__(self, keys: npt.NDArray[np.uint32], mix: int = _MIX) -> None:
        self._keys = np.append(keys, np.uint32(0))  # the last stands for "none"
        self._mix = np.uint32(mix)
        bits = min(_SPARE_BITS + len(keys).bit_length(), _MOST_BITS)
        self._shift = np.uint32(32 - bits)
        self._number = np.full(1 << bits, len(keys), np.int32)
        place = self._place(keys)
        self._number[place] = np.arange(len(keys))
        self._others = np.flatnonzero(self._number.take(place) != np.arange(len(keys)))  # somebody else took their slot
        self._rest = Slots(keys[self._others], (mix * 5 + 2) & 0xFFFFFFFF | 1) if len(self._others) else None

    def find(self, hashes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return which of `hashes` are among the keys, ascending, and the number of each one's key."""
        number = self._number.take(self._place(hashes))
        where = np.flatnonzero(number < len(self._keys) - 1)
        number, asked = number.take(where), hashes.take(where)
        same = self._keys.take(number) == asked
        if self._rest is not None:
            again, which = self._rest.find(asked)
            number[again] = self._others.take(which)
            same[again] = True
        return where[same], number[same].astype(np.int64)

    def number(self, hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """Return the number of each hash's key, or how many keys there are where it is none: faster where most are."""
        number = self._number.take(self._place(hashes)).astype(np.int64)
        others = np.flatnonzero(self._keys.take(number) != hashes)
        number[others] = len(self._keys) - 1
        if self._rest is not None:
            again, which = self._rest.find(hashes.take(others))
            number[others.take(again)] = self._others.take(which)
        return number

    def _place(self, hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        place: npt.NDArray[np.uint32] = (hashes * self._mix) >> self._shift
        return place
