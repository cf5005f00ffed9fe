"""Predicting notes that a contender was not fitted on, and the figures of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from peers import Probabilities, Train
from sklearn.model_selection import GroupKFold

from custtype.datasets import Corpus, LabelledNote
from custtype.evaluation import evaluate_predictions
from custtype.metrics import f1_scores
from custtype.tables import CLASSES

_BOOTSTRAPS = 300


def predict_held_out(
    corpus: Corpus, rows: Sequence[int], groups: Sequence[str], train: Train, *, fit_on: Sequence[int], n_folds: int = 5
) -> Probabilities:
    """Return the probabilities of some rows, each by a model that saw no row of its group.

    It is fitted on those of `fit_on` that are not held out.
    """
    probabilities = np.zeros((len(rows), len(CLASSES)))
    for _, held_out in GroupKFold(n_folds, shuffle=True, random_state=0).split(rows, groups=groups):
        others = np.setdiff1d(fit_on, np.asarray(rows)[held_out])
        probabilities[held_out] = train(corpus, others.tolist())([corpus.notes[rows[i]].text for i in held_out])
    return probabilities


def describe(name: str, labels: Sequence[str], groups: Sequence[str], probabilities: Probabilities) -> str:
    """Write a line of figures, each with its interval."""
    truth = np.array([CLASSES.index(label) for label in labels])
    figures = evaluate_predictions(labels, probabilities)
    low, high = _interval(truth, probabilities.argmax(axis=1), groups)
    return (
        f"{name:<34} n={len(labels):<5} macro_f1={figures.macro_f1:.3f} ({low:.3f}-{high:.3f}) "
        f"type_accuracy={figures.type_accuracy.get(1.0, float('nan')):.3f} at_40%={figures.type_accuracy.get(0.4, float('nan')):.3f} "
        f"named={figures.named_share:.2f} right_when_named={figures.named_precision:.3f} ece={figures.calibration_error:.3f}"
    )


def _interval(truth: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], groups: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of macro-F1 when whole groups are drawn again."""
    number = np.unique(np.array(groups), return_inverse=True)[1]
    members = [np.flatnonzero(number == k) for k in range(number.max() + 1)]
    draw = np.random.default_rng(0)
    values = []
    for _ in range(_BOOTSTRAPS):
        rows = np.concatenate([members[k] for k in draw.integers(len(members), size=len(members))])
        values.append(float(f1_scores(truth[rows], predicted[rows], len(CLASSES)).mean()))
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def print_figures(name: str, notes: Sequence[LabelledNote], probabilities: Probabilities, parts: Sequence[str] = ()) -> None:
    """Print the figures of some notes, and of every value of some of their fields."""
    labels, groups = [str(note.label) for note in notes], [note.situation for note in notes]
    print(describe(name, labels, groups, probabilities), flush=True)
    for part in parts:
        values = np.array([getattr(note, part) for note in notes])
        for value in sorted(set(values)):
            inside = np.flatnonzero(values == value)
            print(describe(f"  {part}={value}", [labels[i] for i in inside], [groups[i] for i in inside], probabilities[inside]))
