"""Idle capacity: what it costs."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import HOURS_PER_YEAR, ROUNDING_SLACK, SECONDS_PER_HOUR
from models.engine.line import line


@line("Fixed charge (paid regardless of use)", "1", by="opex")
def opex_is_standing(opex_basis, is_credit):
    """0 for items priced per token or per request, and for credits."""
    return (1 - ops.text_is(opex_basis, "per_million_tokens", "per_thousand_requests")) * (1 - is_credit)


@line("Fixed running cost", "money", by="year")
def standing_opex(opex_cost, opex_is_standing):
    """Opex per year, system, accelerator, kW or percentage of equipment."""
    return ops.across(opex_cost * opex_is_standing)


@line("Fixed cost", "money", by="year")
def standing_cost(purchased, disposals_in_year, lease, rental, demand_charge_cost, standing_opex):
    """What is paid whether the fleet is busy or not, credits and grants left out; of a rental all its hours."""
    return purchased - disposals_in_year + lease + rental + demand_charge_cost + standing_opex


@line("Fixed cost, life", "money")
def lifetime_standing_cost(standing_cost):
    """All years."""
    return ops.total(standing_cost)


@line("Accelerator time used, life", "accelerator*s")
def lifetime_used_seconds(used_seconds):
    """All years."""
    return ops.total(used_seconds)


@line("Accelerator time paid for", "accelerator*h", by="year")
def held_hours(is_rental, paid_hours, installed_accelerators):
    """All hours of the year, in production or not; of a rental what is committed and on demand."""
    return ops.where(is_rental, paid_hours, installed_accelerators * HOURS_PER_YEAR)


@line("Accelerator time paid for, life", "accelerator*h")
def lifetime_held_hours(held_hours):
    """All years."""
    return ops.total(held_hours)


@line("Share of the time paid for that is used", "1", known="has_fleet")
def used_share(lifetime_used_seconds, lifetime_held_hours):
    """Time used over time paid for; 0 without a fleet."""
    return ops.fraction(lifetime_used_seconds, lifetime_held_hours * SECONDS_PER_HOUR)


@line("Share of the time paid for that is not used", "1", known="has_fleet")
def unused_share(used_share):
    """Waiting, downtime, lack of power and low load all count; what rounding leaves of a fleet always busy does not."""
    return ops.where(used_share < 1 - ROUNDING_SLACK, 1 - used_share, 0)


@line("Added by the minimum commitment, life", "money")
def lifetime_top_up(api_top_up):
    """What an API's yearly minimum exceeds the use by."""
    return ops.total(api_top_up)


@line("Idle capacity is known", "1")
def idle_known(is_api, lifetime_held_hours):
    """Without hours paid for there is no share of them that stands idle."""
    return ops.maximum(is_api, lifetime_held_hours > 0)


@line("Cost of idle capacity", "money", known="idle_known")
def idle_cost(has_fleet, lifetime_standing_cost, unused_share, lifetime_top_up):
    """Cost of paid capacity x the share of time not used; never below 0."""
    return ops.maximum(0, has_fleet * lifetime_standing_cost * unused_share) + lifetime_top_up
