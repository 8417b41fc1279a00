"""Margin: what the responses are worth against what they cost, where a value is set."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Value of a response", "money/response", by="workload")
def response_value(workload_value_per_response):
    """As given; a workload without one earns nothing."""
    return ops.default(workload_value_per_response, 0)


@line("A value is set", "1", by="workload")
def value_set(workload_value_per_response):
    """1 where the value per response is given."""
    return ops.given(workload_value_per_response)


@line("Margin is known", "1")
def value_known(value_set):
    """1 where any workload has a value."""
    return ops.across(value_set) > 0


@line("Revenue, by workload", "money", by="workload year", known="value_known")
def workload_revenue(accepted, response_value):
    """Accepted responses x their value."""
    return accepted * response_value


@line("Revenue", "money", by="year", known="value_known")
def revenue(workload_revenue):
    """Served x accepted share x value."""
    return ops.across(workload_revenue)


@line("Revenue, life", "money", known="value_known")
def lifetime_revenue(revenue):
    """All years."""
    return ops.total(revenue)


@line("Margin", "money", known="value_known")
def margin(lifetime_revenue, lifetime_cost):
    """Revenue less total cost, undiscounted, before tax."""
    return lifetime_revenue - lifetime_cost


@line("Margin on revenue", "1", known="value_known")
def margin_on_revenue(margin, lifetime_revenue):
    """Margin over revenue."""
    return ops.ratio(margin, lifetime_revenue)


@line("Margin on cost", "1", known="value_known")
def margin_on_cost(margin, lifetime_cost):
    """Margin over total cost, undiscounted."""
    return ops.ratio(margin, lifetime_cost)


@line("Present value of revenue", "money", known="value_known")
def pv_revenue(revenue, flow_factor):
    """At the date of running payments."""
    return ops.present_value(revenue, flow_factor)


@line("Net present value of the margin", "money", known="value_known")
def margin_npv(pv_revenue, pv_cost):
    """Before tax."""
    return pv_revenue - pv_cost


@line("Net present value of the margin after tax", "money", known="value_known")
def margin_npv_after_tax(pv_revenue, study_tax_rate, pv_after_tax_cost):
    """Revenue after tax less cost after tax."""
    return pv_revenue * (1 - study_tax_rate) - pv_after_tax_cost
