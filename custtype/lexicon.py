"""The cue lexicon: words that trainers can read and edit, kept in ``resources/lexicons/*.toml``.

One file per language and family. A signal's phrases stand under the source they come from::

    [asks_when_done]
    toward = "result"
    about = "Asks when it will be done."
    about_vi = "Hỏi bao giờ xong."
    [asks_when_done.phrases]
    codebook = ["bao giờ xong"]

``<language>_structure.toml`` holds the words that steer the reading: negation, forms of address, chat spelling.
This module only reads and checks the files; :mod:`custtype.feature_extraction` finds their phrases in notes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from custtype.exceptions import LexiconError
from custtype.schema import Alert, CustomerType

__all__ = ["FAMILIES", "LANGUAGES", "Lexicon", "Phrase", "Signal", "Structure", "load_lexicon"]

LANGUAGES = ("vi", "en")
FAMILIES = ("result", "detail", "people", "neutral", "alerts")
MAX_PHRASE_WORDS = 6  # longer phrases hardly ever occur twice
_STRUCTURE_LISTS = ("dismissers", "address", "address_unmarked", "address_maybe", "names", "who", "beside_who", "clause_openers")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the lexicon: how a signal is put into words, in which language, and who says so."""

    text: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A named behaviour or wording, and the phrases that show it.

    Attributes
    ----------
    name : str
        As in ``get_feature_names_out()``.
    toward : CustomerType or Alert
        What the signal speaks for; ``unclear`` marks a distractor.
    about, about_vi : str
        One sentence for people, English and Vietnamese.
    phrases : tuple of Phrase
    """

    name: str
    toward: CustomerType | Alert
    about: str
    about_vi: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """Words that steer how a note is read; each list holds both languages.

    Attributes
    ----------
    dismissers : tuple of str
        Phrases that turn the cue after them ("không cần", "no need to").
    address : tuple of str
        Forms of address and pronouns, which never decide and are left out of what the model sees.
    address_unmarked : tuple of str
        Those that are left out even when typed without diacritics, where they cannot be another word.
    address_maybe : tuple of str
        Words that may be forms of address: not left out themselves, but a name after them is.
    names : tuple of str
        Given names, left out after a form of address.
    who, beside_who : tuple of str
        Words and pairs of words that say who somebody is (gender, age, region, occupation), and words that may stand
        beside them; a note's opening that holds nothing else is left out.
    clause_openers : tuple of str
        Words that begin a new clause where no punctuation does ("nhưng", "but").
    chat : dict
        Chat spelling to standard spelling.
    """

    dismissers: tuple[str, ...]
    address: tuple[str, ...]
    address_unmarked: tuple[str, ...]
    address_maybe: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    beside_who: tuple[str, ...] = ()
    clause_openers: tuple[str, ...] = ()
    chat: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All signals, in a fixed order, and the structure words."""

    signals: tuple[Signal, ...]
    structure: Structure

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the signals, in order."""
        return tuple(signal.name for signal in self.signals)

    def __getitem__(self, name: str) -> Signal:
        for signal in self.signals:
            if signal.name == name:
                return signal
        raise LexiconError(f"expected the name of a signal, got {name!r}; the signals are {', '.join(self.names)}")


def load_lexicon(folder: str | Path | None = None) -> Lexicon:
    """Read a folder of lexicon files.

    Parameters
    ----------
    folder : path, optional
        The folder; without it, the lexicon that comes with custtype.

    Returns
    -------
    Lexicon

    Raises
    ------
    LexiconError
        If a file is missing or breaks the format; the message names file, signal and what was expected.

    Examples
    --------
    >>> lexicon = load_lexicon()
    >>> lexicon["asks_when_done"].toward
    <CustomerType.RESULT: 'result'>
    """
    root = Path(str(resources.files("custtype") / "resources" / "lexicons")) if folder is None else Path(folder)
    merged: dict[str, Signal] = {}
    for family in FAMILIES:
        for language in LANGUAGES:
            for signal in _read_family(root / f"{language}_{family}.toml", language):
                _merge(merged, signal)
    _refuse_duplicates(merged)
    return Lexicon(tuple(merged.values()), _read_structure(root))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"expected a lexicon file {path.name} in {path.parent}, found none") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name} is not valid TOML in UTF-8: {error}") from None


def _read_family(path: Path, language: str) -> Iterator[Signal]:
    for name, table in _read_toml(path).items():
        where = f"{path.name}, signal [{name}]"
        if not isinstance(table, dict) or not isinstance(table.get("phrases"), dict):
            raise LexiconError(f"{where}: expected a table with toward, about, about_vi and [.phrases]")
        phrases = tuple(Phrase(text, language, source) for source, texts in table["phrases"].items() for text in texts)
        for phrase in phrases:
            if not isinstance(phrase.text, str) or not 1 <= len(phrase.text.split()) <= MAX_PHRASE_WORDS:
                raise LexiconError(f"{where}: expected phrases of 1 to {MAX_PHRASE_WORDS} words, got {phrase.text!r}")
        toward = table.get("toward")
        try:
            target = Alert(name) if toward == "alert" else CustomerType(str(toward))
        except ValueError:
            expected = ", ".join([*CustomerType, "alert"])
            raise LexiconError(f"{where}: expected toward = one of {expected}; got {toward!r}") from None
        yield Signal(name, target, str(table.get("about", "")), str(table.get("about_vi", "")), phrases)


def _merge(merged: dict[str, Signal], signal: Signal) -> None:
    known = merged.get(signal.name)
    if known is None:
        merged[signal.name] = signal
        return
    if known.toward != signal.toward:
        raise LexiconError(f"signal [{signal.name}] is toward {known.toward} in one language and {signal.toward} in another")
    merged[signal.name] = Signal(
        known.name, known.toward, known.about or signal.about, known.about_vi or signal.about_vi, known.phrases + signal.phrases
    )


def _refuse_duplicates(merged: Mapping[str, Signal]) -> None:
    owner: dict[tuple[str, str], str] = {}
    for signal in merged.values():
        for phrase in signal.phrases:
            key = (phrase.language, phrase.text)
            if key in owner:
                raise LexiconError(f"phrase {phrase.text!r} ({phrase.language}) stands in [{owner[key]}] and in [{signal.name}]")
            owner[key] = signal.name


def _read_structure(root: Path) -> Structure:
    lists: dict[str, list[str]] = {name: [] for name in _STRUCTURE_LISTS}
    chat: dict[str, str] = {}
    for language in LANGUAGES:
        path = root / f"{language}_structure.toml"
        table = _read_toml(path)
        for name, words in lists.items():
            entries = table.get(name)
            if not isinstance(entries, list):
                raise LexiconError(f"{path.name}: expected a list {name} = [...]")
            words.extend(entries)
        chat.update(table.get("chat", {}))
    return Structure(**{name: tuple(dict.fromkeys(words)) for name, words in lists.items()}, chat=chat)
