"""Scores to probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Calibration", "fit_calibration", "softmax"]

_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bias-corrected temperature scaling.

    Fitted on scores of notes that the model did not see: the temperature takes back over-confidence, the shifts take
    back what unseen wording costs each class.

    Attributes
    ----------
    temperature : float
        Above 1 for a model that is too sure of itself.
    shift : tuple of float
        Added to the score of each class.

    References
    ----------
    Alexandari, Kundaje and Shrikumar (2020), "Maximum likelihood with bias-corrected calibration is hard-to-beat at
    label shift adaptation", ICML.
    """

    temperature: float
    shift: tuple[float, ...]

    def __call__(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Turn scores of shape (n, n_classes) into probabilities of the same shape."""
        return softmax(scores / self.temperature + np.asarray(self.shift))


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


def fit_calibration(scores: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> Calibration:
    """Fit temperature and shifts by maximum likelihood.

    Parameters
    ----------
    scores : ndarray of shape (n, n_classes)
        Scores of notes that the model was not fitted on.
    labels : ndarray of int of shape (n,)
        The column of each note's label.
    """
    from scipy.optimize import minimize

    n_classes = scores.shape[1]
    truth = np.eye(n_classes)[labels]

    def loss(parameters: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        slope, shift = parameters[0], parameters[1:]
        probability = softmax(slope * scores + shift)
        error = (probability - truth) / len(scores)
        gradient = np.concatenate([[np.sum(error * scores)], error.sum(axis=0)])
        gradient[1:] += 1e-4 * shift
        likelihood = -np.mean(np.log(np.maximum(probability[np.arange(len(labels)), labels], 1e-12)))
        return float(likelihood + 5e-5 * np.sum(shift**2)), gradient

    start = np.concatenate([[1.0], np.zeros(n_classes)])
    bounds = [(0.05, 20.0)] + [(-5.0, 5.0)] * n_classes
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _ROUNDS}).x
    return Calibration(float(np.round(1 / found[0], 6)), tuple(np.round(found[1:], 6).tolist()))
