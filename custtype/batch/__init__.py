"""Tables in, tables out: a CSV of notes is scored row by row, and every row is accounted for."""

from custtype.batch.job import score_csv

__all__ = ["score_csv"]
