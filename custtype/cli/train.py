"""``custtype train``: a model from your own labelled notes."""

from __future__ import annotations

import argparse
from pathlib import Path

from custtype.cli.labelled import add_columns, read_labelled

__all__ = ["format_parser", "run"]


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_columns(parser)
    parser.add_argument("--group", metavar="COLUMN", help="column that keeps notes together (a person, a situation, a writer)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write the model to")


def run(arguments: argparse.Namespace) -> int:
    """Train, save, and say how to use what was saved."""
    from custtype.classifier import CustomerTypeClassifier

    table = read_labelled(arguments.table, arguments.text, arguments.label, arguments.group)
    model = CustomerTypeClassifier().fit(table.notes, table.labels, groups=table.groups, alerts=table.alerts)
    model.save(arguments.output)
    counts = ", ".join(f"{label} {count}" for label, count in model.card_["labels"].items())
    print(f"trained on {len(table.notes):,} notes: {counts}")
    print(f"written to {arguments.output}")
    print(f"use it: custtype score notes.csv --model {arguments.output}")
    return 0
