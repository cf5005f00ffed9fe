"""Figures for predictions: plain functions of arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["expected_calibration_error", "f1_scores", "risk_coverage"]


def f1_scores(truth: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], n_classes: int) -> npt.NDArray[np.float64]:
    """Return the F1 of each class; 0 for a class that is never predicted rightly.

    Examples
    --------
    >>> f1_scores(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).round(3).tolist()
    [0.667, 0.667]
    """
    result = np.zeros(n_classes)
    for k in range(n_classes):
        right = np.sum((truth == k) & (predicted == k))
        total = np.sum(truth == k) + np.sum(predicted == k)
        result[k] = 2 * right / total if total else 0.0
    return result


def expected_calibration_error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], n_bins: int = 10) -> float:
    """Return how far confidence is from accuracy, on average over equal-width bins.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning", AAAI.

    Examples
    --------
    >>> expected_calibration_error(np.array([0.8, 0.8]), np.array([True, False])).__round__(3)
    0.3
    """
    edges = np.linspace(0, 1, n_bins + 1)
    bins = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, n_bins - 1)
    error = 0.0
    for k in range(n_bins):
        inside = bins == k
        if inside.any():
            error += float(inside.mean() * abs(right[inside].mean() - confidence[inside].mean()))
    return error


def risk_coverage(
    certainty: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], coverages: tuple[float, ...] = (1.0, 0.8, 0.6, 0.4)
) -> dict[float, float]:
    """Return the accuracy among the most certain share of cases, for each share.

    Examples
    --------
    >>> risk_coverage(np.array([0.9, 0.6]), np.array([True, False]), (1.0, 0.5))
    {1.0: 0.5, 0.5: 1.0}
    """
    order = np.argsort(-certainty, kind="stable")
    return {share: float(right[order[: max(1, round(share * len(order)))]].mean()) for share in coverages} if len(order) else {}
