"""Fitting a model's tables: a judge of notes, a judge of clauses, what puts both together on notes left out, and alerts.

The features come from the very functions that score, so what is fitted is what is used. Weights are rounded to small
integers at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.model_selection import GroupKFold
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits

from custtype.decision import bound_risk
from custtype.feature_extraction.clauses import ClauseFinder
from custtype.feature_extraction.cues import compile_cues
from custtype.feature_extraction.quality import make_known_words
from custtype.feature_extraction.tokens import Tokenizer
from custtype.lexicon import Lexicon
from custtype.schema import Alert, CustomerType
from custtype.stacking import softmax, stack_features, stack_scores
from custtype.tables import CLASSES, CUE_UNIT, LANES, N_LANES, Tables
from custtype.training.alerts import AlertModel, fit_alerts
from custtype.training.clauses import CUE_SCALE, PLACE_SCALE, ClauseModel, Example, clause_design, fit_clauses, mark_clauses
from custtype.training.features import Features, count_features, select_columns
from custtype.training.margins import Folds, Margins, fit_left_out, fit_margins
from custtype.training.rounding import round_rows, sum_vocabulary
from custtype.training.stack import Stack, fit_stack

__all__ = ["LeftOut", "TrainingData", "TrainingOptions", "fit_tables"]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Settings of :func:`fit_tables`; see :class:`custtype.classifier.CustomerTypeClassifier`."""

    C: float = 0.3
    min_notes: int = 2
    n_folds: int = 5
    n_jobs: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a model is fitted on; see :meth:`custtype.classifier.CustomerTypeClassifier.fit`."""

    notes: Sequence[str]
    labels: Sequence[str]
    groups: Sequence[object] | None = None
    alerts: Sequence[Sequence[str]] | None = None
    rationales: Sequence[Sequence[str] | None] | None = None
    examples: Sequence[Example] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The notes of a fit as judges saw them that had not seen their group: features, shape (n_notes, 44), labels, folds."""

    features: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]
    folds: Folds


def fit_tables(data: TrainingData, lexicon: Lexicon, options: TrainingOptions) -> tuple[Tables, LeftOut]:
    """Fit a model; return it, and its notes as seen when left out."""
    with threadpool_limits(1):  # sums split over threads are not the same bit for bit
        return _Fit(data, lexicon, options).tables()


class _Fit:
    """One fit, from counts to tables: what several steps need is made once."""

    def __init__(self, data: TrainingData, lexicon: Lexicon, options: TrainingOptions) -> None:
        self.data, self.options = data, options
        self.run = Parallel(n_jobs=options.n_jobs)  # processes: the solver's random numbers are the process's own
        self.tokenizer = Tokenizer.from_structure(lexicon.structure)
        self.cues = compile_cues(lexicon, self.tokenizer)
        openers = self.tokenizer(["\n".join(lexicon.structure.clause_openers)]).key
        self.find_clauses = ClauseFinder(np.unique(openers))
        self.features = self._count(data.notes)
        self.by_note = self.features.by_note()
        self.selection = select_columns(self.by_note, options.min_notes)
        groups = data.groups if data.groups is not None else range(len(data.notes))
        self.labels = np.array([CLASSES.index(CustomerType(label)) for label in data.labels])
        self.shown = mark_clauses(data.notes, self.labels, data.rationales, self.features)
        self.folds = _split(groups, options.n_folds)

    def _count(self, notes: Sequence[str]) -> Features:
        return count_features(notes, self.tokenizer, self.cues, self.find_clauses)

    def tables(self) -> tuple[Tables, LeftOut]:
        """Fit everything."""
        judge, pooled = self._judge_clauses()
        designs = self._note_designs()
        margins, margins_out = self._judge_notes(designs)
        features = stack_features(np.nan_to_num(margins_out), pooled, self.by_note.n_words, np.diff(self.features.first_clause))
        stack, risk = self._stack(features, ~np.isnan(margins_out[:, 0]))
        tables = self._assemble(margins, judge, self._fit_alerts(designs[0]), stack, risk)
        return tables, LeftOut(features, self.labels, self.folds)

    def _judge_clauses(self) -> tuple[ClauseModel, npt.NDArray[np.float64]]:
        """Fit the judge of clauses; return it, and every note's pooled features by a judge that saw none of its group."""
        designs = (clause_design(self.features, self.selection), clause_design(self.features, self.selection, stripped=True))
        examples = self._examples()
        everywhere = np.ones(len(self.labels), np.bool_)
        used = [everywhere, *(np.isin(np.arange(len(self.labels)), rows) for rows, _ in self.folds)]
        judge, *others = self.run(delayed(fit_clauses)(designs, self.shown, self.features.note, u, examples, self.options.C) for u in used)
        pooled = judge.pooled(designs[0], self.features.first_clause)
        if judge.margins is not None:
            for (_, held_out), other in zip(self.folds, others, strict=True):
                pooled[held_out] = other.pooled(designs[0], self.features.first_clause)[held_out]
        return judge, pooled

    def _examples(self) -> tuple[Any, npt.NDArray[np.int64]] | None:
        if not self.data.examples:
            return None
        features = self._count([text for text, _ in self.data.examples]).by_note()
        labels = np.array([CLASSES.index(CustomerType(label)) for _, label in self.data.examples])
        return clause_design(features, self.selection), labels

    def _note_designs(self) -> tuple[Any, Any]:
        """Return what the judge of notes sees, as typed and as typed without diacritics: n-grams and signals."""
        every = np.arange(len(self.labels))
        typed, stripped = (
            sparse.hstack([self.selection(self.by_note, every, stripped=bare), self.by_note.cues * CUE_SCALE]).tocsr()
            for bare in (False, True)
        )
        return typed, stripped

    def _judge_notes(self, designs: tuple[Any, Any]) -> tuple[Margins, npt.NDArray[np.float64]]:
        """Fit the judge of notes; return it, and every note's margins by a judge that saw none of its group (else NaN)."""
        fit = partial(_fit_notes, designs, self.labels, self.options.C)
        return fit_left_out(designs[0], self.labels, self.folds, fit, self.run)

    def _fit_alerts(self, design: Any) -> AlertModel:
        letters = len(self.selection.columns[0])
        n_ngrams = sum(map(len, self.selection.columns))
        own = [n_ngrams + np.flatnonzero([toward == alert for toward in self.cues.toward]) for alert in Alert]
        keep = np.ones(design.shape[1])
        keep[:letters] = 0  # letters add nothing to the alerts
        return fit_alerts((design @ sparse.diags_array(keep)).tocsr(), self.data.alerts, own, self.folds, self.run)

    def _stack(self, features: npt.NDArray[np.float64], used: npt.NDArray[np.bool_]) -> tuple[Stack, npt.NDArray[np.float64]]:
        """Put both judgements together on notes left out; return also the risk of naming a type, again on notes left out."""
        if not used.any():
            return fit_stack(features[:0], self.labels[:0]), np.zeros((0, 2))
        probabilities = np.zeros((len(self.labels), len(CLASSES)))
        for rows, held_out in self.folds:
            weights, bias = fit_stack(features[rows][used[rows]], self.labels[rows][used[rows]])
            probabilities[held_out] = softmax(stack_scores(features[held_out], weights, bias))
        return fit_stack(features[used], self.labels[used]), bound_risk(probabilities[used], self.labels[used])

    def _assemble(self, notes: Margins, judge: ClauseModel, alerts: AlertModel, stack: Stack, risk: npt.NDArray[np.float64]) -> Tables:
        n_ngrams, n_signals = sum(map(len, self.selection.columns)), len(self.cues.names)
        clauses = judge.margins or Margins(np.zeros((4, n_ngrams + n_signals + 3)), np.zeros(4))
        n_features = n_ngrams + n_signals
        lanes, bias = np.zeros((N_LANES, n_features)), np.zeros(N_LANES)
        for name, judged in (("note", notes), ("clause", clauses)):
            lanes[LANES[name]] = (judged.coefficients[:3] - judged.coefficients[3])[:, :n_features]
            bias[LANES[name]] = judged.intercepts[:3] - judged.intercepts[3]
        lanes[LANES["alert"]], bias[LANES["alert"]] = alerts.coefficients, alerts.intercepts
        places = (clauses.coefficients[:3] - clauses.coefficients[3])[:, n_features:]
        columns, weights = self.selection.spread(lanes[:, :n_ngrams])
        rows, units = round_rows(weights)
        tables = Tables(
            special=self.tokenizer.special,
            cues=self.cues,
            openers=self.find_clauses.openers,
            known=make_known_words(np.concatenate([self.features.keys, self.cues.phrases.words])),
            columns=columns.astype(np.uint32),
            rows=rows,
            vocabulary=np.zeros(0, np.uint32),
            vocabulary_rows=np.zeros((0, N_LANES), np.int16),
            units=units,
            cue_weights=np.rint(lanes[:, n_ngrams:].T * CUE_SCALE / CUE_UNIT) * CUE_UNIT,
            bias=np.round(bias, 6),
            place_weights=np.round(places.T * PLACE_SCALE, 6),
            stack_weights=stack[0],
            stack_bias=stack[1],
            alert_thresholds=alerts.thresholds,
            risk=risk,
        )
        return sum_vocabulary(tables, self.data.notes)


def _fit_notes(designs: tuple[Any, Any], labels: npt.NDArray[np.int64], C: float, rows: npt.NDArray[np.int64]) -> Margins:
    """Fit the judge of notes on some notes, as typed and as typed without diacritics."""
    both = sparse.vstack([design[rows] for design in designs]).tocsr()
    return fit_margins(both, np.tile(labels[rows], 2), np.full(2 * len(rows), 0.5), C)


def _split(groups: Iterable[object], n_folds: int) -> Folds:
    """Split notes into folds that keep each group whole; none where all are of one group."""
    group = np.unique([str(g) for g in groups], return_inverse=True)[1]
    n_folds = min(n_folds, len(np.unique(group)))
    return list(GroupKFold(n_folds, shuffle=True, random_state=0).split(group, groups=group)) if n_folds > 1 else []
