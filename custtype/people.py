"""All notes of one person, read together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from custtype.decision import decide_one
from custtype.exceptions import InputError
from custtype.playbook import explain_reason, service_style
from custtype.reader import bundled_scorer, read_notes
from custtype.schema import Alert, CustomerType, PersonProfile, ReasonCode, Setting
from custtype.scoring import CLASSES, Scorer
from custtype.validation import check_notes, check_same_length

__all__ = ["combine_notes", "profile_person"]

# Measured on the people of the corpus (data/people_report.py): one note in five of somebody who shows an orientation
# shows another, and notes of one person are not independent of each other.
MISLEADING = 0.2
DISCOUNT = 0.8


def combine_notes(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Combine the probabilities of one person's notes.

    Each note speaks for a type by its likelihood ratio: a note that is surely unclear speaks for none, one that surely
    shows a type speaks for it, allowing for notes that mislead. Ratios are multiplied, discounted because notes of one
    person are alike. What the notes together leave open goes to ``unclear``.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_notes, 4)
        Columns in the order of :data:`~custtype.scoring.CLASSES`.

    Returns
    -------
    ndarray of float64, shape (4,)

    Examples
    --------
    >>> note = np.array([[0.1, 0.1, 0.6, 0.2]])
    >>> three = combine_notes(np.repeat(note, 3, axis=0))
    >>> bool(three[2] > combine_notes(note)[2] > 0.5)
    True
    """
    typed, unclear = probabilities[:, :3], probabilities[:, 3:]
    shown = 3 * ((1 - MISLEADING) * typed + MISLEADING * (1 - unclear - typed) / 2)
    log_ratio = DISCOUNT * np.log(np.maximum(unclear + shown, 1e-9)).sum(axis=0)
    share = np.exp(log_ratio - log_ratio.max())
    share /= share.sum()
    # how likely it is that at least one note shows an orientation at all
    open_ = float(np.prod(np.maximum(unclear, 1e-9)) ** DISCOUNT)
    if len(probabilities) == 1:
        return np.asarray(probabilities[0], dtype=np.float64)
    return np.append(share * (1 - open_), open_)


def profile_person(
    notes: Iterable[str],
    dates: Sequence[object] | None = None,
    *,
    lang: str = "vi",
    setting: Setting | str = Setting.BUYING,
    scorer: Scorer | None = None,
) -> PersonProfile:
    """Read all notes of one person together.

    Parameters
    ----------
    notes : iterable of str
        At least one.
    dates : sequence, optional
        A date for each note, as text that sorts by time (``"2026-03-14"``) or as dates.
    lang, setting
        As in :func:`custtype.read_note`.
    scorer : Scorer, optional
        ``model.scorer`` of a model of your own; without it, the bundled model.

    Returns
    -------
    PersonProfile

    Raises
    ------
    InputError
        If there is no note, or not one date for each.

    Examples
    --------
    >>> profile = profile_person(["Chị hỏi kỹ từng khoản trong hợp đồng, đối chiếu với bảng giá.",
    ...                           "Chị gọi hỏi giờ làm việc thứ bảy.",
    ...                           "Chị nhắn: phí này căn cứ vào điều mấy, gửi chị văn bản."])
    >>> profile.customer_type, profile.n_notes
    (<CustomerType.DETAIL: 'detail'>, 3)
    """
    texts = check_notes(notes)
    if not texts:
        raise InputError("expected at least one note of the person, got none")
    check_same_length("dates", dates, len(texts))
    readings = tuple(read_notes(scorer or bundled_scorer(), texts, lang, setting))
    table = np.array([[reading.probabilities[c] for c in CLASSES] for reading in readings])
    kind, second, confidence, code, probabilities = decide_person(table)
    when = sorted(str(date) for date in dates) if dates is not None else []
    return PersonProfile(
        customer_type=kind,
        secondary=second,
        confidence=confidence,
        probabilities={c: float(p) for c, p in zip(CLASSES, probabilities, strict=True)},
        n_notes=len(texts),
        agreement=agreement(kind, [reading.customer_type for reading in readings]),
        first_date=when[0] if when else None,
        last_date=when[-1] if when else None,
        alerts=tuple(alert for alert in Alert if any(alert in reading.alerts for reading in readings)),
        reason=None if code is None else explain_reason(code, lang),
        style=service_style(kind, lang, setting),
        readings=readings,
    )


def decide_person(
    table: npt.NDArray[np.float64],
) -> tuple[CustomerType, CustomerType | None, float, ReasonCode | None, npt.NDArray[np.float64]]:
    """Decide for one person: type, secondary, confidence, reason, probabilities."""
    probabilities = combine_notes(table)
    decision = decide_one(probabilities)
    reason = decision.reason
    if reason in (ReasonCode.NO_EVIDENCE, ReasonCode.WEAK_EVIDENCE):
        reason = ReasonCode.FEW_NOTES
    return decision.customer_type, decision.secondary, decision.confidence, reason, probabilities


def agreement(kind: CustomerType, of_notes: Sequence[CustomerType]) -> float:
    """Return the share of notes that name the person's type among those that name one; 1.0 when none does."""
    named = [t for t in of_notes if t != CustomerType.UNCLEAR]
    return sum(t == kind for t in named) / len(named) if named else 1.0
