"""Words for people: units, places, sources and messages, without the names that files and formulas use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from models.analysis.words import unit_words
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Amount, Problem, ProblemKind, Voice
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.study import Study
from views.figures.written import plain as escaped

UNITS: dict[str, str] = {
    "": "",
    "1": "",
    "1/yr": "p.a.",
    "yr": "years",
    "request/day": "",
    "token/request": "",
    "money/request": "{money} per request",
    "money/response": "{money} per response",
    "money/Mtoken": "{money} per million tokens",
    "money/krequest": "{money} per 1,000 requests",
    "money/accelerator/h": "{money} per accelerator-hour",
    "money/accelerator": "{money} per accelerator",
    "money/system": "{money} per system",
    "money/system/month": "{money} per system and month",
    "money/kW": "{money} per kW",
    "money/kW/month": "{money} per kW and month",
    "money/yr": "{money} p.a.",
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
    return schema.in_percent(entry, schema.unit(entry, basis))


# How the label of a yearly change ends.
YEARLY = ", p.a."


def unit(text: str, currency: str, *, percent: bool = False) -> str:
    """A unit as it stands behind a number: "USD per million tokens", "% p.a.", "" for a plain count."""
    shown = UNITS.get(text, text.replace("money", "{money}")).format(money=currency.strip() or "money")
    return f"% {shown}".strip() if percent else shown


def with_unit(label: str, unit: str) -> str:
    """A label with its unit behind it; what is a year's says so once: "Increase, % p.a."."""
    return f"{label.removesuffix(YEARLY) if unit.endswith('p.a.') else label}, {unit}"


def years(study: Study) -> str:
    """How long the study runs: "five years"."""
    return writer.years(study.horizon)


def help_text(entry: Field) -> str:
    """What an input means, its usual range with the source, and its contract name."""
    parts = [entry.help.replace("`", "")]
    if entry.usual:
        parts.append(f"Typical range: {entry.usual_source}.")
    return "\n\n".join([*(escaped(part) for part in parts), f"`{entry.table}.{entry.name}`"])


def source(value: Value) -> str:
    """Where a value comes from, in two or three words."""
    if value.blank:
        return "not given"
    if value.set_by == "default":
        return "default"
    if value.confidence:
        return " ".join(part for part in (schema.confidence_label(value.confidence), value.as_of) if part)
    if value.source:
        return "sourced"
    return "catalogue" if value.set_by == "catalogue" else "your figure"


def place(path: str) -> str:
    """A path in words: "Buy, colocation: PUE"."""
    at = address(path)
    label = at.entry.label if at.entry else at.name
    if not at.owner:
        return label.capitalize() if at.entry is None and label else label or at.table.capitalize()
    if at.table == at.top:
        return f"{at.owner}: {label}" if label else at.owner
    table = schema.table(at.table).label
    if not label:
        return f"{at.owner}, {table}: {at.key}" if at.key else f"{at.owner}: {table.capitalize()}"
    return f"{at.owner}, {at.key or table}: {label}"


class _Page(Voice):
    """Problems as a page says them: labels for names, numbers as fields show them."""

    def sentence(self, kind: ProblemKind, fields: Mapping[str, Any]) -> str:
        return self.vformat(kind.page, (), fields) if kind.page else super().sentence(kind, fields)

    def input(self, name: str) -> str:
        return f"\u201c{_labels()[name]}\u201d"

    def table(self, name: str) -> str:
        return schema.table(name).label

    def amount(self, amount: Amount) -> str:
        if amount.value is not None and is_percent(amount.entry):
            return writer.as_typed(amount.value, percent=True)
        return super().amount(amount)

    def number(self, number: float) -> str:
        return writer.as_typed(number)


PAGE = _Page()


@cache
def _labels() -> dict[str, str]:
    return {entry.name: entry.label for entry in schema.FIELDS}


def said(found: Problem) -> str:
    """What is wrong and what to do about it, in the words of a page."""
    return plain(found.message) if isinstance(found.said, str) else PAGE.words(found)


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
    return escaped(told(found, with_place=with_place))


def told(found: Problem, *, with_place: bool = True) -> str:
    """A problem as one sentence, with its place where it has one."""
    message = said(found)
    return f"{place(found.path)} {message}" if with_place and found.path else message[:1].upper() + message[1:]


def amount_words(table: str, basis: str, amount: float, currency: str) -> str:
    """An amount of a purchase or running cost with its unit: "USD 400,000 per system", "USD 150 once"."""
    yearly = " p.a." if table == "opex" else ""
    if basis == "pct_equipment":
        return f"{writer.as_typed(amount, percent=True)} of the equipment price{yearly}"
    words = unit_words(schema.BASIS_UNITS[table][basis], currency)
    once = " once" if basis == "fixed" else yearly if basis in ("per_year", "per_system", "per_accelerator") else ""
    return f"{writer.quantity(writer.exact(amount), words, currency)}{once}"
