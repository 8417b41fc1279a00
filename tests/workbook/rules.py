"""Rules that a financial workbook keeps, each a function from a workbook to what breaks it.

They follow the FAST standard, ICAEW's modelling code and banking conventions. A rule that finds nothing in a workbook
with a planted defect is no rule, so every one has its defect in test_rules.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from statistics import median
from typing import Any, cast

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

FIRST_SHEETS = [
    "Cover",
    "Summary",
    "Brief",
    "Charts",
    "Comparison",
    "Statement",
    "Statement by quarter",
    "Bridge",
    "Decision",
    "Inputs",
    "Scenarios",
    "Workloads",
    "Options",
    "Load",
]
LAST_SHEETS = ["Energy", "Sensitivity", "Risk", "Evidence", "Checks", "Change log", "Glossary"]
# They stand only where an analysis found something, and hold values of its run, which they must name.
ANALYSIS_SHEETS = ("Brief", "Bridge", "Sensitivity")
# They stand only where a study gives them something to show.
SCENARIOS = "Scenarios"
OPTIONAL = (*ANALYSIS_SHEETS, SCENARIOS, "Load", "Risk")
SEALED = "Sealed"
INPUT_SHEETS = ("Inputs", "Workloads")
OPTIONS = "Options"
FOLLOWS = re.compile(r'=IF\(ISBLANK\((\$[A-Z]+\d+)\),"-",\1\)')
OUTPUT_SHEETS = ("Summary", "Comparison", "Statement", "Statement by quarter", "Energy", "Evidence")
VOLATILE = re.compile(r"\b(OFFSET|INDIRECT|NOW|TODAY|RAND|RANDBETWEEN|CELL|INFO)\(")
HIDING = re.compile(r"\b(IFERROR|IFNA|ISERROR|ISERR|ISNA)\(")
NEWER = re.compile(r"\b(XLOOKUP|XMATCH|LET|LAMBDA|FILTER|SORT|UNIQUE|SEQUENCE|MAXIFS|MINIFS|VDB|TEXTJOIN|N)\(|_xlfn")
RUN = re.compile(r"run [0-9a-f]{8}, version [0-9a-f.]+, \d{2} \w+ \d{4}\.")
LEAST_ROWS = 2
WHOLE_COLUMN = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![0-9A-Z(])")
LITERALS = {"0", "1", "2"}
LONGEST_ON_CALCULATION, TYPICAL_LENGTH = 210, 60
SHARED = 3
KEY, TOTAL, CONSTANT, OPENING, FIRST_YEAR = 3, 4, 5, 6, 7
BLUE, GREEN, GREY, BLACK = "FF0000FF", "FF008000", "FF808080", "FF000000"


def _without_seal(book: Workbook) -> Workbook:
    """The workbook that people read: no figure rests on the sheet of the seal, which is for the program and says so."""
    if SEALED in book.sheetnames:
        assert book[SEALED].sheet_state == "visible"
        assert not any(cell.data_type == "f" for row in book[SEALED].iter_rows() for cell in row)
        del book[SEALED]
    return book


@dataclass
class Book:
    """A workbook twice: as formulas, and as the values stored with them."""

    content: bytes

    @cached_property
    def formulas(self) -> Workbook:
        return _without_seal(load_workbook(io.BytesIO(self.content)))

    @cached_property
    def values(self) -> Workbook:
        return _without_seal(load_workbook(io.BytesIO(self.content), data_only=True))

    @property
    def options(self) -> list[Worksheet]:
        """The calculation sheets."""
        fixed = {*FIRST_SHEETS, *LAST_SHEETS}
        return [self.formulas[name] for name in self.formulas.sheetnames if name not in fixed]

    @property
    def analysis(self) -> list[Worksheet]:
        """The sheets that hold values of a run."""
        return [self.formulas[name] for name in ANALYSIS_SHEETS if name in self.formulas.sheetnames]

    def cells(self, *sheets: str) -> Iterator[Cell]:
        """Every cell that holds something, of the sheets named or of all."""
        for name in sheets or self.formulas.sheetnames:
            for row in self.formulas[name].iter_rows():
                yield from (cell for cell in row if cell.value is not None)

    def with_formulas(self, *sheets: str) -> Iterator[tuple[Cell, str]]:
        """The cells that hold a formula, and its text."""
        for cell in self.cells(*sheets):
            if cell.data_type == "f":
                yield cell, str(cell.value)

    def inputs(self, lists: bool = True) -> Iterator[Cell]:
        """The cells that bear the name of an input, or of a list of numbers."""
        for defined in self.formulas.defined_names.values():
            sheet, _, cells = str(defined.attr_text).replace("$", "").rpartition("!")
            if re.fullmatch(r"[A-Z]+\d+(:[A-Z]+\d+)?", cells) and sheet.strip("'") in (*INPUT_SHEETS, OPTIONS):
                held = self.formulas[sheet.strip("'")][cells]
                yield from (held,) if not isinstance(held, tuple) else (row[0] for row in held if lists)

    def years(self, sheet: Worksheet) -> int:
        """The last column of the years."""
        columns = [cell.column for cell in sheet[3] if cell.value is not None]
        return max(columns)


Rule = Callable[[Book], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a rule."""
    RULES[function.__name__] = function
    return function


def cell_of(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell, which on these sheets is never part of a merged range."""
    return cast(Cell, sheet.cell(row, column))


def at(cell: Any) -> str:
    return f"{cell.parent.title}!{cell.coordinate}"


# ---------------------------------------------------------------------------------------------------------- the file


@rule
def sheets_stand_in_order(book: Book) -> Iterator[str]:
    names = book.formulas.sheetnames
    first, last = ([n for n in part if n in names or n not in OPTIONAL] for part in (FIRST_SHEETS, LAST_SHEETS))
    if names[: len(first)] != first or names[-len(last) :] != last:
        yield f"order {names}"


@rule
def no_sheet_is_empty(book: Book) -> Iterator[str]:
    for sheet in book.formulas.worksheets:
        filled = sum(any(cell.value is not None for cell in row) for row in sheet.iter_rows(min_row=3))
        if filled < LEAST_ROWS and not sheet._charts:  # type: ignore[attr-defined]
            yield f"{sheet.title} has {filled} rows"


@rule
def nothing_leads_outside(book: Book) -> Iterator[str]:
    yield from (at(cell) for cell, text in book.with_formulas() if "[" in text)
    yield from (str(link) for link in book.formulas._external_links)  # type: ignore[attr-defined]
    if book.formulas.vba_archive is not None:
        yield "macros"


@rule
def nothing_is_hidden(book: Book) -> Iterator[str]:
    for sheet in book.formulas.worksheets:
        if sheet.sheet_state != "visible":
            yield sheet.title
        folded = {i for i, row in sheet.row_dimensions.items() if row.hidden}
        yield from (f"{sheet.title} row {i}" for i in sorted(folded) if not _may_fold(book, sheet, i, folded))
        yield from (f"{sheet.title} column {i}" for i, column in sheet.column_dimensions.items() if column.hidden)


def _may_fold(book: Book, sheet: Worksheet, row: int, folded: set[int]) -> bool:
    """A row of an option's sheet may be folded into an outline whose + is seen, if it holds noughts or an hour."""
    above = row
    while above in folded:
        above -= 1
    if sheet not in book.options or not sheet.row_dimensions[row].outlineLevel:
        return False
    values = [cell.value for cell in book.values[sheet.title][row][TOTAL - 1 : book.years(sheet)]]
    hour = str(cell_of(sheet, row, KEY).value).startswith(("weekday", "weekend"))
    return bool(sheet.row_dimensions[above].collapsed) and (hour or not any(values))


@rule
def panes_are_frozen(book: Book) -> Iterator[str]:
    if len({sheet.freeze_panes for sheet in book.options}) != 1:
        yield "calculation sheets differ"
    for name in (*INPUT_SHEETS, "Comparison", "Decision", "Checks", *(sheet.title for sheet in book.options)):
        if not book.formulas[name].freeze_panes:
            yield name


@rule
def the_decision_explains_its_rows(book: Book) -> Iterator[str]:
    """Every row of figures has a label of its own, a unit, and says why it is there."""
    sheet, seen = book.formulas["Decision"], set[str]()
    why = next(cell.column for cell in sheet[4] if cell.value == "Why it is here")
    for row in range(5, sheet.max_row + 1):
        label, unit, figure, reason = (cell_of(sheet, row, column).value for column in (1, 2, 3, why))
        if figure is not None and (not (label and unit and reason) or label in seen):
            yield f"row {row}: {label}, {unit}, {reason}"
        seen.add(str(label))


@rule
def the_quarters_of_a_year_are_on_one_page(book: Book) -> Iterator[str]:
    sheet = book.values["Statement by quarter"]
    for each in sheet.col_breaks.brk:
        if not str(cell_of(sheet, 4, each.id + 1).value).endswith("Q1"):
            yield f"column {each.id}"


@rule
def calculations_merge_nothing(book: Book) -> Iterator[str]:
    yield from (f"{sheet.title} {cells}" for sheet in book.options for cells in sheet.merged_cells.ranges)


@rule
def calculations_look_alike(book: Book) -> Iterator[str]:
    widths = [{k: round(d.width, 3) for k, d in sheet.column_dimensions.items()} for sheet in book.options]
    if any(each != widths[0] for each in widths):
        yield "column widths differ"


@rule
def indents_have_a_side(book: Book) -> Iterator[str]:
    for each in cast(Any, book.formulas)._alignments:  # those in use, once each
        if each.indent and each.horizontal in (None, "general"):
            yield "an indent without a side, which spreadsheets leave out"


@rule
def pages_print(book: Book) -> Iterator[str]:
    for sheet in book.formulas.worksheets:
        fitted = sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        if not fitted and not (sheet.print_title_cols and sheet.col_breaks.brk):
            yield f"{sheet.title} is not fitted to the page"
        elif fitted and sheet.page_setup.fitToWidth not in (None, 1) and not sheet.print_title_cols:
            yield f"{sheet.title} is fitted to {sheet.page_setup.fitToWidth} pages"
        header, footer = cast(Any, sheet.oddHeader), cast(Any, sheet.oddFooter)
        if not header.right.text or "&P" not in str(footer.right.text):
            yield f"{sheet.title} has no header and page number"
    for sheet in (*book.options, *(book.formulas[n] for n in (*INPUT_SHEETS, "Comparison", "Checks", "Glossary"))):
        if not sheet.print_title_rows:
            yield f"{sheet.title} repeats no titles"


@rule
def links_lead_somewhere(book: Book) -> Iterator[str]:
    names = set(book.formulas.sheetnames)
    linked: set[str] = set()
    for sheet in book.formulas.worksheets:
        linked_cells = (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink)
        places = [str(cell.hyperlink.location) for cell in linked_cells if cell.hyperlink]
        targets = [place.rpartition("!")[0].strip("'").replace("''", "'") for place in places]
        yield from (f"{sheet.title}: {target}" for target in targets if target not in names)
        if sheet.title == "Cover":
            linked.update(targets)
        elif "Cover" not in targets:
            yield f"{sheet.title} has no way back"
    yield from (f"Cover does not list {name}" for name in sorted(names - linked - {"Cover"}))


@rule
def the_master_check_is_on_every_sheet(book: Book) -> Iterator[str]:
    for sheet in book.formulas.worksheets:
        found = any("Checks'!$C$4" in str(cell.value) for row in sheet.iter_rows(max_row=40, max_col=3) for cell in row)
        if not found and sheet.title != "Checks":
            yield sheet.title


@rule
def names_are_declared(book: Book) -> Iterator[str]:
    for name, defined in book.formulas.defined_names.items():
        sheet, _, cells = str(defined.attr_text).rpartition("!")
        if re.fullmatch(r"(now_|case_)[a-z][a-z0-9_]*", name):
            if sheet.strip("'") != SCENARIOS:
                yield f"{name} stands at {defined.attr_text}"
        elif not re.fullmatch(r"in_[a-z][a-z0-9_]*", name):
            yield f"{name} is no name of ours"
        elif sheet.strip("'") not in (*INPUT_SHEETS, OPTIONS) or not re.fullmatch(
            r"\$([A-Z])\$\d+(:\$\1\$\d+)?", cells
        ):
            yield f"{name} stands at {defined.attr_text}"


@rule
def properties_are_set(book: Book) -> Iterator[str]:
    found = book.formulas.properties
    yield from (name for name in ("title", "creator", "subject") if not getattr(found, name))
    for text in (found.title, found.creator, found.description, found.lastModifiedBy):
        if text and re.search(r"/(home|root|Users|work)/|C:\\", text):
            yield f"a path: {text}"


# --------------------------------------------------------------------------------------------------------- formulas


@rule
def formulas_hold_values(book: Book) -> Iterator[str]:
    for cell, _ in book.with_formulas():
        if book.values[cell.parent.title][cell.coordinate].value is None:
            yield at(cell)


@rule
def no_value_is_an_error(book: Book) -> Iterator[str]:
    for sheet in book.values.worksheets:
        for row in sheet.iter_rows():
            yield from (at(cell) for cell in row if isinstance(cell.value, str) and cell.value.startswith("#"))


@rule
def nothing_is_volatile(book: Book) -> Iterator[str]:
    yield from (at(cell) for cell, text in book.with_formulas() if VOLATILE.search(bare(text)))


@rule
def no_error_is_hidden(book: Book) -> Iterator[str]:
    yield from (at(cell) for cell, text in book.with_formulas() if HIDING.search(bare(text)))


@rule
def every_program_knows_the_functions(book: Book) -> Iterator[str]:
    yield from (at(cell) for cell, text in book.with_formulas() if NEWER.search(bare(text)))


@rule
def formulas_can_be_explained(book: Book) -> Iterator[str]:
    from workbook.writing.formula import nests_if

    yield from (at(cell) for cell, text in book.with_formulas() if nests_if(text))
    for sheet in book.options:
        lengths: list[int] = []
        for cell, text in book.with_formulas(sheet.title):
            lengths.append(len(text))
            if len(text) > LONGEST_ON_CALCULATION:
                yield f"{at(cell)}: {len(text)} characters"
        if median(lengths) > TYPICAL_LENGTH:
            yield f"{sheet.title}: formulas have {median(lengths)} characters, typically"


@rule
def formulas_type_no_numbers(book: Book) -> Iterator[str]:
    for sheet in book.options:
        seen: set[str] = set()
        for cell, text in book.with_formulas(sheet.title):
            shape = re.sub(r"\$?[A-Z]{1,3}\$?\d+", "X", text)
            if shape in seen:
                continue
            seen.add(shape)
            numbers = [t.value for t in Tokenizer(text).items if t.type == "OPERAND" and t.subtype == "NUMBER"]
            yield from (f"{at(cell)}: {n} in {text}" for n in numbers if n not in LITERALS)


@rule
def a_row_has_one_formula(book: Book) -> Iterator[str]:
    for sheet in book.options:
        last = book.years(sheet)
        for row in range(3, sheet.max_row + 1):
            first = cell_of(sheet, row, FIRST_YEAR)
            if first.data_type != "f":
                continue
            for column in range(FIRST_YEAR + 1, last + 1):
                other = cell_of(sheet, row, column)
                if Translator(str(first.value), first.coordinate).translate_formula(other.coordinate) != other.value:
                    yield at(other)


@rule
def no_range_is_a_whole_column(book: Book) -> Iterator[str]:
    for cell, text in book.with_formulas():
        if WHOLE_COLUMN.search(bare(text)):
            yield at(cell)
    for sheet in book.formulas.worksheets:
        yield from (f"{sheet.title} has an array formula" for row in sheet.iter_rows() for c in row if _is_array(c))


def _is_array(cell: Any) -> bool:
    return type(cell.value).__name__ == "ArrayFormula"


def bare(text: str) -> str:
    """A formula without texts and without the names of sheets."""
    return re.sub(r"'(?:[^']|'')+'!", "", re.sub(r'"(?:[^"]|"")*"', '""', text))


# ------------------------------------------------------------------------------------------------------------- cells


@rule
def calculations_hold_no_typed_numbers(book: Book) -> Iterator[str]:
    for sheet in (*book.options, *(book.formulas[name] for name in OUTPUT_SHEETS)):
        for row in sheet.iter_rows():
            yield from (at(cell) for cell in row if cell.data_type == "n" and cell.value is not None)


@rule
def analyses_name_their_run(book: Book) -> Iterator[str]:
    """Which run the values are of, and a live line that tells whether the workbook still shows it."""
    for sheet in book.analysis:
        if not RUN.search(str(sheet["A3"].value)):
            yield f"{sheet.title} names no run"
        if sheet["A4"].data_type != "f" or "'Checks'!" not in str(sheet["A4"].value):
            yield f"{sheet.title} does not tell whether its run is still shown"


@rule
def analyses_type_in_grey(book: Book) -> Iterator[str]:
    for sheet in book.analysis:
        for cell in book.cells(sheet.title):
            if cell.data_type == "n" and cell.font.color.rgb != GREY:
                yield at(cell)


@rule
def checks_type_only_what_they_say(book: Book) -> Iterator[str]:
    """The tolerance in blue, and the program's own results in grey."""
    for cell in book.cells("Checks", "Decision"):
        if cell.data_type == "n" and cell.font.color.rgb not in (BLUE, GREY):
            yield at(cell)


@rule
def no_number_is_a_text(book: Book) -> Iterator[str]:
    for sheet in book.options:
        for row in sheet.iter_rows(min_col=TOTAL, max_col=book.years(sheet)):
            for cell in row:
                if cell.data_type == "s" and re.fullmatch(r"[-+]?\d[\d.,]*%?", str(cell.value)):
                    yield at(cell)


@rule
def years_have_no_gaps(book: Book) -> Iterator[str]:
    for sheet in book.options:
        last = book.years(sheet)
        for row in range(3, sheet.max_row + 1):
            filled = sum(cell_of(sheet, row, c).value is not None for c in range(FIRST_YEAR, last + 1))
            if 0 < filled < last + 1 - FIRST_YEAR:
                yield f"{sheet.title} row {row}"


@rule
def years_count_on(book: Book) -> Iterator[str]:
    start = book.values["Inputs"]
    given: Any = next((r[2].value for r in start.iter_rows() if r[9].value == "in_start_year"), None)
    for sheet in book.options:
        values = book.values[sheet.title]
        last = book.years(sheet)
        found = [cell_of(values, 3, c).value for c in range(FIRST_YEAR, last + 1)]
        if found != [float(y) for y in range(1, len(found) + 1)]:
            yield f"{sheet.title}: {found}"
        calendar = [cell_of(values, 4, c).value for c in range(FIRST_YEAR, last + 1)]
        if calendar != [(given or 1) + y for y in range(len(found))]:
            yield f"{sheet.title}: {calendar}"


@rule
def colours_tell_where_from(book: Book) -> Iterator[str]:
    live = (book.formulas[name] for name in ("Comparison", "Statement", "Decision", "Energy"))
    for sheet in (*book.options, *live, *book.analysis):
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                if cell.data_type != "f":
                    continue
                from_elsewhere = "!" in str(cell.value) or re.fullmatch(r"=(in|now)_[a-z0-9_]+", str(cell.value))
                if (cell.font.color.rgb if cell.font.color else BLACK) != (GREEN if from_elsewhere else BLACK):
                    yield at(cell)


@rule
def inputs_are_blue_and_structure_grey(book: Book) -> Iterator[str]:
    for cell in book.inputs():
        colour = cell.font.color.rgb
        if cell.data_type == "f":
            continue
        if colour not in (BLUE, GREY) or (colour == BLUE) == cell.protection.locked:
            yield at(cell)


@rule
def inputs_hold_no_formulas(book: Book) -> Iterator[str]:
    """But for the column that says whether they hold, and the check at the top."""
    for name in INPUT_SHEETS:
        yield from (at(c) for c, _ in book.with_formulas(name) if c.column_letter != "K" and c.coordinate != "B2")


@rule
def no_input_stands_in_two_cells(book: Book) -> Iterator[str]:
    """Side by side, what is alike is typed once: the other cells follow it, and may be typed over if it may be."""
    typed: dict[tuple[int, Any], Cell] = {}
    sheet = book.formulas[OPTIONS]
    for cell in book.inputs():
        if sheet[cell.coordinate] is not cell or cell.value is None:
            continue
        followed = FOLLOWS.fullmatch(str(cell.value))
        if followed:
            other = sheet[followed[1].replace("$", "")]
            if other.data_type == "f" or other.protection.locked != cell.protection.locked:
                yield at(cell)
            continue
        typed.setdefault((cell.row, cell_of(sheet, cell.row, SHARED).value), cell_of(sheet, cell.row, SHARED))
        if typed.setdefault((cell.row, cell.value), cell) is not cell:
            yield f"{at(cell)} is {at(typed[cell.row, cell.value])}"


@rule
def inputs_are_guarded(book: Book) -> Iterator[str]:
    """A validation with a note on every input, and a heading for range, source, date and confidence."""
    for name in (*INPUT_SHEETS, OPTIONS):
        sheet = book.formulas[name]
        heads = {str(cell.value) for cell in sheet[4]}
        yield from (
            f"{name} has no column {h}" for h in {"Unit", "Low", "High", "Source", "Date", "Confidence"} - heads
        )
        covered = {str(r) for dv in sheet.data_validations.dataValidation if dv.prompt for r in dv.sqref.ranges}
        for cell in book.inputs(lists=False):
            definition = cell_of(sheet, cell.row, 6).value == "Definition"
            if sheet[cell.coordinate] is cell and not definition and cell.coordinate not in covered:
                yield at(cell)


@rule
def formats_fit_units(book: Book) -> Iterator[str]:
    from workbook.writing.styles import SHARE

    for sheet in book.options:
        last = book.years(sheet)
        for row in range(5, sheet.max_row + 1):
            label, unit = (str(cell_of(sheet, row, column).value) for column in (1, 2))
            for column in (TOTAL, CONSTANT, *range(FIRST_YEAR, last + 1)):
                cell = cell_of(sheet, row, column)
                if cell.value is None:
                    continue
                percent = "%" in cell.number_format
                if (unit == "p.a." or (unit == "-" and bool(SHARE.search(label)))) != percent:
                    yield at(cell)


@rule
def rows_have_labels_and_units(book: Book) -> Iterator[str]:
    for sheet in book.options:
        for row in sheet.iter_rows(min_row=5):
            filled = any(cell.value is not None for cell in row[TOTAL - 1 : book.years(sheet)])
            if filled and not (row[0].value and row[1].value):
                yield f"{sheet.title} row {row[0].row}"


@rule
def rows_are_told_apart(book: Book) -> Iterator[str]:
    for sheet in book.options:
        seen: set[tuple[Any, ...]] = set()
        values = book.values[sheet.title]
        for row in values.iter_rows(min_row=5):
            key = (row[0].value, row[2].value)
            if row[1].value:  # a chapter's heading has no unit, and may be called as the line that it leads to
                yield from [f"{sheet.title} row {row[0].row}: {key}"] if key in seen else []
                seen.add(key)


# --------------------------------------------------------------------------------------------------- checks and cover


@rule
def the_master_check_holds(book: Book) -> Iterator[str]:
    value = book.values["Checks"]["C4"].value
    if value != 1 or isinstance(value, bool):
        yield f"master check is {value!r}"


@rule
def checks_are_live(book: Book) -> Iterator[str]:
    from models.run.model import MODEL

    sheet = book.formulas["Checks"]
    labels = {str(row[0].value).removesuffix(", years failing") for row in sheet.iter_rows(min_row=7)}
    yield from (f"{i.name} is not checked" for i in MODEL.lines.values() if i.equality and i.label not in labels)
    for row in sheet.iter_rows(min_row=7):
        if row[6].value is not None and row[6].data_type != "f" and row[6].value != "Same (1)":
            yield at(row[6])
    if not isinstance(sheet["C3"].value, int | float):
        yield "no tolerance"


@rule
def headlines_are_formulas(book: Book) -> Iterator[str]:
    sheet = book.formulas["Summary"]
    start = next(r for r in range(1, sheet.max_row) if cell_of(sheet, r, 1).value == "Figures for each option")
    for row in sheet.iter_rows(min_row=start + 2, max_row=start + 10, min_col=2, max_col=1 + len(book.options)):
        yield from (at(cell) for cell in row if cell.data_type != "f")


@rule
def the_cover_says_what_it_must(book: Book) -> Iterator[str]:
    sheet = book.values["Cover"]
    held = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    wanted = (
        *("Decision required", "Recommendation", "Master check", "Version", "Date", "Status", "Prepared by"),
        *("Currency", "Price base", "Tax basis", "Discount rate", "Study period", "Signs", "Contents", "Colours"),
    )
    yield from (name for name in wanted if name not in held)
    yield from (name for name in wanted[:13] if held.get(name) in (None, ""))
    if book.values["Change log"]["A5"].value != held.get("Version"):
        yield "the last version of the change log is not the cover's"


@rule
def the_change_log_is_dated(book: Book) -> Iterator[str]:
    row = book.formulas["Change log"][5]
    if not isinstance(row[1].value, datetime):
        yield "no date"
    yield from (at(cell) for cell in row[:8] if cell.value in (None, ""))


@rule
def inputs_are_used(book: Book) -> Iterator[str]:
    """Every input that a line of the model reads stands in a formula of the option's sheet."""
    from models.engine.expression import names
    from models.run.gather import INPUTS
    from models.run.model import MODEL

    read = {n for line in MODEL.lines.values() for n in names(line.formula) if n in INPUTS}
    texts = (text.replace("now_", "in_") for sheet in book.options for _, text in book.with_formulas(sheet.title))
    used = {name for text in texts for name in re.findall(r"in_\w+", text)}
    for name in book.formulas.defined_names:
        option = re.match(r"in_o(\d+)_", name)
        rest = name[option.end() :] if option else name.removeprefix("in_")
        engine = _engine_name(rest, bool(option))
        if engine in read and name not in used:
            yield name


def _engine_name(rest: str, of_option: bool) -> str:
    tables = ("asset", "capex", "opex", "tariff", "tier")
    if found := re.fullmatch(r"w\d+_(\w+)", rest):
        return ("serving_" if of_option else "workload_") + found[1]
    if found := re.fullmatch(rf"({'|'.join(tables)})\d+_(\w+)", rest):
        return f"{found[1]}_{found[2]}"
    if found := re.fullmatch(r"(rental|lease|loan|api)_(\w+)", rest):
        return f"{found[1]}_{found[2]}"
    return ("option_" if of_option else "study_") + rest
