"""How far readers agree: raw, Cohen's kappa of two, Fleiss' kappa of three, per label and per alert; the confusion table.

``data/readings.jsonl`` has every reading, also of the notes that left the corpus: ``kind``, ``labels`` (two or three) and ``alerts``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from checks.schema import KINDS, LABELS
from custtype.schema import Alert

FILE = Path(__file__).parent.parent / "readings.jsonl"
# The least Cohen's kappa between first label and blind reader, and the least number of notes read by three.
FLOORS = {"contrast": 0.85, "people": 0.85, "hard": 0.85, "plain": 0.85, "register": 0.80, "day": 0.80}
MIN_THREE_READERS = 600


def load() -> list[dict[str, Any]]:
    """Read all readings."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def cohen(pairs: Sequence[tuple[Any, Any]]) -> float:
    """Cohen's kappa (1960) of two readers."""
    return float(cohen_kappa_score(*zip(*pairs, strict=True)))


def fleiss(rows: Sequence[Sequence[Any]]) -> float:
    """Fleiss' kappa (1971) of a fixed number of readers."""
    n_readers = len(rows[0])
    counts = [Counter(row) for row in rows]
    agreed = sum(sum(c * (c - 1) for c in count.values()) for count in counts) / (len(rows) * n_readers * (n_readers - 1))
    total = Counter(value for row in rows for value in row)
    chance = sum((c / (len(rows) * n_readers)) ** 2 for c in total.values())
    return (agreed - chance) / (1 - chance)


def pairs_of(readings: Sequence[dict[str, Any]], kind: str | None = None) -> list[tuple[str, str]]:
    """First label and blind reader's."""
    return [(row["labels"][0], row["labels"][1]) for row in readings if kind in (None, row["kind"])]


def find_problems() -> list[str]:
    """Agreement is as high as the corpus promises."""
    readings = load()
    problems = []
    for kind, floor in FLOORS.items():
        value = cohen(pairs_of(readings, kind))
        if value < floor:
            problems.append(f"kappa on {kind} notes is {value:.3f}, expected at least {floor}")
    three = sum(len(row["labels"]) == 3 for row in readings)
    if three < MIN_THREE_READERS:
        problems.append(f"{three} notes were read by three, expected at least {MIN_THREE_READERS}")
    return problems


def figures() -> list[str]:
    """Return agreement per kind, label and alert, and the confusion table."""
    readings = load()
    lines = []
    for kind in (*KINDS, None):
        pairs = pairs_of(readings, kind)
        raw = sum(a == b for a, b in pairs) / len(pairs)
        lines.append(f"two readers, {kind or 'all'} notes: n={len(pairs)} agree={raw:.3f} kappa={cohen(pairs):.3f}")
    pairs = pairs_of(readings)
    lines += [f"two readers, {label} or not: kappa={cohen([(a == label, b == label) for a, b in pairs]):.3f}" for label in LABELS]
    for alert in Alert:
        marks = [tuple(str(alert) in reader for reader in row["alerts"][:2]) for row in readings]
        both, either = sum(all(m) for m in marks), sum(any(m) for m in marks)
        lines.append(f"two readers, {alert}: both={both} either={either} kappa={cohen([(m[0], m[1]) for m in marks]):.3f}")
    three = [row["labels"] for row in readings if len(row["labels"]) == 3]
    if three:
        unanimous = sum(len(set(row)) == 1 for row in three) / len(three)
        lines.append(f"three readers: n={len(three)} unanimous={unanimous:.3f} Fleiss' kappa={fleiss(three):.3f}")
        lines += [f"three readers, {x} or not: Fleiss' kappa={fleiss([[v == x for v in row] for row in three]):.3f}" for x in LABELS]
    table = Counter(pairs)
    lines.append("first label (rows) and blind reader (columns): " + " ".join(f"{label:>8}" for label in LABELS))
    lines += [f"{a:<47}" + " ".join(f"{table[a, b]:>8}" for b in LABELS) for a in LABELS]
    return lines
