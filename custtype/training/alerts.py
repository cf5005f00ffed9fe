"""Fitting the alerts: one linear margin each, on hashed words and signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.parallel import delayed

from custtype.schema import Alert
from custtype.training.margins import Folds, fit_machine

__all__ = ["AlertModel", "fit_alerts"]

_C = 0.5
_BETA = 0.7  # of the F-score that sets the thresholds
_MIN_NOTES = 10  # below that an alert is left to the lexicon's phrases alone
_CUE_WEIGHT, _CUE_BIAS = 2.0, -1.0  # of such an alert


@dataclass(frozen=True, slots=True)
class AlertModel:
    """Coefficients, shape (8, n_features), intercepts, shape (8,), and the scores from which alerts are raised."""

    coefficients: npt.NDArray[np.float64]
    intercepts: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]


def fit_alerts(
    design: Any,
    alerts: Sequence[Sequence[str]] | None,
    own_signals: Sequence[npt.NDArray[np.int64]],
    folds: Folds,
    run: Callable[..., Any],
) -> AlertModel:
    """Fit one margin an alert; its threshold is the one of best F0.7 on notes whose group the model did not see.

    F0.7 counts a false alarm for twice a missed one: who is called for nothing stops listening.

    Parameters
    ----------
    design : sparse matrix, shape (n_notes, n_features)
    alerts : sequence of sequences of str, optional
    own_signals : sequence of 8 arrays
        The columns of the lexicon's signals for each alert: all that counts where there is too little to learn from.
    folds : sequence of (rows, rows)
        Without any, an alert is raised from a margin of 0.
    run : callable
        A :class:`sklearn.utils.parallel.Parallel`.
    """
    result = AlertModel(np.zeros((len(Alert), design.shape[1])), np.zeros(len(Alert)), np.zeros(len(Alert)))
    rows = [()] * design.shape[0] if alerts is None else alerts
    truths = [np.array([alert in row for row in rows], np.int64) for alert in Alert]
    learned = [number for number, truth in enumerate(truths) if truth.sum() >= _MIN_NOTES and not truth.all()]
    for number in set(range(len(Alert))).difference(learned):
        result.coefficients[number, own_signals[number]] = _CUE_WEIGHT
        result.intercepts[number] = _CUE_BIAS
    fitted = run(delayed(_fit_one)(design, truths[number], folds) for number in learned)
    for number, (coefficients, intercept, threshold) in zip(learned, fitted, strict=True):
        result.coefficients[number], result.intercepts[number], result.thresholds[number] = coefficients, intercept, threshold
    return result


def _fit_one(design: Any, truth: npt.NDArray[np.int64], folds: Folds) -> tuple[npt.NDArray[np.float64], float, float]:
    return *fit_machine(design, truth, None, _C), _threshold(design, truth, folds) if folds else 0.0


def _threshold(design: Any, truth: npt.NDArray[np.int64], folds: Folds) -> float:
    scores = np.full(len(truth), -np.inf)
    for rows, held_out in folds:
        if 0 < truth[rows].sum() < len(rows):
            coefficients, intercept = fit_machine(design[rows], truth[rows], None, _C)
            scores[held_out] = design[held_out] @ coefficients + intercept
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    score = right / (np.arange(1, len(truth) + 1) + _BETA**2 * truth.sum())
    best = int(np.argmax(score))
    return float(np.round(np.clip(scores[order[best]], -3.0, 3.0), 6))
