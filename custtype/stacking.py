"""From two judgements of a note to probabilities that mean what they say.

The note as a whole (three margins) and its clauses (eighteen pooled features) are put together by one multinomial logistic
regression, fitted on notes that neither judge had seen: each judge gets the trust that it earns there, the result is
calibrated, and since everything may count differently in long notes than in short ones, so are notes of every length.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.clauses import CLAUSE_FEATURES

__all__ = ["N_POOLED", "N_TYPES", "softmax", "stack_features", "stack_scores", "stack_slopes"]

N_TYPES = 3
N_POOLED = N_TYPES * len(CLAUSE_FEATURES)


def softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Exponentiate and normalise each row.

    Examples
    --------
    >>> softmax(np.zeros((1, 4))).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: npt.NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def stack_features(
    margins: npt.NDArray[np.float64], pooled: npt.NDArray[np.float64], n_words: npt.NDArray[np.int64], n_clauses: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Put side by side what the probabilities rest on.

    Parameters
    ----------
    margins : ndarray of float64, shape (n_notes, 3)
        Of each type against ``unclear``, from the note as a whole.
    pooled : ndarray of float64, shape (n_notes, 18)
        From :func:`custtype.feature_extraction.clauses.pool_clauses`.
    n_words, n_clauses : ndarray of int64, shape (n_notes,)

    Returns
    -------
    ndarray of float64, shape (n_notes, 44)
        Margins and pooled features; the logarithms of both lengths; margins and pooled features times the first of these.
    """
    judged = np.column_stack([margins, pooled])
    words, clauses = (np.log(np.maximum(count, 1)) for count in (n_words, n_clauses))
    return np.column_stack([judged, words, clauses, judged * words[:, None]])


def stack_scores(
    features: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return scores, shape (n_notes, 4): features (n_notes, 44) by weights (44, 4).

    Added up one feature after the other: a matrix product may round differently with the size of the batch.
    """
    terms = np.empty((len(weights) + 1, weights.shape[1], len(features)))
    terms[0] = bias[:, None]
    np.multiply(weights[:, :, None], features.T[:, None, :], out=terms[1:])
    scores: npt.NDArray[np.float64] = np.add.reduce(terms, axis=0).T
    return scores


def stack_slopes(
    weights: npt.NDArray[np.float64], n_words: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Tell how much each type gains over ``unclear`` from its own margin, and from its own pooled features together.

    Returns
    -------
    margin, pooled : ndarray of float64, shape (n_notes, 3)
    """
    n_judged = N_TYPES + N_POOLED
    against = weights[:, :N_TYPES] - weights[:, N_TYPES:]
    words = np.log(np.maximum(n_words, 1))[:, None, None]
    slopes = against[:n_judged] + words * against[-n_judged:]  # (n_notes, 21, 3)
    own = np.arange(N_TYPES)
    pooled = slopes[:, N_TYPES:].reshape(len(n_words), -1, N_TYPES, N_TYPES)[:, :, own, own]
    return np.maximum(slopes[:, own, own], 0), np.maximum(pooled, 0).sum(axis=1)
