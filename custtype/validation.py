"""Checking what is handed in, once, at the door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from custtype.exceptions import InputError, NoteTypeError
from custtype.schema import CustomerType

__all__ = ["check_labels", "check_notes", "check_same_length", "check_share"]


def check_notes(notes: Iterable[str]) -> list[str]:
    """Return the notes as a list of str.

    Parameters
    ----------
    notes : iterable of str
        List, tuple, numpy array, pandas or polars Series, generator.

    Raises
    ------
    NoteTypeError
        For one bare string, for a table, and for anything in it that is not text.

    Examples
    --------
    >>> check_notes(("a", "b"))
    ['a', 'b']
    """
    if isinstance(notes, (str, bytes)):
        raise NoteTypeError(
            f"expected a collection of notes, got one {type(notes).__name__}; for a single note use custtype.read_note(note)"
        )
    shape = getattr(notes, "shape", None)
    if shape is not None and len(shape) != 1:
        raise NoteTypeError(f"expected one column of notes, got a table of shape {tuple(shape)}; pass the column that holds the notes")
    try:
        result = list(notes)
    except TypeError:
        raise NoteTypeError(f"expected an iterable of notes (str), got {type(notes).__name__}") from None
    for position, note in enumerate(result):
        if not isinstance(note, str):
            raise NoteTypeError(
                f"expected every note to be text, got {_describe(note)} at position {position}; "
                "leave the note out, or write '' for an empty one"
            )
    return result


def _describe(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, float) and value != value:
        return "NaN (a missing value)"
    return f"{type(value).__name__} ({str(value)[:40]})"


def check_labels(labels: Iterable[str], n_notes: int, n_different: int = 2) -> list[str]:
    """Return the labels as a list of plain str, one per note, at least `n_different` different ones."""
    if isinstance(labels, (str, bytes)):
        raise InputError("expected one label for each note, got one string")
    result = [label.value if isinstance(label, CustomerType) else label for label in labels]
    if len(result) != n_notes:
        raise InputError(f"expected one label for each note, got {len(result)} labels for {n_notes} notes")
    wrong = sorted({repr(label) for label in result if label not in set(CustomerType)})
    if wrong:
        raise InputError(f"expected labels from {', '.join(CustomerType)}; got {', '.join(wrong[:5])}")
    if len(set(result)) < n_different:
        raise InputError(f"expected at least two different labels to learn from, got {', '.join(sorted(set(result))) or 'none'}")
    return [str(label) for label in result]


def check_same_length(name: str, values: Sequence[Any] | None, n_notes: int) -> None:
    """Refuse an optional companion of the notes that does not have one entry for each."""
    if values is not None and len(values) != n_notes:
        raise InputError(f"expected one entry of {name} for each note, got {len(values)} for {n_notes} notes")


def check_share(name: str, value: float | None) -> None:
    """Refuse an optional share that is not between 0 and 1."""
    if value is not None and not 0 < value < 1:
        raise InputError(f"expected {name} between 0 and 1 (0.1 for one in ten), got {value!r}")
