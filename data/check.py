"""Check the corpus: schema, splits, duplicates, coverage of every cell, agreement, checksums.

python data/check.py            print counts and problems; exit 1 on any problem
python data/check.py --write    also write checksums.txt and splits.json anew
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

from custtype.datasets import Corpus, load_corpus

HERE = Path(__file__).parent
LANGUAGES = ("vi", "vi_nodia", "en", "mix")
VOICES = ("staff", "customer", "dialog")
SETTINGS = ("buying", "internal")
LABELS = ("result", "detail", "people", "unclear")
KINDS = ("contrast", "register", "day", "people", "hard")
NEAR_DUPLICATE = 0.6  # Jaccard similarity of character 5-grams
MAX_CHARACTERS = 1_000
FORBIDDEN = re.compile(r"(result|detail|people)-oriented|định hướng (kết quả|chi tiết|quan hệ)", re.IGNORECASE)
EVERY_SPLIT = ("train", "validation", "test")


def find_problems(corpus: Corpus) -> list[str]:
    """Return everything that breaks a rule, one line each."""
    return [*_schema(corpus), *_cells(corpus), *_duplicates(corpus), *_contrast_sets(corpus)]


def _schema(corpus: Corpus) -> list[str]:
    problems = [f"{note_id}: id used {n} times" for note_id, n in Counter(note.note_id for note in corpus).items() if n > 1]
    for note in corpus:
        for name, allowed in (("lang", LANGUAGES), ("voice", VOICES), ("setting", SETTINGS), ("kind", KINDS)):
            if getattr(note, name) not in allowed:
                problems.append(f"{note.note_id}: {name} = {getattr(note, name)!r}")
        if not 1 <= len(note.text) <= MAX_CHARACTERS:
            problems.append(f"{note.note_id}: {len(note.text)} characters")
        if FORBIDDEN.search(note.text):
            problems.append(f"{note.note_id}: names a type")
        if note.label == "unclear" and note.secondary is not None:
            problems.append(f"{note.note_id}: unclear with a secondary type")
        if len(note.readings) != 2:
            problems.append(f"{note.note_id}: {len(note.readings)} readings instead of 2")
    return problems


def _cells(corpus: Corpus) -> list[str]:
    """Every label in every language form, voice and setting."""
    counts = Counter((n.lang, str(n.label), n.voice, n.setting) for n in corpus)
    return [
        f"no note for {lang}, {label}, {voice}, {setting}"
        for lang in LANGUAGES
        for label in LABELS
        for voice in VOICES
        for setting in SETTINGS
        if not counts[lang, label, voice, setting]
    ]


def _shingles(text: str) -> frozenset[str]:
    plain = " ".join(text.lower().split())
    return frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4)))


def _duplicates(corpus: Corpus) -> list[str]:
    shingles = [_shingles(note.text) for note in corpus]
    places: dict[str, list[int]] = defaultdict(list)
    for number, grams in enumerate(shingles):
        for gram in grams:
            places[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in places.values():
        if len(numbers) <= 20:  # a common 5-gram is no sign of a copy; copies share rare ones too
            shared.update(combinations(numbers, 2))
    problems = []
    for (a, b), count in shared.items():
        if count >= 8 and len(shingles[a] & shingles[b]) > NEAR_DUPLICATE * len(shingles[a] | shingles[b]):
            problems.append(f"{corpus.notes[a].note_id} and {corpus.notes[b].note_id} are nearly the same")
    return problems


def _contrast_sets(corpus: Corpus) -> list[str]:
    """Check that a situation stays in one split, and that a contrast set shows more than one label."""
    split = make_splits(corpus)
    sets: dict[str, set[str]] = defaultdict(set)
    for note in corpus:
        if note.kind == "contrast":
            sets[note.situation].add(str(note.label))
    problems = [f"contrast set {name} shows one label only" for name, labels in sets.items() if len(labels) < 2]
    where: dict[str, set[str]] = defaultdict(set)
    for name, situations in split.items():
        for situation in situations:
            where[situation].add(name)
    return problems + [f"situation {name} is in several splits" for name, splits in where.items() if len(splits) > 1]


def make_splits(corpus: Corpus) -> dict[str, list[str]]:
    """Deal situations to train (80 %), validation and test (10 % each) by a hash of their name: stable as the corpus grows."""
    result: dict[str, list[str]] = {name: [] for name in EVERY_SPLIT}
    for situation in sorted(set(corpus.situations)):
        bucket = int(hashlib.sha256(situation.encode()).hexdigest(), 16) % 10
        result["test" if bucket == 0 else "validation" if bucket == 1 else "train"].append(situation)
    return result


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of two readers."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in LABELS) / n**2
    return (observed - chance) / (1 - chance)


def report(corpus: Corpus) -> str:
    """Return counts and agreement, as the datasheet quotes them."""
    lines = [f"notes {len(corpus)} in {len(set(corpus.situations))} situations, by {len({n.writer for n in corpus})} writers"]
    for name in ("label", "lang", "voice", "setting", "kind"):
        counts = Counter(str(getattr(note, name)) for note in corpus)
        lines.append(f"{name}: " + ", ".join(f"{value} {count}" for value, count in counts.most_common()))
    lines.append("alerts: " + ", ".join(f"{a} {n}" for a, n in Counter(str(a) for row in corpus.alerts for a in row).most_common()))
    lines.append(f"people with several notes: {len({n.person_id for n in corpus if n.person_id})}")
    left_out = [json.loads(line) for line in (HERE / "left_out.jsonl").read_text(encoding="utf-8").splitlines()]
    lines.append(f"left out because two readers differed and neither was surer: {len(left_out)}")
    for kind in KINDS:  # agreement counts the notes that were left out, too
        pairs = [(note.readings[0], note.readings[1]) for note in corpus if note.kind == kind]
        pairs += [(row["readings"][0], row["readings"][1]) for row in left_out if row["kind"] == kind]
        if pairs:
            lines.append(
                f"agreement on {kind}: {sum(a == b for a, b in pairs) / len(pairs):.3f}, kappa {kappa(pairs):.3f} (n={len(pairs)})"
            )
    return "\n".join(lines)


def checksums() -> str:
    """SHA-256 of every data file, in the format of sha256sum."""
    paths = sorted([*HERE.glob("corpus/*.jsonl"), *HERE.glob("samples/*.csv"), *HERE.glob("phrases/*.jsonl")])
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE).as_posix()}\n" for path in paths)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    print(report(corpus))
    if arguments.write:
        (HERE / "checksums.txt").write_text(checksums(), encoding="utf-8")
        (HERE / "splits.json").write_text(json.dumps(make_splits(corpus), indent=0) + "\n", encoding="utf-8")
    problems = find_problems(corpus)
    for path, wanted in (("checksums.txt", checksums()), ("splits.json", json.dumps(make_splits(corpus), indent=0) + "\n")):
        if not (HERE / path).is_file() or (HERE / path).read_text(encoding="utf-8") != wanted:
            problems.append(f"{path} is not up to date: python data/check.py --write")
    print("\n".join(problems) if problems else "no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
