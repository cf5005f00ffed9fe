"""Fitting a model's tables: hashed n-grams and signals, logistic regression, calibration on notes left out.

The features come from the very functions that score, so what is fitted is what is used. Weights are rounded to small
integers at the end; the difference to the unrounded model is below 0.001 in probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from custtype.calibration import Calibration, fit_calibration
from custtype.feature_extraction.cues import CueTable, compile_cues
from custtype.feature_extraction.ngrams import TABLE_BITS
from custtype.feature_extraction.quality import make_known_words
from custtype.feature_extraction.tokens import Tokenizer
from custtype.lexicon import Lexicon
from custtype.schema import CustomerType
from custtype.scoring import CLASSES, CUE_UNIT, MAX_WEIGHT, Tables
from custtype.training.alerts import fit_alerts
from custtype.training.features import Features, Selection, count_features, select_columns

__all__ = ["TrainingOptions", "fit_tables"]

_NGRAM_SCALE = 0.15  # measured on writers left out: 0.3 and 0.6 are surer of themselves and no better
_MISSING_CLASS = -30.0  # score of a class that no note was labelled with
_MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Settings of :func:`fit_tables`; see :class:`custtype.classifier.CustomerTypeClassifier`."""

    C: float = 3.0
    min_notes: int = 2
    n_folds: int = 5


def fit_tables(
    notes: Sequence[str],
    labels: Sequence[str],
    groups: Sequence[object] | None,
    alerts: Sequence[Sequence[str]] | None,
    lexicon: Lexicon,
    options: TrainingOptions,
) -> Tables:
    """Fit a model.

    Parameters
    ----------
    notes, labels : sequences of str
    groups : sequence, optional
        Notes of one group (a writer, a source) are never split between fitting and calibration.
    alerts : sequence of sequences of str, optional
        Alerts of each note; without them alerts rest on the lexicon alone.
    lexicon : Lexicon
    options : TrainingOptions
    """
    with threadpool_limits(1):  # sums split over threads are not the same bit for bit
        tokenizer = Tokenizer.from_structure(lexicon.structure)
        cues = compile_cues(lexicon, tokenizer)
        features = count_features(notes, tokenizer, cues)
        group = np.unique([str(g) for g in (groups if groups is not None else range(len(notes)))], return_inverse=True)[1]
        y = np.array([CLASSES.index(CustomerType(label)) for label in labels])
        return _fit(features, y, group, alerts, tokenizer, cues, options)


def _fit(
    features: Features,
    y: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
    alerts: Sequence[Sequence[str]] | None,
    tokenizer: Tokenizer,
    cues: CueTable,
    options: TrainingOptions,
) -> Tables:
    weights = _fit_types(features, y, options)
    calibration = _calibrate(features, y, group, options)
    char_units, char_unit = _round(weights.chars)
    word_units, word_unit = _round(weights.words)
    alert_model = fit_alerts(features, alerts, group, cues, options.min_notes, options.n_folds)
    alert_units, alert_unit = _round(alert_model.words)
    return Tables(
        special=tokenizer.special,
        cues=cues,
        known=make_known_words(np.concatenate([features.vocabulary, cues.phrases.words])),
        char_weights=char_units,
        word_weights=word_units,
        alert_weights=alert_units,
        cue_weights=_to_unit(weights.cues),
        alert_cue_weights=_to_unit(alert_model.cues),
        bias=np.round(weights.bias, 6),
        alert_bias=np.round(alert_model.bias, 6),
        units=np.array([char_unit, word_unit, alert_unit]),
        alert_thresholds=alert_model.thresholds,
        calibration=calibration,
    )


@dataclass(frozen=True, slots=True)
class _Weights:
    """Weights of the three types against ``unclear``; shapes (2**18, 3), (2**18, 3), (n_signals, 3), (3,)."""

    chars: npt.NDArray[np.float64]
    words: npt.NDArray[np.float64]
    cues: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]


def _design(features: Features, rows: npt.NDArray[np.int64], selections: Sequence[Selection]) -> Any:
    chars, words = selections
    return sparse.hstack([chars(features.chars[rows]), words(features.words[rows]), features.cues[rows]]).tocsr()


def _fit_rows(
    features: Features, y: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], options: TrainingOptions
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], list[Selection]]:
    """Fit on some rows; return coefficients (4, n_features) and intercepts (4,) in the order of CLASSES."""
    selections = [select_columns(counts[rows], options.min_notes, _NGRAM_SCALE) for counts in (features.chars, features.words)]
    model = LogisticRegression(C=options.C, max_iter=_MAX_ITERATIONS).fit(_design(features, rows, selections), y[rows])
    coefficients = np.zeros((len(CLASSES), model.coef_.shape[1]))
    intercepts = np.full(len(CLASSES), _MISSING_CLASS)
    if len(model.classes_) == 2:  # scikit-learn gives one row for two classes
        coefficients[model.classes_[1]] = model.coef_[0]
        intercepts[model.classes_] = [0.0, model.intercept_[0]]
    else:
        coefficients[model.classes_], intercepts[model.classes_] = model.coef_, model.intercept_
    return coefficients, intercepts, selections


def _fit_types(features: Features, y: npt.NDArray[np.int64], options: TrainingOptions) -> _Weights:
    coefficients, intercepts, (chars, words) = _fit_rows(features, y, np.arange(len(y)), options)
    against_unclear = coefficients[:3] - coefficients[3]
    n_chars, n_words = len(chars.columns), len(words.columns)
    return _Weights(
        chars.spread(against_unclear[:, :n_chars], 1 << TABLE_BITS),
        words.spread(against_unclear[:, n_chars : n_chars + n_words], 1 << TABLE_BITS),
        against_unclear[:, n_chars + n_words :].T,
        intercepts[:3] - intercepts[3],
    )


def _calibrate(features: Features, y: npt.NDArray[np.int64], group: npt.NDArray[np.int64], options: TrainingOptions) -> Calibration:
    """Score each note by a model that saw none of its group, and fit temperature and shifts on these scores."""
    n_folds = min(options.n_folds, len(np.unique(group)))
    scores = np.zeros((len(y), len(CLASSES)))
    used = np.zeros(len(y), np.bool_)
    if n_folds >= 2:
        for fit, held_out in GroupKFold(n_folds, shuffle=True, random_state=0).split(y, groups=group):
            if len(np.unique(y[fit])) < 2:
                continue
            coefficients, intercepts, selections = _fit_rows(features, y, fit, options)
            scores[held_out] = _design(features, held_out, selections) @ coefficients.T + intercepts
            used[held_out] = True
    if not used.any():
        return Calibration(1.0, (0.0,) * len(CLASSES))
    scores -= scores[:, 3:]
    return fit_calibration(scores[used], y[used])


def _to_unit(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rounded: npt.NDArray[np.float64] = np.rint(weights / CUE_UNIT) * CUE_UNIT
    return rounded


def _round(weights: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int16], float]:
    """Round weights to integers of at most MAX_WEIGHT units; return them and the unit."""
    largest = float(np.abs(weights).max())
    unit = float(f"{largest / MAX_WEIGHT:.3e}") if largest > 0 else 1.0
    return np.clip(np.rint(weights / unit), -MAX_WEIGHT, MAX_WEIGHT).astype(np.int16), unit
