"""Measure on mirrors of use: notes by writers, registers and employees that the fitted model never met.

    python data/mirrors.py                         the table, beside three peers
    python data/mirrors.py --labelled FILE         also train all on the whole corpus and measure on FILE
    python data/mirrors.py --errors FILE           also write every wrong answer of custtype to FILE, for reading
    python data/mirrors.py --ceilings              only A and C, with max_error: how often a type is named and is right

Three mirrors, none of which decides anything in fitting:

A   composed notes (contrast sets, people met several times, hard notes) of the test writers, who wrote nothing else; and apart
    from these, notes in plain everyday words
B   registers, each left out of training whole (five folds over registers)
C   working days of the test writers' employees

The peers are trained on the same notes: TF-IDF of words 1-2 and characters 2-5 with logistic regression; fastText with
tuned parameters; and a linear support vector machine on that TF-IDF. Intervals are 95 % bootstrap intervals over situations.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from checks import splits
from held_out import describe, predict_held_out, print_figures
from peers import CONTENDERS, Probabilities, Train
from training import fit_classifier

from custtype.cli.labelled import read_labelled
from custtype.datasets import Corpus, LabelledNote, load_corpus
from custtype.tables import CLASSES

HERE = Path(__file__).parent
_CEILINGS = (0.3, 0.25, 0.2, 0.1)
_COMPOSED, _PLAIN, _DAYS = ("contrast", "people", "hard"), ("plain",), ("day",)


def _of_test_writers(corpus: Corpus) -> dict[str, list[LabelledNote]]:
    notes = [corpus.notes[i] for i in splits.rows(corpus, "writer", "test")]
    return {
        "A composed, new writers": [note for note in notes if note.kind in _COMPOSED],
        "A plain words, new writer": [note for note in notes if note.kind in _PLAIN],
        "C working days, new employees": [note for note in notes if note.kind in _DAYS],
    }


def predict_mirrors(corpus: Corpus, train: Train) -> dict[str, tuple[list[LabelledNote], Probabilities]]:
    """Return the notes and a contender's probabilities of every mirror."""
    predict = train(corpus, splits.rows(corpus, "writer", "train", "validation"))
    result = {name: (notes, predict([note.text for note in notes])) for name, notes in _of_test_writers(corpus).items()}
    rows = [i for i, note in enumerate(corpus) if note.kind == "register"]
    registers = [str(corpus.notes[i].register) for i in rows]
    probabilities = predict_held_out(corpus, rows, registers, train, fit_on=range(len(corpus)))
    result["B registers left out"] = ([corpus.notes[i] for i in rows], probabilities)
    return dict(sorted(result.items()))


def print_mirrors(corpus: Corpus, contenders: dict[str, Train], errors: Path | None) -> None:
    for contender, train in contenders.items():
        print(f"\n{contender}")
        for mirror, (notes, probabilities) in predict_mirrors(corpus, train).items():
            print_figures(mirror, notes, probabilities, ("lang", "setting", "kind") if contender == "custtype" else ())
            if errors is not None and contender == "custtype":
                _write_errors(errors, mirror, notes, probabilities)


def _write_errors(path: Path, mirror: str, notes: Sequence[LabelledNote], probabilities: Probabilities) -> None:
    with path.open("a", encoding="utf-8") as file:
        for note, row in zip(notes, probabilities, strict=True):
            answer = CLASSES[int(row.argmax())]
            if answer != note.label:
                record = {
                    "mirror": mirror,
                    "note_id": note.note_id,
                    "label": note.label,
                    "answer": answer,
                    "p": row.max().round(2),
                    "text": note.text,
                }
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def print_labelled(corpus: Corpus, contenders: dict[str, Train], path: Path) -> None:
    table = read_labelled(path, None, "label", None)
    print(f"\ntrained on the whole corpus, measured on {path.name}")
    for contender, train in contenders.items():
        probabilities = train(corpus, range(len(corpus)))(table.notes)
        print(describe(contender, table.labels, [str(i) for i in range(len(table.labels))], probabilities), flush=True)


def print_ceilings(corpus: Corpus) -> None:
    """Say what a ceiling on wrong names comes to on notes by writers that no fit saw."""
    model = fit_classifier(corpus, splits.rows(corpus, "writer", "train", "validation"))
    for name, notes in _of_test_writers(corpus).items():
        labels = np.array([str(note.label) for note in notes])
        for ceiling in (None, *_CEILINGS):
            answers = model.set_params(max_error=ceiling).predict([note.text for note in notes])
            named = answers != "unclear"
            right = (answers == labels)[named].mean() if named.any() else float("nan")
            print(f"{name:<34} n={len(notes):<5} max_error={ceiling!s:<5} named={named.mean():.2f} right_when_named={right:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=tuple(CONTENDERS), help="one contender alone")
    parser.add_argument("--ceilings", action="store_true")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--errors", type=Path)
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    if arguments.ceilings:
        print_ceilings(corpus)
        return
    contenders = {name: train for name, train in CONTENDERS.items() if arguments.only in (None, name)}
    print_mirrors(corpus, contenders, arguments.errors)
    if arguments.labelled:
        print_labelled(corpus, contenders, arguments.labelled)


if __name__ == "__main__":
    main()
