"""An uploaded file before anything in it is parsed: is it a workbook of formulas and numbers, and small enough?"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

LARGEST_FILE = 10_000_000
LARGEST_CONTENT = 60_000_000
LARGEST_RATIO = 150
MOST_MEMBERS = 400
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BOOK = "xl/workbook.xml"


class WorkbookError(ValueError):
    """A workbook that cannot be taken; ``problems`` names each cell or reason with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Archive:
    """The members of a workbook that passed, by name."""

    file: zipfile.ZipFile
    names: frozenset[str]

    def part(self, name: str) -> bytes:
        """The content of a member. Raises WorkbookError where it is damaged."""
        try:
            return self.file.read(name)
        except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise WorkbookError([f"the file is damaged ({name}: {error}); save it again and retry"]) from None


def opened(content: bytes) -> Archive:
    """The archive of an .xlsx file.

    Raises WorkbookError for anything that is no plain workbook, or too large, each with its own message.
    """
    _check_kind(content)
    try:
        file = zipfile.ZipFile(io.BytesIO(content))
        members = file.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise WorkbookError([f"the file is damaged ({error}); save it again as .xlsx and retry"]) from None
    _check_size(members)
    names = frozenset(m.filename for m in members)
    _check_parts(names)
    if len(names) != len(members):
        raise WorkbookError(
            ["the file holds two parts of one name, which no spreadsheet writes; save it again as .xlsx"]
        )
    if any(m.flag_bits & 1 for m in members):
        raise WorkbookError(["the file is encrypted; save it without a password"])
    return Archive(file, names)


def _check_kind(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        size = len(content) / 1e6
        raise WorkbookError(
            [f"the file has {size:,.0f} MB; a workbook of a study stays far below {LARGEST_FILE / 1e6:g} MB"]
        )
    if content.startswith(_OLE):
        raise WorkbookError(["the file is encrypted or in the old .xls format; save it without a password as .xlsx"])
    if not content.startswith(b"PK\x03\x04"):
        raise WorkbookError(
            ["the file is no .xlsx workbook, whatever its name says; choose the workbook exported here"]
        )


def _check_size(members: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > MOST_MEMBERS:
        raise WorkbookError([f"the file holds {len(members)} parts, more than any workbook of a study; export it anew"])
    if size > LARGEST_CONTENT or size > LARGEST_RATIO * max(packed, 1):
        raise WorkbookError(
            [f"the file unpacks to {size / 1e6:,.0f} MB, far more than a workbook of a study; export it anew"]
        )


def _check_parts(names: frozenset[str]) -> None:
    if any(n.startswith("xl/vbaProject") or (n.endswith(".bin") and "vba" in n.lower()) for n in names):
        raise WorkbookError(["the workbook holds macros; save it as .xlsx without them"])
    if any(n.startswith("xl/externalLinks/") for n in names):
        raise WorkbookError(["the workbook links to other files; replace the links by values and save it again"])
    if _BOOK in names:
        return
    if "xl/workbook.bin" in names:
        raise WorkbookError(["the workbook is in the binary .xlsb format; save it as .xlsx"])
    if "mimetype" in names:
        raise WorkbookError(["the file is an OpenDocument file; save it as .xlsx"])
    raise WorkbookError(["the file is a ZIP archive, but no workbook; choose the workbook exported here"])
