"""Compare: the figures that finance asks for beyond the usual, each with its basis in its name; lease or buy."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import streamlit as st

from models.analysis.decision.annual import OwnLife, own_life
from models.analysis.decision.leasing import Leasing, leasing
from models.analysis.decision.side_by_side import NOT_COMPARED, footing
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import comparability
from models.analysis.words import PER_RESPONSE, line_text, listing, named
from models.notation import writer
from models.run.model import OptionResult, Result
from views.figures import drawing, opened, written
from views.figures.opened import Row
from views.session import once

# Lines with what they are called, and the tax and price basis that stands behind their unit.
LINES: Mapping[str, tuple[str, str]] = {
    "lifetime_cost": ("Total cost, undiscounted", "before tax"),
    "pv_cost": ("Present value", "before tax"),
    "pv_after_tax_cost": ("Present value, after tax", "after tax"),
    "equivalent_annual_cost": ("Equivalent annual cost", "a year, before tax"),
    "levelised_cost_per_million_output_tokens": ("Levelised cost, nominal", "before tax"),
    "levelised_real": ("Levelised cost, real", "before tax"),
    "levelised_after_tax": ("Levelised cost, after tax", "after tax, pre-tax equivalent"),
    "commitment_beyond_horizon": ("Owed after the study period", "not discounted, before tax"),
}
OWN_ANNUAL, OWN_RESPONSE = "Annual cost, own life", "Response, own life"


def draw(result: Result) -> None:
    """Draw both parts; what an option lacks is told as such."""
    with st.expander("Further finance measures", key="compare finance"):
        _depth(result)
    kept, apart = _pairs(result)
    if kept or apart:
        with st.expander("Lease or buy", key="compare leasing"):
            if kept:
                _leasing(result, kept)
            if apart:
                st.caption("  \n".join(written.plain(sentence) for sentence in apart))


def _depth(result: Result) -> None:
    options = list(result.options.values())
    first, alike, currency = options[0], footing(result).comparable, result.study.currency
    rows = []
    for line, (label, basis) in LINES.items():
        unit = first.model.lines[line].unit
        total = unit == "money" and line != "commitment_beyond_horizon"
        texts, words = written.across(line, [option.number(line) for option in options], unit, currency)
        cells = [
            NOT_COMPARED if total and option.name not in alike else text
            for option, text in zip(options, texts, strict=True)
        ]
        rows.append(Row(label, cells, line, f"{words}, {basis}"))
    lives = _lives(result)
    scale = writer.table_scale([life.annual_cost for life in lives if life])
    money = result.study.currency or "money"
    annual = [
        _of_life(life, scale.text(life.annual_cost) if life else None) if option.name in alike else NOT_COMPARED
        for option, life in zip(options, lives, strict=True)
    ]
    unit_costs = [_of_life(life, _per_response(life) if life else None) for life in lives]
    rows += [
        Row(OWN_ANNUAL, annual, "equivalent_annual_cost", f"{scale.unit(money)} p.a., before tax"),
        Row(
            OWN_RESPONSE,
            unit_costs,
            RANKED_BY,
            f"{money} per 1,000 responses, discounted, before tax",
        ),
    ]
    opened.table("finance table", result, first.name, list(result.options), rows, "Finance figures of the options")
    st.caption(
        written.plain(
            f"Over {writer.years(result.study.horizon)}, discounted at {writer.rate(result.study.discount_rate)}; "
            "obligations after the study period and unserved requests are in no total. Levelised costs are per "
            "generated token. Real: a price in money of the start that rises with inflation. "
            "Pre-tax equivalent: the pre-tax price with the same after-tax cost. "
            "Own life: one life of the equipment, with the demand of those years, as if replaced alike for ever."
        )
    )
    for option, life in zip(options, lives, strict=True):
        if life is not None and life.fault:
            st.caption(written.plain(f"{option.name} over its own life of {writer.years(life.years)}: {life.fault}."))


def _lives(result: Result) -> list[OwnLife | None]:
    return once("own lives", lambda: [own_life(option) for option in result.options.values()])


def _per_response(life: OwnLife) -> str:
    return line_text("per_response", life.per_response, PER_RESPONSE, "")[0]


def _of_life(life: OwnLife | None, figure: str | None) -> str:
    if life is None or figure is None:
        return writer.NONE
    return f"{figure} ({writer.years(life.years)})"


# -------------------------------------------------------------------------------------------------------- lease or buy


def _pairs(result: Result) -> tuple[list[tuple[OptionResult, OptionResult, Leasing]], list[str]]:
    """Every lease against every purchase; of those whose totals do not compare, a sentence that says why."""
    leases, bought = (
        [option for option in result.options.values() if option.values[kind]] for kind in ("is_lease", "is_owned")
    )
    kept: list[tuple[OptionResult, OptionResult, Leasing]] = []
    apart: list[str] = []
    for lease, buy in itertools.product(leases, bought):
        if found := leasing(lease, buy):
            kept.append((lease, buy, found))
        else:
            names = f"{named([lease.name, buy.name])} are not comparable"
            compared = comparability(lease, buy)
            apart.append(f"{names}: {'they run other machines' if compared.holds else compared.reason}.")
    return kept, apart


def _leasing(result: Result, pairs: list[tuple[OptionResult, OptionResult, Leasing]]) -> None:
    money = result.study.currency or "money"
    monthly = f"{money} per system and month"
    found = [each for *_, each in pairs]
    hidden = [listing([writer.rate(root) for root in each.implicit_rates]) or "none" for each in found]
    rows = [
        Row(
            "Net advantage to leasing",
            [writer.money(f.advantage) for f in found],
            "pv_after_tax_cost",
            f"{money}, after tax",
        ),
        Row("Discount rate", [writer.rate(f.rate) for f in found], "pv_after_tax_cost", "after tax"),
        Row("Implicit lease rate", hidden, "lease", "after tax"),
        Row("Rate the payments ask", [_quoted(f) for f in found], "lease", "before tax, one system alone"),
        Row("Lease payment quoted", [writer.fixed(f.payment, 2) for f in found], "lease", monthly),
        Row("Break-even lease payment", [_rent(f) for f in found], "lease", monthly),
    ]
    if any(f.owed_beyond_horizon for f in found):
        owed = [writer.money(f.owed_beyond_horizon) for f in found]
        rows.append(Row("Rent owed at the end", owed, "commitment_beyond_horizon", f"{money}, not counted above"))
    columns = [f"{lease.name} against {buy.name}" for lease, buy, _ in pairs]
    opened.table("leasing table", result, pairs[0][0].name, columns, rows, "Leasing against buying")
    _debts(pairs, money)
    bases = dict.fromkeys(f"for {named([buy.name])} {each.basis}" for _, buy, each in pairs)
    st.caption(
        written.plain(
            "After tax, in present value; positive: leasing is cheaper. A lease replaces debt, so the right rate is "
            f"the after-tax cost of debt. The rate here is, {'; '.join(bases)}."
        )
    )


def _debts(pairs: list[tuple[OptionResult, OptionResult, Leasing]], money: str) -> None:
    """Each lease of one system as the debt it stands for, by year: what is paid, split, and owed."""
    for lease, buy, found in pairs:
        debt = found.as_debt
        if debt is None:
            continue
        years = [str(year) for year in range(1, len(debt.owed) + 1)]
        parts = {
            "Paid": debt.payment,
            "Interest": debt.interest,
            "Principal": debt.principal,
            "Owed at its end": debt.owed,
        }
        scale = writer.table_scale([each for part in parts.values() for each in part])
        columns = {"Year": years, **{name: [scale.text(each) for each in part] for name, part in parts.items()}}
        names, unit = f"{lease.name} against {buy.name}", scale.unit(money)
        st.caption(written.plain(f"{names}: one system as a debt at the rate its payments ask, {unit} before tax."))
        drawing.table(columns, f"{names} as a debt by year", right=tuple(parts))


def _quoted(found: Leasing) -> str:
    return writer.rate(found.quoted_rate)


def _rent(found: Leasing) -> str:
    return writer.NONE if found.break_even_payment is None else writer.fixed(found.break_even_payment, 2)
