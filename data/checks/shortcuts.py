"""Could a label be guessed without reading? Classifiers that see only the surface of a note, cross-validated.

On the contrast sets each must stay within five points of chance; all together, and over the whole corpus, whose other kinds keep the
natural mix (where bare reports are shorter than complaints, as they are in real text), the figures are published.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from custtype.datasets import Corpus, LabelledNote
from custtype.lexicon import load_lexicon

CHANCE = 0.25  # macro-F1 of guessing among four labels of equal size
ALLOWED = 0.05
TOGETHER = "all of these"  # published, without a limit
COURTESY = re.compile(
    r"\b(dạ|da|vâng|vang|ạ|cảm ơn|cám ơn|cam on|làm ơn|lam on|xin lỗi|xin loi|chào|chao|nhé|nha|giúp|giup|please|pls|thanks|thank you|thx|"
    r"kindly|sorry|hi|hello|dear|regards)\b"
)
NAME = re.compile(r"(?<=[a-zà-ỹ,] )[A-ZÀ-ỸĐ][a-zà-ỹđ]+")


def _length(note: LabelledNote) -> list[float]:
    return [len(note.text), np.log(len(note.text)), note.text.count("\n"), len(note.text.split())]


def _punctuation(note: LabelledNote) -> list[float]:
    return [note.text.count(mark) for mark in '.,!?:;"()-…/'] + [sum(c.isupper() for c in note.text) / len(note.text)]


def _courtesy(note: LabelledNote) -> list[float]:
    found = COURTESY.findall(note.text.lower())
    return [len(found), float(bool(found))]


def _digits(note: LabelledNote) -> list[float]:
    numbers = re.findall(r"\d+", note.text)
    return [len(numbers), float(bool(numbers)), sum(map(len, numbers))]


def _names(note: LabelledNote) -> list[float]:
    return [len(NAME.findall(note.text))]


def _address() -> Callable[[LabelledNote], list[float]]:
    forms = sorted({*load_lexicon().structure.address, *load_lexicon().structure.address_maybe})
    place = {form: i for i, form in enumerate(forms)}

    def counts(note: LabelledNote) -> list[float]:
        row = [0.0] * len(place)
        for word in re.findall(r"\w+", note.text.lower()):
            if word in place:
                row[place[word]] += 1
        return row

    return counts


def _one_of(name: str, corpus: Corpus) -> Callable[[LabelledNote], list[float]]:
    values = sorted({getattr(note, name) for note in corpus})
    return lambda note: [float(getattr(note, name) == value) for value in values]


def surfaces(corpus: Corpus) -> dict[str, npt.NDArray[np.float64]]:
    """Return what each audit sees of the notes, one row a note."""
    see: dict[str, Callable[[LabelledNote], list[float]]] = {
        "length": _length, "punctuation": _punctuation, "courtesy words": _courtesy, "digits": _digits, "names": _names,
        "forms of address": _address(), **{name: _one_of(name, corpus) for name in ("lang", "voice", "setting", "sector")},
    }  # fmt: skip
    columns = {name: np.array([look(note) for note in corpus], float) for name, look in see.items()}
    return {**columns, TOGETHER: np.hstack(list(columns.values()))}


def guess(x: npt.NDArray[np.float64], labels: list[str], groups: list[str]) -> float:
    """Macro-F1 of the better of a linear and a boosted model, five folds, groups kept whole."""
    linear = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=2000))
    boosted = HistGradientBoostingClassifier(max_iter=60, class_weight="balanced", random_state=0)
    folds = GroupKFold(5, shuffle=True, random_state=0)
    return max(
        float(f1_score(labels, cross_val_predict(model, x, labels, groups=groups, cv=folds), average="macro"))
        for model in (linear, boosted)
    )


def audit(corpus: Corpus) -> dict[str, float]:
    """Return the macro-F1 that each surface reaches."""
    return {name: guess(x, corpus.labels, corpus.situations) for name, x in surfaces(corpus).items()}


def contrast_notes(corpus: Corpus) -> Corpus:
    """Only the contrast sets."""
    return Corpus(tuple(note for note in corpus if note.kind == "contrast"))


def find_problems(found: dict[str, float]) -> list[str]:
    """Name each surface that alone tells more than ``ALLOWED`` above chance; ``found`` is the audit of the contrast sets."""
    return [
        f"shortcut: {name} alone reaches macro-F1 {value:.3f} on the contrast sets, allowed {CHANCE + ALLOWED:.2f}"
        for name, value in found.items()
        if value > CHANCE + ALLOWED and name != TOGETHER
    ]
