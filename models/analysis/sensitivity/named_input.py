"""An input as people name it: its label, whose it is, what it is now, and its values as they are written."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from models.analysis.sensitivity.quantities import input_label
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.words import unit_words
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.ranges import Range, input_range
from models.studies.study import Input, Study

DIGITS = 4


@dataclass(frozen=True)
class Subject:
    """An input as people name it: `label`, whose it is (`owner`, "" for the study), and what it is now (None: blank).

    `unit` is the schema's, looked up by the item's `basis` ("" without one); `range` is its own or the usual one.
    """

    path: str
    label: str
    owner: str
    entry: Field
    basis: str
    unit: str
    value: Value
    range: Range | None

    @property
    def name(self) -> str:
        """The label with its owner: "Electricity price (Own)"."""
        return f"{self.label} ({self.owner})" if self.owner else self.label

    @property
    def plain_label(self) -> str:
        """The label inside a sentence: "electricity price", but "PUE" and the names of items as they are."""
        return decapitalised(self.label) if self.label.startswith(self.entry.label) else self.label

    @property
    def is_price(self) -> bool:
        """Whether it is what somebody asks for: an amount of money, or the amount of an item."""
        return self.unit.startswith("money") or (self.entry.table in ("capex", "opex") and self.entry.name == "amount")

    @property
    def base(self) -> float | None:
        """What the input is now."""
        content = self.value.value
        return float(content) if isinstance(content, int | float) else None

    @property
    def in_percent(self) -> bool:
        """Whether people read it in per cent: shares, rates, and amounts that are a share of a price."""
        return schema.in_percent(self.entry, self.unit)

    def number(self, value: float) -> str:
        """A value without its unit: "12.5%", "54,716", "0.1286"; four digits, whole above a thousand."""
        return f"{_digits(100 * value)}%" if self.in_percent else _digits(value)

    def written(self, value: float, currency: str) -> str:
        """A value with its unit in words."""
        return writer.quantity(self.number(value), self.unit_said(currency, value), currency)

    def unit_said(self, currency: str, count: float = 2.0) -> str:
        """The unit in words, as it is said of so many: "USD per kWh", "p.a."; "" for a plain number and a share."""
        unit = "" if self.in_percent else unit_words(self.unit, currency)
        unit = {"years": "year"}.get(unit, unit) if count == 1 else {"month": "months"}.get(unit, unit)
        return f"{unit} {'p.a.' if self._is_yearly else ''}".strip()

    @property
    def _is_yearly(self) -> bool:
        """Whether it is paid, or changes, so much each year, which the unit of a running cost does not say."""
        timeless = not any(part in self.unit for part in ("month", "token", "request"))
        return self.unit == "1/yr" or (self.entry.table == "opex" and self.entry.name == "amount" and timeless)

    def distance(self, value: float) -> str:
        """How far a value is from now: "+37%", "+12 points" of a percentage, "+1" year; "" from 0 or a blank."""
        if self.base is None or value == self.base:
            return ""
        if self.entry.kind == "whole":
            return writer.signed(value - self.base, writer.count(value - self.base))
        if self.in_percent:
            return writer.points(value - self.base)
        if self.base == 0:
            return ""
        change = value / self.base - 1
        return writer.change(change) if abs(change) < 10 else writer.ratio(value / self.base)


def decapitalised(label: str) -> str:
    """A label inside a sentence: without its capital, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _digits(value: float) -> str:
    """Four significant digits, all of those before the point, no trailing zeros."""
    return writer.trimmed(writer.digits(value, DIGITS, whole=True)) if math.isfinite(value) else str(value)


def subject(study: Study, path: str, *, together: bool = False) -> Subject:
    """The input at a path, named; with `together` as that of all options that hold it alike.

    Raises StudyError where the path leads nowhere.
    """
    found = described(study, study.input(path))
    also = alike(study, path) if together else ()
    return replace(found, owner=f"{found.owner} and {len(also)} more") if also else found


def described(study: Study, each: Input) -> Subject:
    """An input of the study, named."""
    row, entry, value = each.place.row, each.entry, each.value
    label = entry.label
    if row.table not in ("option", "workload"):
        label = input_label(row, entry)
    found = input_range(value, entry, study) if entry.is_number else None
    return Subject(each.path, label, address(each.path).owner, entry, row.basis, each.unit, value, found)
