"""What custtype returns: plain, frozen records and the names they use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Alert",
    "CustomerType",
    "Evidence",
    "PersonProfile",
    "Reading",
    "Reason",
    "ReasonCode",
    "ScoreSummary",
    "ServiceStyle",
    "Setting",
]


class CustomerType(StrEnum):
    """The three orientations a contact can show, and the honest fourth answer.

    The order is the order of ``classes_`` and of every probability column.

    Examples
    --------
    >>> CustomerType("detail") is CustomerType.DETAIL
    True
    >>> CustomerType.PEOPLE == "people"
    True
    """

    RESULT = "result"
    DETAIL = "detail"
    PEOPLE = "people"
    UNCLEAR = "unclear"


class Alert(StrEnum):
    """What must be done now, whatever the type."""

    URGENT = "urgent"
    NO_REPLY = "no_reply"
    PROMISE_AT_RISK = "promise_at_risk"
    ESCALATION = "escalation"
    REPEAT_EFFORT = "repeat_effort"
    UNCLEAR_REQUEST = "unclear_request"
    UNFAIR_TREATMENT = "unfair_treatment"
    PRAISE = "praise"


class Setting(StrEnum):
    """Who is served: a customer who buys, or a colleague."""

    BUYING = "buying"
    INTERNAL = "internal"


class ReasonCode(StrEnum):
    """Why a note, or a person, stays ``unclear``."""

    EMPTY = "empty"
    NO_WORDS = "no_words"
    REPETITIVE = "repetitive"
    UNKNOWN_LANGUAGE = "unknown_language"
    TOO_SHORT = "too_short"
    NO_EVIDENCE = "no_evidence"
    BALANCED = "balanced"
    WEAK_EVIDENCE = "weak_evidence"
    FEW_NOTES = "few_notes"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why no type is named.

    Attributes
    ----------
    code : ReasonCode
        For programs.
    sentence : str
        For people, in the language asked for.
    tip : str
        How to gather or write a note that would tell.
    """

    code: ReasonCode
    sentence: str
    tip: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the note that moved the decision.

    Attributes
    ----------
    text : str
        The words, as they stand in the note.
    start, end : int
        Where they stand: ``note[start:end] == text``.
    signal : str
        The named signal that fired, ``"wording"`` for learned wording without a name,
        or ``"alert:<name>"`` for the words behind an alert.
    toward : CustomerType or Alert
        What the words speak for.
    weight : float
        How much they added to the score of `toward` against ``unclear`` (log-odds; for an alert, against its absence).
    """

    text: str
    start: int
    end: int
    signal: str
    toward: CustomerType | Alert
    weight: float


@dataclass(frozen=True, slots=True)
class ServiceStyle:
    """How to serve in the style that this contact shows.

    It changes the form of service, never its level, price or priority.

    Attributes
    ----------
    summary : str
        One sentence.
    do, avoid, say : tuple of str
        What to do, what to leave, sentences that can be said as they stand.
    next_question : str
        The one question to ask next.
    """

    summary: str
    do: tuple[str, ...]
    avoid: tuple[str, ...]
    say: tuple[str, ...]
    next_question: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one note shows.

    Attributes
    ----------
    customer_type : CustomerType
        The orientation that the note shows, or ``unclear``.
    secondary : CustomerType or None
        A second orientation that clearly shows.
    confidence : float
        The calibrated probability of `customer_type`, in [0, 1].
    probabilities : dict
        One probability for each customer type; they sum to 1.
    evidence : tuple of Evidence
        The words that decided, strongest first, then the words behind the alerts.
    alerts : tuple of Alert
        What must be done now, whatever the type.
    reason : Reason or None
        Why the note is unclear; None when a type is named.
    style : ServiceStyle
        How to serve this person in this contact.
    """

    customer_type: CustomerType
    secondary: CustomerType | None
    confidence: float
    probabilities: dict[CustomerType, float]
    evidence: tuple[Evidence, ...]
    alerts: tuple[Alert, ...]
    reason: Reason | None
    style: ServiceStyle


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """What all notes of one person show together.

    Attributes
    ----------
    customer_type, secondary, confidence, probabilities, reason, style
        As in :class:`Reading`, for all notes together.
    n_notes : int
        How many notes there were.
    agreement : float
        Among the notes that name a type, the share that name the person's; 1.0 when none names one.
    first_date, last_date : str or None
        The first and last of the dates, when dates were given: a style belongs to a time.
    alerts : tuple of Alert
        Alerts of the notes, each once.
    readings : tuple of Reading
        One per note, in the order given.
    """

    customer_type: CustomerType
    secondary: CustomerType | None
    confidence: float
    probabilities: dict[CustomerType, float]
    n_notes: int
    agreement: float
    first_date: str | None
    last_date: str | None
    alerts: tuple[Alert, ...]
    reason: Reason | None
    style: ServiceStyle
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """What became of a table.

    Attributes
    ----------
    rows_read, rows_scored, rows_rejected : int
        ``rows_read == rows_scored + rows_rejected``, always.
    counts : dict
        Scored rows per customer type.
    alert_counts : dict
        Scored rows per alert.
    people : int
        Persons in the people table; 0 when none was asked for.
    output, rejects, people_output : str or None
        The files written; None for a file that was not needed.
    seconds : float
        Wall time.
    """

    rows_read: int
    rows_scored: int
    rows_rejected: int
    counts: dict[CustomerType, int]
    alert_counts: dict[Alert, int]
    people: int
    output: str
    rejects: str | None
    people_output: str | None
    seconds: float
