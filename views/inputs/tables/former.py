"""Headings of columns in earlier versions: a table copied then is still read, and the words are never shown."""

from __future__ import annotations

from collections.abc import Mapping

# By table and input, the heading that it had.
HEADINGS: Mapping[tuple[str, str], str] = {
    ("workload", "demand_growth"): "Growth in requests",
    ("workload", "peak_to_average"): "Busiest hour over average",
    ("workload", "deferrable_share"): "Share that can wait",
    ("workload", "input_tokens"): "Tokens read per request",
    ("workload", "reasoning_tokens"): "Thinking tokens per request",
    ("workload", "cached_input_share"): "Share of input read from cache",
    ("workload", "max_attempts"): "Most attempts",
    ("workload", "escalation_cost"): "Cost of a hand-over to a person",
    ("workload", "value_per_response"): "Value of an accepted answer",
    ("asset", "price_change"): "Yearly change of the price",
    ("capex", "basis"): "Counted",
    ("opex", "basis"): "Counted",
    ("opex", "escalation"): "Yearly rise",
}
