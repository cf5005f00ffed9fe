"""Colour and layout for a terminal; plain text everywhere else."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import IO

from custtype.schema import ServiceStyle

__all__ = ["add_language", "add_max_error", "bullets", "describe_style", "hang", "painter", "wrap"]

_CODES = {"bold": "1", "dim": "2", "result": "38;5;208", "detail": "38;5;39", "people": "38;5;170", "unclear": "38;5;245", "alert": "1;31"}
_WIDTH = 100
_STYLE_HEADINGS = {
    "vi": ("Nên", "Không nên", "Có thể nói (chọn câu hợp lúc)", "Hỏi tiếp"),
    "en": ("Do", "Don't", "You can say (pick what suits the moment)", "Ask next"),
}


def painter(stream: IO[str] | None = None) -> Callable[[str, str], str]:
    """Return a function ``paint(text, style)`` that colours only on a terminal, and never when NO_COLOR is set."""
    stream = stream or sys.stdout
    coloured = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def paint(text: str, style: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if coloured and text else text

    return paint


def wrap(text: str, indent: str = "") -> str:
    """Fill text to the width of a terminal."""
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def hang(text: str, indent: str, by: int) -> str:
    """Fill text to the width of a terminal; its second and further lines stand `by` columns further in."""
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + " " * by)


def bullets(lines: Iterable[str], mark: str = "-") -> str:
    """Write lines as a list, each with a hanging indent."""
    return "\n".join(hang(f"{mark} {line}", "    ", 2) for line in lines)


def describe_style(style: ServiceStyle, lang: str) -> str:
    """Write a service style: summary, do, avoid, say, and the question to ask next."""
    do, avoid, say, ask = _STYLE_HEADINGS[lang]
    parts = [wrap(style.summary, "    ")]
    for heading, lines, mark in ((do, style.do, "+"), (avoid, style.avoid, "-"), (say, style.say, "»"), (ask, [style.next_question], "?")):
        parts += [f"  {heading}", bullets(lines, mark)]
    return "\n".join(parts)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that gives advice."""
    parser.add_argument("--lang", choices=("vi", "en"), default="vi", help="language of advice and reasons (default: vi)")
    parser.add_argument(
        "--setting",
        choices=("buying", "internal"),
        default="buying",
        help="whom you serve: a buying customer or a colleague (default: buying)",
    )


def add_max_error(parser: argparse.ArgumentParser) -> None:
    """Add the option that caps wrong answers."""
    parser.add_argument(
        "--max-error",
        type=float,
        metavar="SHARE",
        help="name a type only where at most this share of such names is wrong (0.1: one in ten); else unclear (default: the likeliest)",
    )
