"""``custtype score``: a CSV of notes, row by row."""

from __future__ import annotations

import argparse
from pathlib import Path

from custtype.batch import score_csv
from custtype.cli.terminal import add_language, add_max_error
from custtype.schema import ScoreSummary

__all__ = ["format_parser", "run"]


def format_parser(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("table", type=Path, help="the CSV file; delimiter and encoding are recognised")
    parser.add_argument("-o", "--output", type=Path, help="where to write the scored table (default: TABLE.scored.csv beside it)")
    parser.add_argument("--text", default="note", metavar="COLUMN", help="column that holds the notes (default: note)")
    parser.add_argument("--person", metavar="COLUMN", help="column that says whom a note is about; also writes one row for each person")
    parser.add_argument("--people", type=Path, metavar="FILE", help="where to write the people table (default: OUTPUT.people.csv)")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where to write broken rows (default: OUTPUT.rejects.csv, if there are any)"
    )
    parser.add_argument("--prefix", default="", help="put before the names of the appended columns")
    parser.add_argument("--mask", action="store_true", help="cover phone numbers, e-mail addresses and the like in what is written")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="a model of your own (default: the one that comes with custtype)")
    add_max_error(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Score the table, with a progress bar on a terminal; 1 if rows were rejected."""
    from tqdm import tqdm

    table: Path = arguments.table
    output = arguments.output or table.with_name(f"{table.stem}.scored.csv")
    size = table.stat().st_size if table.is_file() else None
    with tqdm(total=size, unit="B", unit_scale=True, desc=table.name, disable=None, leave=False) as bar:
        summary = score_csv(
            table, output, text=arguments.text, person=arguments.person, people=arguments.people, rejects=arguments.rejects,
            lang=arguments.lang, setting=arguments.setting, prefix=arguments.prefix, mask=arguments.mask,
            resume=arguments.resume, model=arguments.model, max_error=arguments.max_error, on_progress=bar.update,
        )  # fmt: skip
    print(_describe(summary))
    return 1 if summary.rows_rejected else 0


def _describe(summary: ScoreSummary) -> str:
    counts = ", ".join(f"{kind} {count:,}" for kind, count in summary.counts.items())
    alerts = ", ".join(f"{alert} {count:,}" for alert, count in summary.alert_counts.items() if count)
    lines = [
        f"rows read {summary.rows_read:,} = scored {summary.rows_scored:,} + rejected {summary.rows_rejected:,}",
        f"types     {counts}",
        f"alerts    {alerts or 'none'}",
        f"written   {summary.output}",
    ]
    if summary.people_output:
        lines.append(f"people    {summary.people_output} ({summary.people:,} persons)")
    if summary.rejects:
        lines.append(f"rejects   {summary.rejects}")
    return "\n".join(lines)
