"""Rebuild the model that comes with custtype from the corpus.

    python data/build_model.py            fit and write custtype/resources/model
    python data/build_model.py --check    fit, write beside, and compare with what is there, byte for byte

The arrays are the same bit for bit on the same processor family and library versions (named on the card); elsewhere
--check says how far they differ.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy
import sklearn
from training import fit_classifier

from custtype.classifier import CustomerTypeClassifier
from custtype.datasets import load_corpus
from custtype.persistence import bundled_model_path, load_tables

CORPUS = Path(__file__).parent / "corpus"


def fit() -> CustomerTypeClassifier:
    corpus = load_corpus(CORPUS)
    model = fit_classifier(corpus, range(len(corpus)), alerts=True, n_jobs=2)
    model.card_ |= {
        "name": "custtype bundled model",
        "corpus": "data/corpus, CC BY 4.0",
        "licence": "Apache-2.0",
        "made_with": {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "machine": platform.machine(),
        },
        "not_for": "hiring, appraisal, discipline, pay, or any decision about a person's rights, price or priority",
    }
    return model


def differences(old: Path, new: Path) -> list[str]:
    """Describe how two models differ; empty when they are the same, byte for byte."""
    if (old / "arrays.npz").read_bytes() == (new / "arrays.npz").read_bytes():
        return []
    (a, _), (b, _) = load_tables(old), load_tables(new)
    lines = []
    for name in ("columns", "rows", "cue_weights", "bias", "stack_weights", "alert_thresholds"):
        x, y = getattr(a, name), getattr(b, name)
        if x.shape != y.shape:
            lines.append(f"{name}: shape {x.shape} against {y.shape}")
        elif not np.array_equal(x, y):
            lines.append(f"{name}: {np.mean(x != y):.4%} of entries differ, by at most {np.abs(x.astype(float) - y).max():g}")
    return lines or ["the arrays are equal, their files are not"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    model = fit()
    if not arguments.check:
        model.save(bundled_model_path())
        print(f"written: {bundled_model_path()} ({model.card_['n_notes']} notes)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model")
        found = differences(bundled_model_path(), Path(folder) / "model")
    print("\n".join(found) if found else "the same, bit for bit")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
