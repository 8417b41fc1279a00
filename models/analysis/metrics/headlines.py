"""The ten headline figures of an option, each with its basis, boundary and unit; and what drives the cost.

Nothing is computed here that the model does not: a headline names a line and says what it holds. What a response
costs is told for 1,000 of them; watt-hours have joules beneath, from the same line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import PER_RESPONSE, by_years, listing
from models.chapters.money.costs import COSTS
from models.engine.constants import JOULES_PER_KWH, REQUESTS_PER_THOUSAND, TOKENS_PER_MILLION
from models.notation import writer
from models.run.model import MODEL, OptionResult
from models.studies.study import Study

Kind = Literal["unit_cost", "money", "share", "physical", "text"]
STAFF = "staff"
JOULES_PER_WH = 3600.0
BINDING: Mapping[str, str] = {"demand": "demand", "compute": "computing", "power": "power", "cooling": "cooling"}
# Kinds of cost that bring at least this share of the whole are named as drivers, the largest in any case.
WORTH_NAMING, MOST_NAMED = 0.1, 3


@dataclass(frozen=True)
class Figure:
    """A figure with its unit as people read it; `line` is the line of the model that opens it, None without one."""

    label: str
    value: float | str | None
    unit: str
    kind: Kind
    line: str


@dataclass(frozen=True)
class Headline:
    """One of the ten: its figure, on which basis it stands, what it includes, and the figures beneath it.

    `missing` says in words why there is no figure, "" where there is one.
    """

    number: int
    figure: Figure
    basis: str
    boundary: str
    beneath: tuple[Figure, ...] = ()
    missing: str = ""

    @property
    def line(self) -> str:
        return self.figure.line


def without_staff(study: Study) -> Study:
    """The study without its running costs of the category staff: engineering time, which most published costs omit."""
    options = tuple(
        dataclasses.replace(option, opex=tuple(row for row in option.opex if row.text("category") != STAFF))
        for option in study.options
    )
    return dataclasses.replace(study, options=options)


def has_staff(study: Study) -> bool:
    """Whether any option counts engineering time, so that there is something to leave out."""
    return any(row.text("category") == STAFF for option in study.options for row in option.opex)


def headlines(option: OptionResult) -> tuple[Headline, ...]:
    """The ten headline figures, in order. Costs are nominal and before tax; lifetime means not discounted."""
    return (*_costs(option), _reading_and_writing(option), _use(option), *_energy(option), _limit(option))


def cash_needed(option: OptionResult) -> float:
    """What has to be paid in year 1 of one's own: purchases and running costs; of a loan, less what is drawn, with its
    payments of the year.

    Resale is not taken off: where the horizon is one year it falls at the year's end, after everything is paid.
    """
    values = option.values
    loan = values["loan_payment"][0] - values["loan_draw"] if values["is_loan"] else 0.0
    return values["capex"][0] + values["operating"][0] + loan


def _money(option: OptionResult) -> str:
    return option.study.currency or "money"


def _over_years(option: OptionResult) -> str:
    return f"over {writer.years(option.study.horizon)}"


def _bases(option: OptionResult) -> tuple[str, str]:
    """How undiscounted and discounted figures say so."""
    rate = option.study.discount_rate
    return "undiscounted, nominal, pre-tax", f"discounted at {writer.rate(rate)}, nominal, pre-tax"


def _costs(option: OptionResult) -> tuple[Headline, ...]:
    money, (plain, discounted) = _money(option), _bases(option)
    response, tokens = f"{money} per 1,000 responses", f"{money} per million generated tokens"
    all_costs = "everything: equipment or API, energy, people, guardrails, escalation; per accepted response"
    making = "answer and reasoning tokens, input included; without guardrails and escalation"
    no_response, no_token = "no response is accepted", "nothing is generated"
    return (
        _unit_cost(
            option,
            *(1, "cost_per_meaningful_response", "Cost per 1,000 responses, undiscounted", response),
            *(plain, all_costs, no_response),
        ),
        _unit_cost(
            option,
            *(2, RANKED_BY, "Cost per 1,000 responses", response),
            *(f"{discounted} (ranking measure)", all_costs, no_response),
        ),
        _unit_cost(
            option,
            *(3, "lifetime_cost_per_million_output_tokens", "Cost per million generated tokens, undiscounted", tokens),
            *(plain, making, no_token),
            beneath=(_line(option, "tokens_per_dollar", f"Generated tokens per {money}", "tokens", "physical"),),
        ),
        _unit_cost(
            option,
            *(4, "levelised_cost_per_million_output_tokens", "Cost per million generated tokens, levelised", tokens),
            *(discounted, making, no_token),
        ),
        Headline(
            5,
            _line(option, "pv_cost", f"Present value of cost {_over_years(option)}, without fallback", money, "money"),
            f"present value, {discounted}",
            "all costs net of resale, excluding fallback",
            (
                _line(option, "lifetime_cost", "Total cost, undiscounted", money, "money"),
                Figure("Cash needed in year 1", cash_needed(option), money, "money", "cash_cost"),
            ),
        ),
    )


def _unit_cost(
    option: OptionResult,
    number: int,
    line: str,
    label: str,
    unit: str,
    basis: str,
    boundary: str,
    missing: str,
    beneath: tuple[Figure, ...] = (),
) -> Headline:
    figure = _line(option, line, label, unit, "unit_cost")
    if MODEL.lines[line].unit == PER_RESPONSE and isinstance(figure.value, float):
        figure = dataclasses.replace(figure, value=REQUESTS_PER_THOUSAND * figure.value)
    return Headline(number, figure, basis, boundary, beneath, missing if figure.value is None else "")


def _reading_and_writing(option: OptionResult) -> Headline:
    money = _money(option)
    reading = _line(
        option,
        "cost_per_million_input_tokens",
        "Input",
        f"{money} per million input tokens",
        "unit_cost",
    )
    writing = _line(
        option,
        "cost_per_million_generated_tokens",
        "Output",
        f"{money} per million generated tokens",
        "unit_cost",
    )
    # With a blended rate one measured speed covers both, so nothing tells them apart.
    blended = any(option.values["is_blended"])
    reason = "one blended speed for input and output" if blended else "there is no input"
    missing = reason if reading.value is None else ""
    basis = f"{_bases(option)[0]}; input and output add up to the infrastructure cost"
    return Headline(6, reading, basis, "without guardrails and escalation", (writing,), missing)


def _use(option: OptionResult) -> Headline:
    used = _line(option, "used_share", "Utilisation of paid capacity", "of the time paid for", "share")
    idle = _line(option, "idle_cost", "Cost of idle capacity", _money(option), "money")
    missing = "" if option.values["has_fleet"] else "an API has no fleet of its own"
    boundary = "idle includes off-peak time, headroom, downtime and power limits"
    return Headline(7, used, "over the study period", boundary, (idle,), missing)


def _energy(option: OptionResult) -> tuple[Headline, Headline]:
    missing = "" if option.values["energy_known"] else _no_energy(option)
    joules = option.number("joules_per_meaningful_response")
    per_kwh = option.number("output_tokens_per_kwh")
    per_joule = tokens_per_joule(option)
    watt_hours = None if joules is None else joules / JOULES_PER_WH
    response = "joules_per_meaningful_response"
    basis = "over the study period, idle power included"
    return (
        Headline(
            8,
            Figure("Energy per response", watt_hours, "Wh per response", "physical", response),
            basis,
            "at the meter, guardrails included",
            (Figure("In joules", joules, "J per response", "physical", response),),
            missing,
        ),
        Headline(
            9,
            Figure("Tokens per kWh", per_kwh, "generated tokens per kWh", "physical", "output_tokens_per_kwh"),
            basis,
            "at the meter",
            (Figure("Tokens per joule", per_joule, "generated tokens per J", "physical", "output_tokens_per_kwh"),),
            missing,
        ),
    )


def tokens_per_joule(option: OptionResult) -> float | None:
    """Generated tokens per joule at the meter over the life; None where the energy is not known."""
    per_kwh = option.number("output_tokens_per_kwh")
    return None if per_kwh is None else per_kwh / JOULES_PER_KWH


def _no_energy(option: OptionResult) -> str:
    return "an API does not state its energy" if option.values["is_api"] else "the rented systems' power is not given"


def _limit(option: OptionResult) -> Headline:
    boundary = "demand: the fleet carries the peak; computing, power or cooling: it cannot produce more"
    words = limit_in_words(option)
    figure = Figure("Limiting factor of output", words or None, "", "text", "binding")
    return Headline(10, figure, "by year", boundary, (), "" if words else "an API serves all that is asked for")


def limit_in_words(option: OptionResult) -> str:
    """Limiting factor, by year: "demand", or "computing in years 1 to 2, power in year 3"; "" for an API."""
    limits = [str(limit) for limit in option.figure("binding") if limit is not None]
    return by_years([BINDING[limit] for limit in limits])


def _line(option: OptionResult, line: str, label: str, unit: str, kind: Kind) -> Figure:
    return Figure(label, option.number(line), unit, kind, line)


# ------------------------------------------------------------------------------------------------ what drives the cost


@dataclass(frozen=True)
class CostRow:
    """One kind of cost over the life: its row of the cost tree, the line behind it, and the amount."""

    kind: str
    label: str
    line: str
    amount: float


PER: Mapping[str, str] = {
    "total": "lifetime_cost",
    "Mtoken": "lifetime_cost_per_million_output_tokens",
    "response": "cost_per_meaningful_response",
}


def cost_rows(option: OptionResult, per: str = "total") -> tuple[CostRow, ...]:
    """The cost tree without its empty rows: in money over the life, per million generated tokens or 1,000 responses.

    Per million tokens guardrails and escalation are left out, as in the figure itself (`PER` names it). Empty where
    there is nothing to divide by. Raises KeyError for another `per`.
    """
    quantity = {
        "total": 1.0,
        "Mtoken": option.values["lifetime_output_tokens"] / TOKENS_PER_MILLION,
        "response": option.values["meaningful_responses"] / REQUESTS_PER_THOUSAND,
    }[per]
    if not quantity:
        return ()
    return tuple(
        CostRow(kind, COSTS[kind].label, COSTS[kind].line, amount / quantity)
        for kind, amount in option.table("cost_tree").items()
        if amount and (per != "Mtoken" or COSTS[kind].makes_tokens)
    )


def drivers_in_words(option: OptionResult) -> str:
    """One sentence on what drives the cost: the largest kinds with their share of the cost before resale."""
    rows = sorted((r for r in cost_rows(option) if r.amount > 0), key=attrgetter("amount"), reverse=True)
    whole = sum(row.amount for row in rows)
    if not whole:
        return "No costs entered."
    named = [row for row in rows[:MOST_NAMED] if row.amount >= WORTH_NAMING * whole] or rows[:1]
    parts = [
        f"{row.label if row.kind == 'api' else row.label.lower()} {writer.share(row.amount / whole)}" for row in named
    ]
    resale = option.table("cost_tree")["disposals"]
    before = " before resale" if resale else ""
    return f"Main drivers: {listing(parts)} of the cost {_over_years(option)}{before}."
