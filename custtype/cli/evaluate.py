"""``custtype evaluate``: how good a model is on labelled notes."""

from __future__ import annotations

import argparse
from pathlib import Path

from custtype.cli.labelled import add_columns, read_labelled

__all__ = ["format_parser", "run"]


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_columns(parser)
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="a model of your own (default: the one that comes with custtype)")


def run(arguments: argparse.Namespace) -> int:
    """Print one figure per line, and what was mistaken for what."""
    import numpy as np

    from custtype.evaluation import evaluate_predictions
    from custtype.reader import load_scorer

    table = read_labelled(arguments.table, arguments.text, arguments.label, None)
    parts = [(scores.probabilities, scores.alerts) for scores in load_scorer(arguments.model).batches(table.notes)]
    probabilities, raised = (np.concatenate(column) for column in zip(*parts, strict=True))
    print(evaluate_predictions(table.labels, probabilities, table.alerts, raised))
    return 0
