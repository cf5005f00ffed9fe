"""Labelled notes from a CSV or JSON-lines file, for training and evaluation."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custtype.batch.records import detect_dialect, read_records
from custtype.exceptions import TableError
from custtype.validation import check_labels

__all__ = ["LabelledTable", "add_columns", "read_labelled"]


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """Columns of a labelled file; `groups` and `alerts` are None where the file has none."""

    notes: list[str]
    labels: list[str]
    groups: list[str] | None
    alerts: list[list[str]] | None


def add_columns(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the file and its columns."""
    parser.add_argument(
        "table",
        type=Path,
        help="labelled notes: CSV, or JSON lines (.jsonl) with text and label; a column 'alerts' (; between) is used if there",
    )
    parser.add_argument("--text", metavar="COLUMN", help="column that holds the notes (default: note; in JSON lines: text)")
    parser.add_argument(
        "--label", default="label", metavar="COLUMN", help="column that holds result, detail, people or unclear (default: label)"
    )


def read_labelled(path: Path, text: str | None, label: str, group: str | None) -> LabelledTable:
    """Read a labelled file.

    Raises
    ------
    TableError
        If the file cannot be read, lacks a column, or has a broken row: labels are too dear to skip one silently.
    """
    is_json = path.suffix == ".jsonl"
    text = text or ("text" if is_json else "note")
    rows = list(_read_json(path) if is_json else _read_csv(path))
    if not rows:
        raise TableError(f"expected labelled notes in {path}, found none")
    for name in filter(None, (text, label, group)):
        if name not in rows[0]:
            raise TableError(f"expected a column {name!r} in {path}; its columns are {', '.join(map(repr, rows[0]))}")
    notes = [str(row[text]) for row in rows]
    return LabelledTable(
        notes,
        check_labels([row.get(label) or "" for row in rows], len(notes)),
        None if group is None else [str(row[group]) for row in rows],
        [_alerts(row["alerts"]) for row in rows] if "alerts" in rows[0] else None,
    )


def _alerts(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [part.strip() for part in str(value or "").split(";") if part.strip()]


def _read_json(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"expected a JSON-lines file in UTF-8 at {path}; {error}") from None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError:
            raise TableError(f"{path}, line {number}: expected a JSON object, got {line[:60]!r}") from None
        if not isinstance(row, dict):
            raise TableError(f"{path}, line {number}: expected a JSON object, got {line[:60]!r}")
        yield row


def _read_csv(path: Path) -> Iterator[dict[str, Any]]:
    dialect = detect_dialect(path)
    with path.open("rb") as file:
        file.seek(len(dialect.bom))
        records = read_records(file, dialect)
        header = next(records).fields
        for record in records:
            if record.problem:
                raise TableError(f"{path}, line {record.line}: {record.problem}; mend the row, or score the file to list all broken ones")
            yield dict(zip(header, record.fields, strict=True))
