"""The uploaded quote, and how it is read: sheet, row of headings, columns, decimal mark, and what it leaves unsaid.

What a person said of a file is remembered for this file alone. The same file read the same way is read once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from files.limits import file_name
from importers.quotes import QuoteError, Reading, Survey, read, survey
from importers.quotes.cells.columns import COLUMNS, Column, exact, folded
from importers.quotes.cells.sheet import Sheet, open_sheet
from importers.quotes.reading.headings import STANDS_FOR_PRICE
from importers.quotes.reading.survey import Heading
from models.notation.reader import Policy
from views import session
from views.fields.remembered import kept

HELD, FIELD = "quote file", "quote upload"
SURVEYED, ROWS, READ = "quote surveyed", "quote rows", "quote read"
AS_SHOWN = "as the file itself shows"
# What a file may leave open, asked once for it: the words of each answer by how it is read.
DECIMALS: Mapping[str, str] = {"ask": AS_SHOWN, "point": "1,234.50 (point)", "comma": "1.234,50 (comma)"}
SHARES: Mapping[str, str] = {"ask": AS_SHOWN, "parts": "0.3 is 30% (parts of 1)", "percent": "30 is 30% (percent)"}
DAYS: Mapping[str, str] = {"ask": AS_SHOWN, "day first": "03/04 is 3 April", "month first": "03/04 is 4 March"}
MOST_HEADING_ROWS = 60
SHOWN_CELLS = 6
LONGEST_ABOVE = 400
Memo = tuple[Any, Any]


@dataclass(frozen=True)
class Upload:
    """One file as it was given: the last part of its name, its bytes, and what tells its content from others."""

    name: str
    content: bytes
    digest: str

    def entry(self, *parts: str) -> str:
        """The name under which something said of this file is remembered."""
        return " ".join(("quote", self.digest, *parts))


def upload(name: str, content: bytes) -> Upload:
    """A file that was given; its name is shown, and never becomes a path."""
    return Upload(file_name(name), content, hashlib.sha256(content).hexdigest()[:16])


def held() -> Upload | None:
    """The file that is being looked at."""
    return session.kept(HELD)


def hold(found: Upload | None) -> None:
    """Look at a file, or at none. The upload field is made anew, so that it takes the next one."""
    session.keep(HELD, found)
    for name in (SURVEYED, ROWS, READ):
        session.keep(name, None)  # what was read of the file before takes memory for nothing
    session.renew(FIELD)


def _remembered(name: str, arguments: Any, job: Callable[[], Any]) -> Any:
    """What a job gave for these arguments the last time; done again only for others. Refusals are remembered too."""
    known: Memo | None = session.kept(name)
    if known is None or known[0] != arguments:
        try:
            found = job()
        except QuoteError as error:
            found = error
        known = (arguments, found)
        session.keep(name, known)
    return known[1]


# -------------------------------------------------------------------------------------------------------- sheet and row


def sheet_name(file: Upload) -> str | None:
    """The sheet that was chosen; None for the first visible one."""
    return session.kept(file.entry("sheet")) or None


def row_entry(file: Upload) -> str:
    """The name under which the chosen row of headings is remembered, for each sheet its own."""
    return file.entry("headings", sheet_name(file) or "")


def header_row(file: Upload) -> int | None:
    """The row of headings that was chosen; None for the one that was found."""
    chosen = session.kept(row_entry(file), "")
    return int(chosen) if chosen else None


def surveyed(file: Upload) -> Survey | QuoteError:
    """The sheets and columns of the file, or why it cannot be read."""
    name, row = sheet_name(file), header_row(file)
    job: Callable[[], Survey] = lambda: survey(file.content, file.name, sheet=name, header_row=row)  # noqa: E731
    return _remembered(SURVEYED, (file.digest, file.name, name, row), job)


def heading_rows(file: Upload, sheet: str) -> dict[str, str]:
    """The rows of a sheet that may hold headings, each with its first cells; the number of a row is text."""
    name = sheet or None
    found: Sheet | QuoteError = _remembered(
        ROWS, (file.digest, file.name, name), lambda: open_sheet(file.content, file.name, name)
    )
    if isinstance(found, QuoteError):
        return {}
    rows: dict[str, str] = {}
    for number, cells in enumerate(found.rows[:MOST_HEADING_ROWS], start=1):
        texts = [str(cell.value) for cell in cells if cell.value is not None]
        if texts:
            rows[str(number)] = f"row {number}: {', '.join(texts[:SHOWN_CELLS])}"
    return rows


def above(file: Upload, survey: Survey) -> str:
    """What stands above the headings, where an offer names its vendor, number and dates; "" if nothing does."""
    rows = [text.split(": ", 1)[1] for number, text in heading_rows(file, survey.sheet).items()]
    numbers = [int(number) for number in heading_rows(file, survey.sheet)]
    before = [text for number, text in zip(numbers, rows, strict=True) if number < (survey.header_row or 0)]
    found = "; ".join(before)
    return found if len(found) <= LONGEST_ABOVE else f"{found[:LONGEST_ABOVE]}..."


# -------------------------------------------------------------------------------------------------------------- columns


def mapping_entry(file: Upload, survey: Survey, column: str) -> str:
    """The name under which the file's column for one of ours is remembered; another heading row asks anew."""
    return file.entry("column", survey.sheet, str(survey.header_row), column)


def given_entry(file: Upload, column: str) -> str:
    """The name under which is remembered what the file does not say."""
    return file.entry("given", column)


def mapped(file: Upload, survey: Survey) -> dict[str, str]:
    """The file's column for each of ours, by letter, as proposed or chosen; ours without one are left out."""
    letters, suggestion = ["", *(heading.letter for heading in survey.headings)], survey.proposed
    chosen = {
        column.name: kept(mapping_entry(file, survey, column.name), letters, suggestion.get(column.name, ""))
        for column in COLUMNS
    }
    return {name: letter for name, letter in chosen.items() if letter}


def unsaid(file: Upload, survey: Survey) -> list[Column]:
    """Our columns of which the file holds nothing: no column of it, or an empty one."""
    filled = {heading.letter for heading in survey.headings if heading.samples}
    letters = mapped(file, survey)
    return [column for column in COLUMNS if letters.get(column.name) not in filled]


def given(file: Upload, survey: Survey) -> dict[str, str]:
    """What was typed for what the file leaves unsaid."""
    texts = {column.name: str(session.kept(given_entry(file, column.name), "")) for column in unsaid(file, survey)}
    return {name: said for name, text in texts.items() if (said := text.strip())}


def is_priced(file: Upload, survey: Survey) -> bool:
    """Whether the net price follows from other figures of the file."""
    known = {*mapped(file, survey), *given(file, survey)}
    return any(known.issuperset(names) for names in STANDS_FOR_PRICE)


def said_entry(file: Upload, survey: Survey) -> str:
    """The name under which is remembered what was said of single rows; another sheet has other rows."""
    return file.entry("rows", survey.sheet, str(survey.header_row))


def said(file: Upload, survey: Survey) -> dict[int, dict[str, str]]:
    """What was said of single rows, by number and column."""
    return session.kept(said_entry(file, survey), {})


def say(file: Upload, survey: Survey, found: Mapping[int, Mapping[str, str]]) -> None:
    """Remember what is said of single rows, in place of what was said before; empty text says nothing."""
    tidy = {row: {name: text for name, text in texts.items() if text.strip()} for row, texts in found.items()}
    session.keep(said_entry(file, survey), {row: texts for row, texts in tidy.items() if texts})


def is_template(survey: Survey) -> bool:
    """Whether the headings are those of the template, so that nobody need map them."""
    known = {exact(heading.heading) for heading in survey.headings if heading.heading}
    return all(column.name in known for column in COLUMNS if column.required)


# -------------------------------------------------------------------------------------------------------------- reading


def was_read(file: Upload, survey: Survey) -> Reading | QuoteError:
    """The quotes in the file as it is to be read, or why it cannot be."""
    constants, rows = given(file, survey), said(file, survey)
    # As proposed until a person chooses otherwise: what stands side by side under several headings is then read too.
    own = mapped(file, survey)
    places = {name: _place(letter, survey.headings) for name, letter in own.items() if name not in constants}
    policy = Policy(*(session.kept(file.entry(asked), "ask") for asked in ("decimal", "shares", "days")))
    typed = session.policy()
    arguments = (
        file.digest,
        file.name,
        survey.sheet,
        survey.header_row,
        tuple(places.items()),
        tuple(constants.items()),
        tuple((row, tuple(texts.items())) for row, texts in rows.items()),
        policy,
        typed,
    )

    def job() -> Reading:
        return read(
            file.content,
            file.name,
            mapping=places,
            given=constants,
            rows=rows,
            sheet=survey.sheet or None,
            header_row=survey.header_row,
            policy=policy,
            typed=typed,
        )

    return _remembered(READ, arguments, job)


def _place(letter: str, headings: Sequence[Heading]) -> str:
    """How reading is told of a column: by its heading where that is the only one, else by its letter."""
    heading = next(each.heading for each in headings if each.letter == letter)
    alone = sum(folded(each.heading) == folded(heading) for each in headings) == 1
    return heading if heading and alone else letter
