"""Measure what each part of the model is worth: cross-validated by writer, without the test writers, with one part gone.

    python data/ablation.py                     the table (an hour on two cores)
    python data/ablation.py --only NAME ...     some rows of it
    python data/ablation.py --list              the rows' names

Every row is fitted anew, three folds over writers; the figures stand beside those of "everything".
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from checks import splits
from held_out import predict_held_out, print_figures
from peers import Predict
from training import fit_classifier

from custtype import scoring
from custtype.datasets import Corpus, load_corpus
from custtype.feature_extraction import cues, ngrams
from custtype.feature_extraction.clauses import CLAUSE_FEATURES
from custtype.stacking import N_POOLED, N_TYPES
from custtype.training import clauses, features, fitting

HERE = Path(__file__).parent
_N_FOLDS = 3
_TINY = 1e-9  # a scale that leaves a part without a say; nought would be no number to divide by

Patches = Sequence[tuple[Any, str, Any]]


def _without_families(*gone: int) -> Patches:
    return [(features, "FAMILY_SCALE", tuple(0.0 if i in gone else size for i, size in enumerate(features.FAMILY_SCALE)))]


def _without_pooled(*gone: str) -> Patches:
    """Take features of the pooled clauses away, while fitting and while scoring."""
    pool, columns = scoring.pool_clauses, [N_TYPES * CLAUSE_FEATURES.index(name) + k for name in gone for k in range(N_TYPES)]

    def pool_less(*arguments: Any) -> Any:
        pooled = pool(*arguments)
        pooled[:, columns] = 0.0
        return pooled

    return [(module, "pool_clauses", pool_less) for module in (scoring, clauses)]


_SELECT, _STACK = features.Selection.__call__, scoring.stack_features


def _as_typed(self: features.Selection, features_: features.Features, rows: Any, *, stripped: bool = False) -> Any:
    return _SELECT(self, features_, rows)


def _without_length(*given: Any) -> Any:
    seen = _STACK(*given)
    seen[:, N_TYPES + N_POOLED :] = 0.0
    return seen


_NO_SIGNALS: Patches = [(module, "CUE_SCALE", _TINY) for module in (fitting, clauses)]
_NO_PLACE: Patches = [(module, "PLACE_SCALE", _TINY) for module in (fitting, clauses)]
_NO_LENGTH: Patches = [(module, "stack_features", _without_length) for module in (scoring, fitting)]

#: Each part: switches of :func:`fit_classifier`, and what is put in place of what.
PARTS: Mapping[str, tuple[Mapping[str, bool], Patches]] = {
    "everything": ({}, ()),
    "1 no named signals": ({}, _NO_SIGNALS),
    "1 no phrase bank (as clauses to learn from)": ({"phrases": False}, ()),
    "2 no deciding words, hence no judge of clauses": ({"rationales": False}, ()),
    "2 no first, last or last two clauses": ({}, [*_NO_PLACE, *_without_pooled("first", "last", "last_two")]),
    "2 no dismissal (không cần, no need to)": ({}, [(cues.CueFinder, "_dismissed", lambda *given: np.zeros(len(given[-1]), bool))]),
    "2 no question marks": ({}, [(ngrams, "_asked", lambda batch: np.zeros(len(batch.start), bool))]),
    "3 no letters": ({}, _without_families(0)),
    "3 no words": ({}, _without_families(1, 2)),
    "3 no words with diacritics": ({}, _without_families(2)),
    "3 not learned from stripped copies": ({}, [(features.Selection, "__call__", _as_typed)]),
    "3 the stack does not see length": ({}, _NO_LENGTH),
}


def measure(corpus: Corpus, name: str) -> None:
    """Print the figures without one part."""
    switches, patches = PARTS[name]
    rows = splits.rows(corpus, "writer", "train", "validation")
    groups = [splits.writer_of(corpus.notes[i]) for i in rows]

    def train(corpus: Corpus, fit: Sequence[int]) -> Predict:
        return fit_classifier(corpus, fit, **switches).predict_proba  # type: ignore[arg-type]

    with ExitStack() as stack:
        for target, attribute, instead in patches:
            stack.enter_context(mock.patch.object(target, attribute, instead))
        probabilities = predict_held_out(corpus, rows, groups, train, fit_on=rows, n_folds=_N_FOLDS)
    print_figures(name, [corpus.notes[i] for i in rows], probabilities)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), metavar="NAME")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(PARTS))
        return
    corpus = load_corpus(HERE / "corpus")
    for name in arguments.only or PARTS:
        measure(corpus, name)


if __name__ == "__main__":
    main()
