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
from custtype.feature_extraction.cues import CueFinder, CueTable, compile_cues
from custtype.feature_extraction.ngrams import TABLE_BITS, canonical_stream, char_ngrams, word_ngrams
from custtype.feature_extraction.quality import make_known_words
from custtype.feature_extraction.tokens import Tokenizer, split_batches
from custtype.lexicon import Lexicon
from custtype.schema import Alert, CustomerType
from custtype.scoring import ALERT_BITS, CLASSES, CUE_UNIT, MAX_WEIGHT, Tables

__all__ = ["TrainingOptions", "fit_tables"]

_NGRAM_SCALE = 0.3  # n-grams against signals: how large their features are before the penalty sees them
_MISSING_CLASS = -30.0  # score of a class that no note was labelled with
_ALERT_C = 1.0
_MIN_ALERT_NOTES = 10  # below that an alert is left to the lexicon's phrases alone
_MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Settings of :func:`fit_tables`; see :class:`custtype.classifier.CustomerTypeClassifier`."""

    C: float = 3.0
    min_groups: int = 2
    n_folds: int = 5


@dataclass(frozen=True, slots=True)
class _Features:
    """Counts of the corpus: characters, words, signals (one row a note), and the keys of its words."""

    chars: Any  # scipy.sparse matrices, untyped
    words: Any
    cues: Any
    vocabulary: npt.NDArray[np.uint32]


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
        Notes of one group (a situation, a writer) are never split between fitting and calibration.
    alerts : sequence of sequences of str, optional
        Alerts of each note; without them alerts rest on the lexicon alone.
    lexicon : Lexicon
    options : TrainingOptions
    """
    with threadpool_limits(1):  # sums split over threads are not the same bit for bit
        tokenizer = Tokenizer.from_structure(lexicon.structure)
        cues = compile_cues(lexicon, tokenizer)
        features = _count(notes, tokenizer, cues)
        group = np.unique([str(g) for g in (groups if groups is not None else range(len(notes)))], return_inverse=True)[1]
        y = np.array([CLASSES.index(CustomerType(label)) for label in labels])
        return _fit(features, y, group, alerts, tokenizer, cues, options)


def _fit(
    features: _Features,
    y: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
    alerts: Sequence[Sequence[str]] | None,
    tokenizer: Tokenizer,
    cues: CueTable,
    options: TrainingOptions,
) -> Tables:
    weights = _fit_types(features, y, group, options)
    calibration = _calibrate(features, y, group, options)
    char_units, char_unit = _round(weights.chars)
    word_units, word_unit = _round(weights.words)
    alert_model = _fit_alerts(features, alerts, group, cues, options)
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


@dataclass(frozen=True, slots=True)
class _AlertWeights:
    words: npt.NDArray[np.float64]
    cues: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]


def _count(notes: Sequence[str], tokenizer: Tokenizer, cues: CueTable) -> _Features:
    """Count n-grams and signals, with the functions that score."""
    find_cues = CueFinder(cues)
    chars, words, fired, keys = [], [], [], []
    for start, stop in split_batches(notes):
        batch = tokenizer(notes[start:stop])
        stream = canonical_stream(batch)
        note_of_place = np.repeat(np.arange(stop - start), np.diff(stream.note_start))
        for index, crossing in char_ngrams(stream):
            inside = np.ones(len(index), np.bool_)
            inside[crossing] = False
            chars.append((note_of_place[inside] + start, index[inside]))
        words += [(batch.note.take(first) + start, index) for index, first in word_ngrams(batch)]
        hits = find_cues(batch)
        fired.append((hits.note + start, hits.label))
        keys.append(batch.key)
    width = 1 << TABLE_BITS
    cue_matrix = _matrix(fired, len(notes), len(cues.names))
    cue_matrix.data[:] = 1.0
    return _Features(
        _matrix(chars, len(notes), width), _matrix(words, len(notes), width), cue_matrix, np.unique(np.concatenate(keys))
    )


def _matrix(parts: list[tuple[npt.NDArray[Any], npt.NDArray[Any]]], rows: int, columns: int) -> Any:
    row, column = (np.concatenate(side) for side in zip(*parts, strict=True))
    matrix = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(rows, columns))
    matrix.sum_duplicates()
    return matrix


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which columns of a count matrix are used, and how they are weighted."""

    columns: npt.NDArray[np.int64]
    idf: npt.NDArray[np.float64]

    def __call__(self, counts: Any) -> Any:
        total = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
        return sparse.diags_array(_NGRAM_SCALE / np.sqrt(total)) @ counts[:, self.columns] @ sparse.diags_array(self.idf)

    def spread(self, coefficients: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
        """Put coefficients (n_outputs, n_columns) back into a table (width, n_outputs)."""
        table = np.zeros((width, len(coefficients)))
        table[self.columns] = (coefficients * self.idf * _NGRAM_SCALE).T
        return table


def _select(counts: Any, group: npt.NDArray[np.int64], min_groups: int) -> _Selection:
    """Keep n-grams that occur in several groups: what only one situation says is no help with the next."""
    n_groups = int(group.max()) + 1
    membership = sparse.csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(n_groups, len(group)))
    frequency = np.asarray(((membership @ (counts > 0)) > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(frequency >= min(min_groups, n_groups))
    return _Selection(columns, np.log((1 + n_groups) / (1 + frequency[columns])) + 1)


def _design(features: _Features, rows: npt.NDArray[np.int64], selections: Sequence[_Selection]) -> Any:
    chars, words = selections
    return sparse.hstack([chars(features.chars[rows]), words(features.words[rows]), features.cues[rows]]).tocsr()


def _fit_rows(
    features: _Features, y: npt.NDArray[np.int64], group: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], options: TrainingOptions
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], list[_Selection]]:
    """Fit on some rows; return coefficients (4, n_features) and intercepts (4,) in the order of CLASSES."""
    renumbered = np.unique(group[rows], return_inverse=True)[1]
    selections = [_select(counts[rows], renumbered, options.min_groups) for counts in (features.chars, features.words)]
    model = LogisticRegression(C=options.C, max_iter=_MAX_ITERATIONS).fit(_design(features, rows, selections), y[rows])
    coefficients = np.zeros((len(CLASSES), model.coef_.shape[1]))
    intercepts = np.full(len(CLASSES), _MISSING_CLASS)
    if len(model.classes_) == 2:  # scikit-learn gives one row for two classes
        coefficients[model.classes_[1]] = model.coef_[0]
        intercepts[model.classes_] = [0.0, model.intercept_[0]]
    else:
        coefficients[model.classes_], intercepts[model.classes_] = model.coef_, model.intercept_
    return coefficients, intercepts, selections


def _fit_types(features: _Features, y: npt.NDArray[np.int64], group: npt.NDArray[np.int64], options: TrainingOptions) -> _Weights:
    coefficients, intercepts, (chars, words) = _fit_rows(features, y, group, np.arange(len(y)), options)
    against_unclear = coefficients[:3] - coefficients[3]
    n_chars, n_words = len(chars.columns), len(words.columns)
    return _Weights(
        chars.spread(against_unclear[:, :n_chars], 1 << TABLE_BITS),
        words.spread(against_unclear[:, n_chars : n_chars + n_words], 1 << TABLE_BITS),
        against_unclear[:, n_chars + n_words :].T,
        intercepts[:3] - intercepts[3],
    )


def _calibrate(features: _Features, y: npt.NDArray[np.int64], group: npt.NDArray[np.int64], options: TrainingOptions) -> Calibration:
    """Score each note by a model that saw none of its group, and fit temperature and shifts on these scores."""
    n_folds = min(options.n_folds, len(np.unique(group)))
    scores = np.zeros((len(y), len(CLASSES)))
    used = np.zeros(len(y), np.bool_)
    if n_folds >= 2:
        for fit, held_out in GroupKFold(n_folds, shuffle=True, random_state=0).split(y, groups=group):
            if len(np.unique(y[fit])) < 2:
                continue
            coefficients, intercepts, selections = _fit_rows(features, y, group, fit, options)
            scores[held_out] = _design(features, held_out, selections) @ coefficients.T + intercepts
            used[held_out] = True
    if not used.any():
        return Calibration(1.0, (0.0,) * len(CLASSES))
    scores -= scores[:, 3:]
    return fit_calibration(scores[used], y[used])


def _fit_alerts(
    features: _Features, alerts: Sequence[Sequence[str]] | None, group: npt.NDArray[np.int64], cues: CueTable, options: TrainingOptions
) -> _AlertWeights:
    """One logistic regression an alert, on hashed words and signals; the threshold is the best on notes left out."""
    narrow = _fold_columns(features.words)
    selection = _select(narrow, group, options.min_groups)
    design = sparse.hstack([selection(narrow), features.cues]).tocsr()
    n_words = len(selection.columns)
    result = _AlertWeights(
        np.zeros((1 << ALERT_BITS, len(Alert))), np.zeros((len(cues.names), len(Alert))), np.zeros(len(Alert)), np.zeros(len(Alert))
    )
    for column, alert in enumerate(Alert):
        truth = np.array([alert in row for row in alerts], np.int64) if alerts is not None else np.zeros(len(group), np.int64)
        if truth.sum() < _MIN_ALERT_NOTES or truth.all():
            result.cues[[i for i, toward in enumerate(cues.toward) if toward == alert], column] = 2.0
            result.bias[column] = -1.0
            continue
        model = LogisticRegression(C=_ALERT_C, max_iter=_MAX_ITERATIONS).fit(design, truth)
        result.words[:, column] = selection.spread(model.coef_[:, :n_words], 1 << ALERT_BITS)[:, 0]
        result.cues[:, column], result.bias[column] = model.coef_[0, n_words:], model.intercept_[0]
        result.thresholds[column] = _threshold(design, truth, group, options)
    return result


def _fold_columns(counts: Any) -> Any:
    """Send each n-gram to the smaller table of the alerts."""
    shift = TABLE_BITS - ALERT_BITS
    wide = counts.tocoo()
    narrow = sparse.csr_matrix((wide.data, (wide.row, wide.col >> shift)), shape=(counts.shape[0], counts.shape[1] >> shift))
    narrow.sum_duplicates()
    return narrow


def _threshold(design: Any, truth: npt.NDArray[np.int64], group: npt.NDArray[np.int64], options: TrainingOptions) -> float:
    """Return the score that gives the best F1 on notes whose group the model did not see."""
    scores = np.full(len(truth), -np.inf)
    for fit, held_out in GroupKFold(min(options.n_folds, len(np.unique(group))), shuffle=True, random_state=0).split(truth, groups=group):
        if 0 < truth[fit].sum() < len(fit):
            scores[held_out] = LogisticRegression(C=_ALERT_C, max_iter=_MAX_ITERATIONS).fit(design[fit], truth[fit]).decision_function(design[held_out])
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    f1 = 2 * right / (np.arange(1, len(truth) + 1) + truth.sum())
    best = int(np.argmax(f1))
    return float(np.round(np.clip(scores[order[best]], -3.0, 3.0), 6))


def _to_unit(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rounded: npt.NDArray[np.float64] = np.rint(weights / CUE_UNIT) * CUE_UNIT
    return rounded


def _round(weights: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int16], float]:
    """Round weights to integers of at most MAX_WEIGHT units; return them and the unit."""
    largest = float(np.abs(weights).max())
    unit = float(f"{largest / MAX_WEIGHT:.3e}") if largest > 0 else 1.0
    return np.clip(np.rint(weights / unit), -MAX_WEIGHT, MAX_WEIGHT).astype(np.int16), unit
