"""Compare: the figures that finance asks for beyond the usual, each with its basis in its name; lease or buy."""

from __future__ import annotations

import itertools

import streamlit as st

from models.analysis.annual import OwnLife, own_life
from models.analysis.leasing import Leasing, leasing
from models.model import OptionResult, Result
from views import figures, opened
from views.opened import Row
from views.state import once, without_staff

# Lines by the tax and price basis they stand on, which their labels say.
LINES = {
    "lifetime_cost": "Lifetime cost, nothing discounted, before tax",
    "pv_cost": "Present value, before tax",
    "pv_after_tax_cost": "Present value, after tax",
    "equivalent_annual_cost": "Equivalent annual cost, before tax",
    "levelised_cost_per_million_output_tokens": "Levelised cost of tokens, nominal, before tax",
    "levelised_real": "Levelised cost of tokens, real, before tax",
    "levelised_after_tax": "Levelised cost of tokens, after tax, grossed up",
    "commitment_beyond_horizon": "Still owed when the years covered end",
}


def draw(result: Result) -> None:
    """Draw both parts; what an option lacks is told as such."""
    with st.expander("Finance in depth: after tax, real prices, a year, own lives", key="compare finance"):
        _depth(result)
    pairs = _pairs(result)
    if pairs:
        with st.expander("Lease or buy", key="compare leasing", expanded=True):
            _leasing(result, pairs)


def _depth(result: Result) -> None:
    options = list(result.options.values())
    first = options[0]
    rows = []
    for line, label in LINES.items():
        unit = first.model.lines[line].unit
        cells = [figures.of_line(option.number(line), unit) for option in options]
        rows.append(Row(label, cells, line, figures.unit_words(unit, result.study.currency)))
    lives = _lives(result)
    money = result.study.currency or "money"
    annual = [_of_life(life, life and figures.money(life.annual_cost)) for life in lives]
    unit_costs = [_of_life(life, life and figures.unit_cost(life.per_response)) for life in lives]
    rows += [
        Row("Equivalent annual cost over the own life", annual, "equivalent_annual_cost", f"{money}, before tax"),
        Row(
            "Cost per response over the own life, discounted",
            unit_costs,
            "levelised_cost_per_meaningful_response",
            f"{money} per response",
        ),
    ]
    opened.table("finance table", result, first.name, list(result.options), rows, "Finance figures of the options")
    years, rate = (result.study.fields.number(name) for name in ("horizon_years", "discount_rate"))
    st.caption(
        figures.plain(
            f"Over {years:g} years, discounted at {100 * rate:.4g} % a year. Real: a price in money of the start that "
            "rises with inflation. Grossed up: the price before tax that leaves the same after it, so that it stands "
            "beside a price list. Over the own life: the study run for one life of the equipment, as if replaced alike "
            "for ever; the demand is that of those years."
        )
    )
    for option, life in zip(options, lives, strict=True):
        if life is not None and life.fault:
            st.caption(figures.plain(f"{option.name} over its own life of {life.years} years: {life.fault}."))


def _lives(result: Result) -> list[OwnLife | None]:
    staff = "without staff" if without_staff() else ""
    return once(f"own lives {staff}", lambda: [own_life(option) for option in result.options.values()])


def _of_life(life: OwnLife | None, figure: str | None) -> str:
    if life is None or figure is None:
        return figures.NONE
    return f"{figure} ({life.years} {'year' if life.years == 1 else 'years'})"


# -------------------------------------------------------------------------------------------------------- lease or buy


def _pairs(result: Result) -> list[tuple[OptionResult, OptionResult, Leasing]]:
    """Every lease against every purchase."""
    leases, bought = (
        [option for option in result.options.values() if option.values[kind]] for kind in ("is_lease", "is_owned")
    )
    found = ((lease, buy, leasing(lease, buy)) for lease, buy in itertools.product(leases, bought))
    return [(lease, buy, each) for lease, buy, each in found if each is not None]


def _leasing(result: Result, pairs: list[tuple[OptionResult, OptionResult, Leasing]]) -> None:
    money = result.study.currency or "money"
    monthly = f"{money} per system and month"
    found = [each for *_, each in pairs]
    hidden = [figures.rates(each.implicit_rates) or "none" for each in found]
    rows = [
        Row("Net advantage to leasing", [figures.money(f.advantage) for f in found], "pv_after_tax_cost", money),
        Row("At a rate of", [f"{100 * f.rate:.2f} %" for f in found], "pv_after_tax_cost", "a year, after tax"),
        Row("Rate hidden in the lease", hidden, "lease", "a year, after tax"),
        Row("Rent asked", [figures.exact(f.payment) for f in found], "lease", monthly),
        Row("Rent at which both cost the same", [_rent(f) for f in found], "lease", monthly),
    ]
    columns = [f"{lease.name} against {buy.name}" for lease, buy, _ in pairs]
    opened.table("leasing table", result, pairs[0][0].name, columns, rows, "Leasing against buying")
    bases = dict.fromkeys(f"{buy.name}: {each.basis}" for _, buy, each in pairs)
    st.caption(
        figures.plain(
            "After tax, in present value; positive: leasing is cheaper. A lease takes the place of a debt, so it is "
            f"discounted at the cost of one. The rate comes from, for {'; for '.join(bases)}."
        )
    )


def _rent(found: Leasing) -> str:
    return figures.NONE if found.break_even_payment is None else figures.exact(round(found.break_even_payment, 2))
