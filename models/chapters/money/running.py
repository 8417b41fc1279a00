"""Running costs: opex by basis, rental, lease, API, guardrails and retrieval, escalation to staff."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import (
    HOURS_PER_YEAR,
    MONTHS_PER_YEAR,
    ONE_REPLICA,
    ONE_SYSTEM,
    REQUESTS_PER_THOUSAND,
    SECONDS_PER_HOUR,
    TOKENS_PER_MILLION,
)
from models.engine.line import line


@line("Generated tokens of its own, by workload", "token", by="workload year")
def own_generated(own_served, generated_per_request):
    """All attempts, thinking included, of the requests it serves itself."""
    return own_served * generated_per_request


@line("Input tokens of its own, by workload", "token", by="workload year")
def own_read(own_served, read_per_request):
    """All attempts, cache hits included, of the requests it serves itself."""
    return own_served * read_per_request


@line("Generated tokens, by workload", "token", by="workload year")
def generated(own_generated, overflow_requests, overflow_generated):
    """All attempts, thinking included, of its own and of the API that takes its peaks."""
    return own_generated + overflow_requests * overflow_generated


@line("Input tokens, by workload", "token", by="workload year")
def read(own_read, overflow_requests, overflow_read):
    """All attempts, cache hits included, of its own and of the API that takes its peaks."""
    return own_read + overflow_requests * overflow_read


@line("Tokens of its own", "token", by="year")
def own_tokens(own_read, own_generated):
    """Read and generated, of the requests it serves itself."""
    return ops.across(own_read) + ops.across(own_generated)


@line("Requests it serves itself", "request", by="year")
def own_requests(own_served):
    """All workloads."""
    return ops.across(own_served)


@line("Generated tokens", "token", by="year")
def output_tokens(generated):
    """The whole mix."""
    return ops.across(generated)


@line("Input tokens", "token", by="year")
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
    """What a share of the equipment price refers to; a rental counts at the price of year 1."""
    return ops.where(is_rental, installed * system_price, vintages_in_life)


@line("What an amount is multiplied by", "money/@opex", by="opex_driver year", adds="none")
def opex_driver(installed, installed_accelerators, installed_load_kw, installed_price, own_tokens, own_requests):
    """By basis, year by year."""
    return ops.stack(
        per_year=1,
        per_system=installed,
        per_accelerator=installed_accelerators,
        per_kw_month=installed_load_kw * MONTHS_PER_YEAR,
        pct_equipment=installed_price,
        per_million_tokens=own_tokens / TOKENS_PER_MILLION,
        per_thousand_requests=own_requests / REQUESTS_PER_THOUSAND,
    )


@line("Basis number of the running cost", "1", by="opex")
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


@line("Credit item", "1", by="opex")
def is_credit(opex_category):
    """Money received: rebates, start-up credits, demand response."""
    return ops.text_is(opex_category, "credit")


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
def is_other_opex(is_staff, is_colocation, is_support, is_software, is_credit):
    """None of staff, colocation, support, software, credit."""
    return 1 - is_staff - is_colocation - is_support - is_software - is_credit


@line("Other running costs", "money", by="year")
def other_opex(opex_cost, is_other_opex):
    """Opex items of every other category."""
    return ops.across(opex_cost * is_other_opex)


@line("Credits", "money", by="year")
def credit(opex_cost, is_credit):
    """Opex items of the category credit: money received, so negative."""
    return ops.across(opex_cost * is_credit)


@line("Paid by the hour of use", "1")
def is_hourly(is_rental, rental_scaling):
    """1 for a rental that is started and stopped with the load; else what is rented is paid round the clock."""
    return is_rental * ops.text_is(rental_scaling, "hourly")


@line("Accelerators started together", "accelerator")
def scaling_unit(rental_unit, option_accelerators_per_system, option_accelerators_per_replica):
    """Those of a system or of a model copy."""
    return ops.where(
        ops.text_is(rental_unit, "system"),
        option_accelerators_per_system * ONE_SYSTEM,
        option_accelerators_per_replica * ONE_REPLICA,
    )


@line("Accelerators that stay up", "accelerator")
def always_up(rental_minimum_replicas, option_accelerators_per_replica):
    """The least that hourly scaling keeps."""
    return rental_minimum_replicas * option_accelerators_per_replica


@line("Accelerators paid for, by the hour", "accelerator", by="paid year", adds="none")
def online_at(
    installed_accelerators,
    scaling_unit,
    busy_at,
    paid_number,
    swell,
    option_max_utilisation,
    option_availability,
    always_up,
):
    """What is busy, bursts included, with headroom and downtime; at least what stays up, in whole units, at most all
    that are rented."""
    return ops.minimum(
        installed_accelerators,
        scaling_unit
        * ops.ceiling(
            ops.maximum(
                ops.pick(busy_at, paid_number) * swell / (option_max_utilisation * option_availability), always_up
            )
            / scaling_unit
        ),
    )


@line("Mean accelerators on, given systems", "accelerator", by="year", adds="none")
def fixed_online(installed_accelerators, used_seconds, option_max_utilisation, option_availability, production_share):
    """A given number of systems switched on for the hours they are used, with headroom and downtime, alike in every
    hour; 0 before production."""
    return ops.minimum(
        installed_accelerators,
        ops.fraction(
            used_seconds / SECONDS_PER_HOUR / (option_max_utilisation * option_availability),
            HOURS_PER_YEAR * production_share,
        ),
    )


@line("Mean accelerators on, flat", "accelerator", by="year", adds="none")
def flat_online(is_hourly, fixed_online, installed_accelerators):
    """Where no hour differs from another: all that are installed, or what given systems use."""
    return ops.where(is_hourly, fixed_online, installed_accelerators)


@line("Follows the load by the hour", "1")
def by_use(is_hourly, is_sized):
    """1 where what is paid differs from hour to hour."""
    return is_hourly * is_sized


@line("Mean accelerators on", "accelerator", by="year", adds="none")
def mean_online(by_use, online_at, paid_share, flat_online):
    """Over the hours in production."""
    return ops.where(by_use, ops.across(online_at * paid_share), flat_online)


@line("Accelerators on at the peak", "accelerator", by="year", adds="none")
def online_at_peak(by_use, online_at, flat_online):
    """All that are installed, or what hourly scaling starts in the busiest hour."""
    return ops.where(by_use, ops.crest(online_at), flat_online)


@line("Systems on, mean of the hours", "system", by="year", adds="none")
def systems_on(mean_online, option_accelerators_per_system):
    """Accelerators on over those of a system."""
    return mean_online / option_accelerators_per_system


@line("Commitments still in term", "accelerator", by="year", adds="none")
def still_committed(committed, new_commitment, rental_commitment_years):
    """Last year's less those whose term is over."""
    return ops.previous(committed) - ops.lagged(new_commitment, rental_commitment_years)


@line("Newly committed", "accelerator", by="year", adds="none")
def new_commitment(is_rental, rental_committed_share, installed_accelerators, still_committed):
    """What is missing to the committed share of the fleet, in whole accelerators; what is in term does not shrink."""
    return ops.maximum(0, ops.ceiling(is_rental * rental_committed_share * installed_accelerators) - still_committed)


@line("Accelerators committed to", "accelerator", by="year", adds="none")
def committed(still_committed, new_commitment):
    """All commitments in term."""
    return still_committed + new_commitment


@line("Price level of rental", "1", by="year", adds="none")
def rental_index(rental_price_change_listed, rental_price_change_path, rental_price_change, year):
    """As a multiple of year 1's: as listed by year, or with a yearly change."""
    return ops.where(rental_price_change_listed, rental_price_change_path, ops.escalate(rental_price_change, year))


@line("Hourly price of the year's new commitments", "money/h", by="year", adds="none")
def new_commitment_price(new_commitment, rental_committed_price, rental_index):
    """Each commitment keeps the price of the year it was made."""
    return new_commitment * rental_committed_price * rental_index


@line("Hourly price of all commitments", "money/h", by="year", adds="none")
def commitment_price(new_commitment_price, rental_commitment_years):
    """Those in term, each at its own price."""
    return ops.within_life(new_commitment_price, rental_commitment_years)


@line("Mean committed price", "money/accelerator/h", by="year", adds="none")
def committed_price(commitment_price, committed):
    """Of the accelerators in term."""
    return ops.fraction(commitment_price, committed)


@line("Hours in production", "h", by="year")
def hours_in_production(production_share):
    """8,760 once in production."""
    return HOURS_PER_YEAR * production_share


@line("Hours committed to", "accelerator*h", by="year")
def committed_hours(committed, hours_in_production):
    """Paid for whether used or not."""
    return committed * hours_in_production


@line("Commitment in use, by the hour", "accelerator", by="year", adds="none")
def hourly_committed_use(online_at, committed, paid_share):
    """In each hour what is on, at most what is committed."""
    return ops.capped(online_at, committed, paid_share)


@line("Commitment in use", "accelerator", by="year", adds="none")
def committed_use(by_use, hourly_committed_use, flat_online, committed):
    """Of what is on the part that is committed, mean of the hours."""
    return ops.where(by_use, hourly_committed_use, ops.minimum(flat_online, committed))


@line("Committed hours not used", "accelerator*h", by="year")
def unused_commitment(is_rental, committed, committed_use, hours_in_production):
    """What of the commitment stands idle."""
    return is_rental * (committed - committed_use) * hours_in_production


@line("Hours on demand", "accelerator*h", by="year")
def on_demand_hours(is_rental, mean_online, committed_use, hours_in_production):
    """What is on beyond the commitment, hour by hour."""
    return is_rental * (mean_online - committed_use) * hours_in_production


@line("Committed rental", "money", by="year")
def committed_rental(commitment_price, hours_in_production, rental_true_up, unused_commitment, committed_price):
    """All hours of the commitments; of those not used only the share that the contract trues up."""
    return commitment_price * hours_in_production - (1 - rental_true_up) * unused_commitment * committed_price


@line("On-demand rental", "money", by="year")
def on_demand_rental(on_demand_hours, rental_on_demand_price, rental_index):
    """Hours beyond the commitment, at the year's price."""
    return on_demand_hours * ops.default(rental_on_demand_price, 0) * rental_index


@line("Hours of rental paid for", "accelerator*h", by="year")
def paid_hours(committed_hours, on_demand_hours):
    """Committed and on demand."""
    return committed_hours + on_demand_hours


@line("Years of the commitment left at the end", "yr", by="year", adds="none")
def commitment_left(year, rental_commitment_years, study_horizon_years):
    """Of what was committed in the year, when the horizon ends."""
    return ops.maximum(0, year + rental_commitment_years - 1 - study_horizon_years)


@line("Commitment left at the end, by year made", "money", by="year")
def commitment_after(new_commitment_price, commitment_left):
    """Price of all hours after the horizon."""
    return new_commitment_price * HOURS_PER_YEAR * commitment_left


@line("Commitment left at the end", "money")
def commitment_owed(commitment_after):
    """Of all commitments."""
    return ops.total(commitment_after)


@line("Early-termination fee", "money", by="year")
def exit_fee(rental_exit_fee_share, commitment_owed, year, study_horizon_years):
    """A share of the commitment left at the end of the horizon, paid in its last year."""
    return rental_exit_fee_share * commitment_owed * (year == study_horizon_years)


@line("Rental", "money", by="year")
def rental(committed_rental, on_demand_rental, exit_fee):
    """Committed + on demand + what leaving costs."""
    return committed_rental + on_demand_rental + exit_fee


@line("Annual lease of servers acquired", "money", by="year")
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


@line("Obligations after the study period", "money")
def commitment_beyond_horizon(lease_beyond):
    """Lease payments still owed when the horizon ends: shown, not charged."""
    return ops.total(lease_beyond)


@line("Price of input", "money/Mtoken", by="workload")
def input_price(serving_price_input, api_price_input):
    """The workload's own, or the API's list price; 0 where there is no API."""
    return ops.default(serving_price_input, api_price_input)


@line("Price of cached input where the workload has none", "money/Mtoken", by="workload")
def list_cached_price(api_price_cached_input, input_price):
    """As given, or the price of input."""
    return ops.default(api_price_cached_input, input_price)


@line("Price of cached input", "money/Mtoken", by="workload")
def cached_input_price(serving_price_cached_input, list_cached_price):
    """The workload's own, or the API's."""
    return ops.default(serving_price_cached_input, list_cached_price)


@line("Price of writing to the cache where the workload has none", "money/Mtoken", by="workload")
def list_write_price(api_price_cache_write, input_price):
    """As given, or the price of input."""
    return ops.default(api_price_cache_write, input_price)


@line("Price of writing to the cache", "money/Mtoken", by="workload")
def cache_write_price(serving_price_cache_write, list_write_price):
    """The workload's own, or the API's."""
    return ops.default(serving_price_cache_write, list_write_price)


@line("Price of output", "money/Mtoken", by="workload")
def output_price(serving_price_output, api_price_output):
    """The workload's own, or the API's."""
    return ops.default(serving_price_output, api_price_output)


@line("Batch share", "1", by="workload")
def batch_share(api_batch_share, workload_deferrable_share):
    """As given, or the work that can wait."""
    return ops.default(api_batch_share, workload_deferrable_share)


@line("Price level after the batch discount", "1", by="workload")
def batch_factor(batch_share, api_batch_discount):
    """1 - batch share x discount."""
    return 1 - batch_share * api_batch_discount


@line("API list price of a request's input", "money/request", by="workload")
def list_reading(
    read_per_request, cached_share, serving_cache_write_share, input_price, cached_input_price, cache_write_price
):
    """Input tokens of all attempts, read anew, from the cache and written to it, in year 1."""
    return (
        read_per_request
        * (
            (1 - cached_share - serving_cache_write_share) * input_price
            + cached_share * cached_input_price
            + serving_cache_write_share * cache_write_price
        )
        / TOKENS_PER_MILLION
    )


@line("API list price of a request's output", "money/request", by="workload")
def list_writing(generated_per_request, output_price):
    """Generated tokens of all attempts, in year 1."""
    return generated_per_request * output_price / TOKENS_PER_MILLION


@line("API price of a request's input", "money/request", by="workload")
def api_reading(list_reading, batch_factor):
    """After the batch discount."""
    return list_reading * batch_factor


@line("API price of a request's output", "money/request", by="workload")
def api_writing(list_writing, batch_factor):
    """After the batch discount."""
    return list_writing * batch_factor


@line("API price level", "1", by="year", adds="none")
def api_index(api_price_change_listed, api_price_change_path, api_price_change, year):
    """As a multiple of year 1's: as listed by year, or with a yearly change."""
    return ops.where(api_price_change_listed, api_price_change_path, ops.escalate(api_price_change, year))


@line("API price of input that cannot wait, a request", "money/request", by="workload year", adds="none")
def plain_reading_price(is_api, list_reading, api_index):
    """Without batch discount, tiers or minimum: what work costs that comes from another option."""
    return is_api * list_reading * api_index


@line("API price of output that cannot wait, a request", "money/request", by="workload year", adds="none")
def plain_writing_price(is_api, list_writing, api_index):
    """Without batch discount, tiers or minimum: what work costs that comes from another option."""
    return is_api * list_writing * api_index


@line("Spend on input", "money", by="workload year")
def reading_spend(is_api, own_served, api_reading, api_index):
    """API list price of the input tokens."""
    return is_api * own_served * api_reading * api_index


@line("Spend on output", "money", by="workload year")
def writing_spend(is_api, own_served, api_writing, api_index):
    """API list price of the generated tokens."""
    return is_api * own_served * api_writing * api_index


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


@line("Spend on input elsewhere", "money", by="workload year")
def overflow_reading(overflow_requests, overflow_reading_price):
    """What the API that takes the peaks is paid for reading."""
    return overflow_requests * overflow_reading_price


@line("Spend on output elsewhere", "money", by="workload year")
def overflow_writing(overflow_requests, overflow_writing_price):
    """What the API that takes the peaks is paid for writing."""
    return overflow_requests * overflow_writing_price


@line("Peaks served by an API", "money", by="year")
def overflow(overflow_reading, overflow_writing):
    """At its price per request, by use: a contract that stands, without its own minimum."""
    return ops.across(overflow_reading) + ops.across(overflow_writing)


@line("Guardrails and retrieval of a request", "money/request", by="workload year", adds="none")
def processing_price(workload_processing_tokens, workload_processing_price, inflation_index):
    """Guardrails and retrieval steps: once per request served (P_t x C_p of the cost-per-response formula)."""
    return workload_processing_tokens * workload_processing_price / TOKENS_PER_MILLION * inflation_index


@line("Guardrails and retrieval, by workload", "money", by="workload year")
def processing_cost(served, processing_price):
    """Requests served x what the steps cost."""
    return served * processing_price


@line("Guardrails and retrieval", "money", by="year")
def processing(processing_cost):
    """All workloads."""
    return ops.across(processing_cost)


@line("Escalation of a request", "money/request", by="workload year", adds="none")
def escalation_price(workload_escalation_cost, inflation_index):
    """What a person costs."""
    return workload_escalation_cost * inflation_index


@line("Accepted responses, by workload", "response", by="workload year")
def accepted(own_served, accepted_share, overflow_requests, overflow_accepted):
    """Served x accepted share, its own and that of the API that takes its peaks."""
    return own_served * accepted_share + overflow_requests * overflow_accepted


@line("Escalation to staff, by workload", "money", by="workload year")
def escalation_spend(own_served, failed_share, overflow_requests, overflow_failed, escalation_price):
    """Requests that were not accepted in the end x what a person costs."""
    return (own_served * failed_share + overflow_requests * overflow_failed) * escalation_price


@line("Price of a request for others", "money/request", by="workload year", adds="none")
def offered_price(is_api, api_reading, api_writing, api_index, processing_price, failed_share, escalation_price):
    """All in: what a request that another option cannot serve costs here, batch discount, guardrails and escalation
    included, without tiers or minimum."""
    return is_api * (api_reading + api_writing) * api_index + processing_price + failed_share * escalation_price


@line("Escalation to staff", "money", by="year")
def escalation(escalation_spend):
    """All workloads."""
    return ops.across(escalation_spend)


@line("Operating cost of the infrastructure", "money", by="year")
def infrastructure_operating(electricity, carbon_charged, water_cost, opex, rental, lease, api, overflow):
    """Running costs of making tokens, without guardrails, retrieval and escalation."""
    return electricity + carbon_charged + water_cost + opex + rental + lease + api + overflow


@line("Operating cost", "money", by="year")
def operating(infrastructure_operating, processing, escalation):
    """All running costs."""
    return infrastructure_operating + processing + escalation
