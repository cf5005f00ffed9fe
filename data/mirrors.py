"""Measure on mirrors of use: notes by writers, registers and employees that the fitted model never met.

    python data/mirrors.py                         the table, beside three peers
    python data/mirrors.py --ablation              what each part is worth: cross-validated, without it
    python data/mirrors.py --labelled FILE         also train all on the whole corpus and measure on FILE
    python data/mirrors.py --errors FILE           also write every wrong answer of custtype to FILE, for reading

Three mirrors, none of which decides anything in fitting:

A   composed notes (contrast sets, people met several times, hard notes) of the test writers, who wrote nothing else
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
from unittest import mock

from checks import splits
from held_out import describe, predict_held_out, print_figures
from peers import CONTENDERS, Predict, Probabilities, Train
from training import fit_classifier

from custtype.cli.labelled import read_labelled
from custtype.datasets import Corpus, LabelledNote, load_corpus
from custtype.scoring import CLASSES
from custtype.training import features

HERE = Path(__file__).parent


def predict_mirrors(corpus: Corpus, train: Train) -> dict[str, tuple[list[LabelledNote], Probabilities]]:
    """Return the notes and a contender's probabilities of every mirror."""
    fit, test = splits.rows(corpus, "writer", "train", "validation"), splits.rows(corpus, "writer", "test")
    predict = train(corpus, fit)
    result = {}
    for name, kinds in (("A composed, new writers", ("contrast", "people", "hard")), ("C working days, new employees", ("day",))):
        notes = [corpus.notes[i] for i in test if corpus.notes[i].kind in kinds]
        result[name] = (notes, predict([note.text for note in notes]))
    rows = [i for i, note in enumerate(corpus) if note.kind == "register"]
    registers = [str(corpus.notes[i].register) for i in rows]
    probabilities = predict_held_out(corpus, rows, registers, train, fit_on=range(len(corpus)))
    result["B registers left out"] = ([corpus.notes[i] for i in rows], probabilities)
    return dict(sorted(result.items()))


def print_mirrors(corpus: Corpus, contenders: dict[str, Train], errors: Path | None) -> None:
    for contender, train in contenders.items():
        print(f"\n{contender}")
        for mirror, (notes, probabilities) in predict_mirrors(corpus, train).items():
            print_figures(mirror, notes, probabilities, ("lang", "setting") if contender == "custtype" else ())
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


def print_ablation(corpus: Corpus) -> None:
    """Cross-validate by writer, without the test writers, with one part left out at a time."""
    rows = splits.rows(corpus, "writer", "train", "validation")
    scale = features.FAMILY_SCALE
    without: dict[str, tuple[dict[str, bool], tuple[float, float, float]]] = {
        "everything": ({}, scale),
        "no deciding words marked (no judge of clauses)": ({"rationales": False}, scale),
        "no phrase bank": ({"phrases": False}, scale),
        "no letters": ({}, (0.0, *scale[1:])),
        "no words": ({}, (scale[0], 0.0, 0.0)),
        "no diacritics": ({}, (*scale[:2], 0.0)),
    }
    groups = [splits.writer_of(corpus.notes[i]) for i in rows]
    for name, (switches, sizes) in without.items():

        def train(corpus: Corpus, fit: Sequence[int], switches: dict[str, bool] = switches) -> Predict:
            return fit_classifier(corpus, fit, **switches).predict_proba  # type: ignore[arg-type]

        with mock.patch.object(features, "FAMILY_SCALE", sizes):
            probabilities = predict_held_out(corpus, rows, groups, train, fit_on=rows, n_folds=3)
        print_figures(name, [corpus.notes[i] for i in rows], probabilities)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--only", choices=tuple(CONTENDERS), help="one contender alone")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--errors", type=Path)
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    if arguments.ablation:
        print_ablation(corpus)
        return
    contenders = {name: train for name, train in CONTENDERS.items() if arguments.only in (None, name)}
    print_mirrors(corpus, contenders, arguments.errors)
    if arguments.labelled:
        print_labelled(corpus, contenders, arguments.labelled)


if __name__ == "__main__":
    main()
