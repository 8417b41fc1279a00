"""The new option in the making: what stays of the option it starts from, and what the quote sets."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from importers.quotes.cells.findings import Finding
from importers.quotes.option.checks import about
from importers.quotes.option.placing import Measure, Placed, quoted, write_items, write_prices
from importers.quotes.option.questions import Explained
from importers.quotes.option.scope import CONTAINED, EXPECTED, Estimate, part_of
from importers.quotes.reading.quote import Quote, Terms
from models.engine.constants import DAYS_PER_YEAR, MONTHS_PER_YEAR
from models.notation import writer
from models.notation.writer import as_typed
from models.studies.file.load import to_dict
from models.studies.inputs import schema
from models.studies.rules import unread_inputs
from models.studies.study import Option, Row, Study

DAYS_PER_WEEK = 7
# What an API may carry too.
WITHOUT_HARDWARE = ("fixed", "per_year", "per_million_tokens", "per_thousand_requests")
# Inputs of a site of one's own, which rented machines and an API may not carry.
SITE = (*schema.SITE_LIMITS, "tariff")


@dataclass(frozen=True)
class Draft:
    """A quote, the option it starts from, what amounts are measured against, and what a person adds to it."""

    study: Study
    base: Option
    quote: Quote
    measure: Measure
    estimates: Sequence[Estimate]
    explained: Explained

    @cached_property
    def _offered(self) -> frozenset[str]:
        """The parts that the offer answers for: expected of its kind, contained in its price, named, or estimated."""
        kind = self.quote.terms.acquisition or ""
        named = (*(line.part for line in self.quote.lines), *(estimate.part for estimate in self.estimates))
        return frozenset((*EXPECTED.get(kind, ()), *CONTAINED.get(kind, ()), *named, "systems"))

    def keeps(self, row: Row) -> bool:
        """Whether an item of the option it starts from stays: it is nobody's offer (staff, site, one's own work)."""
        counts_hardware = row.text("basis") not in WITHOUT_HARDWARE
        return part_of(row) not in self._offered and not (self.quote.terms.acquisition == "api" and counts_hardware)

    @property
    def kept(self) -> tuple[Row, ...]:
        """The items that stay."""
        return tuple(row for row in (*self.base.capex, *self.base.opex) if self.keeps(row))

    @property
    def dropped(self) -> tuple[Row, ...]:
        """The items that the offer replaces, contains or leaves out."""
        return tuple(row for row in (*self.base.capex, *self.base.opex) if not self.keeps(row))

    def option(self, name: str, placed: Sequence[Placed], findings: list[Finding]) -> dict[str, Any]:
        """The option's plain tables."""
        terms = self.quote.terms
        option = copy.deepcopy(dict(to_dict(self.study)["option"][self.study.options.index(self.base)]))
        for table in schema.TERMS:
            option.pop(table, None)
        option |= {"name": name, "acquisition": terms.acquisition or self.base.acquisition}
        option["vendor"] = quoted(terms, terms.vendor, self._in_short())
        for table, rows in (("capex", self.base.capex), ("opex", self.base.opex)):
            held = zip(option.get(table, []), rows, strict=True)
            option[table] = [plain for plain, row in held if self.keeps(row)]
        self._set_terms(option)
        self._set_speed(option)
        write_items(option, placed, self.quote.lines, self.measure)
        write_prices(option, placed, self.measure, findings)
        if terms.acquisition == "rental":
            self._set_rental(option, findings)
        self._take_out(option)
        return {key: part for key, part in option.items() if part not in ([], {})}

    def _in_short(self) -> str:
        """What the offer says that no number of the study holds: it stays with the vendor's name."""
        terms = self.quote.terms
        known = terms.performance_source or "not said where"
        reference = f": {terms.performance_reference}" if terms.performance_reference else ""
        said = [f"performance known from {known}{reference}"]
        if terms.acquisition != "api" and not _claims_speed(terms):
            said.append(f"speed and power as in {self.base.name}")
        if terms.valid_until is not None:
            said.append(f"prices hold until {terms.valid_until}")
        if terms.prepayment_share:
            said.append(f"{writer.share(terms.prepayment_share)} with the order, which the model does not hold")
        for years, what in ((terms.warranty_years, "warranty"), (terms.support_years, "support")):
            if years is not None:
                said.append(f"{what} for {as_typed(years)} years")
        return "; ".join((*said, *self.explained.said))

    def _set_terms(self, option: dict[str, Any]) -> None:
        """Delivery, quantity and term, as quoted."""
        terms = self.quote.terms
        months, words = _delivery(terms)
        if months is not None:
            option["months_to_production"] = quoted(terms, months, words)
        if terms.accelerators_per_system is not None:
            option["accelerators_per_system"] = quoted(terms, terms.accelerators_per_system, "as offered")
        if terms.acquisition == "lease" and terms.term_years is not None:
            option["equipment_life"] = quoted(terms, terms.term_years, "the term of the lease")
        if self.base.sizing == "fixed" and self.measure.systems:
            option["systems"] = quoted(terms, math.ceil(self.measure.systems), "systems quoted")

    def _set_speed(self, option: dict[str, Any]) -> None:
        """A vendor's claimed speed, for every workload; otherwise the speed of the option it starts from stays."""
        terms = self.quote.terms
        if not _claims_speed(terms):
            return
        note = "vendor's claim" + (f": {terms.performance_reference}" if terms.performance_reference else "")
        for row in option.get("serving", []):
            for stale in ("prefill_rate", "measured_input_tokens", "measured_output_tokens"):
                row.pop(stale, None)
            row["decode_rate"] = quoted(terms, terms.claimed_decode_rate, note)
            if terms.claimed_prefill_rate is not None:
                row["prefill_rate"] = quoted(terms, terms.claimed_prefill_rate, note)

    def _set_rental(self, option: dict[str, Any], findings: list[Finding]) -> None:
        terms, rental = self.quote.terms, option.setdefault("rental", {})
        share = terms.committed_share
        if share is None and "committed_price" in rental:
            findings.append(
                about("is missing: say which share of the hours is committed to, 1 for all", "committed_share")
            )
        rental["committed_share"] = quoted(terms, share or 0.0, "as offered" if share else "nothing is committed to")
        if terms.term_years is not None:
            rental["commitment_years"] = quoted(terms, terms.term_years, "as offered")

    def _take_out(self, option: dict[str, Any]) -> None:
        """What the new way to pay does not know: limits of a site for rented machines, hardware for an API."""
        acquisition = option["acquisition"]
        if acquisition in ("rental", "api"):
            for name in SITE:
                option.pop(name, None)
        if acquisition == "api":
            for name in unread_inputs("api"):
                option.pop(name, None)
            named = {row["asset"] for row in option["capex"]}
            option["asset"] = [row for row in option.get("asset", []) if row["name"] in named]


def _claims_speed(terms: Terms) -> bool:
    return terms.performance_source == "vendor claim" and terms.claimed_decode_rate is not None


def _delivery(terms: Terms) -> tuple[float | None, str]:
    if terms.delivery_months is not None:
        return terms.delivery_months, "delivery as offered; add what comes after it"
    if terms.delivery_weeks is None:
        return None, ""
    months = terms.delivery_weeks * DAYS_PER_WEEK * float(MONTHS_PER_YEAR) / float(DAYS_PER_YEAR)
    return months, f"{as_typed(terms.delivery_weeks)} weeks to delivery as offered; add what comes after it"
