"""From probabilities to an answer: a type, a second one, or why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.quality import QUALITY_REASONS
from custtype.schema import CustomerType, ReasonCode
from custtype.scoring import CLASSES, TYPES

__all__ = ["REASONS", "Decision", "Decisions", "decide", "decide_one"]

#: A second orientation is named from this share of the first one's probability.
SECONDARY_SHARE = 0.5
SECONDARY_MIN = 0.2
#: Two orientations are called balanced where both have this much, and the lesser this share of the greater.
BALANCED_MIN = 0.2
BALANCED_SHARE = 0.7
#: Some evidence, but too weak: a type has at least this much.
HINT_MIN = 0.25


#: Every reason, by number; 0 is none.
REASONS = (None, *ReasonCode)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Answers for many notes: parallel arrays.

    Attributes
    ----------
    best : ndarray of int64
        Index into CLASSES.
    secondary : ndarray of int64
        Index into CLASSES, or -1.
    confidence : ndarray of float64
        Probability of the answer.
    reason : ndarray of int64
        Index into REASONS; 0 where a type is named.
    """

    best: npt.NDArray[np.int64]
    secondary: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]
    reason: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one note or person."""

    customer_type: CustomerType
    secondary: CustomerType | None
    confidence: float
    reason: ReasonCode | None


def decide(probabilities: npt.NDArray[np.float64], quality: npt.NDArray[np.uint8]) -> Decisions:
    """Name the most probable class, a clear second type, and for ``unclear`` the reason.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, 4)
        Columns in the order of :data:`~custtype.scoring.CLASSES`.
    quality : ndarray of uint8, shape (n,)
        0, or why the note cannot be judged.
    """
    best = probabilities.argmax(axis=1)
    ranked = np.argsort(-probabilities[:, :3], axis=1, kind="stable")
    first = np.take_along_axis(probabilities, ranked[:, :1], axis=1)[:, 0]
    second = np.take_along_axis(probabilities, ranked[:, 1:2], axis=1)[:, 0]
    named = best < len(TYPES)
    clear_second = named & (second >= SECONDARY_MIN) & (second >= SECONDARY_SHARE * first)
    balanced = (second >= BALANCED_MIN) & (second >= BALANCED_SHARE * first)
    reason = np.where(first >= HINT_MIN, _NUMBER[ReasonCode.WEAK_EVIDENCE], _NUMBER[ReasonCode.NO_EVIDENCE])
    reason[balanced] = _NUMBER[ReasonCode.BALANCED]
    reason = np.where(quality > 0, _QUALITY_NUMBERS.take(quality), reason)
    reason[named] = 0
    secondary = np.where(clear_second, ranked[:, 1], -1)
    return Decisions(best, secondary, np.take_along_axis(probabilities, best[:, None], axis=1)[:, 0], reason)


def decide_one(probabilities: npt.NDArray[np.float64], quality: int = 0) -> Decision:
    """Decide for one note or person; see :func:`decide`.

    Examples
    --------
    >>> decide_one(np.array([0.1, 0.1, 0.7, 0.1])).customer_type
    <CustomerType.RESULT: 'result'>
    >>> decide_one(np.array([0.3, 0.04, 0.32, 0.34])).reason
    <ReasonCode.BALANCED: 'balanced'>
    """
    found = decide(probabilities[None, :], np.array([quality], np.uint8))
    second = int(found.secondary[0])
    return Decision(CLASSES[found.best[0]], None if second < 0 else CLASSES[second], float(found.confidence[0]), REASONS[found.reason[0]])


_NUMBER = {code: REASONS.index(code) for code in ReasonCode}
_QUALITY_NUMBERS = np.array([REASONS.index(code) for code in QUALITY_REASONS])
