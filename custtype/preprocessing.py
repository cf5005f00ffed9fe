"""Text as the model reads it: lower-case letters without diacritics, one byte a character.

Folding maps every Unicode character to one small code and never looks at its neighbours, so it runs over a whole batch
of notes at once and keeps, for each code, the place in the text it came from. Ð and Đ, composed and decomposed
accents, full-width forms and typographic quotes all fold to the same codes. The diacritics are not thrown away: each
character's *marks* are summed per word, so that "có" and "cô" can still be told apart where a lexicon asks for it. A
sum does not mind whether the tone stands on the first or the second vowel (hòa, hoà) or is a character of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = ["DELETED", "DIGIT", "EMOJI", "FOREIGN", "NEWLINE", "SPACE", "Folded", "fold", "is_word_code"]

DELETED = 0  # combining marks, zero-width characters, apostrophes: not there for the reader
NEWLINE = 10
SPACE = 32
DIGIT = 48  # every digit, and the blocks that mask personal data
FOREIGN = 128  # a letter of a script that is neither Vietnamese nor English
EMOJI = 129  # pictures and other symbols
_N_LETTERS = np.uint8(26)

_TABLE_SIZE = 0x20000  # the basic and the supplementary multilingual plane; anything above is foreign
_MASK_BLOCK = 0x2588  # what custtype.masking writes over personal data
_APOSTROPHES = "'\u2018\u2019\u02bc\u00b4`"
_SAME_AS_ASCII = {
    "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-",
    "\u2212": "-", "\u2022": "-", "\u2026": ".", "\u3002": ".", "\u3001": ",", "\u00bf": "?", "\u00a1": "!",
}  # fmt: skip
_BASE_LETTERS = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "a", "œ": "o", "ß": "s", "ı": "i", "þ": "t", "ħ": "h"}
_FOREIGN_RANGES = [(0x0250, 0x0300), (0x0370, 0x1E00), (0x1F00, 0x2000), (0x2C00, 0x2E00), (0x3040, 0xA960),
                   (0xA960, 0xE000), (0xF900, 0xFE00), (0xFE70, 0xFEFF), (0xFF66, 0xFFE0), (0x10000, 0x1D000),
                   (0x1E800, 0x1F000)]  # fmt: skip
_DELETED_RANGES = [(0x0300, 0x0370), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070), (0xFE00, 0xFE10), (0xFE20, 0xFE30)]
# A random but fixed number for every combining mark: sums of these stand for the diacritics of a word.
_MARK_MULTIPLIER = 0x9E3779B1
_STROKE = 0x0335  # the stroke of đ has no canonical decomposition; it gets the combining stroke's number


def _mark_number(code_point: int) -> int:
    return (code_point * _MARK_MULTIPLIER) & 0xFFFFFFFF


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Build code and mark of every character (about 6,000 of them one by one, the rest by range)."""
    code = np.full(_TABLE_SIZE, EMOJI, np.uint8)
    marks = np.zeros(_TABLE_SIZE, np.uint32)
    for start, stop in _FOREIGN_RANGES:
        code[start:stop] = FOREIGN
    looked_at = [*range(0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070), *range(0x3000, 0x3040), *range(0xFF01, 0xFF66)]
    for cp in [*looked_at, *range(0x1D400, 0x1D800)]:
        code[cp], marks[cp] = _fold_character(chr(cp))
    for start, stop in _DELETED_RANGES:
        code[start:stop] = DELETED
    for cp in range(0x0300, 0x0370):
        marks[cp] = _mark_number(cp)
    code[[ord(c) for c in _APOSTROPHES] + [0xAD, 0xFEFF]] = DELETED
    code[_MASK_BLOCK] = DIGIT
    code[-1] = FOREIGN
    return code, marks


def _fold_character(character: str) -> tuple[int, int]:
    lowered = unicodedata.normalize("NFKD", character.lower()) or character
    marks = sum(_mark_number(ord(c)) for c in lowered if unicodedata.combining(c)) & 0xFFFFFFFF
    base = lowered[0]
    if base in _BASE_LETTERS:
        marks = (marks + _mark_number(_STROKE)) & 0xFFFFFFFF
        base = _BASE_LETTERS[base]
    base = _SAME_AS_ASCII.get(base, base)
    if base == "\n" or character in "\x0b\x0c\x85\u2028\u2029":
        return NEWLINE, 0
    if base.isspace() or ord(base) < SPACE or 0x7F <= ord(base) < 0xA0:
        return SPACE, 0
    if base.isdigit():
        return DIGIT, 0
    if ord(base) < 0x7F:
        return ord(base), marks
    return (FOREIGN if base.isalpha() else EMOJI), 0


def is_word_code(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Tell which codes belong to words (letters, digits, letters of other scripts)."""
    result: npt.NDArray[np.bool_] = (codes - np.uint8(ord("a"))) < _N_LETTERS
    result |= codes == DIGIT
    result |= codes == FOREIGN
    return result


@dataclass(frozen=True, slots=True)
class Folded:
    """A batch of notes, folded, with a newline after each.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n_codes,)
        One code for each character that is there for the reader.
    raw : ndarray of int64, shape (n_codes + 1,)
        Where each code stands in the joined notes; the last entry is their end.
    marks : ndarray of uint32, shape (n_raw,)
        A number for the diacritics of each character of the joined notes.
    note_end : ndarray of int64, shape (n_notes,)
        Index into `codes` of the newline that ends each note.
    raw_start : ndarray of int64, shape (n_notes,)
        Where each note begins in the joined notes.
    """

    codes: npt.NDArray[np.uint8]
    raw: npt.NDArray[np.int64]
    marks: npt.NDArray[np.uint32]
    note_end: npt.NDArray[np.int64]
    raw_start: npt.NDArray[np.int64]


def fold(notes: Sequence[str]) -> Folded:
    r"""Fold a batch of notes.

    Parameters
    ----------
    notes : sequence of str
        Any text; nothing is refused.

    Returns
    -------
    Folded

    Examples
    --------
    >>> def folded(text):
    ...     return bytes(fold([text]).codes).decode("ascii").rstrip("\n")
    >>> folded("Đã CHỐT, hoà/hòa?")
    'da chot, hoa/hoa?'
    >>> import unicodedata
    >>> folded(unicodedata.normalize("NFD", "Đã CHỐT")) == folded("\u00d0ã chốt")
    True
    """
    code_of, marks_of = _tables()
    joined = "\n".join(notes) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    raw_end = np.cumsum(np.fromiter((len(note) + 1 for note in notes), np.int64, len(notes))) - 1
    raw_start = np.zeros(len(notes), np.int64)
    raw_start[1:] = raw_end[:-1] + 1
    codes, marks = code_of.take(points, mode="clip"), marks_of.take(points, mode="clip")
    if codes.all():
        return Folded(codes, np.arange(len(codes) + 1), marks, raw_end, raw_start)
    kept = np.flatnonzero(codes != DELETED)  # of truth values: twice as fast as of codes
    note_end = np.searchsorted(kept, raw_end)
    return Folded(codes.take(kept), np.append(kept, len(points)), marks, note_end, raw_start)
