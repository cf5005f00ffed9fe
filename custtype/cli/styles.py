"""``custtype styles``: the playbook."""

from __future__ import annotations

import argparse

from custtype.cli.terminal import add_language, bullets, painter, wrap
from custtype.playbook import service_style, type_name
from custtype.schema import CustomerType

__all__ = ["format_parser", "run"]

_HEADINGS = {
    "vi": {"do": "Nên", "avoid": "Không nên", "say": "Có thể nói (chọn câu hợp lúc)", "ask": "Hỏi tiếp"},
    "en": {"do": "Do", "avoid": "Don't", "say": "You can say (pick what suits the moment)", "ask": "Ask next"},
}


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("type", nargs="?", choices=list(CustomerType), help="one type only")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the style of one type, or of all."""
    paint, heading = painter(), _HEADINGS[arguments.lang]
    for kind in [CustomerType(arguments.type)] if arguments.type else CustomerType:
        style = service_style(kind, arguments.lang, arguments.setting)
        print(f"\n  {paint(type_name(kind, arguments.lang), kind)} ({kind})\n{wrap(style.summary, '    ')}")
        for name, lines, mark in (("do", style.do, "+"), ("avoid", style.avoid, "-"), ("say", style.say, "»")):
            print(f"  {heading[name]}\n{bullets(lines, mark)}")
        print(f"  {heading['ask']}\n{bullets([style.next_question], '?')}")
    print()
    return 0
