"""Fitting the alerts: one logistic regression each, on hashed words and signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from custtype.feature_extraction.cues import CueTable
from custtype.feature_extraction.ngrams import TABLE_BITS
from custtype.schema import Alert
from custtype.scoring import ALERT_BITS
from custtype.training.features import Features, select_columns

__all__ = ["AlertWeights", "fit_alerts"]

# Measured on writers left out: weights and penalty that suit the types (0.15, 3) cost the alerts a tenth of F1.
_C = 5.0
_NGRAM_SCALE = 0.45
_MIN_NOTES = 10  # below that an alert is left to the lexicon's phrases alone
_MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class AlertWeights:
    """Weights of the eight alerts, shapes (2**16, 8), (n_signals, 8), (8,), and the scores from which they are raised."""

    words: npt.NDArray[np.float64]
    cues: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]


def fit_alerts(
    features: Features, alerts: Sequence[Sequence[str]] | None, group: npt.NDArray[np.int64], cues: CueTable, min_notes: int, n_folds: int
) -> AlertWeights:
    """One logistic regression an alert, on hashed words and signals; the threshold is the best on notes left out."""
    narrow = _fold_columns(features.words)
    selection = select_columns(narrow, min_notes, _NGRAM_SCALE)
    design = sparse.hstack([selection(narrow), features.cues]).tocsr()
    n_words = len(selection.columns)
    result = AlertWeights(
        np.zeros((1 << ALERT_BITS, len(Alert))), np.zeros((len(cues.names), len(Alert))), np.zeros(len(Alert)), np.zeros(len(Alert))
    )
    for column, alert in enumerate(Alert):
        truth = np.array([alert in row for row in alerts], np.int64) if alerts is not None else np.zeros(len(group), np.int64)
        if truth.sum() < _MIN_NOTES or truth.all():
            result.cues[[i for i, toward in enumerate(cues.toward) if toward == alert], column] = 2.0
            result.bias[column] = -1.0
            continue
        model = LogisticRegression(C=_C, max_iter=_MAX_ITERATIONS).fit(design, truth)
        result.words[:, column] = selection.spread(model.coef_[:, :n_words], 1 << ALERT_BITS)[:, 0]
        result.cues[:, column], result.bias[column] = model.coef_[0, n_words:], model.intercept_[0]
        result.thresholds[column] = _threshold(design, truth, group, n_folds)
    return result


def _fold_columns(counts: Any) -> Any:
    """Send each n-gram to the smaller table of the alerts."""
    shift = TABLE_BITS - ALERT_BITS
    wide = counts.tocoo()
    narrow = sparse.csr_matrix((wide.data, (wide.row, wide.col >> shift)), shape=(counts.shape[0], counts.shape[1] >> shift))
    narrow.sum_duplicates()
    return narrow


def _threshold(design: Any, truth: npt.NDArray[np.int64], group: npt.NDArray[np.int64], n_folds: int) -> float:
    """Return the score that gives the best F1 on notes whose group the model did not see."""
    scores = np.full(len(truth), -np.inf)
    for fit, held_out in GroupKFold(min(n_folds, len(np.unique(group))), shuffle=True, random_state=0).split(truth, groups=group):
        if 0 < truth[fit].sum() < len(fit):
            scores[held_out] = (
                LogisticRegression(C=_C, max_iter=_MAX_ITERATIONS).fit(design[fit], truth[fit]).decision_function(design[held_out])
            )
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    f1 = 2 * right / (np.arange(1, len(truth) + 1) + truth.sum())
    best = int(np.argmax(f1))
    return float(np.round(np.clip(scores[order[best]], -3.0, 3.0), 6))
