"""Text and tables of text from the bytes of a stranger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from files.limits import Limits, Refused, check_size, kind

UTF_8 = ("utf-8-sig",)
# Spreadsheets under Windows save "CSV" in the code page of the machine, and "Unicode text" as UTF-16.
OF_SPREADSHEETS = ("utf-8-sig", "cp1252", "utf-16")


def decoded(content: bytes, limits: Limits, encodings: tuple[str, ...] = UTF_8) -> tuple[str, str]:
    """The text, without a byte order mark, and the encoding it was read in.

    Raises Refused: "large"; "long" for more than `limits.text`; "binary" for what is no text; "encoding", with the
    `line` of the first byte that is wrong.
    """
    check_size(len(content), limits)
    if len(content) > limits.text:
        raise Refused("long", most=limits.text // 1_000_000)
    wide = kind(content) == "utf-16" and "utf-16" in encodings
    if not wide and b"\0" in content:
        raise Refused("binary")
    line = 1
    for encoding in ("utf-16",) if wide else tuple(each for each in encodings if each != "utf-16"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise Refused("encoding", line=line)


def rows(text: str, limits: Limits, separator: str = ",", *, strict: bool = False) -> Iterator[list[str]]:
    """The cells of separated text, row by row.

    Raises Refused: "rows" and "columns", with the `row` (from 1) that is one too many or too wide and the `most` there
    may be; "csv" with the `row`, the `line` of the text, and the `error`.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if row > limits.rows:
                raise Refused("rows", row=row, most=limits.rows)
            if len(cells) > limits.columns:
                raise Refused("columns", row=row, most=limits.columns)
            yield cells
    except csv.Error as error:
        raise Refused("csv", row=row + 1, line=reader.line_num, error=error) from None
