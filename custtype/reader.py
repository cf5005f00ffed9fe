"""From scores to readings: the whole way through, for one note or many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from custtype.decision import REASONS, decide, least_certainty
from custtype.evidence import alert_evidence, spans_shown, type_evidence, type_spans
from custtype.exceptions import NoteTypeError
from custtype.persistence import bundled_model_path, load_tables
from custtype.playbook import explain_reason, service_style
from custtype.schema import Alert, Reading, Setting
from custtype.scoring import Scorer
from custtype.tables import CLASSES

__all__ = ["bundled_scorer", "load_scorer", "read_note", "read_notes"]


@cache
def bundled_scorer() -> Scorer:
    """Return the scorer of the model that comes with custtype, loaded once."""
    return Scorer(load_tables(bundled_model_path())[0])


def load_scorer(model: str | Path | None, max_error: float | None = None) -> Scorer:
    """Return the scorer of a saved model, or of the bundled one, with a ceiling on its errors or without."""
    if model is None and max_error is None:
        return bundled_scorer()
    tables = bundled_scorer().tables if model is None else load_tables(model)[0]
    return Scorer(tables, least_certainty(tables.risk, max_error))


def read_note(note: str, *, lang: str = "vi", setting: Setting | str = Setting.BUYING, max_error: float | None = None) -> Reading:
    """Read one note with the model that comes with custtype.

    Parameters
    ----------
    note : str
        What was written about a contact with one person, or by the person.
    lang : {"vi", "en"}
        Language of the service style and of the reason.
    setting : {"buying", "internal"}
        Whether the person is a customer who buys or a colleague; changes the style's words, never the type.
    max_error : float, optional
        Ceiling on the share of wrong answers among named types, between 0 and 1; see
        :class:`~custtype.classifier.CustomerTypeClassifier`. Without it the most probable answer is given.

    Returns
    -------
    Reading

    Raises
    ------
    NoteTypeError
        If `note` is not text.

    Examples
    --------
    >>> reading = read_note("Khách cắt lời, hỏi đúng một câu: mấy giờ có điện lại?")
    >>> reading.customer_type
    <CustomerType.RESULT: 'result'>
    >>> read_note("haha").reason.code
    <ReasonCode.TOO_SHORT: 'too_short'>
    """
    if not isinstance(note, str):
        raise NoteTypeError(f"expected a note (str), got {type(note).__name__}; for many notes use custtype.load_model().predict(notes)")
    scorer = bundled_scorer()
    least = least_certainty(scorer.tables.risk, max_error)
    return next(read_notes(scorer, [note], lang, setting, least))


def read_notes(
    scorer: Scorer, notes: Sequence[str], lang: str = "vi", setting: Setting | str = Setting.BUYING, least: float | None = None
) -> Iterator[Reading]:
    """Read notes one after another: type, confidence, evidence, alerts, reason, style.

    Parameters
    ----------
    scorer : Scorer
    notes : sequence of str
    lang : {"vi", "en"}
        Language of style and reason.
    setting : {"buying", "internal"}
        Whom the style is for.
    least : float, optional
        Probability below which no type is named; without it, the scorer's own.
    """
    start = 0
    least = scorer.least if least is None else least
    for scores in scorer.batches(notes):
        found = decide(scores.probabilities, scores.quality, least)
        spans, shown = type_spans(scores, scorer.tables), spans_shown(found)
        for number in range(scores.words.n_notes):
            note = notes[start + number]
            kind, second = CLASSES[found.best[number]], int(found.secondary[number])
            code = REASONS[found.reason[number]]
            yield Reading(
                customer_type=kind,
                secondary=None if second < 0 else CLASSES[second],
                confidence=float(found.confidence[number]),
                probabilities={c: float(p) for c, p in zip(CLASSES, scores.probabilities[number], strict=True)},
                evidence=type_evidence(note, number, spans, scores, scorer.tables, int(shown[number]))
                + alert_evidence(note, number, scores, scorer.tables),
                alerts=tuple(alert for column, alert in enumerate(Alert) if scores.alerts[number, column]),
                reason=None if code is None else explain_reason(code, lang),
                style=service_style(kind, lang, setting),
            )
        start += scores.words.n_notes
