"""Unit cost: what a token and a meaningful response cost, and the energy, carbon and water they take."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import (
    G_PER_T,
    JOULES_PER_KWH,
    KW_PER_MW,
    L_PER_M3,
    TOKENS_PER_MILLION,
    TOKENS_PER_THOUSAND,
)
from models.engine.line import line


@line("Generated tokens, life", "token")
def lifetime_output_tokens(output_tokens):
    """All attempts, thinking included."""
    return ops.total(output_tokens)


@line("Input tokens, life", "token")
def lifetime_input_tokens(input_tokens):
    """All attempts, cached included."""
    return ops.total(input_tokens)


@line("Cost per million generated tokens", "money/Mtoken")
def lifetime_cost_per_million_output_tokens(infrastructure_cost, lifetime_output_tokens):
    """Infrastructure cost, reading included, over everything generated: C_t of the sources."""
    return ops.ratio(infrastructure_cost * TOKENS_PER_MILLION, lifetime_output_tokens)


@line("Cost per million input and generated tokens", "money/Mtoken")
def lifetime_cost_per_million_tokens(infrastructure_cost, lifetime_input_tokens, lifetime_output_tokens):
    """Infrastructure cost over input + generated tokens."""
    return ops.ratio(infrastructure_cost * TOKENS_PER_MILLION, lifetime_input_tokens + lifetime_output_tokens)


@line("Present value of generated tokens", "token")
def pv_output_tokens(output_tokens, flow_factor):
    """Tokens discounted like the money that buys them."""
    return ops.present_value(output_tokens, flow_factor)


@line("Generated tokens, discounted without inflation", "token")
def real_output_tokens(output_tokens, real_flow_factor):
    """For a price in start-of-study money that rises with inflation."""
    return ops.present_value(output_tokens, real_flow_factor)


@line("Present value of the infrastructure's operating cost", "money")
def pv_infrastructure_operating(infrastructure_operating, flow_factor):
    """At the date of running payments."""
    return ops.present_value(infrastructure_operating, flow_factor)


@line("Present value of infrastructure cost", "money")
def pv_infrastructure_cost(pv_capex, pv_infrastructure_operating, pv_disposals):
    """The present value of cost without guardrails, retrieval and escalation."""
    return pv_capex + pv_infrastructure_operating - pv_disposals


@line("Levelised cost per million generated tokens", "money/Mtoken")
def levelised_cost_per_million_output_tokens(pv_infrastructure_cost, pv_output_tokens):
    """The flat price per token whose present value pays the present value of cost."""
    return ops.ratio(pv_infrastructure_cost * TOKENS_PER_MILLION, pv_output_tokens)


@line("Levelised cost, real", "money/Mtoken")
def levelised_real(pv_infrastructure_cost, real_output_tokens):
    """The same cost as a price that rises with inflation."""
    return ops.ratio(pv_infrastructure_cost * TOKENS_PER_MILLION, real_output_tokens)


@line("Present value of depreciation", "money")
def pv_depreciation(depreciation, flow_factor):
    """At the date of running payments."""
    return ops.present_value(depreciation, flow_factor)


@line("Present value of grants as income", "money")
def pv_grant(grant, flow_factor):
    """Taxed at the date of running payments."""
    return ops.present_value(grant, flow_factor)


@line("Present value of infrastructure cost after tax", "money")
def pv_after_tax_infrastructure(
    pv_capex, study_tax_rate, pv_infrastructure_operating, pv_depreciation, pv_grant, pv_disposals, pv_taxable_gain
):
    """The present value of cost after tax without guardrails, retrieval and escalation."""
    return (
        pv_capex
        + (1 - study_tax_rate) * pv_infrastructure_operating
        - study_tax_rate * (pv_depreciation + pv_grant)
        - pv_disposals
        + study_tax_rate * pv_taxable_gain
    )


@line("Levelised cost after tax (pre-tax equivalent)", "money/Mtoken")
def levelised_after_tax(pv_after_tax_infrastructure, study_tax_rate, pv_output_tokens):
    """After-tax flows over (1 - tax): comparable with a price before tax."""
    return ops.ratio(pv_after_tax_infrastructure / (1 - study_tax_rate) * TOKENS_PER_MILLION, pv_output_tokens)


@line("Input time used", "accelerator*s", by="workload year")
def prefill_time(has_fleet, own_served, prefill_seconds):
    """Prefill accelerator-seconds of the requests it serves itself."""
    return has_fleet * own_served * prefill_seconds


@line("Output time used", "accelerator*s", by="workload year")
def decode_time(has_fleet, own_served, decode_seconds):
    """Decode accelerator-seconds of the requests it serves itself."""
    return has_fleet * own_served * decode_seconds


@line("Input time, life", "accelerator*s", by="workload")
def lifetime_prefill_time(prefill_time):
    """All years pooled."""
    return ops.total(prefill_time)


@line("Output time, life", "accelerator*s", by="workload")
def lifetime_decode_time(decode_time):
    """All years pooled."""
    return ops.total(decode_time)


@line("Spend on input, life", "money", by="workload")
def lifetime_reading_spend(reading_spend):
    """All years pooled (API)."""
    return ops.total(reading_spend)


@line("Spend on output, life", "money", by="workload")
def lifetime_writing_spend(writing_spend):
    """All years pooled (API)."""
    return ops.total(writing_spend)


@line("Accelerator time of the mix, life", "accelerator*s")
def mix_time(lifetime_prefill_time, lifetime_decode_time):
    """What cost is shared by on own or rented hardware; 0 for an API."""
    return ops.across(lifetime_prefill_time) + ops.across(lifetime_decode_time)


@line("Spend of the mix, life", "money")
def mix_spend(lifetime_reading_spend, lifetime_writing_spend):
    """What cost is shared by for an API; 0 otherwise."""
    return ops.across(lifetime_reading_spend) + ops.across(lifetime_writing_spend)


@line("Input's share of the cost", "1", by="workload", known="split_known")
def reading_share(lifetime_prefill_time, mix_time, lifetime_reading_spend, mix_spend):
    """The workload's reading over everything: by accelerator time, or by spend for an API."""
    return ops.fraction(lifetime_prefill_time, mix_time) + ops.fraction(lifetime_reading_spend, mix_spend)


@line("Output's share of the cost", "1", by="workload", known="split_known")
def writing_share(lifetime_decode_time, mix_time, lifetime_writing_spend, mix_spend):
    """The workload's writing over everything: by accelerator time, or by spend for an API."""
    return ops.fraction(lifetime_decode_time, mix_time) + ops.fraction(lifetime_writing_spend, mix_spend)


@line("Shares of the workloads are known", "1")
def shares_known(mix_time, mix_spend):
    """0 where nothing is served, or an API costs nothing: there is nothing to share by."""
    return ops.maximum(mix_time > 0, mix_spend > 0)


@line("Spend on input elsewhere, life", "money", by="workload")
def lifetime_overflow_reading(overflow_reading):
    """The API that takes the peaks."""
    return ops.total(overflow_reading)


@line("Spend on output elsewhere, life", "money", by="workload")
def lifetime_overflow_writing(overflow_writing):
    """The API that takes the peaks."""
    return ops.total(overflow_writing)


@line("Peaks served by an API, life", "money")
def lifetime_overflow(overflow):
    """All years."""
    return ops.total(overflow)


@line("Infrastructure cost of its own", "money")
def own_infrastructure_cost(infrastructure_cost, lifetime_overflow):
    """Without what an API that takes the peaks is paid."""
    return infrastructure_cost - lifetime_overflow


@line("Input and output speed are known apart", "1")
def split_known(is_blended, reads, shares_known):
    """0 where a workload that reads tokens here has a blended rate."""
    return (ops.across(is_blended * reads) == 0) * shares_known


@line("Reads tokens", "1", by="workload")
def reads(request_input_tokens, lifetime_decode_time):
    """1 for a workload with input, of which some is served by this fleet."""
    return (request_input_tokens > 0) * (lifetime_decode_time > 0)


@line("Cost of input", "money", known="split_known")
def reading_cost(own_infrastructure_cost, reading_share, lifetime_overflow_reading):
    """Infrastructure cost by the share of reading, and what an API is paid for it."""
    return own_infrastructure_cost * ops.across(reading_share) + ops.across(lifetime_overflow_reading)


@line("Cost of output", "money", known="split_known")
def writing_cost(own_infrastructure_cost, writing_share, lifetime_overflow_writing):
    """Infrastructure cost by the share of writing, and what an API is paid for it; with reading it adds up to the
    infrastructure cost."""
    return own_infrastructure_cost * ops.across(writing_share) + ops.across(lifetime_overflow_writing)


@line("Cost of input per million input tokens", "money/Mtoken", known="split_known")
def cost_per_million_input_tokens(reading_cost, lifetime_input_tokens):
    """Cost of reading over all input tokens, cached included."""
    return ops.ratio(reading_cost * TOKENS_PER_MILLION, lifetime_input_tokens)


@line("Cost of output per million generated tokens", "money/Mtoken", known="split_known")
def cost_per_million_generated_tokens(writing_cost, lifetime_output_tokens):
    """Cost of writing over all tokens generated."""
    return ops.ratio(writing_cost * TOKENS_PER_MILLION, lifetime_output_tokens)


@line("Share of the cost", "1", by="workload", known="shares_known")
def cost_share(reading_share, writing_share):
    """The workload's seconds of all years over all seconds (API: spend)."""
    return reading_share + writing_share


@line("Infrastructure cost of the workload", "money", by="workload", known="shares_known")
def workload_infrastructure_cost(
    own_infrastructure_cost, cost_share, lifetime_overflow_reading, lifetime_overflow_writing
):
    """Its share of the cost of making tokens, and what an API is paid for its peaks."""
    return own_infrastructure_cost * cost_share + lifetime_overflow_reading + lifetime_overflow_writing


@line("Guardrails and retrieval of the workload, life", "money", by="workload")
def workload_processing_cost(processing_cost):
    """Guardrails and retrieval steps."""
    return ops.total(processing_cost)


@line("Escalation of the workload, life", "money", by="workload")
def workload_escalation_spend(escalation_spend):
    """What people handle."""
    return ops.total(escalation_spend)


@line("Cost of the workload", "money", by="workload", known="shares_known")
def workload_cost(workload_infrastructure_cost, workload_processing_cost, workload_escalation_spend):
    """Infrastructure + guardrails and retrieval + escalation."""
    return workload_infrastructure_cost + workload_processing_cost + workload_escalation_spend


@line("Requests served, life, by workload", "request", by="workload")
def workload_served(served):
    """All years."""
    return ops.total(served)


@line("Accepted responses of the workload, life", "response", by="workload")
def workload_responses(accepted):
    """Requests accepted in the end; escalated ones are none."""
    return ops.total(accepted)


@line("Generated tokens of the workload, life", "token", by="workload")
def workload_generated(generated):
    """All attempts."""
    return ops.total(generated)


@line("Input tokens of the workload, life", "token", by="workload")
def workload_read(read):
    """All attempts."""
    return ops.total(read)


@line("Cost per million generated tokens, by workload", "money/Mtoken", by="workload", known="shares_known")
def workload_cost_per_million_output_tokens(workload_infrastructure_cost, workload_generated):
    """The workload's infrastructure cost over what it generates."""
    return ops.ratio(workload_infrastructure_cost * TOKENS_PER_MILLION, workload_generated)


@line("Cost per meaningful response, undiscounted, by workload", "money/response", by="workload", known="shares_known")
def workload_cost_per_meaningful_response(workload_cost, workload_responses):
    """generated x attempts x C_t + P_t x C_p + escalation per accepted response."""
    return ops.ratio(workload_cost, workload_responses)


@line("Cost per request, by workload", "money/request", by="workload", known="shares_known")
def workload_cost_per_request(workload_cost, workload_served):
    """Whether it was accepted in the end or not."""
    return ops.ratio(workload_cost, workload_served)


@line("Accepted responses, life", "response")
def meaningful_responses(workload_responses):
    """Accepted responses of the whole mix over the life."""
    return ops.across(workload_responses)


@line("Requests served, life", "request")
def lifetime_served_requests(served_requests):
    """The whole mix."""
    return ops.total(served_requests)


@line("Cost per meaningful response, undiscounted", "money/response")
def cost_per_meaningful_response(lifetime_cost, meaningful_responses):
    """Total cost, undiscounted, guardrails and escalation included, over accepted responses."""
    return ops.ratio(lifetime_cost, meaningful_responses)


@line("Cost per request", "money/request")
def cost_per_request(lifetime_cost, lifetime_served_requests):
    """Total cost, undiscounted, over requests served."""
    return ops.ratio(lifetime_cost, lifetime_served_requests)


@line("Accepted responses", "response", by="year")
def responses(accepted):
    """The whole mix."""
    return ops.across(accepted)


@line("Present value of accepted responses", "response")
def pv_responses(responses, flow_factor):
    """Responses discounted like the money that buys them."""
    return ops.present_value(responses, flow_factor)


@line("Levelised cost per meaningful response", "money/response")
def levelised_cost_per_meaningful_response(pv_cost, pv_responses):
    """Discounted cost per discounted response: what this option's own responses cost."""
    return ops.ratio(pv_cost, pv_responses)


@line("Present value of responses, unserved requests included", "response")
def pv_all_responses(pv_responses, unmet_responses, flow_factor):
    """The same work for every option: what it cannot serve counts where it has a fallback price."""
    return pv_responses + ops.present_value(unmet_responses, flow_factor)


@line("Cost per meaningful response, same work", "money/response")
def comparison_cost_per_meaningful_response(comparison_pv_cost, pv_all_responses):
    """Present value of cost, fallback included, over the responses of all that is demanded: the ranking measure."""
    return ops.ratio(comparison_pv_cost, pv_all_responses)


@line("Cost per meaningful response, same work, undiscounted", "money/response")
def comparison_undiscounted_cost(lifetime_cost, interim_cost, meaningful_responses, unmet_responses):
    """As the ranking measure, with nothing discounted: whether discounting turns the order."""
    return ops.ratio(lifetime_cost + ops.total(interim_cost), meaningful_responses + ops.total(unmet_responses))


@line("Requests demanded, life", "request")
def lifetime_asked_requests(asked_requests):
    """The whole mix."""
    return ops.total(asked_requests)


@line("Share of the demand served", "1")
def served_share(lifetime_served_requests, lifetime_asked_requests):
    """Over the life, months before production included."""
    return ops.ratio(lifetime_served_requests, lifetime_asked_requests)


@line("Generated tokens per unit of money", "token/money")
def tokens_per_dollar(lifetime_output_tokens, infrastructure_cost):
    """Over infrastructure cost."""
    return ops.ratio(lifetime_output_tokens, infrastructure_cost)


@line("Cost per accelerator-hour", "money/accelerator/h", known="has_fleet")
def cost_per_accelerator_hour(own_infrastructure_cost, is_rental, paid_hours, production_hours):
    """Infrastructure cost of its own over installed accelerator-hours in production, busy or not; of a rental over the
    hours paid for."""
    return ops.ratio(
        own_infrastructure_cost,
        is_rental * ops.total(paid_hours) + (1 - is_rental) * ops.total(production_hours),
    )


@line("Generated tokens of its own, life", "token")
def lifetime_own_tokens(own_generated_in_year):
    """Of the requests it serves itself."""
    return ops.total(own_generated_in_year)


@line("Generated tokens of its own", "token", by="year")
def own_generated_in_year(own_generated):
    """Of the requests it serves itself."""
    return ops.across(own_generated)


@line("Responses of its own, life", "response", by="workload")
def own_responses(own_workload_served, accepted_share):
    """Accepted, of the requests it serves itself."""
    return own_workload_served * accepted_share


@line("Requests it serves itself, life", "request", by="workload")
def own_workload_served(own_served):
    """All years."""
    return ops.total(own_served)


@line("IT energy, life", "kWh", known="energy_known")
def lifetime_it_energy(it_energy_kwh):
    """At the server, idle included."""
    return ops.total(it_energy_kwh)


@line("Facility energy, life", "kWh", known="energy_known")
def lifetime_facility_energy(facility_energy_kwh):
    """At the meter, idle included."""
    return ops.total(facility_energy_kwh)


@line("Energy per generated token, IT", "J/token", known="energy_known")
def joules_per_output_token_it(lifetime_it_energy, lifetime_own_tokens):
    """At the server, whole life, idle included."""
    return ops.ratio(lifetime_it_energy * JOULES_PER_KWH, lifetime_own_tokens)


@line("Energy per generated token, facility", "J/token", known="energy_known")
def joules_per_output_token_facility(lifetime_facility_energy, lifetime_own_tokens):
    """At the meter, whole life, idle included."""
    return ops.ratio(lifetime_facility_energy * JOULES_PER_KWH, lifetime_own_tokens)


@line("Generated tokens per kWh, facility", "token/kWh", known="energy_known")
def output_tokens_per_kwh(lifetime_own_tokens, lifetime_facility_energy):
    """At the meter, whole life, idle included."""
    return ops.ratio(lifetime_own_tokens, lifetime_facility_energy)


@line("Energy of guardrails and retrieval of the workload, life", "J", by="workload")
def workload_processing_energy(own_workload_served, workload_processing_tokens, workload_processing_joules_per_token):
    """At the meter: requests served x tokens x joules per token."""
    return own_workload_served * workload_processing_tokens * workload_processing_joules_per_token


@line("Energy of the workload, life", "J", by="workload", known="workload_energy_known")
def workload_energy(cost_share, lifetime_facility_energy, workload_processing_energy):
    """Its share of accelerator time x facility energy, and that of its guardrails and retrieval."""
    return cost_share * lifetime_facility_energy * JOULES_PER_KWH + workload_processing_energy


@line("Energy of the workloads is known", "1")
def workload_energy_known(energy_known, shares_known):
    """The fleet's energy and the workloads' shares."""
    return energy_known * shares_known


@line("Energy per response, by workload", "J/response", by="workload", known="workload_energy_known")
def workload_joules_per_meaningful_response(workload_energy, own_responses):
    """At the meter."""
    return ops.ratio(workload_energy, own_responses)


@line("Energy per response", "J/response", known="energy_known")
def joules_per_meaningful_response(lifetime_facility_energy, workload_processing_energy, own_responses):
    """At the meter, guardrails and retrieval included."""
    return ops.ratio(
        lifetime_facility_energy * JOULES_PER_KWH + ops.across(workload_processing_energy), ops.across(own_responses)
    )


@line("Electricity, life", "money")
def lifetime_electricity(electricity):
    """Energy and demand charge."""
    return ops.total(electricity)


@line("Electricity per million generated tokens", "money/Mtoken", known="is_held")
def energy_cost_per_million_output_tokens(lifetime_electricity, lifetime_own_tokens):
    """Energy and demand charge; a rental or API price contains it, so there is no figure."""
    return ops.ratio(lifetime_electricity * TOKENS_PER_MILLION, lifetime_own_tokens)


@line("Power of a system at load, at the meter", "MW/system", known="energy_known")
def system_megawatts(load_kw, pue):
    """IT power at load x PUE."""
    return load_kw * pue / KW_PER_MW


@line("Throughput of the mix in year 1", "token/s/accelerator", known="has_fleet")
def first_throughput(mix_throughput):
    """Generated tokens per second of one accelerator."""
    return ops.first(mix_throughput)


@line("Generated tokens per second and MW at the meter", "token/s/MW", known="energy_known")
def tokens_per_second_per_mw(first_throughput, option_accelerators_per_system, system_megawatts):
    """Year 1's mix, all systems at load."""
    return ops.ratio(first_throughput * option_accelerators_per_system, system_megawatts)


@line("Carbon dioxide, life", "t", known="energy_known")
def lifetime_carbon(carbon_t):
    """All years."""
    return ops.total(carbon_t)


@line("Carbon dioxide per thousand generated tokens", "g/ktoken", known="energy_known")
def carbon_g_per_thousand_output_tokens(lifetime_carbon, lifetime_own_tokens):
    """Facility energy, whole life."""
    return ops.ratio(lifetime_carbon * G_PER_T * TOKENS_PER_THOUSAND, lifetime_own_tokens)


@line("Water, life", "m3", known="energy_known")
def lifetime_water(water_m3):
    """All years."""
    return ops.total(water_m3)


@line("Water per thousand generated tokens", "L/ktoken", known="energy_known")
def water_l_per_thousand_output_tokens(lifetime_water, lifetime_own_tokens):
    """At the site, whole life."""
    return ops.ratio(lifetime_water * L_PER_M3 * TOKENS_PER_THOUSAND, lifetime_own_tokens)
