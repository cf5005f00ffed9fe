"""The playbook: how to serve, what alerts ask for, and why a note stays unclear, in Vietnamese and English.

All sentences live in ``resources/playbook.toml``, where a trainer can edit them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

from custtype.exceptions import InputError
from custtype.lexicon import Signal, load_lexicon
from custtype.schema import Alert, CustomerType, Reason, ReasonCode, ServiceStyle, Setting

__all__ = ["Language", "alert_action", "alert_name", "check_language", "explain_reason", "service_style", "signal_meaning", "type_name"]

Language = Literal["vi", "en"]


@cache
def _book() -> dict[str, Any]:
    path = resources.files("custtype") / "resources" / "playbook.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _signals() -> dict[str, Signal]:
    return {signal.name: signal for signal in load_lexicon().signals}


def check_language(lang: str) -> Language:
    """Return `lang`, or refuse a language that the playbook is not written in."""
    if lang == "vi":
        return "vi"
    if lang == "en":
        return "en"
    raise InputError(f"expected lang to be 'vi' or 'en', got {lang!r}")


@cache
def service_style(customer_type: CustomerType, lang: str = "vi", setting: Setting | str = Setting.BUYING) -> ServiceStyle:
    """Return how to serve a person in the style that a contact shows.

    Parameters
    ----------
    customer_type : CustomerType
    lang : {"vi", "en"}
    setting : {"buying", "internal"}
        A customer who buys, or a colleague.

    Examples
    --------
    >>> service_style(CustomerType.RESULT, lang="en").next_question
    'What is the latest date you need this in your hands?'
    """
    entry = _book()[customer_type][Setting(setting)][check_language(lang)]
    return ServiceStyle(entry["summary"], tuple(entry["do"]), tuple(entry["avoid"]), tuple(entry["say"]), entry["next_question"])


def type_name(customer_type: CustomerType, lang: str = "vi") -> str:
    """Return the type's name as a trainer says it ("Định hướng kết quả")."""
    return str(_book()["names"][check_language(lang)][customer_type])


def alert_name(alert: Alert, lang: str = "vi") -> str:
    """Return the alert's short label."""
    return str(_book()["alerts"][alert][check_language(lang)]["name"])


def alert_action(alert: Alert, lang: str = "vi") -> str:
    """Return what must be done now."""
    return str(_book()["alerts"][alert][check_language(lang)]["action"])


@cache
def signal_meaning(name: str, lang: str = "vi") -> str:
    """Return what a signal stands for, in a few words without a full stop; a name that is not known comes back as it is.

    Those of the lexicon are described in its files, where their phrases stand; ``alert:no_reply`` is the lexicon's ``no_reply``.

    Examples
    --------
    >>> signal_meaning("asks_when_done", lang="en")
    'asks when it will be done, delivered or back in order'
    """
    written = _book()["signals"].get(name)
    if written is not None:
        return str(written[check_language(lang)])
    signal = _signals().get(name.removeprefix("alert:"))
    if signal is None:
        return name
    sentence = signal.about_vi if check_language(lang) == "vi" else signal.about
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


@cache
def explain_reason(code: ReasonCode, lang: str = "vi") -> Reason:
    """Return why no type is named, as a sentence, with a tip."""
    entry = _book()["reasons"][code][check_language(lang)]
    return Reason(code, entry["sentence"], entry["tip"])
