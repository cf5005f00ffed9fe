"""Covering personal data, letter by letter, before anything is stored or shown.

Each covered character becomes one block, so offsets into the note stay valid; and since blocks fold to the same code as
digits do, covering never changes what the model sees of a note (a test holds this).

Covering is not anonymisation: under Vietnam's Law on Personal Data Protection (91/2025/QH15) a masked note is still
personal data as long as somebody can be recognised from the rest.
"""

from __future__ import annotations

import re

__all__ = ["MASK", "mask_personal_data"]

MASK = "\u2588"
_DIGITS_OF_A_NUMBER = 8  # phone, account, card and identity numbers have at least as many
_PATTERNS = (
    re.compile(r"\S*@\S+"),  # e-mail addresses and handles
    re.compile(r"\S*://\S+"),  # links carry names and tokens
    re.compile(r"(?<!\w)\d{2}[-\s]?[A-Za-z]\w?[-\s]?\d{3}[.\s]?\d{2}(?!\w)"),  # number plates: 29A-123.45
    re.compile(rf"(?<!\w)\+?\d(?:[\s.\-()]?\d){{{_DIGITS_OF_A_NUMBER - 1},}}(?!\w)"),
)


def mask_personal_data(note: str) -> str:
    """Cover e-mail addresses, links, phone, account, card and identity numbers, and number plates.

    Parameters
    ----------
    note : str

    Returns
    -------
    str
        Of the same length.

    Examples
    --------
    >>> mask_personal_data("gọi 0912 345 678 hoặc lan@vidu.vn, đơn 5521")
    'gọi ████████████ hoặc ████████████ đơn 5521'
    """
    for pattern in _PATTERNS:
        note = pattern.sub(lambda found: MASK * len(found.group()), note)
    return note
