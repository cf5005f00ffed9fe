"""One scored batch to lines of text: the columns that scoring appends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from custtype.decision import REASONS, decide
from custtype.evidence import span_texts, spans_shown, type_spans
from custtype.masking import mask_personal_data
from custtype.playbook import explain_reason, service_style
from custtype.schema import Alert, CustomerType, ReasonCode, Setting
from custtype.scoring import Scorer
from custtype.spreadsheet import quote_cell
from custtype.tables import CLASSES

__all__ = ["COLUMNS", "PROBABILITY_COLUMNS", "RowFormatter", "format_probabilities"]

#: In the order of the contract; probabilities in the order of CustomerType.
PROBABILITY_COLUMNS = tuple(f"p_{kind}" for kind in CustomerType)
COLUMNS = (
    "customer_type", "secondary_type", "confidence", *PROBABILITY_COLUMNS, "alerts", "evidence", "reason", "service_style",
)  # fmt: skip
_FOUR_DIGITS = tuple(f"{number / 10_000:.4f}" for number in range(10_001))  # looking up is five times faster than formatting
_ORDER = [CLASSES.index(kind) for kind in CustomerType]


def format_probabilities(confidence: float, probabilities: Sequence[float]) -> list[str]:
    """Write confidence and probabilities (in the order of CustomerType), four digits after the point."""
    return [_FOUR_DIGITS[round(value * 10_000)] for value in (confidence, *probabilities)]


class RowFormatter:
    """Scores a list of notes and returns, for each, the text to append to its row.

    Parameters
    ----------
    scorer : Scorer
    delimiter : str
    lang : {"vi", "en"}
    setting : Setting
    mask : bool
        Cover personal data in the evidence.

    Attributes
    ----------
    counts, alert_counts : Counter
        Of everything formatted so far.
    """

    def __init__(self, scorer: Scorer, delimiter: str, lang: str, setting: Setting, mask: bool) -> None:
        self._scorer, self._delimiter, self._mask = scorer, delimiter, mask
        self._styles = [quote_cell(service_style(kind, lang, setting).summary, delimiter) for kind in CLASSES]
        reasons = [explain_reason(code, lang).sentence if isinstance(code, ReasonCode) else "" for code in REASONS]
        self._reasons = [quote_cell(sentence, delimiter) for sentence in reasons]
        self.counts: Counter[CustomerType] = Counter()
        self.alert_counts: Counter[Alert] = Counter()

    def __call__(self, notes: Sequence[str]) -> list[str]:
        """Score notes; return the appended cells of each, joined."""
        result: list[str] = []
        start = 0
        for scores in self._scorer.batches(notes):
            part = notes[start : start + scores.words.n_notes]
            start += len(part)
            found = decide(scores.probabilities, scores.quality, self._scorer.least)
            deciding = span_texts(part, type_spans(scores, self._scorer.tables), scores, spans_shown(found))
            alerts = self._join_alerts(scores.alerts)
            table = scores.probabilities[:, _ORDER].tolist()
            columns = (found.best.tolist(), found.secondary.tolist(), found.confidence.tolist(), found.reason.tolist())
            for best, second, confidence, reason, row, words, raised in zip(*columns, table, deciding, alerts, strict=True):
                cells = [
                    CLASSES[best],
                    CLASSES[second] if second >= 0 else "",
                    *format_probabilities(confidence, row),
                    raised,
                    self._evidence(words),
                    self._reasons[reason],
                    self._styles[best],
                ]
                result.append(self._delimiter.join(cells))
            for best, count in enumerate(np.bincount(found.best, minlength=len(CLASSES)).tolist()):
                self.counts[CLASSES[best]] += count
        return result

    def _join_alerts(self, alerts: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[str]:
        names: list[list[str]] = [[] for _ in range(len(alerts))]
        order = list(Alert)
        for number, column in zip(*(axis.tolist() for axis in np.nonzero(alerts)), strict=True):
            names[number].append(order[column])
            self.alert_counts[order[column]] += 1
        return [quote_cell(";".join(raised), self._delimiter) if raised else "" for raised in names]

    def _evidence(self, words: list[str]) -> str:
        if not words:
            return ""
        joined = ";".join(words)
        return quote_cell(mask_personal_data(joined) if self._mask else joined, self._delimiter)
