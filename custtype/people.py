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
from custtype.scoring import Scorer
from custtype.tables import CLASSES
from custtype.validation import check_notes, check_same_length

__all__ = ["combine_notes", "profile_person"]

# Chosen on the people of the corpus, whose notes the model had not seen (python data/measure.py --only people).
MISLEADING = 0.2  # of the notes in which somebody shows an orientation, the share that show another
STRAY = 0.6  # how often a note seems to show something about somebody whose notes tell nothing
DISCOUNT = 0.6  # notes of one person are not independent of each other
SHARPEST = 3.0  # the discount and the prior make confidence too low from the second note on; this takes it back
NOTHING = 0.4  # before any note is read: how likely it is that a person's notes will tell nothing


def combine_notes(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Combine the probabilities of one person's notes.

    Four answers are held against the notes: the person shows one of the three orientations, or nothing that tells.
    Each note speaks for an answer by its likelihood ratio: a note that is surely unclear speaks for none, one that
    surely shows a type speaks for it, allowing for notes that mislead. Ratios are multiplied, and discounted because
    notes of one person are alike; a note that was written down several times counts once. The product is sharpened with
    the number of notes, as far as persons whose notes the model had not seen bear it out: one note alone is weak evidence,
    and gives less than it says.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_notes, 4)
        Columns in the order of :data:`~custtype.tables.CLASSES`.

    Returns
    -------
    ndarray of float64, shape (4,)

    Examples
    --------
    >>> note = np.array([[0.1, 0.1, 0.6, 0.2]])
    >>> three = combine_notes(np.array([[0.1, 0.1, 0.6, 0.2], [0.05, 0.1, 0.65, 0.2], [0.1, 0.05, 0.6, 0.25]]))
    >>> bool(three[2] > combine_notes(note)[2] > 0.25)
    True
    >>> bool(np.array_equal(combine_notes(np.repeat(note, 3, axis=0)), combine_notes(note)))
    True
    """
    typed, unclear = probabilities[:, :3], probabilities[:, 3:]
    shown = 3 * ((1 - MISLEADING) * typed + MISLEADING * (1 - unclear - typed) / 2)
    likelihood = unclear + np.concatenate([shown, STRAY * (1 - unclear)], axis=1)
    once = np.sort(np.unique(probabilities.round(3), axis=0, return_index=True)[1])
    log_ratio = DISCOUNT * np.log(np.maximum(likelihood[once], 1e-9)).sum(axis=0)
    prior = np.array([(1 - NOTHING) / 3] * 3 + [NOTHING])
    score = min(1 + len(once) / 2, SHARPEST) * (np.log(prior) + log_ratio)
    share: npt.NDArray[np.float64] = np.exp(score - score.max())
    share /= share.sum()
    return share


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
