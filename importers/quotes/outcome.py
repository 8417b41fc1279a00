"""The reading of a quote in plain words and numbers, for programs: what is taken, what is asked, and what stands aside.

The same reading as the page's: what is asked there is asked here, and an answer here is what is typed there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importers.quotes.cells.columns import BY_NAME, COLUMNS, bare
from importers.quotes.cells.findings import Finding, QuoteError
from importers.quotes.cells.sheet import SheetRow, in_sheet
from importers.quotes.option.prepare import Prepared, prepare
from importers.quotes.option.questions import Explained
from importers.quotes.reading.lines import UNIT_PRICES, Line
from importers.quotes.reading.quote import Quote, Reading, read
from importers.quotes.reading.survey import survey
from importers.quotes.reading.words import MONTHS_A_YEAR
from models.notation.writer import in_cell
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Study

# How programs name what our columns are called.
NAMES: Mapping[str, str] = {
    "number": "quote_number",
    "date": "quote_date",
    "systems": "systems_quoted",
    "gpus_per_system": "accelerators_per_system",
    "commitment": "chosen_commitment",
}
# Answers that are of no column: the months of a term, which product of several, and what explains a difference.
TERM_MONTHS, PRODUCT, WHY_TOTAL, WHY_PRICE = "term_months", "product", "why_total", "why_price"
PLACES = ("sheet", "header_row", "columns", "rows")
PARTS: Mapping[str, str] = {
    **{"systems": "system", "lease": "system", "rental committed": "system", "rental on demand": "system"},
    **{"delivery": "freight", "warranty": "support", "tax": "tax"},
    **{part: part for part in ("network", "storage", "support", "software", "installation")},
}
BASES: Mapping[str, str] = {
    "per accelerator": "per GPU",
    "per system and year": "per year",
    "per accelerator and year": "per year",
    "per system and month": "per month",
    "per accelerator-hour": "per GPU-hour",
    "per million tokens": "per Mtoken",
}
SCOPES: Mapping[str, str] = {"in": "in", "optional": "option", "out": "excluded"}


@dataclass(frozen=True)
class Answers:
    """What a person answers to what is asked of a quote: by column, of single rows, and where the table stands.

    `told` names answers that nothing asks for, with the nearest name.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    sheet: str | None = None
    header_row: int | None = None
    product: str = ""
    explained: Explained = field(default_factory=Explained)
    told: tuple[Finding, ...] = ()


def answers(held: Mapping[str, Any]) -> Answers:
    """The answers that a JSON object holds, each under the name of its column, its label, or a short name.

    `rows` maps rows ("12", or "12 of Services") to answers of their own, `columns` our columns to the file's letters
    or headings. An answer under another name is told, with the nearest name, and not used.
    """
    labels = {bare(column.label): column.name for column in COLUMNS}
    given: dict[str, str] = {}
    told: list[Finding] = []
    for name, value in held.items():
        column = NAMES.get(name) or (name if name in BY_NAME else labels.get(bare(name)))
        if name in (*PLACES, TERM_MONTHS, PRODUCT, WHY_TOTAL, WHY_PRICE) or value is None:
            continue
        if column is None:
            known = (*NAMES, *BY_NAME, *PLACES, TERM_MONTHS, PRODUCT, WHY_TOTAL, WHY_PRICE)
            hint = did_you_mean(name, known) or f"; answers are {', '.join(known)}"
            told.append(Finding(None, "", "warning", f"the answer {name!r} is to nothing that is asked{hint}"))
        else:
            given[column] = _text(value)
    months = held.get(TERM_MONTHS)
    if months and float(months) % MONTHS_A_YEAR == 0:
        given.setdefault("term_years", _text(float(months) / MONTHS_A_YEAR))
    rows = {
        str(row): {name: _text(text) for name, text in texts.items()} for row, texts in held.get("rows", {}).items()
    }
    explained = Explained(str(held.get(WHY_TOTAL, "")), str(held.get(WHY_PRICE, "")))
    places = held.get("columns"), held.get("sheet"), held.get("header_row"), str(held.get(PRODUCT) or "")
    return Answers(given, rows, *places, explained, tuple(told))


def _text(value: Any) -> str:
    return in_cell(value) if isinstance(value, float) else str(value)


def outcome(study: Study, content: bytes, name: str, said: Answers, today: datetime.date) -> dict[str, Any]:
    """What is read of a file: `header` as the file gives it, `lines`, `findings`, whether it may be added as it is
    (`ready`) or without its refused rows (`ready_without`), the sheets that are not read, and the systems counted.

    Of a file that cannot be read `refused` says why, and the rest is empty.
    """
    out: dict[str, Any] = {"refused": [], "header": {}, "lines": [], "findings": [], "ready": False}
    out |= {"ready_without": False, "unread": [], "counted_systems": None, "products": []}
    try:
        reading = _read(content, name, said)
    except QuoteError as error:
        return out | {"refused": [str(finding) for finding in error.findings]}
    quotes = [quote for quote in reading.quotes if said.product in ("", quote.terms.product)] or list(reading.quotes)
    made = [(quote, *_prepared(study, quote, said, today)) for quote in quotes]
    out["unread"] = list(reading.unread)
    out["header"] = _header(reading) if quotes else {}
    out["products"] = [quote.terms.product for quote in reading.quotes if quote.terms.product]
    about = [*said.told, *reading.findings, *_which(quotes)]
    out["findings"] = [_finding(each) for each in about]
    out["findings"] += list({str(f): f for _, found, _ in made for f in map(_finding, found.findings)}.values())
    sheet = reading.sheet or None
    out["lines"] = list({str(line): line for quote in quotes for line in _lines(quote, sheet)}.values())
    out["ready"] = len(made) == 1 and made[0][1].ready
    out["ready_without"] = len(made) == 1 and made[0][2].ready
    counted = (found.need.quoted for _, *both in made for found in both if found.need)
    out["counted_systems"] = next((number for number in counted if number), None)
    return out


def _read(content: bytes, name: str, said: Answers) -> Reading:
    """The file read with the answers: an answer stands in for what the file leaves open, not for a column of it."""
    seen = survey(content, name, sheet=said.sheet, header_row=said.header_row)
    mapping = None if said.columns is None else {**seen.proposed, **said.columns}
    filled = {h.letter for h in seen.headings if h.samples}
    letters = seen.proposed if mapping is None else mapping
    given = {column: text for column, text in said.given.items() if letters.get(column) not in filled}
    how: dict[str, Any] = {"mapping": mapping, "given": given, "sheet": said.sheet, "header_row": said.header_row}
    found = read(content, name, **how)
    known = {str(line.row): line.row for quote in found.quotes for line in quote.lines}
    rows = {known.get(row, int(row) if row.isdigit() else 0): texts for row, texts in said.rows.items()}
    return read(content, name, rows=rows, **how) if rows else found


def _prepared(study: Study, quote: Quote, said: Answers, today: datetime.date) -> tuple[Prepared, Prepared]:
    """The quote as an option, with its refused rows in the way and without them."""
    alike = [option.name for option in study.options if option.acquisition == quote.terms.acquisition]
    like = (alike or [study.options[0].name])[0]
    both = [
        prepare(study, quote, like, today=today, leave_out_refused=left, explained=said.explained)
        for left in (False, True)
    ]
    return both[0], both[1]


def _which(quotes: Sequence[Quote]) -> Iterator[Finding]:
    """Of several offers in a file it is asked which one is meant."""
    if len(quotes) > 1:
        names = ", ".join(quote.terms.product or quote.terms.source for quote in quotes)
        yield Finding(
            None, "", "refused", f"several are offered ({names}): choose which one is added, one after the other"
        )


def _finding(each: Finding) -> dict[str, Any]:
    return {"row": None if each.row is None else in_sheet(each.row), "severity": each.severity, "text": str(each)}


def _header(reading: Reading) -> dict[str, Any]:
    """What the file itself gives of the offer as a whole; nothing that was answered."""
    terms = reading.of_file
    return {
        name: value
        for name, value in {
            "vendor": terms.vendor,
            "number": terms.quote_number,
            "date": terms.quote_date and terms.quote_date.isoformat(),
            "valid_until": terms.valid_until and terms.valid_until.isoformat(),
            "currency": terms.currency,
            "acquisition": terms.acquisition,
            "delivery_weeks": terms.delivery_weeks,
            "term_months": terms.term_years and MONTHS_A_YEAR * terms.term_years,
            "systems": terms.systems_quoted,
        }.items()
        if value
    }


def _lines(quote: Quote, sheet: str | None) -> Iterator[dict[str, Any]]:
    for line in quote.lines:
        why = [f.message for f in quote.about_lines if f.row == line.row and f.severity == "refused"]
        yield {
            "sheet": line.row.sheet if isinstance(line.row, SheetRow) else sheet,
            "row": in_sheet(line.row),
            "item": line.item,
            "part": "tokens"
            if line.part.startswith("api ") and line.part != "api minimum"
            else PARTS.get(line.part, "other"),
            "detail": line.part,
            "charged": line.charged,
            "basis": BASES.get(line.charged, line.charged),
            "quantity": line.quantity,
            "unit": line.net_price,
            "amount": _amount(line),
            "years": line.years_covered,
            "scope": SCOPES.get(line.scope, ""),
            "state": "aside" if line.aside else "refused" if line.refused else "accepted",
            "why": why,
            "reason": line.why,
            "guess": dict(line.guess),
        }


def _amount(line: Line) -> float | None:
    """What a line comes to: quantity times price, or the price alone of what is charged by use."""
    if line.net_price is None:
        return None
    return line.net_price * (1.0 if line.charged in UNIT_PRICES or line.quantity is None else line.quantity)
