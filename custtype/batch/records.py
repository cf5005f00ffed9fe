"""Reading a CSV as it is: record by record, with its raw text and its line numbers.

Python's csv module parses; this module hands it one physical line after another and remembers them, so that a record's
own text can be written back byte for byte, and a record that breaks the format (an unclosed quote, too few or too many
fields, bytes that are not text) is handed out as rejected, whole, without swallowing the rows after it.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from custtype.exceptions import TableError

__all__ = ["Dialect", "Record", "detect_dialect", "read_records"]

DELIMITERS = ",;\t|"
MAX_RECORD_LINES = 1_000  # a record longer than this has lost its closing quote
_SAMPLE_BYTES = 65_536
_NOT_TEXT = re.compile("[\udc80-\udcff\ufffd]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
csv.field_size_limit(2**31 - 1)  # the default of 131,072 characters refuses long notes


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written.

    Attributes
    ----------
    encoding : str
        Without its byte-order mark.
    bom : bytes
        The byte-order mark; empty for none.
    delimiter : str
    newline : str
        How the header line ends.
    """

    encoding: str
    bom: bytes
    delimiter: str
    newline: str


class Record(NamedTuple):
    """One record (a tuple: there are millions of them, and a dataclass takes three times as long to make).

    Attributes
    ----------
    line : int
        Number of its first physical line; the header's is 1.
    raw : str
        Its text, without the line end. Bytes that are not text are kept as surrogates.
    fields : list of str
        Empty for a rejected record.
    problem : str
        Why it is rejected; empty for a good one.
    end : int
        Byte offset behind it, for going on later.
    """

    line: int
    raw: str
    fields: list[str]
    problem: str
    end: int


def detect_dialect(path: Path) -> Dialect:
    """Find encoding, delimiter and line end from the first bytes.

    Raises
    ------
    TableError
        If the file is missing or empty.
    """
    try:
        with path.open("rb") as file:
            sample = file.read(_SAMPLE_BYTES)
    except OSError as error:
        raise TableError(f"expected a CSV file at {path}; {error.strerror or error}") from None
    if not sample.strip():
        raise TableError(f"expected a CSV file with a header line, got an empty file: {path}")
    bom, encoding = next(((mark, name) for mark, name in _BOMS if sample.startswith(mark)), (b"", ""))
    if not encoding:
        encoding = _guess_encoding(sample)
    text = sample[len(bom) :].decode(encoding, "replace")
    header = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(DELIMITERS, key=lambda d: (_outside_quotes(header, d), -DELIMITERS.index(d)))
    if "\n" not in text and "\r" in text:
        raise TableError(f"expected lines that end in LF or CR LF, got lines that end in CR alone: {path}; save the file anew as CSV")
    newline = "\r\n" if "\r\n" in text else "\n"
    return Dialect(encoding, bom, delimiter, newline)


def _guess_encoding(sample: bytes) -> str:
    if sample[1::2].count(0) > len(sample) // 5:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 5:
        return "utf-16-be"
    bad = sample.decode("utf-8", "surrogateescape")
    n_bad = sum(1 for c in bad if "\udc80" <= c <= "\udcff")
    n_high = sum(1 for c in bad if c > "\x7f")
    # A few bad bytes among good UTF-8 are broken rows; mostly bad bytes are an older Vietnamese export.
    return "cp1258" if n_bad > 4 and n_bad * 2 > n_high else "utf-8"


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


class _Lines:
    """Physical lines of a file, decoded, with numbers and byte offsets; lines can be handed back."""

    def __init__(self, file: BinaryIO, dialect: Dialect, line: int) -> None:
        self._file, self._dialect, self._next = file, dialect, line
        self._back: deque[tuple[int, str, int]] = deque()
        self._wide = dialect.encoding.startswith("utf-16")
        self._offset = file.tell()
        self.taken: list[tuple[int, str, int]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES:
            raise csv.Error("unexpected end of data")
        entry = self._back.popleft() if self._back else self._read()
        self.taken.append(entry)
        return entry[1]

    def _read(self) -> tuple[int, str, int]:
        raw = self._read_wide() if self._wide else self._file.readline()
        if not raw:
            raise StopIteration
        self._offset += len(raw)
        entry = (self._next, raw.decode(self._dialect.encoding, "surrogateescape" if not self._wide else "replace"), self._offset)
        self._next += 1
        return entry

    def _read_wide(self) -> bytes:
        """Read one line of UTF-16, where a line end is two bytes and must be aligned."""
        end = "\n".encode(self._dialect.encoding)
        line = b""
        while True:
            part = self._file.readline()
            if self._dialect.encoding == "utf-16-le" and part.endswith(b"\n"):
                part += self._file.read(1)
            line += part
            if not part or (len(line) % 2 == 0 and line.endswith(end)):
                return line

    def hand_back(self, entries: list[tuple[int, str, int]]) -> None:
        self._back.extendleft(reversed(entries))


def read_records(file: BinaryIO, dialect: Dialect, n_fields: int | None = None, line: int = 1) -> Iterator[Record]:
    """Read records from a file that stands at the beginning of one.

    Parameters
    ----------
    file : binary file
        After the byte-order mark.
    dialect : Dialect
    n_fields : int, optional
        How many fields a record must have; without it, as many as the first one has.
    line : int
        Number of the first line.
    """
    lines = _Lines(file, dialect, line)
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    while True:
        taken: list[tuple[int, str, int]] = []
        lines.taken = taken
        fields, problem = [], ""
        try:
            fields = next(reader, [])
        except csv.Error as error:
            problem = _explain(str(error))
            reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        if not taken:
            return
        if problem and len(taken) > 1:
            # A quote that is not closed ran on until another quote broke the format. Only the first line is surely
            # broken; the lines after it may be good records and are read again.
            lines.hand_back(taken[1:])
            del taken[1:]
            problem = "a quote that is not closed"
        if not problem and fields:
            n_fields = len(fields) if n_fields is None else n_fields
            if len(fields) != n_fields:
                problem = f"{len(fields)} fields instead of {n_fields}"
        raw = taken[0][1] if len(taken) == 1 else "".join(text for _, text, _ in taken)
        if not problem and not raw.isascii() and _NOT_TEXT.search(raw):
            problem = f"bytes that are not {dialect.encoding} text"
        if not fields and not problem and not raw.strip():
            continue  # an empty line is no record
        yield Record(taken[0][0], raw.rstrip("\r\n"), [] if problem else fields, problem, taken[-1][2])


def _explain(error: str) -> str:
    if "end of data" in error:
        return "a quote that is not closed"
    if "expected after" in error:
        return "text after a closing quote"
    return f"not CSV: {error}"
