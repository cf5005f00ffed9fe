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
    from custtype.persistence import load_tables
    from custtype.reader import bundled_scorer
    from custtype.scoring import Scorer

    table = read_labelled(arguments.table, arguments.text, arguments.label, None)
    scorer = bundled_scorer() if arguments.model is None else Scorer(load_tables(arguments.model)[0])
    raised = np.concatenate([scores.alerts for scores in scorer.batches(table.notes)])
    print(evaluate_predictions(table.labels, scorer.predict_proba(table.notes), table.alerts, raised))
    return 0
