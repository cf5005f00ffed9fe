"""No note twice, none that is in the samples or the tests, no template."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from pathlib import Path

from custtype.datasets import Corpus

ROOT = Path(__file__).parent.parent.parent
NEAR_DUPLICATE = 0.6  # Jaccard similarity of character 5-grams
MAX_TEMPLATE_SHARE = 0.003
# Distinct-2 (different word pairs over all word pairs, Li et al. 2016) falls with the number of words, so it is the mean over blocks of
# this many. Public reviews, complaints and mails in both languages have 0.83, measured alike (640 texts):
# to be no less varied is the floor.
DISTINCT_BLOCK = 5_000
MIN_DISTINCT_2 = 0.83


def find_problems(corpus: Corpus) -> list[str]:
    """Return copies and templates, one line each."""
    names = [note.note_id for note in corpus]
    shown = list(_shown_elsewhere())
    problems = []
    for a, b in near_duplicates(corpus.texts + [text for _, text in shown]):
        if b < len(names):
            problems.append(f"{names[a]} and {names[b]} are nearly the same")
        elif a < len(names):
            problems.append(f"{names[a]} is in {shown[b - len(names)][0]}")
    limit = MAX_TEMPLATE_SHARE * len(corpus)
    for name, counts in templates(corpus.texts).items():
        problems += [f"{name} {' '.join(gram)!r} in {n} notes" for gram, n in counts.most_common(20) if n > limit]
    if (value := distinct_2(corpus.texts)) < MIN_DISTINCT_2:
        problems.append(f"distinct-2 is {value:.3f}, expected at least {MIN_DISTINCT_2}")
    return problems


def figures(corpus: Corpus) -> list[str]:
    """Return how far the corpus is from its limits."""
    lines = []
    for name, counts in templates(corpus.texts).items():
        gram, n = counts.most_common(1)[0]
        lines.append(f"most frequent {name}: {' '.join(gram)!r}, {n} notes ({n / len(corpus):.2%})")
    return [*lines, f"distinct-2 over blocks of {DISTINCT_BLOCK} words: {distinct_2(corpus.texts):.3f}"]


def words(text: str) -> list[str]:
    """Lower-case words of a text."""
    return re.findall(r"\w+", text.lower())


def templates(texts: Iterable[str]) -> dict[str, Counter[tuple[str, ...]]]:
    """Count in how many notes each opening of four words, and each run of six, occurs."""
    openings: Counter[tuple[str, ...]] = Counter()
    runs: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        tokens = words(text)
        if len(tokens) >= 4:
            openings[tuple(tokens[:4])] += 1
        runs.update({tuple(tokens[i : i + 6]) for i in range(len(tokens) - 5)})
    return {"opening": openings, "run of six words": runs}


def distinct_2(texts: Sequence[str]) -> float:
    """Mean share of different word pairs, over blocks of ``DISTINCT_BLOCK`` words (notes dealt round, so that no block is one batch)."""
    stride = 97
    dealt = [words(texts[i]) for start in range(stride) for i in range(start, len(texts), stride)]
    shares, pairs = [], []
    for tokens in dealt:
        pairs += pairwise(tokens)
        if len(pairs) >= DISTINCT_BLOCK:
            shares.append(len(set(pairs)) / len(pairs))
            pairs = []
    return sum(shares) / len(shares) if shares else 1.0


def near_duplicates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs whose character 5-grams overlap by more than ``NEAR_DUPLICATE``."""
    shingles = [_shingles(text) for text in texts]
    places: dict[str, list[int]] = defaultdict(list)
    for number, grams in enumerate(shingles):
        for gram in grams:
            places[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in places.values():
        if len(numbers) <= 20:  # a common 5-gram is no sign of a copy; copies share rare ones too
            shared.update(combinations(numbers, 2))
    return [
        (a, b)
        for (a, b), count in shared.items()
        if count >= 8 and len(shingles[a] & shingles[b]) > NEAR_DUPLICATE * len(shingles[a] | shingles[b])
    ]


def _shingles(text: str) -> frozenset[str]:
    plain = " ".join(text.lower().split())
    return frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4)))


def _shown_elsewhere() -> Iterable[tuple[str, str]]:
    """Texts that a model trained on the corpus is shown or tested with."""
    with (ROOT / "data" / "samples" / "notes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield "data/samples/notes.csv", row["note"]
    for row in json.loads((ROOT / "tests" / "golden" / "readings.json").read_text(encoding="utf-8")):
        yield "tests/golden/readings.json", row["note"]
