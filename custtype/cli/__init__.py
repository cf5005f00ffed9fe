"""The command line: one file per command, each with its parser and its main."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from custtype import __version__
from custtype.exceptions import CusttypeError

__all__ = ["main"]

#: Commands and the one line that ``custtype --help`` says of each. A command's module is imported when it is called.
COMMANDS = {
    "read": "read one note: type, how sure, which words decided, how to serve",
    "score": "score a CSV of notes, row by row",
    "train": "train a model on your own labelled notes",
    "evaluate": "measure a model on labelled notes",
    "styles": "print the playbook: how to serve each type",
}
_NOTHING_DONE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; by default those of the process.

    Returns
    -------
    int
        0 when all went well, 1 when some rows were rejected, 2 when nothing could be done.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="custtype",
        description="Reads interaction notes in Vietnamese and English and says how to serve the person: "
        "result-, detail- or people-oriented, or unclear.",
        epilog="custtype COMMAND --help explains a command. Nothing leaves this computer.",
    )
    parser.add_argument("--version", action="version", version=f"custtype {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=f"{line[0].upper()}{line[1:]}.")
        if name == chosen:
            module = import_module(f"custtype.cli.{name}")
            module.format_parser(command)
            command.set_defaults(run=module.run)
    parsed = parser.parse_args(words)
    try:
        return int(parsed.run(parsed))
    except CusttypeError as error:
        print(f"custtype {parsed.command}: {error}", file=sys.stderr)
        return _NOTHING_DONE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print(f"custtype {parsed.command}: stopped; nothing half-written was left under its name", file=sys.stderr)
        return _NOTHING_DONE
