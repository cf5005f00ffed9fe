"""From weights as fitted to weights as stored: small integers, and sums of known words made beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.tokens import Tokenizer, split_batches
from custtype.scoring import Scorer
from custtype.tables import LARGEST_WEIGHT, Tables

__all__ = ["round_rows", "sum_vocabulary"]

_MIN_OCCURRENCES = 2  # of a word in the corpus, to be summed beforehand


def round_rows(weights: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.float64]]:
    """Round weights, shape (n_columns, n_lanes), to integers; return them and the size of one unit in each lane."""
    largest = np.abs(weights).max(axis=0, initial=0.0)
    units = np.array([float(f"{size / LARGEST_WEIGHT:.6e}") if size > 0 else 1.0 for size in largest])
    return np.clip(np.rint(weights / units), -LARGEST_WEIGHT, LARGEST_WEIGHT).astype(np.int16), units


def sum_vocabulary(tables: Tables, notes: Sequence[str]) -> Tables:
    """Add to a model what each word that occurs several times in `notes` adds by itself."""
    scorer, tokenizer = Scorer(tables), Tokenizer(tables.special)
    sums: dict[int, npt.NDArray[np.int16]] = {}
    occurrences: dict[int, int] = {}
    for start, stop in split_batches(notes):
        batch = tokenizer(notes[start:stop])
        spelled, where, count = np.unique(batch.spelled, return_index=True, return_counts=True)
        for key, n in zip(spelled.tolist(), count.tolist(), strict=True):
            occurrences[key] = occurrences.get(key, 0) + n
        new = where[[key not in sums for key in spelled.tolist()]] if len(spelled) else where
        if len(new):
            sums |= dict(zip(batch.spelled[new].tolist(), scorer.sum_spelling(batch, new), strict=True))
    kept = sorted(key for key, n in occurrences.items() if n >= _MIN_OCCURRENCES)
    rows = np.array([sums[key] for key in kept], np.int16).reshape(-1, tables.rows.shape[1])
    return replace(tables, vocabulary=np.array(kept, np.uint32), vocabulary_rows=rows)
