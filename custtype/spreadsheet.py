"""Writing values into a CSV cell so that every spreadsheet program reads them back as they are."""

from __future__ import annotations

__all__ = ["quote_cell"]


def quote_cell(value: str, delimiter: str) -> str:
    r"""Quote a value where the format needs it, on one line, and never as a formula.

    Examples
    --------
    >>> quote_cell("a;b", ";")
    '"a;b"'
    >>> quote_cell("=1+1", ",")
    "'=1+1"
    """
    if "\n" in value or "\r" in value:
        value = value.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    if value[:1] in ("=", "+", "-", "@", "\t"):
        value = f"'{value}"
    if delimiter in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value
