"""Production: what power, cooling and computing let the fleet serve (the token production function)."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import HOURS_PER_YEAR, ROUNDING_SLACK, SECONDS_PER_HOUR, W_PER_KW
from models.engine.line import line


@line("IT power of a system at load", "kW/system")
def load_kw(option_system_power_load_w, option_system_power_other_w):
    """Measured while serving, with what the measurement left out; counted as 0 where not given."""
    return (ops.default(option_system_power_load_w, 0) + ops.default(option_system_power_other_w, 0)) / W_PER_KW


@line("IT power of an idle system", "kW/system")
def idle_kw(option_system_power_idle_w, option_system_power_other_w):
    """Measured idle, with what the measurement left out; counted as 0 where not given."""
    return (ops.default(option_system_power_idle_w, 0) + ops.default(option_system_power_other_w, 0)) / W_PER_KW


@line("Efficiency from the meter to the server", "1")
def delivery_efficiency(option_transformer_efficiency, option_ups_efficiency, option_distribution_efficiency):
    """Transformer x UPS x distribution; a blank part counts as without loss."""
    return (
        ops.default(option_transformer_efficiency, 1)
        * ops.default(option_ups_efficiency, 1)
        * ops.default(option_distribution_efficiency, 1)
    )


@line("PUE built up from its parts", "1")
def built_pue(delivery_efficiency, option_cooling_overhead, option_other_overhead):
    """1 / efficiencies + overheads; 1 with every part blank."""
    return 1 / delivery_efficiency + ops.default(option_cooling_overhead, 0) + ops.default(option_other_overhead, 0)


@line("PUE", "1")
def pue(option_pue, built_pue):
    """Facility energy over IT energy: as given, or built up from its parts."""
    return ops.default(option_pue, built_pue)


@line("IT power the fleet would draw at full load", "kW", by="year", adds="none")
def installed_load_kw(installed, load_kw):
    """Systems installed x their power at load."""
    return installed * load_kw


@line("Share of the fleet the meter can feed", "1", by="year", adds="none")
def power_fit(option_facility_power_kw, pue, installed_load_kw):
    """Power available / PUE over the fleet's load, at most 1; 1 without a limit."""
    return ops.where(
        ops.given(option_facility_power_kw) * installed_load_kw > 0,
        ops.minimum(1, ops.default(option_facility_power_kw, 0) / pue / installed_load_kw),
        1,
    )


@line("Share of the fleet the cooling can carry", "1", by="year", adds="none")
def cooling_fit(option_cooling_capacity_kw, installed_load_kw):
    """Cooling capacity over the fleet's load, at most 1; 1 without a limit."""
    return ops.where(
        ops.given(option_cooling_capacity_kw) * installed_load_kw > 0,
        ops.minimum(1, ops.default(option_cooling_capacity_kw, 0) / installed_load_kw),
        1,
    )


@line("Share of the fleet the site can feed", "1", by="year", adds="none", known="has_fleet")
def power_share(power_fit, cooling_fit):
    """The tighter of power and cooling; what cannot be fed is switched off."""
    return ops.minimum(power_fit, cooling_fit)


@line("Accelerator time in production", "accelerator*h", by="year")
def production_hours(installed_accelerators, production_share):
    """Installed accelerator-hours once in production, busy or not."""
    return installed_accelerators * HOURS_PER_YEAR * production_share


@line("Accelerator time to offer", "accelerator*s", by="year")
def capacity_seconds(production_hours, option_availability, power_share):
    """Time in production, less downtime and what the site cannot feed."""
    return production_hours * SECONDS_PER_HOUR * option_availability * power_share


@line("Accelerators an hour can take", "accelerator", by="year", adds="none")
def able(installed_accelerators, option_availability, power_share, option_max_utilisation):
    """Accelerators usable at once within the planned load."""
    return installed_accelerators * option_availability * power_share * option_max_utilisation


@line("Load taken, mean of the hours", "accelerator", by="year", adds="none")
def load_taken(busy_at, able, hour_share):
    """In each hour what is busy, at most what the hour can take; what misses an hour is not made up later."""
    return ops.capped(busy_at, able, hour_share)


@line("Load, mean of the hours", "accelerator", by="year", adds="none")
def load_asked(busy_at, hour_share):
    """What is busy, whether it can be taken or not."""
    return ops.across(busy_at * hour_share)


@line("Somebody there to take the load", "1", by="year", adds="none")
def is_attended(is_api, is_fixed, installed, mean_accelerators):
    """0 where so little is asked that no fleet is wanted."""
    return ops.maximum(is_api, is_fixed, installed > 0, mean_accelerators == 0)


@line("Share of the load that is taken", "1", by="year", adds="none")
def taken_share(load_asked, load_taken, is_attended):
    """Hour by hour; 1 without load, and where the fleet is sized for every hour."""
    return ops.where(load_asked > 0, ops.minimum(1, load_taken / load_asked), is_attended)


@line("Requests a fixed fleet serves over those asked for", "1", by="year", adds="none")
def fixed_rate(capacity_seconds, option_utilisation, asked_seconds):
    """The time used (capacity x utilisation) over the time the asked mix would take."""
    return ops.fraction(capacity_seconds * ops.default(option_utilisation, 0), asked_seconds)


@line("Share of the requests it serves itself", "1", by="year", adds="none")
def own_fraction(is_fixed, fixed_rate, production_share, taken_share):
    """Of those asked for; above 1 only where a fixed fleet can do more than is asked (a capacity view)."""
    return ops.where(is_fixed, fixed_rate, production_share * taken_share)


@line("Requests it serves itself, by workload", "request", by="workload year")
def own_served(requests_asked, own_fraction):
    """In the proportions of the year's mix: what an hour lacks is shared by the workloads alike."""
    return requests_asked * own_fraction


@line("Requests that go to an API, by workload", "request", by="workload year")
def overflow_requests(has_overflow, demanded_requests, taken_share):
    """What the fleet cannot take in an hour, where another option is named for it."""
    return has_overflow * demanded_requests * (1 - taken_share)


@line("Requests served, by workload", "request", by="workload year")
def served(own_served, overflow_requests):
    """By the option itself and by the API that takes its peaks."""
    return own_served + overflow_requests


@line("Requests served", "request", by="year")
def served_requests(served):
    """All workloads."""
    return ops.across(served)


@line("Unserved requests, by workload", "request", by="workload year")
def unmet(requests_asked, served):
    """Asked for and left unserved; months before production count."""
    return ops.maximum(0, requests_asked - served)


@line("Unserved requests", "request", by="year")
def unmet_requests(unmet):
    """All workloads."""
    return ops.across(unmet)


@line("Accelerator time used", "accelerator*s", by="year")
def used_seconds(own_served, request_seconds):
    """Requests it serves itself x the time each takes."""
    return ops.across(own_served * request_seconds)


@line("Utilisation of paid capacity", "1", by="year", adds="none", known="has_fleet")
def utilisation(used_seconds, capacity_seconds):
    """Time used over time to offer."""
    return ops.ratio(used_seconds, capacity_seconds)


@line("Utilisation of paid capacity (0 where there is none)", "1", by="year", adds="none", known="has_fleet")
def utilisation_used(used_seconds, capacity_seconds):
    """As utilisation of paid capacity, for the formulas that go on from it."""
    return ops.fraction(used_seconds, capacity_seconds)


@line("Peak the fleet is for", "accelerator", by="year", adds="none")
def own_peak(has_overflow, option_base_share, peak_accelerators):
    """The whole peak, or with an API beside it the share that it is sized for."""
    return ops.where(has_overflow, option_base_share * peak_accelerators, peak_accelerators)


@line("Share of the peak served in time", "1", by="year", adds="none", known="has_fleet")
def peak_served_share(is_sized, own_peak, able):
    """Below 1 the latency targets are missed at the peak, even if the yearly volume fits; 1 with fixed sizing."""
    return ops.where(is_sized * own_peak > 0, ops.minimum(1, able / own_peak), 1)


@line("Limit of the fleet itself (code)", "1", by="year", adds="none")
def fleet_limit(power_share, cooling_fit, power_fit):
    """1 computing, 2 power, 3 cooling (power where both cut alike)."""
    return ops.where(power_share < 1 - ROUNDING_SLACK, 2 + (cooling_fit < power_fit), 1)


@line("Limiting factor (code)", "1", by="year", adds="none")
def binding_code(is_sized, peak_served_share, fleet_limit):
    """0 demand, where a fleet sized for it carries the peak; else the fleet's own limit."""
    return ops.where(is_sized * (peak_served_share >= 1 - ROUNDING_SLACK), 0, fleet_limit)


@line("Limiting factor", "text", by="year", adds="none", known="has_fleet")
def binding(binding_code):
    """Demand, computing, power or cooling."""
    return ops.choose(binding_code, "demand", "compute", "power", "cooling")


@line("Tokens generated by the mix asked for", "token", by="year", adds="none")
def asked_tokens(requests_asked, generated_per_request):
    """All attempts, thinking included."""
    return ops.across(requests_asked * generated_per_request)


@line("Throughput of the mix", "token/s/accelerator", by="year", adds="none", known="has_fleet")
def mix_throughput(asked_tokens, asked_seconds):
    """Generated tokens over accelerator-seconds: the harmonic mean of the rates."""
    return ops.fraction(asked_tokens, asked_seconds)


@line("Compute ceiling", "token/s", by="year", adds="none", known="has_fleet")
def compute_ceiling(installed_accelerators, mix_throughput):
    """Tokens per second if every accelerator were fed and busy."""
    return installed_accelerators * mix_throughput


@line("Energy of a token at load (IT)", "J/token", by="year", adds="none", known="energy_known")
def joules_per_token_at_load(load_kw, option_accelerators_per_system, mix_throughput):
    """A busy system's power over its tokens per second; idle time not included."""
    return ops.fraction(load_kw * W_PER_KW, option_accelerators_per_system * mix_throughput)


@line("IT power the site can deliver is limited", "1")
def site_limited(option_facility_power_kw, option_cooling_capacity_kw):
    """1 with a limit of power or cooling."""
    return ops.maximum(ops.given(option_facility_power_kw), ops.given(option_cooling_capacity_kw))


@line("IT power the site can deliver to the fleet", "kW", by="year", adds="none", known="has_fleet")
def delivered_it_kw(installed_load_kw, power_share):
    """The fleet's full load, cut to what power and cooling allow (PUE-adjusted delivered power)."""
    return installed_load_kw * power_share


@line("IT power the meter allows", "kW")
def meter_it_kw(option_facility_power_kw, pue):
    """Power available / PUE; 0 stands for no limit."""
    return ops.default(option_facility_power_kw, 0) / pue


@line("IT power the cooling allows", "kW")
def cooling_it_kw(option_cooling_capacity_kw, meter_it_kw):
    """Cooling capacity; without one, what the meter allows."""
    return ops.default(option_cooling_capacity_kw, meter_it_kw)


@line("IT power the site can deliver", "kW", known="site_limited")
def deliverable_it_kw(option_facility_power_kw, meter_it_kw, cooling_it_kw):
    """The lesser of what the meter and the cooling allow; no figure without a limit."""
    return ops.where(ops.given(option_facility_power_kw), ops.minimum(meter_it_kw, cooling_it_kw), cooling_it_kw)


@line("Energy ceiling is known", "1")
def energy_limited(site_limited, load_kw):
    """1 with a limit of the site and a power that it limits."""
    return site_limited * (load_kw > 0)


@line("Energy ceiling", "token/s", by="year", adds="none", known="energy_limited")
def energy_ceiling(deliverable_it_kw, joules_per_token_at_load):
    """Tokens per second that the deliverable IT power can make; no figure without a limit."""
    return ops.fraction(deliverable_it_kw * W_PER_KW, joules_per_token_at_load)


@line("Token ceiling", "token/s", by="year", adds="none", known="has_fleet")
def token_ceiling(energy_limited, compute_ceiling, energy_ceiling):
    """The lesser of the compute and the energy ceiling."""
    return ops.where(energy_limited, ops.minimum(compute_ceiling, energy_ceiling), compute_ceiling)


@line("Tokens per second", "token/s", by="year", adds="none", known="has_fleet")
def tokens_per_second(token_ceiling, option_availability, utilisation_used):
    """Token production function: min(compute ceiling, energy ceiling) x availability x utilisation, in production."""
    return token_ceiling * option_availability * utilisation_used
