"""Output files that appear only when complete, and the record of how far a run got."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from custtype.batch.records import Dialect
from custtype.exceptions import TableError

__all__ = ["Output", "Progress", "forget_progress", "load_progress", "save_progress", "written_dialect"]


def written_dialect(dialect: Dialect) -> Dialect:
    """Return how outputs are written: UTF-8 as it came, or UTF-8 with a byte-order mark for anything older."""
    return dialect if dialect.encoding == "utf-8" else replace(dialect, encoding="utf-8", bom=b"\xef\xbb\xbf")


class Output:
    """A text file written beside its name and renamed at the end.

    Parameters
    ----------
    path : Path
    dialect : Dialect
    """

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self.path = path
        self.part = path.with_name(f".{path.name}.part")
        self._bom = written_dialect(dialect).bom
        self._file: IO[bytes] | None = None

    def start(self, header: str) -> None:
        """Begin anew."""
        try:
            self._file = self.part.open("wb")
        except OSError as error:
            raise TableError(f"expected to be able to write {self.path}; {error.strerror or error}") from None
        self._file.write(self._bom)
        self.write(header)

    def go_on(self, size: int) -> None:
        """Go on with what an earlier run left, cut to what it had recorded."""
        self._file = self.part.open("r+b")
        self._file.truncate(size)
        self._file.seek(size)

    def write(self, text: str) -> None:
        """Append text; bytes that were not text come out as they came in."""
        assert self._file is not None, "start or go_on first"  # noqa: S101 - a programming error, not a user's
        self._file.write(text.encode("utf-8", "surrogateescape"))

    def flush(self) -> int:
        """Put everything on disk; return the size."""
        assert self._file is not None, "start or go_on first"  # noqa: S101 - a programming error, not a user's
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def finish(self, keep: bool = True) -> None:
        """Give the file its name, or take it away (and an older one, which would no longer be true)."""
        if keep:
            self.part.replace(self.path)
        else:
            self.part.unlink()
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run got: everything before `offset` of the input is in the first bytes of the outputs."""

    fingerprint: str
    offset: int
    line: int
    scored: int = 0
    rejected: int = 0
    scored_bytes: int = 0
    rejected_bytes: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    alert_counts: Mapping[str, int] = field(default_factory=dict)


def _progress_path(output: Path) -> Path:
    return output.with_name(f".{output.name}.progress")


def save_progress(output: Path, progress: Progress) -> None:
    """Write the record; the old one stays until the new one is complete."""
    path = _progress_path(output)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    beside.replace(path)


def load_progress(output: Path, source: Path, fingerprint: str) -> Progress | None:
    """Read the record of an interrupted run; None if there is none.

    Raises
    ------
    TableError
        If the record is of another job: the input changed, or the options differ.
    """
    try:
        progress = Progress(**json.loads(_progress_path(output).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    if progress.fingerprint != fingerprint:
        raise TableError(
            f"the interrupted run that left {_progress_path(output).name} had another input or other options than this one "
            f"({source}); run again without --resume to start anew"
        )
    return progress


def forget_progress(output: Path) -> None:
    """Remove the record of a finished run."""
    _progress_path(output).unlink(missing_ok=True)
