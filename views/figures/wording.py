"""Words for people: units, places, sources and messages, without the names that files and formulas use."""

from __future__ import annotations

import re
from functools import cache

from models.analysis.words import unit_words
from models.notation import writer
from models.studies import schema
from models.studies.problem import Problem
from models.studies.schema import Field
from models.studies.study import Study
from models.studies.value import Value
from views.figures.written import plain as escaped

UNITS: dict[str, str] = {
    "": "",
    "1": "",
    "1/yr": "a year",
    "yr": "years",
    "request/day": "",
    "token/request": "",
    "money/request": "{money} per request",
    "money/response": "{money} per answer",
    "money/Mtoken": "{money} per million tokens",
    "money/krequest": "{money} per 1,000 requests",
    "money/accelerator/h": "{money} per accelerator-hour",
    "money/accelerator": "{money} per accelerator",
    "money/system": "{money} per system",
    "money/system/month": "{money} per system and month",
    "money/kW": "{money} per kW",
    "money/kW/month": "{money} per kW and month",
    "money/yr": "{money} a year",
    "money": "{money}",
    "token/s/accelerator": "tokens/s per accelerator",
    "accelerator/system": "",
    "accelerator/replica": "",
    "system": "",
    "month": "months",
    "W/system": "W",
    "J/token": "J per token",
}


def is_percent(entry: Field, basis: str = "") -> bool:
    """Whether an input is shown and typed in percent: shares, efficiencies, rates, and amounts that are a share."""
    unit = schema.unit(entry, basis)
    if entry.kind == "schedule" or unit == "1/yr":
        return True
    if unit != "1" or entry.kind != "number":
        return False
    return entry.unit == "@basis" or entry.maximum == 1.0


def unit(text: str, currency: str, *, percent: bool = False) -> str:
    """A unit as it stands behind a number: "USD per million tokens", "% a year", "" for a plain count."""
    shown = UNITS.get(text, text.replace("money", "{money}")).format(money=currency.strip() or "money")
    return f"% {shown}".strip() if percent else shown


def years(study: Study) -> str:
    """How long the study runs: "five years"."""
    return writer.years(study.fields.number("horizon_years"))


def help_text(entry: Field) -> str:
    """What an input means, its usual range with the source, and its contract name."""
    parts = [entry.help.replace("`", "")]
    if entry.usual:
        parts.append(f"Usual: {entry.usual_source}.")
    return "\n\n".join([*(escaped(part) for part in parts), f"`{entry.table}.{entry.name}`"])


def source(value: Value) -> str:
    """Where a value comes from, in two or three words."""
    if value.blank:
        return "not given"
    if value.set_by == "default":
        return "default"
    if value.confidence:
        return " ".join(part for part in (value.confidence, value.as_of) if part)
    if value.source:
        return "has a source"
    return "from catalogue" if value.set_by == "catalogue" else "no source yet"


def place(path: str) -> str:
    """A path in words: "Buy, colocation: PUE"."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    if parts[0] == "study":
        return _label("study", parts[1]) if len(parts) > 1 else "Study"
    owner = parts[1] if len(parts) > 1 else parts[0].capitalize()
    rest = parts[2:]
    if not rest:
        return owner
    if len(rest) == 1:
        return f"{owner}: {_label(parts[0], rest[0])}"
    table, *inner = rest
    return f"{owner}, {', '.join(inner[:-1]) or schema.table(table).label}: {_label(table, inner[-1])}"


def _label(table: str, name: str) -> str:
    entry = schema.named(table).get(name)
    if entry is not None:
        return entry.label
    inner = next((each.label for each in schema.TABLES if each.name == name), name)
    return inner.capitalize()


def _as_typed(found: Problem) -> str:
    """The message with its numbers as fields show them: in percent where that is typed, grouped in thousands."""
    if re.match(r'acquisition "\w+" needs the table', found.message):
        return "are missing: fill in at least one of them"
    if not re.match(r"(lies|is) outside ", found.message):
        return found.message
    entry = entry_at(found.path)
    percent = entry is not None and is_percent(entry)
    # What stands in brackets is the source of the range.
    said, bracket, rest = found.message.partition(" (")
    return (
        re.sub(r"-?[0-9][0-9.e+-]*", lambda each: writer.as_typed(float(each[0]), percent=percent), said)
        + bracket
        + rest
    )


def entry_at(path: str) -> Field | None:
    """The input that a path leads to, by its names alone; None if there is none of that name."""
    parts = path.split("/")
    tables = [part for part in parts[2:-1:2] if part in {each.name for each in schema.TABLES}]
    table = tables[0] if tables and parts[0] == "option" else parts[0]
    known = table in {each.name for each in schema.TABLES}
    return schema.named(table).get(parts[-1]) if known else None


def plain(message: str) -> str:
    """A message of the model with labels in place of the names of inputs and tables."""
    for pattern, word in _names():
        message = pattern.sub(word, message)
    return message


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    labels = {entry.name: entry.label for entry in schema.FIELDS if "_" in entry.name}
    found = [(re.compile(rf"\b{name}\b"), f"\u201c{label}\u201d") for name, label in labels.items()]
    found += [(re.compile(re.escape(schema.heading(each.name))), each.label) for each in schema.TABLES]
    return tuple(found)


def problem(found: Problem, *, with_place: bool = True) -> str:
    """A problem as one sentence, ready for Markdown."""
    message = plain(_as_typed(found))
    return escaped(f"{place(found.path)} {message}" if with_place and found.path else message[:1].upper() + message[1:])


def amount_words(table: str, basis: str, amount: float, currency: str) -> str:
    """An amount of a purchase or running cost with its unit: "USD 400,000 per system", "USD 150 once"."""
    yearly = " a year" if table == "opex" else ""
    if basis == "pct_equipment":
        return f"{writer.as_typed(amount, percent=True)} of the equipment price{yearly}"
    words = unit_words(schema.BASIS_UNITS[table][basis], currency)
    once = " once" if basis == "fixed" else yearly if basis in ("per_year", "per_system", "per_accelerator") else ""
    return f"{writer.quantity(writer.exact(amount), words, currency)}{once}"
