"""Identities: what must always agree, each with its two sides; no result rests on these lines."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import equality, line


@line("Everything spent", "money")
def spent(capex, operating):
    """Purchases and running costs of all years, resale not taken off."""
    return ops.total(capex) + ops.total(operating)


@line("Everything spent and received", "money")
def gross_spent(spent, credit, grant_price):
    """Costs, and credits and grants counted positive too: the size of what costs are summed from."""
    return spent - 2 * (ops.total(credit) + grant_price)


@line("Present value of everything spent and received", "money")
def pv_spent(pv_capex, pv_operating, credit, flow_factor, grant_price):
    """Resale not taken off, credits and grants counted positive: the size of what present values are summed from."""
    return pv_capex + pv_operating - 2 * (ops.present_value(credit, flow_factor) + grant_price)


@equality("Costs by kind add up to the total cost, undiscounted", "money", scale="gross_spent")
def cost_tree_adds_up(cost_tree, lifetime_cost):
    """Every cost stands in exactly one row of the tree."""
    return ops.across(cost_tree) == lifetime_cost


@equality("Payments add up to the total cost, undiscounted", "money", of="by part", scale="gross_spent")
def parts_add_up(spent, early_disposals, final_disposal, lifetime_cost):
    """Everything spent, less all resale, is the total cost, undiscounted."""
    return spent - ops.total(early_disposals) - final_disposal == lifetime_cost


@equality("Payments add up to the total cost, undiscounted", "money", of="by year", scale="gross_spent")
def years_add_up(cash_cost, lifetime_cost):
    """The total cost, undiscounted, is the plain sum of the years."""
    return ops.total(cash_cost) == lifetime_cost


@equality("Present values by kind add up to the present value of cost", "money", scale="pv_spent")
def pv_cost_tree_adds_up(pv_cost_tree, pv_cost):
    """Each kind of cost discounted by itself gives the present value of cost."""
    return ops.across(pv_cost_tree) == pv_cost


@equality(
    "Costs of the workloads add up to the infrastructure cost", "money", known="shares_known", scale="gross_spent"
)
def workload_costs_add_up(workload_infrastructure_cost, infrastructure_cost):
    """The workloads share the whole infrastructure cost, where anything is served."""
    return ops.across(workload_infrastructure_cost) == infrastructure_cost


@equality("Shares of the workloads add up to 100%", "1", known="shares_known")
def workload_shares_add_up(cost_share):
    """The shares by which the workloads carry the cost."""
    return ops.across(cost_share) == 1


@equality("Input and output cost add up to the infrastructure cost", "money", known="split_known", scale="gross_spent")
def reading_and_writing_add_up(reading_cost, writing_cost, infrastructure_cost):
    """The split of the infrastructure cost leaves nothing over, where both rates are known."""
    return reading_cost + writing_cost == infrastructure_cost


@equality("Tokens by workload add up to tokens by year", "token", of="generated")
def generated_tokens_add_up(workload_generated, lifetime_output_tokens):
    """Tokens generated, summed either way."""
    return ops.across(workload_generated) == lifetime_output_tokens


@equality("Tokens by workload add up to tokens by year", "token", of="input")
def read_tokens_add_up(workload_read, lifetime_input_tokens):
    """Input tokens, summed either way."""
    return ops.across(workload_read) == lifetime_input_tokens


@equality(
    "Opening fleet, bought and retired give the closing fleet",
    "system",
    by="year",
    known="is_held",
    scale="highest_fleet",
)
def fleet_is_carried_over(installed, purchases, retired):
    """No system appears or vanishes between two years."""
    return ops.previous(installed) + purchases - retired == installed


@line("Tax book value at retirement", "money", by="year")
def retired_basis_in_year(retired_basis):
    """Cost not yet depreciated of what is retired, all classes."""
    return ops.across(retired_basis)


@equality("Depreciation and basis left add up to purchases before grants", "money", scale="gross_spent")
def purchases_are_written_off(depreciation, end_basis_by_asset, retired_basis_in_year, purchased):
    """What was bought is depreciated, deducted when it is retired, or left at the end."""
    return ops.total(depreciation) + (ops.across(end_basis_by_asset) + ops.total(retired_basis_in_year)) == ops.total(
        purchased
    )


@line("Requests are asked for, not assumed", "1")
def demand_counts(is_fixed):
    """0 with fixed sizing, a capacity view that may serve more than is asked."""
    return 1 - is_fixed


@equality("Served and unserved requests add up to the demand", "request", by="year", known="demand_counts")
def requests_are_accounted_for(served_requests, unmet_requests, asked_requests):
    """Every request is served or counted as unserved."""
    return served_requests + unmet_requests == asked_requests


@equality(
    "Shares lie between 0% and 100%",
    "1",
    of="time used, at least",
    by="year",
    known="has_fleet",
    scale="has_fleet",
)
def use_is_not_below_0(utilisation_used):
    """Time used is not negative."""
    return utilisation_used >= 0


@equality("Shares lie between 0% and 100%", "1", of="time used, at most", by="year", known="has_fleet")
def use_is_not_above_1(utilisation_used):
    """No more time is used than there is."""
    return utilisation_used <= 1


@equality(
    "Shares lie between 0% and 100%",
    "1",
    of="fleet fed, at least",
    by="year",
    known="has_fleet",
    scale="has_fleet",
)
def power_share_is_not_below_0(power_share):
    """The part of the fleet that the site feeds is not negative."""
    return power_share >= 0


@equality("Shares lie between 0% and 100%", "1", of="fleet fed, at most", by="year", known="has_fleet")
def power_share_is_not_above_1(power_share):
    """No more than the whole fleet is fed."""
    return power_share <= 1


@equality(
    "Shares lie between 0% and 100%",
    "1",
    of="peak served, at least",
    by="year",
    known="has_fleet",
    scale="has_fleet",
)
def peak_served_is_not_below_0(peak_served_share):
    """The part of the peak served in time is not negative."""
    return peak_served_share >= 0


@equality("Shares lie between 0% and 100%", "1", of="peak served, at most", by="year", known="has_fleet")
def peak_served_is_not_above_1(peak_served_share):
    """No more than the whole peak is served in time."""
    return peak_served_share <= 1


@line("Meter is limited", "1")
def meter_limited(energy_known, option_facility_power_kw):
    """1 where the energy is known and the site has a limit of power."""
    return energy_known * ops.given(option_facility_power_kw)


@line("Cooling is limited", "1")
def cooling_limited(energy_known, option_cooling_capacity_kw):
    """1 where the energy is known and the site has a limit of cooling."""
    return energy_known * ops.given(option_cooling_capacity_kw)


@equality(
    "Power stays within the limits of the site", "kW", of="mean power", by="year", known="energy_known", scale="peak_kw"
)
def mean_power_is_not_above_peak(average_it_kw, pue, peak_kw):
    """At the meter, the mean is no more than the peak."""
    return average_it_kw * pue <= peak_kw


@equality(
    "Power stays within the limits of the site",
    "kW",
    of="peak power",
    by="year",
    known="meter_limited",
    scale="peak_kw",
)
def peak_is_within_the_meter(peak_kw, option_facility_power_kw):
    """The peak stays within what the meter allows."""
    return peak_kw <= ops.default(option_facility_power_kw, 0)


@equality(
    "Power stays within the limits of the site",
    "kW",
    of="heat at load",
    by="year",
    known="cooling_limited",
    scale="installed_load_kw",
)
def load_is_within_the_cooling(delivered_it_kw, option_cooling_capacity_kw):
    """The heat of the fleet at load stays within the cooling."""
    return delivered_it_kw <= ops.default(option_cooling_capacity_kw, 0)


@equality(
    "Power stays within the limits of the site",
    "kW",
    of="mean heat",
    by="year",
    known="cooling_limited",
    scale="installed_load_kw",
)
def mean_heat_is_within_the_cooling(average_it_kw, option_cooling_capacity_kw):
    """The mean heat of the fleet stays within the cooling."""
    return average_it_kw <= ops.default(option_cooling_capacity_kw, 0)


@equality("Energy only gets less from generation to chip", "kWh", of="chips", by="year")
def chip_energy_is_within_it(chip_energy_kwh, it_energy_kwh):
    """The servers' power supplies only lose energy."""
    return chip_energy_kwh <= it_energy_kwh


@equality("Energy only gets less from generation to chip", "kWh", of="servers", by="year")
def it_energy_is_within_facility(it_energy_kwh, facility_energy_kwh):
    """The site only adds to what its servers take."""
    return it_energy_kwh <= facility_energy_kwh


@equality("Energy only gets less from generation to chip", "kWh", of="meter", by="year")
def facility_energy_is_within_source(facility_energy_kwh, source_energy_kwh):
    """The grid only loses energy."""
    return facility_energy_kwh <= source_energy_kwh


@line("Nothing is discounted", "1")
def undiscounted(study_discount_rate):
    """1 at a discount rate of 0."""
    return study_discount_rate == 0


@equality("Without discounting, present value is the plain sum", "money", known="undiscounted", scale="gross_spent")
def undiscounted_value_is_the_sum(pv_cost, lifetime_cost):
    """At a discount rate of 0."""
    return pv_cost == lifetime_cost


@line("Nothing is taxed", "1")
def untaxed(study_tax_rate):
    """1 at a tax rate of 0."""
    return study_tax_rate == 0


@equality("Without tax, cost after tax is cost before tax", "money", known="untaxed", scale="pv_spent")
def untaxed_value_is_before_tax(pv_after_tax_cost, pv_cost):
    """At a tax rate of 0."""
    return pv_after_tax_cost == pv_cost


@line("API without purchases that makes tokens", "1")
def only_api_is_paid(is_api, capex, pv_output_tokens):
    """1 where all that is paid is running cost, and there are tokens to spread it over."""
    return is_api * (ops.total(capex) == 0) * (pv_output_tokens > 0)


@equality("An API without purchases has the same levelised cost after tax", "money/Mtoken", known="only_api_is_paid")
def api_costs_the_same_after_tax(levelised_after_tax, levelised_cost_per_million_output_tokens):
    """Running cost is deducted when it is paid, so tax moves nothing."""
    return levelised_after_tax == levelised_cost_per_million_output_tokens


@line("Present value of purchases less resale, by NPV", "money")
def npv_of_starts(capex, early_disposals, study_discount_rate):
    """By the function of spreadsheets, which takes every flow to fall at a year's end: here a year earlier."""
    return (ops.npv(capex, study_discount_rate) - ops.npv(early_disposals, study_discount_rate)) * (
        1 + study_discount_rate
    )


@line("Present value of running costs, by NPV", "money")
def npv_of_running(operating, study_discount_rate, study_mid_year):
    """By the function of spreadsheets, half a year earlier where flows fall mid-year."""
    return ops.npv(operating, study_discount_rate) * (1 + study_discount_rate) ** (study_mid_year / 2)


@equality("The NPV function gives the sum of discounted flows", "money", scale="pv_spent")
def npv_is_the_present_value(
    npv_of_starts, npv_of_running, final_disposal, study_discount_rate, study_horizon_years, pv_cost
):
    """Another way to discount gives the same."""
    return (
        npv_of_starts + npv_of_running - final_disposal * (1 + study_discount_rate) ** -study_horizon_years == pv_cost
    )


@equality("The loan is repaid", "money", of="nothing owed at the end", by="year", known="is_loan", scale="loan_draw")
def loan_closes_at_0(loan_closing, year, study_horizon_years):
    """Nothing is owed at the end of the horizon."""
    return loan_closing * (year == study_horizon_years) == 0


@equality("The loan is repaid", "money", of="all that was drawn", known="is_loan", scale="loan_draw")
def loan_is_repaid(loan_principal, loan_draw):
    """What was drawn is repaid."""
    return ops.total(loan_principal) == loan_draw


@equality(
    "Cost of idle capacity lies within the infrastructure cost",
    "money",
    of="at least",
    scale="gross_spent",
)
def idle_cost_is_not_below_0(idle_cost):
    """Idle capacity earns nothing."""
    return idle_cost >= 0


@equality(
    "Cost of idle capacity lies within the infrastructure cost",
    "money",
    of="at most",
    scale="gross_spent",
)
def idle_cost_is_part_of_the_cost(idle_cost, infrastructure_cost, credit, grant_price):
    """No more is idle than is paid for, before credits and grants."""
    return idle_cost <= infrastructure_cost - ops.total(credit) - grant_price
