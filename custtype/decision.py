"""From probabilities to an answer: a type, a second one, or why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.quality import QUALITY_REASONS
from custtype.schema import CustomerType, ReasonCode
from custtype.tables import CLASSES, TYPES
from custtype.validation import check_share

__all__ = ["REASONS", "Decision", "Decisions", "bound_risk", "decide", "decide_one", "least_certainty"]

#: A second orientation is named from this share of the first one's probability.
SECONDARY_SHARE = 0.5
SECONDARY_MIN = 0.2
#: Two orientations are called balanced where both have this much, and the lesser this share of the greater.
BALANCED_MIN = 0.2
BALANCED_SHARE = 0.7
#: Some evidence, but too weak: a type has at least this much.
HINT_MIN = 0.25

_STEPS = np.round(np.arange(0.26, 1.0, 0.02), 2)  # certainties for which the risk is learned; a type named has over a quarter
_NORMAL_95 = 1.6449  # the normal distribution's 95 % point

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


def decide(probabilities: npt.NDArray[np.float64], quality: npt.NDArray[np.uint8], least: float = 0.0) -> Decisions:
    """Name the most probable class, a clear second type, and for ``unclear`` the reason.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, 4)
        Columns in the order of :data:`~custtype.tables.CLASSES`.
    quality : ndarray of uint8, shape (n,)
        0, or why the note cannot be judged.
    least : float, default=0
        Probability below which no type is named; see :func:`least_certainty`.
    """
    best = probabilities.argmax(axis=1)
    best[probabilities.max(axis=1) < least] = len(TYPES)
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


def bound_risk(probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Learn from notes left out how often a type is wrongly named, for each certainty asked of it.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, 4)
        Of notes that the model was not fitted on.
    labels : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n_steps, 2)
        Certainty, ascending, and an upper bound (one-sided, 95 %, by Wilson) of the share of wrong answers among notes
        whose type was named with at least that certainty.

    References
    ----------
    Geifman and El-Yaniv (2017), "Selective classification for deep neural networks", NIPS.
    """
    best = probabilities.argmax(axis=1)
    certainty = probabilities.max(axis=1)
    steps = []
    for least in _STEPS:
        named = (best < len(TYPES)) & (certainty >= least)
        steps.append((least, _wilson_bound((best != labels)[named])))
    return np.array(steps)


def _wilson_bound(wrong: npt.NDArray[np.bool_]) -> float:
    """Bound the share of wrong answers from above; 1 without any answer."""
    n = len(wrong)
    if not n:
        return 1.0
    share = float(wrong.mean())
    spread = _NORMAL_95 * np.sqrt(share * (1 - share) / n + _NORMAL_95**2 / (4 * n**2))
    return round(float((share + _NORMAL_95**2 / (2 * n) + spread) / (1 + _NORMAL_95**2 / n)), 6)


def least_certainty(risk: npt.NDArray[np.float64], max_error: float | None) -> float:
    """Return the probability from which a type may be named so that at most `max_error` of the names are wrong.

    Parameters
    ----------
    risk : ndarray of float64, shape (n_steps, 2)
        From :func:`bound_risk`.
    max_error : float or None
        None names the most probable class, whatever its probability.

    Returns
    -------
    float
        Above 1 where no certainty is enough: nothing is named.

    Raises
    ------
    InputError
        If `max_error` is not between 0 and 1.

    Examples
    --------
    >>> least_certainty(np.array([[0.3, 0.4], [0.6, 0.15], [0.9, 0.05]]), 0.2)
    0.6
    """
    check_share("max_error", max_error)
    if max_error is None:
        return 0.0
    kept = np.flatnonzero(risk[::-1, 1] > max_error)
    safe = risk[len(risk) - (kept[0] if len(kept) else len(risk)) :]  # the last run of steps that all stay below
    return float(safe[0, 0]) if len(safe) else 1.01


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
