"""Cells of an exported workbook typed over where they stand in the file: much quicker than openpyxl saves one."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any, NamedTuple

import openpyxl


class Name(NamedTuple):
    """A defined name, as openpyxl has it."""

    attr_text: str


class Cells:
    """The cells of a sheet that were typed over, in the order of typing."""

    def __init__(self) -> None:
        self.typed: dict[str, Any] = {}

    def __setitem__(self, cell: str, value: Any) -> None:
        self.typed[cell] = value


class Typing:
    """A workbook in which one only types: `book["Inputs"]["C5"] = 1.2`, `book.defined_names[name].attr_text`."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {each.filename: archive.read(each) for each in archive.infolist()}
        text = self.parts["xl/workbook.xml"].decode()
        titles = [unescape(each) for each in re.findall(r'<sheet name="([^"]*)"', text)]
        self.sheets = {title: (f"xl/worksheets/sheet{n}.xml", Cells()) for n, title in enumerate(titles, start=1)}
        named = re.findall(r'<definedName name="([^"]*)"[^>]*>([^<]*)<', text)
        self.defined_names: Mapping[str, Name] = {name: Name(unescape(place)) for name, place in named}

    def __getitem__(self, title: str) -> Cells:
        return self.sheets[title][1]

    def content(self) -> bytes:
        """The file with everything typed."""
        for part, cells in self.sheets.values():
            if cells.typed:
                self.parts[part] = _typed(self.parts[part].decode(), cells.typed).encode()
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
        return target.getvalue()


def _typed(sheet: str, typed: Mapping[str, Any]) -> str:
    for cell, value in typed.items():
        sheet, found = re.subn(
            rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)',
            lambda match, cell=cell, value=value: f'<c r="{cell}"{match[1] or ""}{_content(value)}',
            sheet,
        )
        assert found < 2, f"{cell} stands {found} times on the sheet"
        sheet = sheet if found else _added(sheet, cell, value)
    return sheet


def _added(sheet: str, cell: str, value: Any) -> str:
    """The sheet with a cell to the right of all others of its row, or below all rows."""
    row, content = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), f'<c r="{cell}"{_content(value)}'
    sheet, found = re.subn(
        rf'<row r="{row}"([^>]*?)(?:/>|>(.*?)</row>)', rf'<row r="{row}"\1>\2{content}</row>', sheet, flags=re.DOTALL
    )
    return sheet if found else sheet.replace("</sheetData>", f'<row r="{row}">{content}</row></sheetData>')


def _content(value: Any) -> str:
    if value is None:
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"><v>{value!r}</v></c>"
    if value.startswith("="):
        return f"><f>{escape(value[1:])}</f></c>"
    if value.startswith("#"):
        return f' t="e"><v>{escape(value)}</v></c>'
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def typed_in(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """The workbook after an edit that only types."""
    book = Typing(content)
    edit(book)
    return book.content()


def saved_elsewhere(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """The workbook as another program writes it after any edit: openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
