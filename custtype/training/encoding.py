"""Fitting a third judge of notes, on vectors that an encoder of the user's own makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.utils.parallel import Parallel

from custtype.stacking import N_POOLED, N_TYPES, softmax, stack_scores
from custtype.training.fitting import LeftOut
from custtype.training.margins import Margins, fit_left_out, fit_margins
from custtype.training.stack import Stack, fit_stack

__all__ = ["EncoderHead", "fit_encoder_head"]


@dataclass(frozen=True, slots=True)
class EncoderHead:
    """What turns vectors, together with everything else the model sees, into probabilities.

    Attributes
    ----------
    center, spread : ndarray of float64, shape (n_dimensions,)
        By which vectors are standardised.
    margins : Margins
    stack : tuple of ndarray
        Weights, shape (50, 4), and bias, shape (4,).
    """

    center: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    margins: Margins
    stack: Stack

    def predict_proba(self, vectors: npt.NDArray[np.float64], features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return probabilities from vectors, shape (n, n_dimensions), and features of the notes, shape (n, 44)."""
        margins = self.margins.against_unclear((vectors - self.center) / self.spread)
        return softmax(stack_scores(_join(features, margins), *self.stack))


def _join(features: npt.NDArray[np.float64], margins: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    words = features[:, [N_TYPES + N_POOLED]]  # the logarithm of their number, as stack_features puts it
    return np.column_stack([features, margins, margins * words])


def fit_encoder_head(vectors: npt.NDArray[np.float64], left_out: LeftOut, C: float, n_jobs: int | None = None) -> EncoderHead:
    """Fit the judge of vectors, and a stack over all three judges on notes that none of them had seen."""
    center, spread = vectors.mean(axis=0), vectors.std(axis=0) * np.sqrt(vectors.shape[1])
    spread[spread < 1e-12] = 1.0
    scaled = (vectors - center) / spread
    labels = left_out.labels

    def fit(rows: npt.NDArray[np.int64]) -> Margins:
        return fit_margins(scaled[rows], labels[rows], np.ones(len(rows)), C)

    judge, margins = fit_left_out(scaled, labels, left_out.folds, fit, Parallel(n_jobs=n_jobs))
    used = ~np.isnan(margins[:, 0])
    stack = fit_stack(_join(left_out.features, np.nan_to_num(margins))[used], labels[used])
    return EncoderHead(center, spread, judge, stack)
