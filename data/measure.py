"""Measure the classifier: cross-validated on the corpus, beside its peers, and how often small changes flip it.

    python data/measure.py                      all of it (long: cross-validation alone is twenty fits)
    python data/measure.py --only flips         only the flips of the bundled model (a minute)

Cross-validation keeps each situation whole (``--by situation``) or each writer (``--by writer``: harder, and closer to
notes from elsewhere). The peers are those of ``data/peers.py``; ``data/mirrors.py`` measures on unseen writers, registers
and employees.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from changes import CHANGES
from checks.splits import writer_of
from held_out import predict_held_out, print_figures
from peers import CONTENDERS, train_custtype

from custtype import load_model
from custtype.datasets import Corpus, load_corpus
from custtype.metrics import expected_calibration_error
from custtype.people import decide_person

HERE = Path(__file__).parent


def cross_validate(corpus: Corpus, by: str, peers: bool) -> None:
    groups = corpus.situations if by == "situation" else [writer_of(n) for n in corpus]
    every = range(len(corpus))
    print(f"\ncross-validated, five folds by {by}")
    for name, train in CONTENDERS.items() if peers else [("custtype", train_custtype)]:
        print_figures(name, corpus.notes, predict_held_out(corpus, every, groups, train, fit_on=every), ("lang", "kind"))


def measure_people(corpus: Corpus) -> None:
    """Train without the notes of people met several times, and profile these people."""
    others = np.array([i for i, note in enumerate(corpus) if note.kind not in ("people", "hard") and not note.person_id])
    predict = train_custtype(corpus, others)
    notes_of: dict[str, list[str]] = {}
    kind_of: dict[str, str] = {}
    for note in corpus:
        if note.person_id and note.person_type:
            notes_of.setdefault(note.person_id, []).append(note.text)
            kind_of[note.person_id] = note.person_type
    for first in (None, 1):
        answers = {person: decide_person(predict(notes[:first])) for person, notes in notes_of.items()}
        right = np.array([answers[person][0] == kind_of[person] for person in notes_of])
        named = np.array([answers[person][0] != "unclear" for person in notes_of])
        sure = np.array([answers[person][2] for person in notes_of])
        print(
            f"people: {'all notes' if first is None else 'first note only':<16} n={len(right)} accuracy={right.mean():.3f} "
            f"named={named.mean():.2f} right_when_named={right[named].mean():.3f} mean_confidence={sure.mean():.3f} "
            f"ece={expected_calibration_error(sure, right):.3f}"
        )


def count_flips(corpus: Corpus) -> None:
    model = load_model()
    before = model.predict(corpus.texts)
    print("\nflips of the bundled model on the corpus, among the notes that the change alters")
    for name, change in CHANGES.items():
        changed = [change(text) for text in corpus.texts]
        altered = np.array([a != b for a, b in zip(corpus.texts, changed, strict=True)])
        flipped = (model.predict(changed) != before)[altered]
        print(f"{name:<38} {int(flipped.sum()):>5} of {int(altered.sum()):>5} ({flipped.mean() if altered.any() else 0:.2%})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("flips", "cv", "people"))
    parser.add_argument("--by", choices=("situation", "writer"), default="situation")
    parser.add_argument("--no-peers", action="store_true", help="cross-validate custtype alone")
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    if arguments.only in (None, "flips"):
        count_flips(corpus)
    if arguments.only in (None, "cv"):
        cross_validate(corpus, arguments.by, peers=not arguments.no_peers)
    if arguments.only in (None, "people"):
        measure_people(corpus)


if __name__ == "__main__":
    main()
