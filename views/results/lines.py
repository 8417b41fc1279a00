"""Lines of one option as rows of a table, and which option is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import of_thousand
from models.notation import writer
from models.run.model import OptionResult, Result
from views import session
from views.figures import written
from views.figures.opened import Row

# What a line is called in a table whose heading and unit say the rest: a telephone has room for about 28 letters.
SHORT: Mapping[str, str] = {
    "workload_cost_per_meaningful_response": "Response",
    "workload_cost_per_request": "Request",
    "workload_cost_per_million_output_tokens": "Tokens",
    "accepted_share": "Requests accepted",
    "workload_responses": "Responses",
    "workload_generated": "Generated tokens",
    "workload_read": "Input tokens",
    "workload_joules_per_meaningful_response": "Energy per response",
    "cost_per_million_input_tokens": "Cost of input tokens",
    "cost_per_million_generated_tokens": "Cost of generated tokens",
    "power_share": "Share that the site can feed",
    "peak_served_share": "Peak served in time",
    "cost_per_meaningful_response": "Response, undiscounted",
    RANKED_BY: "Response",
    "lifetime_cost_per_million_output_tokens": "Tokens, undiscounted",
    "levelised_cost_per_million_output_tokens": "Tokens, levelised",
    "pv_cost": "PV of cost, without fallback",
    "pv_after_tax_cost": "PV of cost, after tax",
    "levelised_after_tax": "Levelised cost, after tax",
    "lifetime_cost_per_million_tokens": "Input and generated tokens",
    "margin_npv": "Margin, present value",
    "margin_npv_after_tax": "Margin, PV after tax",
    "joules_per_output_token_it": "Energy per token, IT",
    "joules_per_output_token_facility": "Energy per token, facility",
    "energy_cost_per_million_output_tokens": "Electricity",
    "tokens_per_second_per_mw": "Generated tokens",
    "carbon_g_per_thousand_output_tokens": "Carbon dioxide",
    "water_l_per_thousand_output_tokens": "Water",
    "commitment_beyond_horizon": "Owed after the study period",
}
PER_WORDS = {"response": "Per response", "Mtoken": "Per million generated tokens", "total": "In total"}


def chosen() -> tuple[Result, OptionResult]:
    """The figures of the study, and those of the option that is looked at."""
    result = session.shown_result()
    return result, result.options[session.option_name()]


def response(option: OptionResult) -> str:
    """What 1,000 responses cost, as it is written beside the other options."""
    others = [each for name, each in session.shown_result().options.items() if name != option.name]
    return writer.unit_costs([of_thousand(each.number(RANKED_BY)) for each in (option, *others)])[0]


def money(option: OptionResult) -> str:
    """The currency, or the word where the study gives none."""
    return option.study.currency or "money"


def by_year(option: OptionResult, lines: Sequence[str]) -> list[Row]:
    """Lines by year as rows of a table; lines without any figure are left out. Money stands in one scale."""
    amounts = [v for name in lines if option.model.lines[name].unit == "money" for v in option.years(name)]
    money = writer.table_scale(amounts)
    rows = []
    for name in lines:
        values = option.years(name)
        if any(value is not None for value in values):
            line = option.model.lines[name]
            common = money if line.unit == "money" else None
            cells, unit = written.row(name, values, line.unit, option.study.currency, common)
            rows.append(Row(label(option, name), cells, name, unit))
    return rows


def label(option: OptionResult, name: str) -> str:
    """What a line is called in a table."""
    return SHORT.get(name) or option.model.lines[name].label


def singles(option: OptionResult, names: Sequence[str]) -> list[Row]:
    """Lines without dimensions as rows of a table; money stands in one scale."""
    lines = option.model.lines
    money = writer.table_scale([option.number(name) for name in names if lines[name].unit == "money"])
    rows = []
    for name in names:
        cells, unit = written.across(name, [option.number(name)], lines[name].unit, option.study.currency, money)
        rows.append(Row(label(option, name), cells, name, unit))
    return rows
