"""Show how much the product's classifier gains from more notes, and from which.

    python data/learning_curve.py [--labelled FILE]     fit everything (half an hour on two cores), write docs/learning_curve.csv
    python data/learning_curve.py --plot                draw docs/learning_curve.svg from that file again

Fits on growing samples of the notes by writers outside the test split, three samples each; measures macro-F1 on the test split by
writer (notes by writers that no fit has seen) and, with ``--labelled``, on a file of JSON lines with ``text`` and ``label``.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from checks import splits
from joblib import Parallel, delayed
from training import fit_classifier

from custtype.cli.labelled import read_labelled
from custtype.datasets import Corpus, LabelledNote, load_corpus
from custtype.evaluation import evaluate_predictions

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "learning_curve.csv"
PICTURE = HERE.parent / "docs" / "learning_curve.svg"
LEXICONS = HERE.parent / "custtype" / "resources" / "lexicons"
SIZES = (640, 1280, 2500, 5000, 10000, 0)  # 0: all
SEEDS = (0, 1, 2)
MIXES: dict[str, Callable[[LabelledNote], bool]] = {
    "all kinds": lambda note: True,
    "registers only": lambda note: note.kind == "register",
    "contrast sets only": lambda note: note.kind == "contrast",
    "registers and contrast sets": lambda note: note.kind in ("register", "contrast"),
}
LEFT_OUT: dict[str, Callable[[LabelledNote], bool]] = {
    "without contrast sets": lambda note: note.kind != "contrast",
    "without registers": lambda note: note.kind != "register",
    "without working days": lambda note: note.kind != "day",
    "without people": lambda note: note.kind not in ("people", "hard"),
    "without unclear notes outside contrast sets": lambda note: note.label != "unclear" or note.kind == "contrast",
}
Texts = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True)
class Fit:
    """One fit: which notes, which sample, which lexicon."""

    name: str
    size: int
    seed: int
    rows: tuple[int, ...]
    lexicon: str | None = None


def plan(corpus: Corpus, without_bank: str) -> list[Fit]:
    """List every fit, the smaller samples of a seed inside the larger ones."""
    rows = splits.rows(corpus, "writer", "train", "validation")
    fits = []
    for name, wanted in MIXES.items():
        inside = [i for i in rows if wanted(corpus.notes[i])]
        for seed in SEEDS:
            dealt = random.Random(seed).sample(inside, len(inside))  # noqa: S311 - samples are no secrets
            sizes = [size or len(dealt) for size in SIZES if size < len(dealt)]
            fits += [Fit(name, size, seed, tuple(dealt[:size])) for size in sizes if size < len(dealt) or seed == 0]
    for name, wanted in LEFT_OUT.items():
        inside = [i for i in rows if wanted(corpus.notes[i])]
        fits.append(Fit(name, len(inside), 0, tuple(inside)))
    fits.append(Fit("without phrases from the phrase bank", len(rows), 0, tuple(rows), without_bank))
    return fits


def lexicon_without_bank(folder: str) -> str:
    """Copy the lexicon, leaving out the phrases that were distilled from the phrase bank."""
    for path in LEXICONS.glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if path.stem.endswith("structure"):
            (Path(folder) / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
            continue
        lines = []
        for name, signal in table.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(signal[key], ensure_ascii=False)}" for key in ("toward", "about", "about_vi"))]
            lines.append(f"[{name}.phrases]")
            kept = {source: texts for source, texts in signal["phrases"].items() if source != "phrase_bank"}
            lines += [f"{source} = {json.dumps(texts, ensure_ascii=False)}" for source, texts in kept.items()]
        (Path(folder) / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def measure(fit: Fit, corpus: Corpus, tests: dict[str, Texts]) -> dict[str, object]:
    """Fit the types and return one row of the table."""
    predict = fit_classifier(corpus, fit.rows, lexicon=fit.lexicon).predict_proba
    scores = {name: round(evaluate_predictions(labels, predict(texts)).macro_f1, 4) for name, (texts, labels) in tests.items()}
    return {"mix": fit.name, "notes": fit.size, "seed": fit.seed, **scores}


def draw(rows: list[dict[str, str]]) -> None:
    """Draw macro-F1 against the number of notes, one line a mix, the spread of the seeds as bars."""
    import matplotlib.pyplot as plt

    tests = [name for name in rows[0] if name not in ("mix", "notes", "seed")]
    figure, axes = plt.subplots(1, len(tests), figsize=(5.5 * len(tests), 4.2), sharey=True, squeeze=False)
    for axis, test in zip(axes[0], tests, strict=True):
        for mix in MIXES:
            points: dict[int, list[float]] = {}
            for row in rows:
                if row["mix"] == mix:
                    points.setdefault(int(row["notes"]), []).append(float(row[test]))
            x = sorted(points)
            axis.errorbar(x, [np.mean(points[n]) for n in x], [np.std(points[n]) for n in x], marker="o", capsize=3, label=mix)
        axis.set(xscale="log", xlabel="notes fitted on", title=test)
        axis.set_xticks([640, 1280, 2500, 5000, 10000, 20000], ["640", "1,280", "2,500", "5,000", "10,000", "20,000"])
        axis.minorticks_off()
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel("macro-F1 over four labels")
    axes[0][0].legend(loc="upper left", fontsize=8)
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--plot", action="store_true", help="only draw")
    arguments = parser.parse_args()
    if not arguments.plot:
        corpus = load_corpus(HERE / "corpus")
        held_out = [corpus.notes[i] for i in splits.rows(corpus, "writer", "test")]
        tests: dict[str, Texts] = {"corpus, writers not seen": ([n.text for n in held_out], [str(n.label) for n in held_out])}
        if arguments.labelled:
            table = read_labelled(arguments.labelled, None, "label", None)
            tests["real texts"] = (table.notes, table.labels)
        with tempfile.TemporaryDirectory() as folder:
            fits = plan(corpus, lexicon_without_bank(folder))
            points = Parallel(n_jobs=2, verbose=5)(delayed(measure)(fit, corpus, tests) for fit in fits)
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(points[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(points)
    with TABLE.open(encoding="utf-8", newline="") as file:
        draw(list(csv.DictReader(file)))


if __name__ == "__main__":
    main()
