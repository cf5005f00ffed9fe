"""Clauses: the pieces of a note that each say one thing, and what is read off all of them together.

One clause decides most notes ("giờ cầm đi luôn"), while the others set the scene. Each clause is judged by itself, and
the note by its strongest clause, its last ones (what somebody ends on outweighs how they began) and how many there are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.slots import Slots
from custtype.feature_extraction.tokens import TokenBatch

__all__ = ["CLAUSE_FEATURES", "ClauseFinder", "place_clauses", "pool_clauses"]

#: What :func:`pool_clauses` reads off for each type, in order.
CLAUSE_FEATURES = ("any", "strongest", "last", "last_two", "first", "count")

_LONG = 12  # words of a stretch without punctuation from which words such as "nhưng" split it
_BEFORE, _AFTER = 4, 3  # words that must stand on either side of such a split
_MOST = 3.0  # of the count: a long letter is not surer in proportion
_FLOOR = 0.01  # probabilities are compared as logarithms; what is less likely than this is alike
_EXACT = 1 << 40  # sums are of whole numbers of this fraction, so that no order of adding shows


class ClauseFinder:
    """Cuts notes into clauses.

    Parameters
    ----------
    openers : ndarray of uint32
        Keys of words that begin a new clause in the middle of a long one ("nhưng", "but").
    """

    def __init__(self, openers: npt.NDArray[np.uint32]) -> None:
        self.openers = openers
        self._openers = Slots(openers)

    def __call__(self, batch: TokenBatch) -> npt.NDArray[np.int64]:
        """Return the first word of every clause, ascending: each note with words has at least one."""
        n_words = len(batch.start)
        begins = np.zeros(n_words + 1, np.bool_)
        begins[batch.first_word] = True
        note_begins = begins.copy()
        begins[np.searchsorted(batch.start, batch.clause_ends, side="right")] = True
        begins[0], begins[n_words] = n_words > 0, True
        self._split_long(batch, begins)
        starts = np.flatnonzero(begins)
        alone = np.flatnonzero(np.diff(starts) == 1) + 1  # a single word goes with what follows it
        alone = alone[~note_begins[starts[alone]]]
        return np.delete(starts, alone)[:-1]

    def _split_long(self, batch: TokenBatch, begins: npt.NDArray[np.bool_]) -> None:
        """Split long stretches before words that open a clause."""
        word, _ = self._openers.find(batch.key)
        starts = np.flatnonzero(begins)
        stretch = np.searchsorted(starts, word, side="right") - 1
        begin, stop = starts.take(stretch), starts.take(stretch + 1, mode="clip")
        split = (stop - begin > _LONG) & (word - begin >= _BEFORE) & (stop - word >= _AFTER)
        begins[word[split]] = True


def place_clauses(first_clause: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Tell where each clause stands in its note: is it the first, the last, how far from the beginning (0 to 1).

    Examples
    --------
    >>> place_clauses(np.array([0, 3])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 0.5], [0.0, 1.0, 1.0]]
    """
    size = np.diff(first_clause)
    rank = np.arange(first_clause[-1]) - np.repeat(first_clause[:-1], size)
    last = np.repeat(size, size) - 1
    return np.column_stack([rank == 0, rank == last, np.where(last > 0, rank / np.maximum(last, 1), 0.5)]).astype(np.float64)


def pool_clauses(probabilities: npt.NDArray[np.float64], first_clause: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Read a note's features off its clauses.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_clauses, 3)
        That a clause shows each of the three types.
    first_clause : ndarray of int64, shape (n_notes + 1,)
        Index of each note's first clause; the last entry is the number of clauses.

    Returns
    -------
    ndarray of float64, shape (n_notes, 18)
        :data:`CLAUSE_FEATURES` for each type; a note without clauses has what one that shows nothing has.
    """
    n_notes = len(first_clause) - 1
    shown = np.clip(probabilities, 1e-4, 1 - 1e-4)
    filled = np.flatnonzero(first_clause[1:] > first_clause[:-1])
    begin, last = first_clause[filled], first_clause[filled + 1] - 1
    parts = np.zeros((len(CLAUSE_FEATURES), n_notes, 3))
    if len(filled):
        whole = np.rint(-np.log(1 - shown) * _EXACT).astype(np.int64)
        count = np.add.reduceat(whole, begin, axis=0) / _EXACT
        ends = shown[last]
        parts[0, filled], parts[5, filled] = count, np.minimum(count, _MOST)
        parts[1, filled] = np.maximum.reduceat(shown, begin, axis=0)
        parts[2, filled] = ends
        parts[3, filled] = np.maximum(ends, shown[np.maximum(last - 1, begin)])
        parts[4, filled] = shown[begin]
    parts[0] = np.log(parts[0] + 5 * _FLOOR)
    parts[1:5] = np.log(parts[1:5] + _FLOOR)
    pooled: npt.NDArray[np.float64] = parts.transpose(1, 0, 2).reshape(n_notes, -1)
    return pooled
