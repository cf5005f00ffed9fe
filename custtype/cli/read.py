"""``custtype read``: one note, explained."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from custtype.cli.terminal import add_language, add_max_error, bullets, describe_style, hang, painter, wrap
from custtype.playbook import alert_action, alert_name, signal_meaning, type_name
from custtype.reader import read_note
from custtype.schema import Alert, CustomerType, Evidence, Reading

__all__ = ["format_parser", "run"]

_WORDS = {
    "vi": {"sure": "chắc", "second": "thêm", "why": "Vì sao", "now": "Việc cần làm ngay", "serve": "Cách phục vụ",
           "tip": "Gợi ý", "hint": "Dấu vết"},
    "en": {"sure": "sure", "second": "also", "why": "Why", "now": "To do now", "serve": "How to serve",
           "tip": "Tip", "hint": "Traces"},
}  # fmt: skip
_BAR = 20


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("note", help="the note, in quotes; - reads it from standard input")
    add_max_error(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the note and print what it shows."""
    note = sys.stdin.read() if arguments.note == "-" else arguments.note
    reading = read_note(note.strip(), lang=arguments.lang, setting=arguments.setting, max_error=arguments.max_error)
    print(_describe(note.strip(), reading, arguments.lang, painter()))
    return 0


def _describe(note: str, reading: Reading, lang: str, paint: Callable[[str, str], str]) -> str:
    words = _WORDS[lang]
    kind = reading.customer_type
    head = paint(type_name(kind, lang), kind) + f"  ({kind}, {_percent(reading.confidence)} {words['sure']}"
    head += f", {words['second']}: {type_name(reading.secondary, lang)})" if reading.secondary else ")"
    parts = ["", "  " + _highlight(note, reading, paint).replace("\n", "\n  "), "", "  " + paint(head, "bold")]
    for each in CustomerType:
        share = reading.probabilities[each]
        bar = paint("█" * round(share * _BAR), each) + paint("░" * (_BAR - round(share * _BAR)), "dim")
        parts.append(f"    {bar} {_percent(share):>4}  {type_name(each, lang)}")
    if reading.reason is not None:
        parts += ["", wrap(reading.reason.sentence, "  "), wrap(f"{words['tip']}: {reading.reason.tip}", "  ")]
    parts += _evidence(reading, lang, paint)
    if reading.alerts:
        parts += ["", "  " + paint(words["now"], "alert")]
        parts.append(bullets([f"{alert_name(alert, lang)}: {alert_action(alert, lang)}" for alert in reading.alerts], "!"))
    parts += ["", "  " + paint(words["serve"], "bold"), describe_style(reading.style, lang), ""]
    return "\n".join(parts)


def _percent(share: float) -> str:
    """Write a probability in whole per cent; no reading is certain, and none is impossible."""
    return ">99%" if share > 0.99 else "<1%" if share < 0.01 else f"{share:.0%}"


def _evidence(reading: Reading, lang: str, paint: Callable[[str, str], str]) -> list[str]:
    if not reading.evidence:
        return []
    title = _WORDS[lang]["why" if reading.reason is None else "hint"]
    lines = [f"  {paint(title, 'bold')}"]
    for item in reading.evidence:
        speaks_for = alert_name(item.toward, lang) if isinstance(item.toward, Alert) else type_name(item.toward, lang)
        line = f"{item.weight:+5.1f}  “{' '.join(item.text.split())}” → {speaks_for}: {signal_meaning(item.signal, lang)}"
        lines.append(hang(line, "    ", 7))
    return ["", *lines]


def _highlight(note: str, reading: Reading, paint: Callable[[str, str], str]) -> str:
    """Colour the deciding words in the note; where spans overlap, the earlier one is coloured."""
    result, position = "", 0
    for item in sorted(reading.evidence, key=lambda e: (e.start, -e.end)):
        if item.start >= position:
            result += note[position : item.start] + paint(note[item.start : item.end], _style_of(item))
            position = item.end
    return result + note[position:]


def _style_of(item: Evidence) -> str:
    return "alert" if isinstance(item.toward, Alert) else str(item.toward)
