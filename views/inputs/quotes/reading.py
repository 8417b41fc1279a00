"""How an uploaded quote is read: sheet, row of headings, columns and decimal mark, and what the file leaves unsaid."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from importers.quotes import QuoteError, Survey
from importers.quotes.cells.columns import BY_NAME, COLUMNS, TOKEN_PRICES, Column
from importers.quotes.reading.head import Said
from importers.quotes.template import CHOICES, HELP
from views.fields import remembered as fields
from views.figures import wording
from views.inputs.quotes import file as quotes_file
from views.inputs.quotes.file import Upload

NARROWEST = 260
NONE = "not in the file"
SHOWN_SAMPLES = 2
SAID_FOR_ALL = "What is typed here holds for every line and every quote of the file."
LINES_DIFFER = "Where lines differ in it, edit the lines below."
CHOSEN = "chosen_commitment"
# What may differ from line to line is asked for where a line lacks it.
BY_ROW = ("part", "charged", "scope")
# Line by line these decide what an amount means; without them nothing counts.
FIRST = ("quantity",)
# No two lines have this in common.
NEVER_ALIKE = ("line_total", "net_price", "minimum_spend", "commitment", "unit", *TOKEN_PRICES)


def draw(file: Upload, survey: Survey, *, opened: bool) -> None:
    """The folded box with sheet, row of headings, decimal mark and columns; drawn only while it is open."""
    box = st.expander("File layout", opened, icon=":material/table_view:", key=file.entry("how"), on_change="rerun")
    if not box.open:
        return
    with box:
        _table(file, survey)
        if survey.header_row:
            _columns(file, survey)


def _table(file: Upload, survey: Survey) -> None:
    """Where the table stands in the file, and how its numbers are written."""
    grid = st.grid(3, min_column_width=NARROWEST, gap="small")
    if len(survey.sheets) > 1:
        with grid.cell():
            fields.choice(file.entry("sheet"), "Sheet", survey.sheets, survey.sheet)
    rows = quotes_file.heading_rows(file, survey.sheet)
    found = str(survey.header_row or "")
    none = "choose the row" if survey.header_row is None else "none: each row is a label and its value"
    if rows:
        with grid.cell():
            fields.choice(
                quotes_file.row_entry(file),
                "Header row",
                ([] if found else [""]) + list(rows),
                found,
                words=lambda row: rows.get(row, none),
            )
    for asked, label, answers in (
        ("decimal", "Decimal mark in numbers written as text", quotes_file.DECIMALS),
        ("shares", "Shares written without a % sign", quotes_file.SHARES),
        ("days", "Dates such as 03/04/2026", quotes_file.DAYS),
    ):
        with grid.cell():
            fields.choice(file.entry(asked), label, list(answers), "ask", words=answers.__getitem__)


def _columns(file: Upload, survey: Survey) -> None:
    """The file's column for each of ours; those needed first."""
    seen = {heading.letter: heading for heading in survey.headings}

    def words(letter: str) -> str:
        if not letter:
            return NONE
        samples = ", ".join(seen[letter].samples[:SHOWN_SAMPLES])
        return f"{letter}: {seen[letter].heading or 'no heading'}{f' ({samples})' if samples else ''}"

    suggestion, letters = survey.proposed, ["", *seen]
    st.caption("Column mapping. Check the suggestions.")
    every, found = fields.tick(file.entry("all columns"), "Also what is not needed"), quotes_file.mapped(file, survey)
    first = [column for column in COLUMNS if column.required or column.name in found]
    shown = first + [column for column in COLUMNS if every and column not in first]
    grid = st.grid(3, min_column_width=NARROWEST, gap="small")
    for column in shown:
        with grid.cell():
            fields.choice(
                quotes_file.mapping_entry(file, survey, column.name),
                column.label,
                letters,
                suggestion.get(column.name, ""),
                words=words,
                help=wording.escaped(column.help),
            )


# ------------------------------------------------------------------------------------------------ what the file omits


def draw_unsaid(
    file: Upload, survey: Survey, wanted: Collection[str], head: Mapping[str, Said], commitments: Sequence[str] = ()
) -> None:
    """Fields for what the file leaves unsaid: those needed or found missing (`wanted`, by label), the rest folded.

    What is typed holds for every line: a currency, a quantity of 1, a discount on every list price. What the file says
    outside its table (`head`) stands in its field already, and may be typed over; of `commitments` one is chosen.
    """
    columns = quotes_file.unsaid(file, survey)
    typed = quotes_file.given(file, survey)
    priced = quotes_file.is_priced(file, survey)
    # Where the file says the part of no line, its words do, line by line.
    by_words = "part" in {column.name for column in columns}
    wanted = {label for label in wanted if not (by_words and label in {BY_NAME[name].label for name in BY_ROW})}
    needed = [
        c for c in columns if c.required and c.name not in (*BY_ROW, *head) and not (c.name == "net_price" and priced)
    ]
    asked = (*(c.name for c in needed), *typed, *(() if by_words else FIRST))
    first = [c for c in columns if c.name in asked or (c.label in wanted and not (c.name == "net_price" and priced))]
    rest = [c for c in columns if c not in first and c.name not in NEVER_ALIKE]
    if commitments:
        first = [column for column in first if column.name != CHOSEN]
        fields.choice(
            quotes_file.given_entry(file, CHOSEN),
            BY_NAME[CHOSEN].label,
            ["", *commitments],
            "",
            words=lambda each: each or "choose",
        )
    rest = [column for column in rest if column.name != CHOSEN]
    if found := [column for column in columns if column.name in head]:
        said = "; ".join(f"{c.label}: {_as_said(head[c.name])}" for c in found)
        st.caption(wording.escaped(f"The file says: {said}."))
    if first:
        st.markdown("**Terms to complete**")
        if above := quotes_file.above(file, survey):
            st.caption(wording.escaped(f"Above its table it says: {above}."))
        st.caption(SAID_FOR_ALL if all(c.level == "quote" for c in first) else f"{SAID_FOR_ALL} {LINES_DIFFER}")
        _fields(file, first, head)
    if not rest:
        return
    box = st.expander(
        f"More that the file does not say, or says otherwise ({len(rest)})",
        icon=":material/edit_note:",
        key=file.entry("more"),
        on_change="rerun",
    )
    if box.open:
        with box:
            _fields(file, rest, head)


def _as_said(said: Said) -> str:
    """What stands in the file, and where."""
    return f"{said.cell.value} ({said.place})"


def _fields(file: Upload, columns: Sequence[Column], head: Mapping[str, Said]) -> None:
    grid = st.grid(4, min_column_width=220, gap="small")
    for column in columns:
        with grid.cell():
            _field(file, column, head.get(column.name))


def _field(file: Upload, column: Column, said: Said | None) -> None:
    """One thing the file does not say; what cannot be read is told with the findings, the text stays."""
    name = quotes_file.given_entry(file, column.name)
    label = f"{column.label} (needed)" if column.required else column.label
    if column.choices:
        fields.choice(
            name,
            label,
            ["", *column.choices],
            "",
            words=lambda each: each or ("choose" if said is None else f"as the file: {said.cell.value}"),
            help=wording.escaped(column.help),
        )
        return
    shape = {"date": "2026-01-31", "currency": "USD", "share": "0.3"}.get(column.kind, "")
    fields.text(
        name, label, help=wording.escaped(column.help), placeholder=shape if said is None else str(said.cell.value)
    )


def draw_unread(survey: Survey, unread: Sequence[str]) -> None:
    """Which sheets of the file have lines that are not read: a part of the offer may stand there."""
    others = [name for name in unread if name not in (HELP, CHOICES)]
    if others:
        read = ", ".join(name for name in survey.sheets if name not in unread)
        words = f"Lines are read from the sheet {read}, not from {', '.join(others)}."
        st.info(wording.escaped(f"{words} Put lines that stand there on one sheet."), icon=":material/tab:")


def draw_refusal(refused: QuoteError) -> None:
    """Why nothing can be read, with the remedy."""
    st.error("The file cannot be read yet; the study is as before.", icon=":material/error:")
    st.markdown("\n".join(f"- {wording.escaped(str(finding))}" for finding in refused.findings))
