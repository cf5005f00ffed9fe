"""The labelled corpus and the phrase bank, typed. They live in ``data/`` of the repository, not in the installed package."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from custtype.exceptions import InputError
from custtype.schema import Alert, CustomerType

__all__ = ["Clause", "Corpus", "LabelledNote", "PhraseBank", "load_corpus", "load_phrases"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """One note of the corpus.

    Attributes
    ----------
    note_id, text : str
    label : CustomerType
    secondary : CustomerType or None
    alerts : tuple of Alert
    situation : str
        Notes of one situation (a contrast set, a person, an employee's day) share it; splits never cut it.
    kind : str
        How it was written: contrast, register, day, people, hard or plain.
    writer : str
    sector : str
        One of about forty groups of trades.
    trade : str or None
        The trade or office as the note's writer named it.
    lang : str
        ``vi``, ``vi_nodia`` (typed without diacritics), ``en`` or ``mix``.
    voice : str
        ``staff``, ``customer`` or ``dialog``.
    setting : str
        ``buying`` or ``internal``.
    register : str or None
    person_id, person_type, date : str or None
        For notes of people met several times.
    hard : str or None
        For contrast sets: the hard case whose misleading surface all its notes carry.
    readings : tuple of str
        The labels of two or three independent readers.
    why : tuple of str
        For a note that shows a type: the words that decided, copied from it by one reader. Empty where none were marked.
    tempting : str or None
        Words that would tempt a hasty reader to another type.
    """

    note_id: str
    text: str
    label: CustomerType
    secondary: CustomerType | None
    alerts: tuple[Alert, ...]
    situation: str
    kind: str
    writer: str
    sector: str
    lang: str
    voice: str
    setting: str
    register: str | None
    person_id: str | None
    person_type: str | None
    date: str | None
    trade: str | None
    hard: str | None
    readings: tuple[str, ...]
    why: tuple[str, ...] = ()
    tempting: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled notes, with the columns that fitting takes."""

    notes: tuple[LabelledNote, ...]

    def __len__(self) -> int:
        return len(self.notes)

    def __iter__(self) -> Iterator[LabelledNote]:
        return iter(self.notes)

    @property
    def texts(self) -> list[str]:
        """The notes' texts."""
        return [note.text for note in self.notes]

    @property
    def labels(self) -> list[str]:
        """The notes' labels."""
        return [str(note.label) for note in self.notes]

    @property
    def situations(self) -> list[str]:
        """The group of each note, for splits."""
        return [note.situation for note in self.notes]

    @property
    def alerts(self) -> list[tuple[Alert, ...]]:
        """The alerts of each note."""
        return [note.alerts for note in self.notes]


@dataclass(frozen=True, slots=True)
class Clause:
    """One entry of the phrase bank: a clause that shows one signal by itself.

    Attributes
    ----------
    text : str
    signal : str
    toward : str
        A customer type, or ``alert``; ``unclear`` marks a distractor.
    lang : str
        ``vi`` or ``en``.
    """

    text: str
    signal: str
    toward: str
    lang: str


PhraseBank = tuple[Clause, ...]


def load_corpus(folder: str | Path) -> Corpus:
    """Read every ``*.jsonl`` file of a folder, in the order of their names.

    Raises
    ------
    InputError
        If there is none, or a line does not hold a note; the message names file and line.
    """
    return Corpus(tuple(_read(folder, _note)))


def load_phrases(folder: str | Path) -> PhraseBank:
    """Read every ``*.jsonl`` file of the phrase bank, in the order of their names.

    Raises
    ------
    InputError
        If there is none, or a line does not hold a clause; the message names file and line.
    """
    return tuple(_read(folder, lambda row: Clause(**{name: row[name] for name in ("text", "signal", "toward", "lang")})))


def _read(folder: str | Path, make: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    paths = sorted(Path(folder).glob("*.jsonl"))
    if not paths:
        raise InputError(f"expected *.jsonl files in {folder}, found none")
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield make(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"{path.name}, line {number}: expected a labelled text, got {error!r}") from None


def _note(row: dict[str, Any]) -> LabelledNote:
    optional: dict[str, Any] = {
        name: row.get(name) for name in ("register", "person_id", "person_type", "date", "trade", "hard", "tempting")
    }
    return LabelledNote(
        label=CustomerType(row["label"]),
        secondary=CustomerType(row["secondary"]) if row.get("secondary") else None,
        alerts=tuple(Alert(alert) for alert in row["alerts"]),
        readings=tuple(row["readings"]),
        why=tuple(row.get("why") or ()),
        **{name: row[name] for name in ("note_id", "text", "situation", "kind", "writer", "sector", "lang", "voice", "setting")},
        **optional,
    )
