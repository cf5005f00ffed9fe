"""Fitting what puts both judgements of a note together; see :mod:`custtype.stacking`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from custtype.scoring import SHARPNESS
from custtype.stacking import N_TYPES
from custtype.tables import CLASSES

__all__ = ["Stack", "fit_stack"]

_C = 0.3
_MAX_ITERATIONS = 1000
_MIN_NOTES = 300  # left out by the judges: below that weights are more chance than trust
_MISSING_CLASS = -30.0  # score of a class that no note was labelled with

Stack = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def fit_stack(features: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> Stack:
    """Fit weights, shape (n_features, 4), and bias, shape (4,), on features of notes that the judges had not seen.

    With too little to learn from, the note's own margins decide.
    """
    weights, bias = np.zeros((features.shape[1], len(CLASSES))), np.zeros(len(CLASSES))
    present = np.unique(labels)
    if len(present) < 2 or len(labels) < _MIN_NOTES:
        weights[:N_TYPES, :N_TYPES] = SHARPNESS * np.eye(N_TYPES)
        return weights, bias
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread < 1e-9] = 1.0
    model = LogisticRegression(C=_C, max_iter=_MAX_ITERATIONS, tol=1e-6).fit((features - mean) / spread, labels)
    bias[:] = _MISSING_CLASS
    if len(present) == 2:  # scikit-learn gives one row for two classes
        weights[:, present[1]] = model.coef_[0]
        bias[present] = [0.0, model.intercept_[0]]
    else:
        weights[:, present] = model.coef_.T
        bias[present] = model.intercept_
    weights /= spread[:, None]
    return np.round(weights, 9), np.round(bias - mean @ weights, 9)
