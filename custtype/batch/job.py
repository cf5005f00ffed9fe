"""score_csv: one pass over a table, every row accounted for, nothing half-written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from custtype.batch.files import Output, Progress, forget_progress, load_progress, save_progress
from custtype.batch.people_table import write_people
from custtype.batch.records import Dialect, Record, detect_dialect, read_records
from custtype.batch.rows import COLUMNS, RowFormatter
from custtype.exceptions import InputError, TableError
from custtype.masking import mask_personal_data
from custtype.playbook import check_language
from custtype.reader import load_scorer
from custtype.schema import Alert, CustomerType, ScoreSummary, Setting
from custtype.spreadsheet import quote_cell

__all__ = ["score_csv"]

_BATCH_ROWS = 2048
_SAVE_EVERY = 25  # batches between two records of progress


@dataclass(frozen=True, slots=True)
class _Job:
    """What to do, checked."""

    source: Path
    dialect: Dialect
    header: Record
    text: int
    person: int | None
    prefix: str
    mask: bool
    lang: str
    setting: Setting
    model: str
    max_error: float | None


def score_csv(
    source: str | Path,
    output: str | Path,
    *,
    text: str = "note",
    person: str | None = None,
    people: str | Path | None = None,
    rejects: str | Path | None = None,
    lang: str = "vi",
    setting: Setting | str = Setting.BUYING,
    prefix: str = "",
    mask: bool = False,
    resume: bool = False,
    model: str | Path | None = None,
    max_error: float | None = None,
    on_progress: Callable[[int], object] | None = None,
) -> ScoreSummary:
    """Score the notes of a CSV file, row by row.

    Every column of the input stays as it is; the columns that scoring appends follow. Rows that break the format go to
    the rejects file, whole, with line number and reason: rows read = rows scored + rows rejected. The files appear under
    their names only when complete.

    Parameters
    ----------
    source, output : path
        The delimiter (comma, semicolon, tab or bar), the encoding (UTF-8 with or without mark, UTF-16, Windows-1258) and
        quoted line breaks are recognised. The output is written the same way; UTF-16 and Windows-1258 become UTF-8.
    text : str
        Name of the column that holds the notes.
    person : str, optional
        Name of the column that says whom a note is about.
    people : path, optional
        Where to write one row for each person; needs `person`. Without it, ``<output>.people.csv`` if `person` is given.
    rejects : path, optional
        Where to write rejected rows; without it, ``<output>.rejects.csv``, only if there are any.
    lang : {"vi", "en"}
        Language of reasons and service styles.
    setting : {"buying", "internal"}
        Whom the service styles are for.
    prefix : str
        Put before the names of the appended columns.
    mask : bool
        Cover personal data in the note column and the evidence.
    resume : bool
        Go on where an interrupted run of the same job stopped.
    model : path, optional
        A saved model; without it, the bundled one.
    max_error : float, optional
        Ceiling on the share of wrong answers among named types, between 0 and 1 (0.1: at most one in ten); what cannot be
        named that surely is ``unclear``. See :class:`~custtype.classifier.CustomerTypeClassifier`.
    on_progress : callable, optional
        Called with the number of bytes done since the last call.

    Returns
    -------
    ScoreSummary

    Raises
    ------
    TableError
        If the file cannot be read, lacks a column, or already has one of the appended columns.
    ModelFileError
        If `model` cannot be loaded.
    """
    began = time.perf_counter()
    job = _check(Path(source), Path(output), text, person, prefix, mask, check_language(lang), Setting(setting), model, max_error)
    if people is not None and person is None:
        raise InputError("expected the name of the person column (person=..., --person), got none although a people table was asked for")
    scorer = load_scorer(model, max_error)
    scored = Output(Path(output), job.dialect)
    rejected = Output(Path(rejects) if rejects is not None else _beside(Path(output), "rejects"), job.dialect)
    formatter = RowFormatter(scorer, job.dialect.delimiter, job.lang, job.setting, mask)
    progress = _run(job, scored, rejected, formatter, resume, on_progress or (lambda _: None))
    written_people, n_people = None, 0
    if job.person is not None:
        written_people = Path(people) if people is not None else _beside(Path(output), "people")
        n_people = write_people(scored.part, job.dialect, job.person, len(job.header.fields), prefix, job.lang, job.setting, written_people)
    keep_rejects = progress.rejected > 0 or rejects is not None
    rejected.finish(keep=keep_rejects)
    scored.finish()
    forget_progress(scored.path)
    return ScoreSummary(
        rows_read=progress.scored + progress.rejected,
        rows_scored=progress.scored,
        rows_rejected=progress.rejected,
        counts={kind: progress.counts.get(kind, 0) for kind in CustomerType},
        alert_counts={alert: progress.alert_counts.get(alert, 0) for alert in Alert},
        people=n_people,
        output=str(scored.path),
        rejects=str(rejected.path) if keep_rejects else None,
        people_output=None if written_people is None else str(written_people),
        seconds=time.perf_counter() - began,
    )


def _check(
    source: Path,
    output: Path,
    text: str,
    person: str | None,
    prefix: str,
    mask: bool,
    lang: str,
    setting: Setting,
    model: str | Path | None,
    max_error: float | None,
) -> _Job:
    dialect = detect_dialect(source)
    if output.exists() and output.samefile(source):
        raise TableError(f"expected an output file other than the input, got {output} for both")
    with source.open("rb") as file:
        file.seek(len(dialect.bom))
        header = next(read_records(file, dialect), None)
    if header is None or header.problem:
        raise TableError(f"expected a header line in {source}, got {header.problem if header else 'nothing'}")

    def find(name: str, what: str) -> int:
        if name not in header.fields:
            raise TableError(f"expected {what} column {name!r} in {source}; its columns are {', '.join(map(repr, header.fields))}")
        return header.fields.index(name)

    taken = [prefix + name for name in COLUMNS if prefix + name in header.fields]
    if taken:
        raise TableError(f"{source} already has the columns {', '.join(taken)}; choose a prefix for the new ones (prefix=..., --prefix)")
    where = find(text, "a text")
    who = None if person is None else find(person, "a person")
    name = "" if model is None else str(Path(model).resolve())
    return _Job(source, dialect, header, where, who, prefix, mask, lang, setting, name, max_error)


def _beside(output: Path, kind: str) -> Path:
    return output.with_name(f"{output.stem}.{kind}{output.suffix or '.csv'}")


def _run(
    job: _Job, scored: Output, rejected: Output, formatter: RowFormatter, resume: bool, on_progress: Callable[[int], object]
) -> Progress:
    """Score everything from the beginning, or from where an earlier run stopped."""
    delimiter, newline = job.dialect.delimiter, job.dialect.newline
    progress = load_progress(scored.path, job.source, _fingerprint(job)) if resume else None
    if progress is None:
        progress = Progress(_fingerprint(job), job.header.end, job.header.line + job.header.raw.count("\n") + 1)
        scored.start(delimiter.join([job.header.raw, *(job.prefix + name for name in COLUMNS)]) + newline)
        rejected.start(delimiter.join(["line", "reason", "record"]) + newline)
    else:
        scored.go_on(progress.scored_bytes)
        rejected.go_on(progress.rejected_bytes)
        formatter.counts.update({CustomerType(k): n for k, n in progress.counts.items()})
        formatter.alert_counts.update({Alert(k): n for k, n in progress.alert_counts.items()})
    on_progress(progress.offset)
    with scored, rejected, job.source.open("rb") as file:
        file.seek(progress.offset)
        records = read_records(file, job.dialect, len(job.header.fields), progress.line)
        for number, batch in enumerate(_batches(records), 1):
            good = [record for record in batch if not record.problem]
            bad = [record for record in batch if record.problem]
            cells = formatter([record.fields[job.text] for record in good])
            rows = (f"{_raw(record, job)}{delimiter}{new}{newline}" for record, new in zip(good, cells, strict=True))
            scored.write("".join(rows))
            rejected.write("".join(_rejected_row(record, delimiter, newline) for record in bad))
            on_progress(batch[-1].end - progress.offset)
            progress = replace(
                progress, offset=batch[-1].end, line=batch[-1].line + batch[-1].raw.count("\n") + 1,
                scored=progress.scored + len(good), rejected=progress.rejected + len(bad),
                counts={str(k): n for k, n in formatter.counts.items()},
                alert_counts={str(k): n for k, n in formatter.alert_counts.items()},
            )  # fmt: skip
            if number % _SAVE_EVERY == 0:
                save_progress(scored.path, replace(progress, scored_bytes=scored.flush(), rejected_bytes=rejected.flush()))
    return progress


def _fingerprint(job: _Job) -> str:
    """Tell apart jobs: an interrupted run goes on only if all of this is the same."""
    status = job.source.stat()
    return repr(
        (
            str(job.source.resolve()),
            status.st_size,
            status.st_mtime_ns,
            job.text,
            job.prefix,
            job.mask,
            job.lang,
            str(job.setting),
            job.model,
            job.max_error,
        )
    )


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _raw(record: Record, job: _Job) -> str:
    if not job.mask:
        return record.raw
    note = record.fields[job.text]
    covered = mask_personal_data(note)
    return record.raw if covered == note else record.raw.replace(note.replace('"', '""'), covered.replace('"', '""'))


def _rejected_row(record: Record, delimiter: str, newline: str) -> str:
    # Bytes that are not text become \\xNN: nothing is lost, and the rejects file can be opened.
    readable = record.raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    whole = readable.replace('"', '""')
    return f'{record.line}{delimiter}{quote_cell(record.problem, delimiter)}{delimiter}"{whole}"{newline}'
