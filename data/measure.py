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
from checks import splits
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
    """Profile people met several times, each by a model that saw no note of their writer; the test writers' alone, too."""
    rows = [i for i, note in enumerate(corpus) if note.person_id and note.person_type]
    writers = [writer_of(corpus.notes[i]) for i in rows]
    of_notes = predict_held_out(corpus, rows, writers, train_custtype, fit_on=range(len(corpus)))
    notes_of: dict[str, list[int]] = {}
    for place, i in enumerate(rows):
        notes_of.setdefault(str(corpus.notes[i].person_id), []).append(place)
    kind = {person: corpus.notes[rows[places[0]]].kind for person, places in notes_of.items()}
    tested = {str(corpus.notes[i].person_id) for i in splits.rows(corpus, "writer", "test")}
    for name, people in (
        ("composed", [p for p in notes_of if kind[p] == "people"]),
        ("composed, test writers", [p for p in notes_of if kind[p] == "people" and p in tested]),
        ("from working days", [p for p in notes_of if kind[p] != "people"]),
    ):
        truth = [corpus.notes[rows[notes_of[person][0]]].person_type for person in people]
        for first in (None, 1):
            answers = [decide_person(of_notes[notes_of[person][:first]]) for person in people]
            right = np.array([answer[0] == label for answer, label in zip(answers, truth, strict=True)])
            named = np.array([answer[0] != "unclear" for answer in answers])
            sure = np.array([answer[2] for answer in answers])
            print(
                f"people {name + (', first note only' if first else ''):<40} n={len(right)} accuracy={right.mean():.3f} "
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
