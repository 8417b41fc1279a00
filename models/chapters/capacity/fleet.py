"""Fleet: systems needed, bought, retired and installed, year by year."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Replicas needed", "replica", by="year", adds="none", known="is_sized")
def replicas(
    option_base_share,
    peak_accelerators,
    option_max_utilisation,
    option_availability,
    option_accelerators_per_replica,
):
    """The peak, or the share of it that the fleet is for, with headroom and downtime, in whole model copies."""
    return ops.ceiling(
        option_base_share
        * peak_accelerators
        / (option_max_utilisation * option_availability * option_accelerators_per_replica)
    )


@line("Systems the demand needs", "system", by="year", adds="none", known="is_sized")
def systems_for_demand(replicas, option_accelerators_per_replica, option_accelerators_per_system):
    """Replicas in whole systems: bought by the system, deployed by the replica."""
    return ops.ceiling(replicas * option_accelerators_per_replica / option_accelerators_per_system)


@line("Systems required", "system", by="year", adds="none")
def required_systems(is_fixed, option_systems, is_sized, systems_for_demand):
    """The given number with fixed sizing, else what the demand needs; none for an API."""
    return is_fixed * ops.default(option_systems, 0) + is_sized * systems_for_demand


@line("Equipment life", "yr")
def equipment_life_years(option_equipment_life, study_horizon_years):
    """Years until a system is retired; where nothing is bought it is not read, and the horizon stands in."""
    return ops.default(option_equipment_life, study_horizon_years)


@line("Systems may be bought", "1", by="year", adds="none")
def buying_open(is_held, is_sized, option_refresh, year):
    """1 while the fleet is renewed; with fixed sizing and no refresh only in year 1; never for rental and API."""
    return is_held * ops.maximum(is_sized, option_refresh, year == 1)


@line("Systems retired", "system", by="year")
def retired(purchases, equipment_life_years):
    """What was bought a life ago."""
    return ops.lagged(purchases, equipment_life_years)


@line("Servers carried forward", "system", by="year", adds="none")
def surviving(is_held, installed, retired):
    """Last year's fleet less what is retired."""
    return is_held * (ops.previous(installed) - retired)


@line("Systems bought or leased anew", "system", by="year")
def purchases(buying_open, required_systems, surviving):
    """What is missing to the systems required."""
    return buying_open * ops.maximum(0, required_systems - surviving)


@line("Systems installed", "system", by="year", adds="none")
def installed(is_rental, required_systems, surviving, purchases):
    """Carried over + bought; a rented fleet is what is required."""
    return is_rental * required_systems + surviving + purchases


@line("Accelerators installed", "accelerator", by="year", adds="none")
def installed_accelerators(installed, option_accelerators_per_system):
    """Systems x accelerators in each."""
    return installed * option_accelerators_per_system


@line("Highest fleet so far", "system", by="year", adds="none")
def highest_fleet(installed):
    """What space, network and the like have been provided for."""
    return ops.highest(installed)


@line("Rise of the highest fleet", "system", by="year")
def fleet_rise(highest_fleet):
    """Systems beyond any earlier year's."""
    return highest_fleet - ops.previous(highest_fleet)


@line("In service", "1", by="year", adds="none")
def in_service(is_api, installed):
    """1 while there is a fleet; an API always is."""
    return ops.maximum(is_api, installed > 0)
