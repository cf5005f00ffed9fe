"""How a note is written: counts that need no lexicon.

They are there to be looked at. Only ``numbered_points`` speaks of the person (somebody who numbers their points); the
others tell how the writer types, and the classifier never sees them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.tokens import TokenBatch
from custtype.preprocessing import DIGIT, EMOJI

__all__ = ["STYLE_SIGNALS", "numbered_points", "style_counts"]

STYLE_SIGNALS = ("numbered_points", "words", "question_marks", "exclamation_marks", "emoji")


def style_counts(batch: TokenBatch) -> npt.NDArray[np.float64]:
    """Count, for each note, what :data:`STYLE_SIGNALS` names.

    Returns
    -------
    ndarray of float64, shape (n_notes, 5)
    """
    codes = batch.folded.codes
    return np.column_stack(
        [
            np.bincount(numbered_points(batch)[0], minlength=batch.n_notes),
            np.diff(batch.first_word),
            *(_per_note(batch, np.flatnonzero(codes == code)) for code in (ord("?"), ord("!"), EMOJI)),
        ]
    ).astype(np.float64)


def numbered_points(batch: TokenBatch) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Find words that number a point: "1." or "2)" before a blank, at least two of them in one note.

    Returns
    -------
    note, word : ndarray of int64
        Parallel arrays.
    """
    codes = batch.folded.codes
    after = codes.take(batch.end, mode="clip")
    blank = codes.take(batch.end + 1, mode="clip")
    one_digit = (batch.end - batch.start == 1) & (codes.take(batch.start, mode="clip") == DIGIT)
    word = np.flatnonzero(one_digit & ((after == ord(".")) | (after == ord(")"))) & (blank <= ord(" ")))
    note = batch.note.take(word)
    several = np.bincount(note, minlength=batch.n_notes).take(note) >= 2
    return note[several], word[several]


def _per_note(batch: TokenBatch, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.bincount(np.searchsorted(batch.folded.note_end, places), minlength=batch.n_notes)
