"""Changes that must not move a reading: what a note may be typed like, and who it may be about."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from custtype.masking import mask_personal_data


def strip_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def move_tones(text: str) -> str:
    """Put tone marks where the other spelling has them: hoà for hòa, thuỷ for thủy, and back."""
    for old, new in zip("òóỏõọ", "oooooo", strict=False):
        for first, marked in (("a", "àáảãạ"), ("e", "èéẻẽẹ")):
            place = "òóỏõọ".index(old)
            text = _swap(text, old + first, new + marked[place])
    for place, old in enumerate("ùúủũụ"):
        text = _swap(text, old + "y", "u" + "ỳýỷỹỵ"[place])
    return text


def _swap(text: str, one: str, other: str) -> str:
    return text.replace(one, "\x00").replace(other, one).replace("\x00", other)


ADDRESS = [("anh", "chị"), ("cô", "chú"), ("ông", "bà"), ("he", "she"), ("his", "her"), ("mr", "ms"), ("sir", "madam")]
NAMES = ["Lan", "Hùng", "Ngọc", "Tuấn", "Hương", "Dũng", "Mai", "Sơn", "Priya", "James", "Maria", "Ahmed"]


def swap_people(text: str) -> str:
    """Swap forms of address, and put another name for each capitalised word that is on the list of names."""
    partner = {a: b for one, other in ADDRESS for a, b in ((one, other), (other, one))}
    choose = random.Random(text)  # noqa: S311 - the same swap every time
    result = []
    for word in text.split(" "):
        bare = word.strip(".,;:!?\"'()")
        if bare.lower() in partner:
            swapped = partner[bare.lower()]
            word = word.replace(bare, swapped.capitalize() if bare[:1].isupper() else swapped)
        elif bare in NAMES:
            word = word.replace(bare, choose.choice(NAMES))
        result.append(word)
    return " ".join(result)


#: Each change by its name.
CHANGES: dict[str, Callable[[str], str]] = {
    "diacritics stripped": strip_diacritics,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "tone marks placed the other way": move_tones,
    "upper case": str.upper,
    "names and forms of address swapped": swap_people,
    "personal data masked": mask_personal_data,
}
