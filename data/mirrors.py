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
tuned parameters; and a linear support vector machine on that TF-IDF (gradient boosting on it needs hours). Intervals are
95 % bootstrap intervals over situations.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import numpy as np
import numpy.typing as npt
from checks import splits
from peers import CONTENDERS, Probabilities, Train
from sklearn.model_selection import GroupKFold
from training import fit_classifier

from custtype.cli.labelled import read_labelled
from custtype.datasets import Corpus, LabelledNote, load_corpus
from custtype.evaluation import evaluate_predictions
from custtype.metrics import f1_scores
from custtype.scoring import CLASSES
from custtype.training import features

HERE = Path(__file__).parent
_BOOTSTRAPS = 300


def predict_mirrors(corpus: Corpus, train: Train) -> dict[str, tuple[list[LabelledNote], Probabilities]]:
    """Return the notes and a contender's probabilities of every mirror."""
    fit, test = splits.rows(corpus, "writer", "train", "validation"), splits.rows(corpus, "writer", "test")
    predict = train(corpus, fit)
    result = {}
    for name, kinds in (("A composed, new writers", ("contrast", "people", "hard")), ("C working days, new employees", ("day",))):
        notes = [corpus.notes[i] for i in test if corpus.notes[i].kind in kinds]
        result[name] = (notes, predict([note.text for note in notes]))
    rows = np.array([i for i, note in enumerate(corpus) if note.kind == "register"])
    registers = [f"{corpus.notes[i].register}" for i in rows]
    probabilities = np.zeros((len(rows), len(CLASSES)))
    for _, held_out in GroupKFold(5, shuffle=True, random_state=0).split(rows, groups=registers):
        others = np.setdiff1d(np.arange(len(corpus)), rows[held_out])
        probabilities[held_out] = train(corpus, others.tolist())([corpus.notes[i].text for i in rows[held_out]])
    result["B registers left out"] = ([corpus.notes[i] for i in rows], probabilities)
    return dict(sorted(result.items()))


def describe(name: str, labels: Sequence[str], groups: Sequence[str], probabilities: Probabilities) -> str:
    """Write a line of figures, each with its interval."""
    truth = np.array([CLASSES.index(label) for label in labels])
    figures = evaluate_predictions(labels, probabilities)
    low, high = _interval(truth, probabilities.argmax(axis=1), groups)
    return (
        f"{name:<34} n={len(labels):<5} macro_f1={figures.macro_f1:.3f} ({low:.3f}-{high:.3f}) "
        f"type_accuracy={figures.type_accuracy.get(1.0, float('nan')):.3f} at_40%={figures.type_accuracy.get(0.4, float('nan')):.3f} "
        f"named={figures.named_share:.2f} right_when_named={figures.named_precision:.3f} ece={figures.calibration_error:.3f}"
    )


def _interval(truth: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], groups: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of macro-F1 when whole groups are drawn again."""
    number = np.unique(np.array(groups), return_inverse=True)[1]
    members = [np.flatnonzero(number == k) for k in range(number.max() + 1)]
    draw = np.random.default_rng(0)
    values = []
    for _ in range(_BOOTSTRAPS):
        rows = np.concatenate([members[k] for k in draw.integers(len(members), size=len(members))])
        values.append(float(f1_scores(truth[rows], predicted[rows], len(CLASSES)).mean()))
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def print_mirrors(corpus: Corpus, contenders: dict[str, Train], errors: Path | None) -> None:
    for contender, train in contenders.items():
        print(f"\n{contender}")
        for mirror, (notes, probabilities) in predict_mirrors(corpus, train).items():
            labels, groups = [str(note.label) for note in notes], [note.situation for note in notes]
            print(describe(mirror, labels, groups, probabilities), flush=True)
            if contender != "custtype":
                continue
            for part in ("lang", "setting"):
                values = np.array([getattr(note, part) for note in notes])
                for value in sorted(set(values)):
                    inside = np.flatnonzero(values == value)
                    print(describe(f"  {part}={value}", [labels[i] for i in inside], [groups[i] for i in inside], probabilities[inside]))
            if errors is not None:
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
    rows = np.array(splits.rows(corpus, "writer", "train", "validation"))
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
    labels = [str(corpus.notes[i].label) for i in rows]
    for name, (switches, sizes) in without.items():
        probabilities = np.zeros((len(rows), len(CLASSES)))
        with mock.patch.object(features, "FAMILY_SCALE", sizes):
            for fit, held_out in GroupKFold(3, shuffle=True, random_state=0).split(rows, groups=groups):
                model = fit_classifier(corpus, rows[fit].tolist(), **switches)  # type: ignore[arg-type]
                probabilities[held_out] = model.predict_proba([corpus.notes[i].text for i in rows[held_out]])
        print(describe(name, labels, [corpus.notes[i].situation for i in rows], probabilities), flush=True)


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
