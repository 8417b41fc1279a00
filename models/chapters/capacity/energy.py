"""Energy: from generation to chip, its bill, carbon and water. Idle power is part of it."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import HOURS_PER_YEAR, KG_PER_T, L_PER_M3, MONTHS_PER_YEAR, SECONDS_PER_HOUR
from models.engine.line import line


@line("Energy is known", "1")
def energy_known(is_held, has_fleet, option_system_power_load_w):
    """Owned and leased hardware, and a rental whose power is given; otherwise there is no figure, not 0."""
    return ops.maximum(is_held, ops.given(option_system_power_load_w) * has_fleet)


@line("Power is known and drawn", "1", by="year", adds="none")
def power_known(energy_known, production_share):
    """Years with hours in production."""
    return energy_known * (production_share > 0)


@line("Share of installed time busy", "1", by="year", adds="none")
def busy_share(used_seconds, production_hours):
    """Time used over all installed time in production, downtime and switched-off systems included."""
    return ops.fraction(used_seconds, production_hours * SECONDS_PER_HOUR)


@line("Mean IT power", "kW", by="year", adds="none", known="power_known")
def average_it_kw(systems_on, power_share, idle_kw, installed, load_kw, busy_share):
    """Idle power of what is on and fed + the step to load while busy; the mean over hours in production."""
    return systems_on * power_share * idle_kw + installed * (load_kw - idle_kw) * busy_share


@line("IT energy", "kWh", by="year", known="energy_known")
def it_energy_kwh(average_it_kw, production_share):
    """At the server."""
    return average_it_kw * HOURS_PER_YEAR * production_share


@line("Facility energy", "kWh", by="year", known="energy_known")
def facility_energy_kwh(it_energy_kwh, pue):
    """At the meter: IT energy x PUE."""
    return it_energy_kwh * pue


@line("Source energy", "kWh", by="year", known="energy_known")
def source_energy_kwh(facility_energy_kwh, option_grid_efficiency):
    """At generation: facility energy over the grid's efficiency."""
    return facility_energy_kwh / option_grid_efficiency


@line("Chip energy", "kWh", by="year", known="energy_known")
def chip_energy_kwh(it_energy_kwh, option_psu_efficiency):
    """Behind the servers' power supplies."""
    return it_energy_kwh * option_psu_efficiency


@line("Peak IT power", "kW", by="year", adds="none", known="energy_known")
def peak_it_kw(
    is_fixed,
    installed,
    load_kw,
    power_share,
    online_at_peak,
    idle_kw,
    peak_accelerators,
    able,
    option_accelerators_per_system,
):
    """Idle power of what is on and the step to load of what is busy in the busiest hour, bursts included, at most what
    an hour can take; a given number of systems at full load."""
    return ops.where(
        is_fixed,
        installed * load_kw * power_share,
        (online_at_peak * power_share * idle_kw + (load_kw - idle_kw) * ops.minimum(peak_accelerators, able))
        / option_accelerators_per_system,
    )


@line("Peak power at the meter", "kW", by="year", adds="none", known="energy_known")
def peak_kw(peak_it_kw, pue):
    """Peak IT power x PUE."""
    return peak_it_kw * pue


@line("Power drawn in the band", "kW", by="tariff year", adds="none")
def band_power(
    is_held,
    by_the_hour,
    installed,
    power_share,
    idle_kw,
    tariff_hours_share,
    load_kw,
    busy_at,
    able,
    hour_share,
    band_tariff,
    tariff_number,
    option_accelerators_per_system,
):
    """IT power of the band's hours, each by its share of the year: idle power of what is fed, and the step to load of
    what is busy, at most what an hour can take."""
    return (
        is_held
        * by_the_hour
        * (
            installed * power_share * idle_kw * tariff_hours_share
            + (load_kw - idle_kw)
            * ops.capped_by(busy_at, able, hour_share, band_tariff, tariff_number)
            / option_accelerators_per_system
        )
    )


@line("Power drawn in all bands", "kW", by="year", adds="none")
def power_of_bands(band_power):
    """0 where no band goes by the hour."""
    return ops.across(band_power)


@line("Share of the energy in the band", "1", by="tariff year", adds="none")
def band_energy(power_of_bands, band_power, tariff_share, tariff_hours_share):
    """By the hours of the load where the band has hours, else as given."""
    return ops.where(power_of_bands > 0, band_power / power_of_bands, tariff_share + tariff_hours_share)


@line("Tariff band's part of the price", "money/kWh", by="tariff year", adds="none")
def tariff_part(band_energy, tariff_price):
    """Share of the energy x its price."""
    return band_energy * tariff_price


@line("Mean price of the tariff bands", "money/kWh", by="year", adds="none")
def tariff_average(tariff_part):
    """Bands weighted by their share of the energy; 0 without bands."""
    return ops.across(tariff_part)


@line("Price of electricity, at year 1's level", "money/kWh", by="year", adds="none")
def electricity_price(option_electricity_price, tariff_average):
    """As given, or the mean of the tariff bands."""
    return ops.default(option_electricity_price, tariff_average)


@line("Yearly price rise of electricity", "1/yr")
def electricity_rise(option_electricity_escalation, study_inflation):
    """As given, or inflation."""
    return ops.default(option_electricity_escalation, study_inflation)


@line("Price level of electricity", "1", by="year", adds="none")
def electricity_index(option_electricity_escalation_listed, option_electricity_escalation_path, electricity_rise, year):
    """Energy and demand charge as a multiple of year 1's: as listed by year, or with a yearly rise."""
    return ops.where(
        option_electricity_escalation_listed,
        option_electricity_escalation_path,
        ops.escalate(electricity_rise, year),
    )


@line("Energy charge", "money", by="year")
def energy_charge(is_held, facility_energy_kwh, electricity_price, electricity_index):
    """Energy at the meter x its price; a rental or API price contains it."""
    return is_held * facility_energy_kwh * electricity_price * electricity_index


@line("Peak drawn", "kW", by="year", adds="none")
def drawn_peak_kw(peak_kw, production_share):
    """Peak power at the meter in a year with production; before it nothing is drawn."""
    return peak_kw * (production_share > 0)


@line("Highest peak so far", "kW", by="year", adds="none")
def highest_peak_kw(drawn_peak_kw):
    """Of this year and those before: what the meter remembers."""
    return ops.highest(drawn_peak_kw)


@line("Power billed by the demand charge", "kW", by="year", adds="none")
def billed_kw(peak_kw, option_demand_minimum_kw, option_demand_ratchet, highest_peak_kw):
    """The largest of the peak, the contract's minimum, and the ratchet's share of the highest peak so far."""
    return ops.maximum(peak_kw, option_demand_minimum_kw, option_demand_ratchet * highest_peak_kw)


@line("Demand charge", "money", by="year")
def demand_charge_cost(is_held, option_demand_charge, production_share, billed_kw, electricity_index):
    """The power billed, every month in production."""
    return is_held * option_demand_charge * MONTHS_PER_YEAR * production_share * billed_kw * electricity_index


@line("Electricity", "money", by="year")
def electricity(energy_charge, demand_charge_cost):
    """Energy charge + demand charge."""
    return energy_charge + demand_charge_cost


@line("Carbon dioxide", "t", by="year", known="energy_known")
def carbon_t(facility_energy_kwh, option_carbon_intensity, option_carbon_intensity_change, year):
    """Facility energy x the grid's intensity, which changes each year."""
    return facility_energy_kwh * option_carbon_intensity / KG_PER_T * ops.escalate(option_carbon_intensity_change, year)


@line("Yearly rise of the carbon price", "1/yr")
def carbon_price_rise(option_carbon_price_change, study_inflation):
    """As given, or inflation."""
    return ops.default(option_carbon_price_change, study_inflation)


@line("Carbon cost", "money", by="year", known="energy_known")
def carbon_cost(carbon_t, option_carbon_price, carbon_price_rise, year):
    """Tonnes x price, paid or (as a shadow price, or inside a rental's price) shown beside."""
    return carbon_t * option_carbon_price * ops.escalate(carbon_price_rise, year)


@line("Carbon paid for", "money", by="year")
def carbon_charged(is_held, option_carbon_price_is_paid, carbon_cost):
    """The carbon cost where it is paid for on own or leased hardware; a shadow price is not."""
    return is_held * option_carbon_price_is_paid * carbon_cost


@line("Water", "m3", by="year", known="energy_known")
def water_m3(it_energy_kwh, option_wue):
    """IT energy x litres per IT kWh."""
    return it_energy_kwh * option_wue / L_PER_M3


@line("Water cost", "money", by="year")
def water_cost(is_held, water_m3, option_water_price, inflation_index):
    """Water x its price; a rental or API price contains it."""
    return is_held * water_m3 * option_water_price * inflation_index
