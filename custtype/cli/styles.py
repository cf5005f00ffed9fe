"""``custtype styles``: the playbook."""

from __future__ import annotations

import argparse

from custtype.cli.terminal import add_language, describe_style, painter
from custtype.playbook import service_style, type_name
from custtype.schema import CustomerType

__all__ = ["format_parser", "run"]


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("type", nargs="?", choices=list(CustomerType), help="one type only")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the style of one type, or of all."""
    paint = painter()
    for kind in [CustomerType(arguments.type)] if arguments.type else CustomerType:
        style = service_style(kind, arguments.lang, arguments.setting)
        print(f"\n  {paint(type_name(kind, arguments.lang), kind)} ({kind})\n{describe_style(style, arguments.lang)}")
    print()
    return 0
