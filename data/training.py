"""Fitting custtype on the corpus: the one way that every script here goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checks.splits import writer_of

from custtype.classifier import CustomerTypeClassifier
from custtype.datasets import Corpus, load_phrases
from custtype.schema import CustomerType

PHRASES = Path(__file__).parent / "phrases"


def examples() -> list[tuple[str, str]]:
    """Return the phrase bank's clauses and what each shows; an alert's clause shows no type."""
    kinds = set(CustomerType)
    return [(clause.text, clause.toward if clause.toward in kinds else "unclear") for clause in load_phrases(PHRASES)]


def fit_classifier(
    corpus: Corpus,
    rows: Sequence[int],
    *,
    alerts: bool = False,
    rationales: bool = True,
    phrases: bool = True,
    **parameters: Any,
) -> CustomerTypeClassifier:
    """Fit on some rows of the corpus, with the deciding words that readers marked and with the phrase bank."""
    notes = [corpus.notes[i] for i in rows]
    return CustomerTypeClassifier(**parameters).fit(
        [note.text for note in notes],
        [str(note.label) for note in notes],
        groups=[writer_of(note) for note in notes],
        alerts=[note.alerts for note in notes] if alerts else None,
        rationales=[note.why for note in notes] if rationales else None,
        examples=examples() if phrases else (),
    )
