"""Speed, as ratios to peers in the same run, on one core.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python tests/benchmarks/benchmark_scoring.py

Needs ``pip install fasttext-numpy2 pandas``. Three lists of figures: the scorer on notes in memory, ``score_csv`` from
file to file, and one note at a time. Medians of interleaved runs; quote the ratios, absolute figures are the machine's.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import fasttext
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

import custtype
from custtype.datasets import load_corpus
from custtype.reader import bundled_scorer

CORPUS = Path(__file__).parent.parent.parent / "data" / "corpus"


def interleave(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Run everything once per round, in turn; return the median seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def report(title: str, seconds: dict[str, float], rows: dict[str, int], reference: str) -> None:
    print(f"\n{title}")
    base = rows[reference] / seconds[reference]
    for name, median in seconds.items():
        speed = rows[name] / median
        print(f"  {name:<44} {speed:>10,.0f} rows/s   {speed / base:5.2f} of {reference}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    corpus = load_corpus(CORPUS)
    chooser = random.Random(0)
    notes = [chooser.choice(corpus.texts) for _ in range(arguments.rows)]
    print(f"{len(notes):,} notes, {sum(map(len, notes)) / len(notes):.0f} characters each on average")
    with tempfile.TemporaryDirectory() as folder:
        measure(corpus.texts, corpus.labels, notes, Path(folder), arguments.rounds)


def one_line(note: str) -> str:
    return note.replace("\n", " ").lower()


def measure(texts: list[str], labels: list[str], notes: list[str], folder: Path, rounds: int) -> None:
    train = folder / "train.txt"
    train.write_text("".join(f"__label__{b} {one_line(a)}\n" for a, b in zip(texts, labels, strict=True)), encoding="utf-8")
    fast = fasttext.train_supervised(str(train), wordNgrams=2, epoch=15, bucket=200_000, dim=50, thread=1, verbose=0)
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\w+", sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True)
    union = make_pipeline(make_union(words, characters), LogisticRegression(max_iter=300)).fit(texts, labels)
    source = folder / "in.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "note"])
        writer.writerows(enumerate(notes))
    few = notes[: max(1, len(notes) // 20)]
    small = folder / "small.csv"
    with small.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "note"])
        writer.writerows(enumerate(few))

    def csv_fasttext() -> None:
        with source.open(encoding="utf-8", newline="") as read, (folder / "ft.csv").open("w", encoding="utf-8", newline="") as write:
            rows, out = csv.reader(read), csv.writer(write)
            out.writerow([*next(rows), "label", "p"])
            for row in rows:
                (label,), p = fast.predict(one_line(row[1]))
                out.writerow([*row, label, f"{p[0]:.4f}"])

    def pandas_union() -> None:
        table = pd.read_csv(small, dtype=str, keep_default_na=False)
        table["label"] = union.predict(table["note"])
        table.to_csv(folder / "pd.csv", index=False)

    scorer = bundled_scorer()
    in_memory = {
        "custtype scorer (types, alerts, signals)": lambda: scorer.predict_proba(notes),
        "fastText words 1-2": lambda: fast.predict([one_line(n) for n in notes], k=4),
        "scikit-learn union": lambda: union.predict_proba(few),
    }
    rows = {"custtype scorer (types, alerts, signals)": len(notes), "fastText words 1-2": len(notes), "scikit-learn union": len(few)}
    report("notes in memory", interleave(in_memory, rounds), rows, "fastText words 1-2")
    files = {
        "custtype score_csv (all columns)": lambda: custtype.score_csv(source, folder / "ct.csv"),
        "csv module + fastText": csv_fasttext,
        "pandas + scikit-learn union": pandas_union,
    }
    rows = {"custtype score_csv (all columns)": len(notes), "csv module + fastText": len(notes), "pandas + scikit-learn union": len(few)}
    report("CSV to CSV", interleave(files, rounds), rows, "csv module + fastText")
    single = []
    for note in notes[:500]:
        began = time.perf_counter()
        custtype.read_note(note)
        single.append(time.perf_counter() - began)
    print(f"\nread_note, warm: median {statistics.median(single) * 1000:.2f} ms")


if __name__ == "__main__":
    main()
