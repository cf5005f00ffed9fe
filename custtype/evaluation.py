"""How good predictions are: the figures of the README, from probabilities and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.metrics import expected_calibration_error, f1_scores, risk_coverage
from custtype.schema import Alert, CustomerType
from custtype.tables import CLASSES

__all__ = ["Evaluation", "evaluate_predictions"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures for labelled notes. Printing it gives one figure per line and the table of confusions.

    Attributes
    ----------
    n_notes : int
    macro_f1, accuracy : float
        Over the four labels.
    f1 : dict
        F1 of each label.
    named_share, named_precision : float
        How often a type is named, and how often that is right.
    type_accuracy : dict
        Among notes labelled with a type: accuracy of the likeliest type at several coverages, most certain first.
    calibration_error : float
        Expected calibration error over ten bins.
    alert_micro_f1 : float or None
    confusion : ndarray of int64, shape (4, 4)
        Rows: labels, columns: predictions, both in the order of CLASSES.
    """

    n_notes: int
    macro_f1: float
    accuracy: float
    f1: dict[CustomerType, float]
    named_share: float
    named_precision: float
    type_accuracy: dict[float, float]
    calibration_error: float
    alert_micro_f1: float | None
    confusion: npt.NDArray[np.int64]

    def __str__(self) -> str:
        lines = [f"notes {self.n_notes}", f"macro_f1 {self.macro_f1:.3f}", f"accuracy {self.accuracy:.3f}"]
        lines += [f"f1_{kind} {value:.3f}" for kind, value in self.f1.items()]
        lines += [f"named_share {self.named_share:.3f}", f"named_precision {self.named_precision:.3f}"]
        lines += [f"type_accuracy_at_{share:.0%} {value:.3f}" for share, value in self.type_accuracy.items()]
        lines.append(f"expected_calibration_error {self.calibration_error:.3f}")
        if self.alert_micro_f1 is not None:
            lines.append(f"alert_micro_f1 {self.alert_micro_f1:.3f}")
        lines += ["", "label \\ predicted  " + "".join(f"{kind:>9}" for kind in CLASSES)]
        lines += [f"{kind:<18} " + "".join(f"{n:>9}" for n in row) for kind, row in zip(CLASSES, self.confusion.tolist(), strict=True)]
        return "\n".join(lines)


def evaluate_predictions(
    labels: Sequence[str],
    probabilities: npt.NDArray[np.float64],
    alerts: Sequence[Sequence[str]] | None = None,
    raised: npt.NDArray[np.bool_] | None = None,
) -> Evaluation:
    """Measure probabilities against labels.

    Parameters
    ----------
    labels : sequence of str, length n
    probabilities : ndarray, shape (n, 4)
        Columns as in ``classes_``.
    alerts : sequence of sequences of str, optional
        The alerts that are right for each note.
    raised : ndarray of bool, shape (n, 8), optional
        The alerts that were raised, in the order of :class:`~custtype.schema.Alert`.

    Examples
    --------
    >>> figures = evaluate_predictions(["detail", "unclear"], np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7]]))
    >>> figures.accuracy, figures.named_share
    (1.0, 0.5)
    """
    truth = np.array([CLASSES.index(CustomerType(label)) for label in labels])
    predicted = probabilities.argmax(axis=1)
    right = predicted == truth
    named, typed = predicted < 3, truth < 3
    best_type = probabilities[:, :3].argmax(axis=1)
    confusion = np.zeros((4, 4), np.int64)
    np.add.at(confusion, (truth, predicted), 1)
    f1 = f1_scores(truth, predicted, 4)
    return Evaluation(
        n_notes=len(truth),
        macro_f1=float(f1.mean()),
        accuracy=float(right.mean()),
        f1=dict(zip(CLASSES, f1.tolist(), strict=True)),
        named_share=float(named.mean()),
        named_precision=float(right[named].mean()) if named.any() else float("nan"),
        type_accuracy=risk_coverage(probabilities[typed, :3].max(axis=1), best_type[typed] == truth[typed]) if typed.any() else {},
        calibration_error=expected_calibration_error(probabilities.max(axis=1), right),
        alert_micro_f1=None if alerts is None or raised is None else _micro_f1(alerts, raised),
        confusion=confusion,
    )


def _micro_f1(alerts: Sequence[Sequence[str]], raised: npt.NDArray[np.bool_]) -> float:
    wanted = np.array([[alert in row for alert in Alert] for row in alerts])
    total = int(wanted.sum() + raised.sum())
    return 2 * int((wanted & raised).sum()) / total if total else 1.0
