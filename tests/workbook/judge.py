"""The judge: another program recalculates a workbook from nothing, and every cell must agree with the engine's value.

What it recalculates is a copy in which every stored result is poisoned, so that a value can only come from its formula.
Cells are compared on the scale of their row: a repaid debt leaves residue that says nothing. So does the difference
of two large figures: a few units in the last place of the largest figure of the same unit are no departure either.
"""

from __future__ import annotations

import html
import io
import math
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import ironcalc

from models.run.model import MODEL, Result
from models.studies.study import Study
from tests.analysed import findings
from workbook.sheets.model.calculation import ASLEEP
from workbook.write import write

POISON = -12345
# What a sentence says that only the program that exported could say anew.
CHANGED = "Inputs were changed: export again"
# Where the version stands that it was exported under.
VERSION = "'Change log'!$A$3"
TOLERANCE = 1e-9
RESIDUE = 1e-14
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"((?: [a-z]+="[^"]*")*)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f>(.*?)</f>", re.DOTALL)
_VALUE = re.compile(r"<v>(.*?)</v>", re.DOTALL)
_TEXT = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SHEET = re.compile(r'<sheet name="([^"]*)" sheetId="\d+"(?: state="[a-z]+")? r:id="rId(\d+)"/>')
_NAME = re.compile(r'<definedName name="([^"]*)">([^<]*)</definedName>')

Cell = tuple[str, str, int]  # sheet, column, row


Typed = float | str | None | tuple[float, ...]


@dataclass(frozen=True)
class File:
    """What a workbook file holds: formulas and the values stored with them, by sheet, column and row."""

    content: bytes
    formulas: Mapping[Cell, str]
    values: Mapping[Cell, float | str]
    names: Mapping[str, str]
    units: Mapping[tuple[str, int], str]


def written(study: Study, analysed: bool = False) -> File:
    """The workbook of a study, with the findings of its analyses if it should be `analysed`."""
    return written_from(MODEL.run(study), analysed)


def written_from(result: Result, analysed: bool = False) -> File:
    """The workbook of a run."""
    target = io.BytesIO()
    write(result, target, findings=findings(result) if analysed else None)
    return opened(target.getvalue())


def opened(content: bytes) -> File:
    """A workbook file as it stands, nothing recalculated."""
    formulas: dict[Cell, str] = {}
    values: dict[Cell, float | str] = {}
    units: dict[tuple[str, int], str] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = archive.read("xl/workbook.xml").decode()
        texts = _TEXT.findall(archive.read("xl/sharedStrings.xml").decode())
    for sheet, xml in _sheets(content).items():
        for found in _CELL.finditer(xml):
            column, row, attributes, inside = found[1], int(found[2]), found[3], found[4] or ""
            formula, value = _FORMULA.search(inside), _VALUE.search(inside)
            if formula:
                formulas[sheet, column, row] = html.unescape(formula[1])
                assert value, f"{sheet}!{column}{row} has a formula and no value"
                text = html.unescape(value[1])
                values[sheet, column, row] = text if 't="str"' in attributes else float(text)
            elif column == "B" and 't="s"' in attributes:
                units[sheet, row] = texts[int(_VALUE.findall(inside)[0])]
    names = {name: html.unescape(cells) for name, cells in _NAME.findall(book)}
    return File(content, formulas, values, names, units)


def labels(content: bytes, sheet: str) -> dict[int, str]:
    """The texts of a sheet's first column, by row."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = _TEXT.findall(archive.read("xl/sharedStrings.xml").decode())
    cells = (cell for cell in _CELL.finditer(_sheets(content)[sheet]) if cell[1] == "A" and 't="s"' in cell[3])
    return {int(cell[2]): html.unescape(re.sub("<.*?>", "", texts[int(_VALUE.findall(cell[4])[0])])) for cell in cells}


def _sheets(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = archive.read("xl/workbook.xml").decode()
        return {
            html.unescape(name): archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for name, number in _SHEET.findall(book)
        }


def rewritten(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """A copy of the file with each sheet's XML changed by `change(sheet name, xml)`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    numbers = dict(_SHEET.findall(parts["xl/workbook.xml"].decode()))
    for name, number in numbers.items():
        path = f"xl/worksheets/sheet{number}.xml"
        parts[path] = change(html.unescape(name), parts[path].decode()).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def poisoned(content: bytes) -> bytes:
    """A copy in which every stored result of a formula is wrong."""

    def poison(_: str, xml: str) -> str:
        return re.sub(r"(<f>.*?</f>)<v>.*?</v>", rf"\1<v>{POISON}</v>", xml, flags=re.DOTALL)

    return rewritten(content, poison)


def with_inputs(file: File, inputs: Mapping[str, Typed]) -> bytes:
    """A copy with other inputs typed into their cells, by defined name; None leaves the cell blank.

    The numbers of a list go into the cells of its column, from the first down.
    """
    wanted: dict[str, dict[str, float | str | None]] = defaultdict(dict)
    for name, value in inputs.items():
        sheet, _, cells = file.names[name].rpartition("!")
        column, first = cells.split(":")[0].split("$")[1:]
        for row, each in enumerate(value if isinstance(value, tuple) else (value,), start=int(first)):
            wanted[sheet.strip("'").replace("''", "'")][f"{column}{row}"] = each

    def type_in(sheet: str, xml: str) -> str:
        for cell, value in wanted.get(sheet, {}).items():
            pattern = rf'<c r="{cell}"( s="\d+")?(?: t="(?:s|str)")?(?:/>|>.*?</c>)'
            xml, count = re.subn(
                pattern, lambda m, c=cell, v=value: _typed(c, m[1] or "", v), xml, count=1, flags=re.DOTALL
            )
            assert count == 1, f"{sheet}!{cell} is not there to be typed into"
        return xml

    return rewritten(file.content, type_in)


def _typed(cell: str, style: str, value: float | str | None) -> str:
    if value is None:
        return f'<c r="{cell}"{style}/>'
    if isinstance(value, str):
        return f'<c r="{cell}"{style} t="inlineStr"><is><t>{html.escape(value)}</t></is></c>'
    return f'<c r="{cell}"{style}><v>{float(value)!r}</v></c>'


def recalculated(content: bytes, poison: bool = True) -> dict[Cell, float | str | bool | None]:
    """What another program finds in every cell with a formula, after it recalculated a poisoned copy."""
    copy = poisoned(content) if poison else content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "judged.xlsx"
        path.write_bytes(copy)
        model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    sheets = {sheet.get("name", ""): i for i, sheet in enumerate(model.get_worksheets_properties())}
    found: dict[Cell, float | str | bool | None] = {}
    for sheet, column, row in opened(copy).formulas:
        number = ironcalc.column_number_from_name(column)
        found[sheet, column, row] = model.get_cell_value(sheets[sheet], row, number)
    return found


def differences(found: Mapping[Cell, object], expected: File) -> list[str]:
    """Where a recalculated workbook departs from what another holds, cell by cell.

    A figure is compared on the scale of its row, and may differ by the residue of the largest figure of its unit.
    """
    rows: dict[tuple[str, int], float] = defaultdict(float)
    units: dict[tuple[str, str], float] = defaultdict(float)
    for (sheet, _, row), value in expected.values.items():
        if not isinstance(value, str):
            rows[sheet, row] = max(rows[sheet, row], abs(value))
            unit = expected.units.get((sheet, row), "")
            units[sheet, unit] = max(units[sheet, unit], abs(value))
    told = [f"{cell} is in one workbook only" for cell in found.keys() ^ expected.values.keys()]
    for cell in found.keys() & expected.values.keys():
        sheet, column, row = cell
        residue = RESIDUE * units[sheet, expected.units.get((sheet, row), "")]
        value, wanted = found[cell], expected.values[cell]
        if _differs(value, wanted, max(TOLERANCE * rows[sheet, row], residue)):
            told.append(f"{sheet}!{column}{row}: {value!r} for {wanted!r} by {expected.formulas[cell]}")
    return sorted(told)


def _differs(value: object, wanted: float | str, allowed: float) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return not _same_words(value, wanted)
    if isinstance(value, bool) or isinstance(wanted, str) or not isinstance(value, int | float):
        return value != wanted
    return not abs(value - wanted) <= allowed


def departures(found: Mapping[Cell, object], expected: File) -> list[str]:
    """The differences after inputs were changed in the file, but for what tells how it was exported.

    That is the lists of inputs and sources (they leave out what is blank and not read; the master check still covers
    them), and where Checks says that the program's own results, typed in
    at export, are no longer those of the workbook.
    """
    told = {cell for cell in expected.formulas if cell[:2] == ("Checks", "G") and ("Checks", "E", cell[2]) not in found}
    of_export = ("As exported", CHANGED, VERSION, ASLEEP)
    told |= {cell for cell, text in expected.formulas.items() if any(each in text for each in of_export)}
    told |= {cell for cell in (*found, *expected.formulas) if cell[0] in ("Evidence", "Inputs", "Workloads", "Options")}
    values = {cell: value for cell, value in expected.values.items() if cell not in told}
    kept = {cell: value for cell, value in found.items() if cell not in told}
    return differences(kept, replace(expected, values=values))


def _same_words(value: str, wanted: str) -> bool:
    """Sentences agree word for word; the figures in them as figures do, since a large one shows its last digits."""
    if value == wanted:
        return True
    ours, theirs = ([float(n.replace(",", "")) for n in _FIGURE.findall(text)] for text in (value, wanted))
    close = len(ours) == len(theirs) and all(
        math.isclose(a, b, rel_tol=1e-9) for a, b in zip(ours, theirs, strict=True)
    )
    return close and _FIGURE.sub("", value) == _FIGURE.sub("", wanted)


def verdict(study: Study, analysed: bool = False) -> list[str]:
    """What another program finds different from the engine in the workbook of a study."""
    file = written(study, analysed)
    return differences(recalculated(file.content), file)
