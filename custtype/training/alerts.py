"""Fitting the alerts: one linear margin each, on hashed words and signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from custtype.schema import Alert

__all__ = ["AlertModel", "fit_alerts"]

_C = 0.5
_MIN_NOTES = 10  # below that an alert is left to the lexicon's phrases alone
_CUE_WEIGHT, _CUE_BIAS = 2.0, -1.0  # of such an alert
_TOLERANCE, _MAX_ITERATIONS = 1e-3, 300


@dataclass(frozen=True, slots=True)
class AlertModel:
    """Coefficients, shape (8, n_features), intercepts, shape (8,), and the scores from which alerts are raised."""

    coefficients: npt.NDArray[np.float64]
    intercepts: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]


def fit_alerts(
    design: Any,
    alerts: Sequence[Sequence[str]] | None,
    group: npt.NDArray[np.int64],
    own_signals: Sequence[npt.NDArray[np.int64]],
    n_folds: int,
) -> AlertModel:
    """Fit one margin an alert; its threshold is the one of best F1 on notes whose group the model did not see.

    Parameters
    ----------
    design : sparse matrix, shape (n_notes, n_features)
    alerts : sequence of sequences of str, optional
    group : ndarray of int64, shape (n_notes,)
    own_signals : sequence of 8 arrays
        The columns of the lexicon's signals for each alert: all that counts where there is too little to learn from.
    n_folds : int
    """
    result = AlertModel(np.zeros((len(Alert), design.shape[1])), np.zeros(len(Alert)), np.zeros(len(Alert)))
    for number, alert in enumerate(Alert):
        truth = np.array([alert in row for row in alerts], np.int64) if alerts is not None else np.zeros(len(group), np.int64)
        if truth.sum() < _MIN_NOTES or truth.all():
            result.coefficients[number, own_signals[number]] = _CUE_WEIGHT
            result.intercepts[number] = _CUE_BIAS
            continue
        model = _fit_one(design, truth)
        result.coefficients[number], result.intercepts[number] = model.coef_[0], float(np.ravel(model.intercept_)[0])
        result.thresholds[number] = _threshold(design, truth, group, n_folds)
    return result


def _fit_one(design: Any, truth: npt.NDArray[np.int64]) -> LinearSVC:
    return LinearSVC(C=_C, dual=True, random_state=0, tol=_TOLERANCE, max_iter=_MAX_ITERATIONS).fit(design, truth)


def _threshold(design: Any, truth: npt.NDArray[np.int64], group: npt.NDArray[np.int64], n_folds: int) -> float:
    scores = np.full(len(truth), -np.inf)
    for fit, held_out in GroupKFold(min(n_folds, len(np.unique(group))), shuffle=True, random_state=0).split(truth, groups=group):
        if 0 < truth[fit].sum() < len(fit):
            scores[held_out] = _fit_one(design[fit], truth[fit]).decision_function(design[held_out])
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    f1 = 2 * right / (np.arange(1, len(truth) + 1) + truth.sum())
    best = int(np.argmax(f1))
    return float(np.round(np.clip(scores[order[best]], -3.0, 3.0), 6))
