"""Every error that custtype raises on purpose.

::

    CusttypeError
    ├── InputError (ValueError)            what was handed in cannot be used
    │   ├── NoteTypeError (TypeError)      a note is not text
    │   ├── TableError                     a table (CSV) cannot be read or lacks a column
    │   └── LexiconError                   a lexicon or playbook file breaks its format
    ├── ModelFileError (ValueError)        a saved model is missing, damaged or foreign
    └── MissingExtraError (ImportError)    an optional library is not installed

Each message says what was expected, what came, and what to do.
"""

from __future__ import annotations

__all__ = [
    "CusttypeError",
    "InputError",
    "LexiconError",
    "MissingExtraError",
    "ModelFileError",
    "NoteTypeError",
    "TableError",
]


class CusttypeError(Exception):
    """Base of every error that custtype raises on purpose."""


class InputError(CusttypeError, ValueError):
    """What was handed in cannot be used."""


class NoteTypeError(InputError, TypeError):
    """A note, or the collection of notes, is not text."""


class TableError(InputError):
    """A table cannot be read, or lacks a column that was asked for."""


class LexiconError(InputError):
    """A lexicon or playbook file breaks its format."""


class ModelFileError(CusttypeError, ValueError):
    """A saved model is missing, damaged, or was not written by custtype."""


class MissingExtraError(CusttypeError, ImportError):
    """An optional library is not installed.

    Parameters
    ----------
    module : str
        The library that could not be imported.
    extra : str
        The extra of custtype that brings it.
    """

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f"this needs the library '{module}', which is not installed; install it with: pip install 'custtype[{extra}]'")
        self.extra = extra
