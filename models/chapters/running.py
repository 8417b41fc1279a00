"""Running costs: opex by basis, rental, lease, API, processing and hand-over to a person."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import MONTHS_PER_YEAR, REQUESTS_PER_THOUSAND, SECONDS_PER_HOUR, TOKENS_PER_MILLION
from models.engine.line import line


@line("Generated tokens, by workload", "token", by="workload year")
def generated(served, generated_per_request):
    """All attempts, thinking included."""
    return served * generated_per_request


@line("Tokens read, by workload", "token", by="workload year")
def read(served, read_per_request):
    """All attempts, cache hits included."""
    return served * read_per_request


@line("Generated tokens", "token", by="year")
def output_tokens(generated):
    """The whole mix."""
    return ops.across(generated)


@line("Tokens read", "token", by="year")
def input_tokens(read):
    """The whole mix."""
    return ops.across(read)


@line("Price of one system", "money/system")
def system_price(asset_unit_price, is_equipment):
    """All per-unit equipment items; for lease and rental a reference price."""
    return ops.across(asset_unit_price * is_equipment)


@line("Price level of equipment", "1", by="year", adds="none")
def equipment_price_index(asset_price_index, is_equipment):
    """The equipment class's."""
    return ops.across(asset_price_index * is_equipment)


@line("Price of the systems acquired", "money", by="year")
def vintage_price(purchases, system_price, equipment_price_index):
    """Each vintage at its own year's price (leased: as if bought)."""
    return purchases * system_price * equipment_price_index


@line("Price of the systems in their life", "money", by="year", adds="none")
def vintages_in_life(vintage_price, equipment_life_years):
    """Each vintage at its own price."""
    return ops.within_life(vintage_price, equipment_life_years)


@line("Price of the systems installed", "money", by="year", adds="none")
def installed_price(is_rental, installed, system_price, vintages_in_life):
    """What pct_equipment refers to; a rental counts at the price of year 1."""
    return ops.where(is_rental, installed * system_price, vintages_in_life)


@line("What an amount is multiplied by", "money/@opex", by="opex_driver year", adds="none")
def opex_driver(
    installed, installed_accelerators, installed_load_kw, installed_price, input_tokens, output_tokens, served_requests
):
    """By basis, year by year."""
    return ops.stack(
        per_year=1,
        per_system=installed,
        per_accelerator=installed_accelerators,
        per_kw_month=installed_load_kw * MONTHS_PER_YEAR,
        pct_equipment=installed_price,
        per_million_tokens=(input_tokens + output_tokens) / TOKENS_PER_MILLION,
        per_thousand_requests=served_requests / REQUESTS_PER_THOUSAND,
    )


@line("Basis number of the item", "1", by="opex")
def opex_basis_number(opex_basis, opex_driver):
    """Which row of the drivers the item's amount is multiplied by."""
    return ops.position(opex_basis, opex_driver)


@line("Yearly price rise where none is given", "1/yr", by="opex")
def opex_usual_rise(opex_basis, study_inflation):
    """Inflation; none for a percentage of equipment."""
    return study_inflation * (1 - ops.text_is(opex_basis, "pct_equipment"))


@line("Yearly price rise", "1/yr", by="opex")
def opex_rise(opex_escalation, opex_usual_rise):
    """As given, or the usual one."""
    return ops.default(opex_escalation, opex_usual_rise)


@line("First year paid", "yr", by="opex")
def opex_start(opex_from_year):
    """Year 1 unless given."""
    return ops.default(opex_from_year, 1)


@line("Last year paid", "yr", by="opex")
def opex_end(opex_to_year, study_horizon_years):
    """The horizon's last unless given."""
    return ops.default(opex_to_year, study_horizon_years)


@line("Price level while paid", "1", by="opex year", adds="none")
def opex_index(opex_rise, year, opex_start, opex_end):
    """Escalated from model year 1, 0 outside the item's years."""
    return ops.escalate(opex_rise, year) * (year >= opex_start) * (year <= opex_end)


@line("Opex, by item", "money", by="opex year")
def opex_cost(opex_amount, opex_driver, opex_basis_number, opex_index):
    """Amount x what its basis counts x price level; in full from year 1, production or not."""
    return opex_amount * ops.pick(opex_driver, opex_basis_number) * opex_index


@line("Opex", "money", by="year")
def opex(opex_cost):
    """All items."""
    return ops.across(opex_cost)


@line("Staff item", "1", by="opex")
def is_staff(opex_category):
    """People who keep the service level."""
    return ops.text_is(opex_category, "staff")


@line("Colocation item", "1", by="opex")
def is_colocation(opex_category):
    """Space and power of another's data centre."""
    return ops.text_is(opex_category, "colocation")


@line("Support item", "1", by="opex")
def is_support(opex_category):
    """Maintenance and warranty."""
    return ops.text_is(opex_category, "support")


@line("Software item", "1", by="opex")
def is_software(opex_category):
    """Licences and subscriptions."""
    return ops.text_is(opex_category, "software")


@line("Staff", "money", by="year")
def staff(opex_cost, is_staff):
    """Opex items of the category staff."""
    return ops.across(opex_cost * is_staff)


@line("Colocation", "money", by="year")
def colocation(opex_cost, is_colocation):
    """Opex items of the category colocation."""
    return ops.across(opex_cost * is_colocation)


@line("Support", "money", by="year")
def support(opex_cost, is_support):
    """Opex items of the category support."""
    return ops.across(opex_cost * is_support)


@line("Software", "money", by="year")
def software(opex_cost, is_software):
    """Opex items of the category software."""
    return ops.across(opex_cost * is_software)


@line("Item of another category", "1", by="opex")
def is_other_opex(is_staff, is_colocation, is_support, is_software):
    """None of staff, colocation, support, software."""
    return 1 - is_staff - is_colocation - is_support - is_software


@line("Other running costs", "money", by="year")
def other_opex(opex_cost, is_other_opex):
    """Opex items of every other category."""
    return ops.across(opex_cost * is_other_opex)


@line("Rented accelerator-hours", "accelerator*h", by="year")
def rental_hours(is_rental, production_hours):
    """All that are installed, once in production."""
    return is_rental * production_hours


@line("Hours committed to", "accelerator*h", by="year")
def committed_hours(rental_hours, rental_committed_share):
    """Paid for whether used or not."""
    return rental_hours * rental_committed_share


@line("Year in which the commitment was made", "yr", by="year", adds="none")
def commitment_year(year, rental_commitment_years):
    """The first year of the commitment under way, whose price it keeps."""
    return year - ops.modulo(year - 1, rental_commitment_years)


@line("Hours needed to run", "accelerator*h", by="year")
def run_hours(rental_hours, used_seconds, option_max_utilisation, option_availability):
    """Time used, with headroom and downtime, at most all hours."""
    return ops.minimum(rental_hours, used_seconds / SECONDS_PER_HOUR / (option_max_utilisation * option_availability))


@line("Committed hours not used", "accelerator*h", by="year")
def unused_commitment(committed_hours, run_hours):
    """What of the commitment stands idle."""
    return ops.maximum(0, committed_hours - run_hours)


@line("Committed price of the year", "money/accelerator/h", by="year", adds="none")
def committed_price(rental_committed_price, rental_price_change, commitment_year):
    """The price of the year the commitment was made."""
    return rental_committed_price * ops.escalate(rental_price_change, commitment_year)


@line("Committed rental", "money", by="year")
def committed_rental(committed_hours, rental_true_up, unused_commitment, committed_price):
    """Committed hours; of those not used only the share that the contract trues up."""
    return (committed_hours - (1 - rental_true_up) * unused_commitment) * committed_price


@line("Rental on demand", "money", by="year")
def on_demand_rental(run_hours, committed_hours, rental_on_demand_price, rental_price_change, year):
    """Hours needed beyond the commitment, at the year's price."""
    return (
        ops.maximum(0, run_hours - committed_hours)
        * ops.default(rental_on_demand_price, 0)
        * ops.escalate(rental_price_change, year)
    )


@line("Years of the commitment left at the end", "yr", adds="none")
def commitment_left(study_horizon_years, rental_commitment_years):
    """Of the commitment under way when the horizon ends."""
    return rental_commitment_years - 1 - ops.modulo(study_horizon_years - 1, rental_commitment_years)


@line("Fee for leaving the commitment", "money", by="year")
def exit_fee(rental_exit_fee_share, commitment_left, committed_hours, committed_price, year, study_horizon_years):
    """A share of the commitment left at the end of the horizon, paid in its last year."""
    return rental_exit_fee_share * commitment_left * committed_hours * committed_price * (year == study_horizon_years)


@line("Rental", "money", by="year")
def rental(committed_rental, on_demand_rental, exit_fee):
    """Committed + on demand + what leaving costs."""
    return committed_rental + on_demand_rental + exit_fee


@line("Yearly lease of the systems acquired", "money", by="year")
def new_lease(is_lease, purchases, lease_payment_per_system_month, equipment_price_index):
    """Systems x monthly payment x 12, at the price level of their year."""
    return (
        is_lease * purchases * ops.default(lease_payment_per_system_month, 0) * MONTHS_PER_YEAR * equipment_price_index
    )


@line("Lease", "money", by="year")
def lease(new_lease, equipment_life_years):
    """Payments on every vintage in its life."""
    return ops.within_life(new_lease, equipment_life_years)


@line("Years of lease left at the end", "yr", by="year", adds="none")
def lease_years_left(year, equipment_life_years, study_horizon_years):
    """Of what was leased in the year."""
    return ops.maximum(0, year + equipment_life_years - 1 - study_horizon_years)


@line("Lease after the horizon, by vintage", "money", by="year")
def lease_beyond(new_lease, lease_years_left):
    """Payments that fall due after the horizon."""
    return new_lease * lease_years_left


@line("Commitment beyond the horizon", "money")
def commitment_beyond_horizon(lease_beyond):
    """Lease payments still owed when the horizon ends: shown, not charged."""
    return ops.total(lease_beyond)


@line("Price of input", "money/Mtoken")
def input_price(api_price_input):
    """API list price; 0 where there is no API."""
    return ops.default(api_price_input, 0)


@line("Price of cached input", "money/Mtoken")
def cached_input_price(api_price_cached_input, input_price):
    """As given, or the price of input."""
    return ops.default(api_price_cached_input, input_price)


@line("Share sent as batch", "1", by="workload")
def batch_share(api_batch_share, workload_deferrable_share):
    """As given, or the work that can wait."""
    return ops.default(api_batch_share, workload_deferrable_share)


@line("Price level after the batch discount", "1", by="workload")
def batch_factor(batch_share, api_batch_discount):
    """1 - batch share x discount."""
    return 1 - batch_share * api_batch_discount


@line("API price of reading a request", "money/request", by="workload")
def api_reading(read_per_request, cached_share, input_price, cached_input_price, batch_factor):
    """Input tokens of all attempts, cached and not, in year 1."""
    return (
        read_per_request
        * ((1 - cached_share) * input_price + cached_share * cached_input_price)
        / TOKENS_PER_MILLION
        * batch_factor
    )


@line("API price of writing a request", "money/request", by="workload")
def api_writing(generated_per_request, api_price_output, batch_factor):
    """Generated tokens of all attempts, in year 1."""
    return generated_per_request * ops.default(api_price_output, 0) / TOKENS_PER_MILLION * batch_factor


@line("API price level", "1", by="year", adds="none")
def api_index(api_price_change, year):
    """As a multiple of year 1's."""
    return ops.escalate(api_price_change, year)


@line("Spent on reading", "money", by="workload year")
def reading_spend(is_api, served, api_reading, api_index):
    """API list price of the input tokens."""
    return is_api * served * api_reading * api_index


@line("Spent on writing", "money", by="workload year")
def writing_spend(is_api, served, api_writing, api_index):
    """API list price of the generated tokens."""
    return is_api * served * api_writing * api_index


@line("API spend by use", "money", by="year")
def api_spend(reading_spend, writing_spend):
    """Before the minimum commitment."""
    return ops.across(reading_spend) + ops.across(writing_spend)


@line("Saved by the tier", "money", by="tier year")
def tier_saving(api_spend, tier_from_spend, tier_further_discount):
    """The further discount on the year's spend above the threshold (marginal, not on all units)."""
    return ops.maximum(0, api_spend - tier_from_spend) * tier_further_discount


@line("Spend after price tiers", "money", by="year")
def tiered_spend(api_spend, tier_saving):
    """Spend by use less what the tiers save."""
    return api_spend - ops.across(tier_saving)


@line("Added by the minimum commitment", "money", by="year")
def api_top_up(is_api, api_minimum_commitment, production_share, tiered_spend):
    """What the yearly minimum exceeds the spend by, once in production."""
    return is_api * ops.maximum(0, api_minimum_commitment * production_share - tiered_spend)


@line("API", "money", by="year")
def api(tiered_spend, api_top_up):
    """Spend by use after price tiers, at least the minimum commitment."""
    return tiered_spend + api_top_up


@line("Processing, by workload", "money", by="workload year")
def processing_cost(served, workload_processing_tokens, workload_processing_price, inflation_index):
    """Guardrails and retrieval steps: once per request served (P_t x C_p of the cost-per-response formula)."""
    return served * workload_processing_tokens * workload_processing_price / TOKENS_PER_MILLION * inflation_index


@line("Processing", "money", by="year")
def processing(processing_cost):
    """All workloads."""
    return ops.across(processing_cost)


@line("Hand-over to a person, by workload", "money", by="workload year")
def escalation_spend(served, accepted_share, workload_escalation_cost, inflation_index):
    """Requests that were not accepted in the end x what a person costs."""
    return served * (1 - accepted_share) * workload_escalation_cost * inflation_index


@line("Hand-over to a person", "money", by="year")
def escalation(escalation_spend):
    """All workloads."""
    return ops.across(escalation_spend)


@line("Operating cost of the infrastructure", "money", by="year")
def infrastructure_operating(electricity, carbon_charged, water_cost, opex, rental, lease, api):
    """Running costs of making tokens, without processing and hand-over."""
    return electricity + carbon_charged + water_cost + opex + rental + lease + api


@line("Operating cost", "money", by="year")
def operating(infrastructure_operating, processing, escalation):
    """All running costs."""
    return infrastructure_operating + processing + escalation
