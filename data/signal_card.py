"""Write the report card of the named signals, measured on the corpus: ``docs/signals.md``.

    python data/signal_card.py              print it
    python data/signal_card.py --write      write docs/signals.md

Per signal, after the analysis of labelling functions in Ratner et al. (2017), "Snorkel: rapid training data creation with weak
supervision", VLDB 11(3): coverage, precision, overlap and conflict; and what the bundled model would answer without it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from custtype import SignalExtractor, load_model
from custtype.datasets import Corpus, load_corpus
from custtype.schema import CustomerType
from custtype.scoring import Scorer
from custtype.tables import CLASSES, TYPES

HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "signals.md"
_HEAD = """# Report card of the named signals

Written by `python data/signal_card.py --write` from {n_notes:,} notes of the corpus. A signal is a family of cues in plain words
(`custtype/resources/lexicons`); it gives a reading its named evidence and is one feature among many: n-grams of words and
letters, and the judge of clauses, see the same words.

- **coverage**: notes in which it fires, in 10,000.
- **precision**: how often a note in which it fires is labelled with what it speaks for (for an alert: carries that alert).
- **chance**: how often any note is; a signal is worth something as far as its precision is above that.
- **overlap**: how often another signal that speaks for the same thing fires in the same note.
- **conflict**: how often a signal that speaks for another type does.
- **moved**: how many of the notes in which it fires the bundled model would answer otherwise without it, and how many answers
  would become right (+) or wrong (-) by taking it away. Measured on notes that the model was fitted on; few, because the
  wording carries the same news.

| signal | speaks for | coverage | precision | chance | overlap | conflict | moved | + | - |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Card:
    """What one signal is worth."""

    name: str
    toward: str
    n_notes: int
    precision: float
    chance: float
    overlap: float
    conflict: float
    moved: int
    mended: int
    broken: int

    def line(self, n_notes: int) -> str:
        """Write its row of the table."""
        shares = " | ".join(f"{share:.0%}" for share in (self.precision, self.chance, self.overlap, self.conflict))
        coverage = round(10_000 * self.n_notes / n_notes)
        return f"| `{self.name}` | {self.toward} | {coverage} | {shares} | {self.moved} | {self.mended} | {self.broken} |"


def make_cards(corpus: Corpus) -> list[Card]:
    """Measure every signal, in the order of the lexicon."""
    extractor = SignalExtractor(style=False).fit([])
    fires = extractor.transform(corpus.texts) > 0
    toward = np.array([str(t) for t in extractor.cues_.toward])
    is_type = np.isin(toward, [str(c) for c in TYPES])
    scorer = load_model().scorer
    before = scorer.predict_proba(corpus.texts).argmax(axis=1)
    truth = np.array([CLASSES.index(label) for label in corpus.labels])
    cards = []
    for number, name in enumerate(extractor.names_):
        rows = np.flatnonzero(fires[:, number])
        right = _speaks_true(corpus, toward[number])
        others = fires[rows].copy()
        others[:, number] = False
        allied, against = toward == toward[number], is_type & (toward != toward[number])
        after = _without(scorer, name).predict_proba([corpus.texts[i] for i in rows]).argmax(axis=1)
        moved = after != before[rows]
        cards.append(
            Card(
                name,
                str(toward[number]),
                len(rows),
                _share(right[rows]),
                _share(right),
                _share(others[:, allied].any(axis=1)),
                _share(others[:, against].any(axis=1)),
                int(moved.sum()),
                int((moved & (after == truth[rows])).sum()),
                int((moved & (before[rows] == truth[rows])).sum()),
            )
        )
    return cards


def _speaks_true(corpus: Corpus, toward: str) -> npt.NDArray[np.bool_]:
    if toward in set(CustomerType):
        return np.array([label == toward for label in corpus.labels])
    return np.array([toward in note.alerts for note in corpus])


def _without(scorer: Scorer, signal: str) -> Scorer:
    weights = scorer.tables.cue_weights.copy()
    weights[scorer.tables.cues.names.index(signal)] = 0.0
    return Scorer(replace(scorer.tables, cue_weights=weights))


def _share(flags: npt.NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    cards = make_cards(corpus)
    text = _HEAD.format(n_notes=len(corpus)) + "\n".join(card.line(len(corpus)) for card in cards) + "\n"
    if arguments.write:
        TARGET.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
