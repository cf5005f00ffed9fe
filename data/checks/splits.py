"""Train, validation and test, once by situation and once by writer, fixed in ``data/splits.json``.

What is dealt stays dealt: ``deal`` keeps every assignment of the file and deals only what is new, by a hash of its name.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

from custtype.datasets import Corpus, LabelledNote

FILE = Path(__file__).parent.parent / "splits.json"
PARTS = ("train", "validation", "test")
Splits = dict[str, dict[str, list[str]]]


def writer_of(note: LabelledNote) -> str:
    """Return the first letters of a note's id: who composed it (one writer plays several employees)."""
    return note.note_id.split("-")[0]


def load() -> Splits:
    """Read the fixed splits."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def deal(corpus: Corpus, known: Splits) -> Splits:
    """Add what is new to the splits: situations one by one, writers so that each kind of note has one in validation and in test."""
    return {"by_situation": _deal_situations(corpus, known), "by_writer": _deal_writers(corpus, known)}


def _deal_situations(corpus: Corpus, known: Splits) -> dict[str, list[str]]:
    kept = {name: part for part, names in known.get("by_situation", {}).items() for name in names}
    result: dict[str, list[str]] = {part: [] for part in PARTS}
    for situation in sorted(set(corpus.situations)):
        bucket = _hash(situation) % 10
        result[kept.get(situation, "test" if bucket == 0 else "validation" if bucket == 1 else "train")].append(situation)
    return result


def _deal_writers(corpus: Corpus, known: Splits) -> dict[str, list[str]]:
    kept = {name: part for part, names in known.get("by_writer", {}).items() for name in names}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for note in corpus:
        kinds[writer_of(note)][note.kind] += 1
    by_kind: dict[str, list[str]] = defaultdict(list)
    for writer, counts in kinds.items():
        by_kind[counts.most_common(1)[0][0]].append(writer)
    result: dict[str, list[str]] = {part: [] for part in PARTS}
    for writers in by_kind.values():
        taken = Counter(kept[writer] for writer in writers if writer in kept)
        for writer in sorted(writers, key=_hash):
            part = kept.get(writer) or next((p for p in ("test", "validation") if taken[p] < max(1, len(writers) // 10)), "train")
            taken[part] += writer not in kept
            result[part].append(writer)
    return {part: sorted(names) for part, names in result.items()}


def _hash(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)


def find_problems(corpus: Corpus) -> list[str]:
    """Every situation and every writer is in one part, and the file is what dealing again would give."""
    splits = load()
    if set(splits) != {"by_situation", "by_writer"} or deal(corpus, splits) != splits:
        return ["splits.json is not up to date: python data/check.py --write"]
    problems = []
    for name, parts in splits.items():
        times = Counter(member for members in parts.values() for member in members)
        problems += [f"splits.json: {member} is {n} times in {name}" for member, n in times.items() if n > 1]
    return problems


def rows(corpus: Corpus, by: str, *parts: str) -> list[int]:
    """Numbers of the notes of some parts (``by`` is situation or writer)."""
    splits = load()[f"by_{by}"]
    members = {member for part in parts for member in splits[part]}
    return [i for i, note in enumerate(corpus) if (note.situation if by == "situation" else writer_of(note)) in members]


def figures(corpus: Corpus) -> list[str]:
    """Return how many notes each part holds."""
    return [f"split by {by}: " + ", ".join(f"{part} {len(rows(corpus, by, part))}" for part in PARTS) for by in ("situation", "writer")]
