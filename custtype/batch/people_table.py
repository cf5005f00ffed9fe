"""One row for each person, read off the scored table: the same rows that the user gets are what is combined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from custtype.batch.files import written_dialect
from custtype.batch.records import Dialect, read_records
from custtype.batch.rows import COLUMNS, PROBABILITY_COLUMNS, format_probabilities
from custtype.people import decide_person
from custtype.playbook import explain_reason, service_style
from custtype.schema import Alert, CustomerType, Setting
from custtype.spreadsheet import quote_cell
from custtype.tables import CLASSES

__all__ = ["write_people"]

_EVIDENCE_PER_PERSON = 3
_TO_CLASSES = [list(CustomerType).index(kind) for kind in CLASSES]


@dataclass(slots=True)
class _Person:
    probabilities: list[list[float]] = field(default_factory=list)
    alerts: Counter[str] = field(default_factory=Counter)
    evidence: dict[str, list[str]] = field(default_factory=dict)


def write_people(scored: Path, dialect: Dialect, person: int, n_input: int, prefix: str, lang: str, setting: Setting, output: Path) -> int:
    """Combine the rows of each person; return how many persons there are.

    Rows whose person column is empty belong to nobody and are left out.
    """
    written = written_dialect(dialect)
    people, name = _collect(scored, written, person, n_input)
    delimiter, newline = dialect.delimiter, dialect.newline
    beside = output.with_name(f".{output.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.write(written.bom.decode("utf-8"))
        file.write(delimiter.join([quote_cell(name, delimiter), "n_notes", *(prefix + column for column in COLUMNS)]) + newline)
        for key, entry in people.items():
            file.write(delimiter.join(_cells(key, entry, delimiter, lang, setting)) + newline)
    beside.replace(output)
    return len(people)


def _collect(scored: Path, written: Dialect, person: int, n_input: int) -> tuple[dict[str, _Person], str]:
    first = n_input + COLUMNS.index(PROBABILITY_COLUMNS[0])
    alerts, evidence = n_input + COLUMNS.index("alerts"), n_input + COLUMNS.index("evidence")
    people: dict[str, _Person] = {}
    with scored.open("rb") as file:
        file.seek(len(written.bom))
        records = read_records(file, written)
        name = next(records).fields[person]
        for record in records:
            key = record.fields[person]
            if not key.strip():
                continue
            entry = people.setdefault(key, _Person())
            entry.probabilities.append([float(value) for value in record.fields[first : first + 4]])
            entry.alerts.update(filter(None, record.fields[alerts].split(";")))
            kept = entry.evidence.setdefault(record.fields[n_input], [])
            kept.extend(record.fields[evidence].split(";")[: _EVIDENCE_PER_PERSON - len(kept)])
    return people, name


def _cells(key: str, entry: _Person, delimiter: str, lang: str, setting: Setting) -> list[str]:
    table = np.array(entry.probabilities)[:, _TO_CLASSES]
    kind, second, confidence, code, combined = decide_person(table / table.sum(axis=1, keepdims=True))
    row = [float(combined[CLASSES.index(c)]) for c in CustomerType]
    raised = ";".join(alert for alert in Alert if entry.alerts[alert])
    words = ";".join(dict.fromkeys(filter(None, entry.evidence.get(kind, []))))
    reason = "" if code is None else explain_reason(code, lang).sentence
    texts = [raised, words, reason, service_style(kind, lang, setting).summary]
    id_cell = '"' + key.replace('"', '""') + '"' if any(c in key for c in (delimiter, '"', "\n")) else key
    return [
        id_cell, str(len(table)), kind, second or "", *format_probabilities(confidence, row),
        *(quote_cell(text, delimiter) for text in texts),
    ]  # fmt: skip
