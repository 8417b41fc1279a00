"""The model a second time, from its contract alone: plain loops over years, vintages, workloads and items.

Nothing here is shared with the model, on purpose: no line, no table of blanks, no schedule. It reads the plain tables
of a study (what TOML gives) and returns the results of one option by name. It is slow and has no options; its only
merit is that each sentence of the contract can be found in it. `test_independent` compares the two on random studies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Plain = Mapping[str, Any]

HOURS = 8760
SECONDS = 8760 * 3600
# IRS Publication 946, table A-1: half-year convention, 200 % declining balance (15 years: 150 %).
MACRS = {
    "macrs_3": [0.3333, 0.4445, 0.1481, 0.0741],
    "macrs_5": [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576],
    "macrs_7": [0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446],
    "macrs_15": [
        *(0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059),
        *(0.0591, 0.0295),
    ],
    "bonus_100": [1.0],
    "none": [],
}
STANDING_BASES = ("per_year", "per_system", "per_accelerator", "per_kw_month", "pct_equipment")


def read(table: Plain, name: str, blank: Any = 0.0) -> Any:
    """An input, with or without its provenance, or what stands for its blank."""
    held = table.get(name)
    if isinstance(held, Mapping):
        held = held["value"]
    return blank if held is None else held


def ratio(above: float | None, below: float | None) -> float | None:
    """A ratio without a denominator is empty, never 0."""
    if above is None or not below:
        return None
    return above / below


def esc(rate: float, year: int) -> float:
    return (1 + rate) ** (year - 1)


class ByHand:
    """One option of a study, worked out year by year. Years count from 1; every list has an unused entry 0."""

    def __init__(self, study: Plain, option: Plain):
        self.head = head = study["study"]
        self.option, self.tables = option, study["workload"]
        self.N = int(read(head, "horizon_years"))
        self.years = range(1, self.N + 1)
        self.r, self.inflation = read(head, "discount_rate"), read(head, "inflation")
        self.tax, self.mid_year = read(head, "tax_rate"), read(head, "mid_year", True)
        self.interim_price = read(head, "interim_price", None)
        self.acquisition = read(option, "acquisition")
        self.api = self.acquisition == "api"
        self.rental = self.acquisition == "rental"
        self.owned = self.acquisition in ("purchase", "loan")
        self.held = self.owned or self.acquisition == "lease"
        self.sizing = read(option, "sizing", "")
        self.max_utilisation = read(option, "max_utilisation", 1.0)
        self.availability = read(option, "availability", 1.0)
        self.per_system = read(option, "accelerators_per_system", 1)
        self.equipment_life = int(read(option, "equipment_life", 0))
        self.workloads = [self.response(table) for table in self.tables]
        self.timeline()
        self.demand()
        self.fleet()
        self.production()
        self.energy()
        self.capital()
        self.running()
        self.finance()

    def blank_years(self) -> list[float]:
        return [0.0] * (self.N + 1)

    # ------------------------------------------------------------------------------------------- timeline and response

    def timeline(self) -> None:
        months = read(self.option, "months_to_production")
        self.production_share = [0.0] + [min(1.0, max(0.0, (12 * y - months) / 12)) for y in self.years]
        self.start_factor = [0.0] + [(1 + self.r) ** -(y - 1) for y in self.years]
        shift = 0.5 if self.mid_year else 0
        self.flow_factor = [0.0] + [(1 + self.r) ** -(y - shift) for y in self.years]
        self.end_factor = (1 + self.r) ** -self.N
        real = (1 + self.r) / (1 + self.inflation)
        self.real_factor = [0.0] + [real ** -(y - shift) for y in self.years]

    def response(self, table: Plain) -> dict[str, Any]:
        """What one request of a workload takes on this option: overrides first, then the workload's own."""
        rows = [row for row in self.option.get("serving", []) if read(row, "workload") == read(table, "name")]
        serving: Plain = rows[0] if rows else {}

        def own(name: str, blank: Any) -> Any:
            return read(serving, name, read(table, name, blank))

        p, k = own("success_rate", 1.0), own("max_attempts", None)
        read_tokens, cached = own("input_tokens", 0.0), own("cached_input_share", 0.0)
        generated = own("output_tokens", 0.0) + own("reasoning_tokens", 0.0)
        attempts = 1 / p if k is None else (1 - (1 - p) ** k) / p
        effort = read(self.option, "cache_hit_effort")
        effective = read_tokens * (1 - cached * (1 - effort))
        prefill_rate, decode_rate = read(serving, "prefill_rate", None), read(serving, "decode_rate", None)
        return {
            "table": table,
            "name": read(table, "name"),
            "attempts": attempts,
            "accepted": 1.0 if k is None else 1 - (1 - p) ** k,
            "read": attempts * read_tokens,
            "generated": attempts * generated,
            "uncached": attempts * read_tokens * (1 - cached),
            "cached": attempts * read_tokens * cached,
            "prefill_seconds": attempts * effective / prefill_rate if prefill_rate else 0.0,
            "decode_seconds": attempts * generated / decode_rate if decode_rate else 0.0,
            "blended": not self.api and prefill_rate is None,
        }

    def prefill(self, work: Plain, year: int) -> float:
        return work["prefill_seconds"] / esc(read(self.option, "serving_gain"), year)

    def decode(self, work: Plain, year: int) -> float:
        return work["decode_seconds"] / esc(read(self.option, "serving_gain"), year)

    def seconds(self, work: Plain, year: int) -> float:
        """Accelerator-seconds that one request takes in a year."""
        return self.prefill(work, year) + self.decode(work, year)

    def demand(self) -> None:
        for work in self.workloads:
            per_day, growth = read(work["table"], "requests_per_day"), read(work["table"], "demand_growth")
            work["asked"] = [0.0] + [per_day * 365 * esc(growth, y) for y in self.years]
            work["demanded"] = [work["asked"][y] * self.production_share[y] if y else 0.0 for y in range(self.N + 1)]

    # ------------------------------------------------------------------------------------------------------------ fleet

    def peak(self, year: int) -> float:
        """Accelerators needed in the busiest hour, deferrable work taken out of it; at least the mean."""
        mean = at_peak = 0.0
        for work in self.workloads:
            table = work["table"]
            per_second = read(table, "requests_per_day") * esc(read(table, "demand_growth"), year) / 86400
            busy = per_second * self.seconds(work, year)
            mean += busy
            at_peak += busy * read(table, "peak_to_average", 1.0) * (1 - read(table, "deferrable_share"))
        return max(mean, at_peak)

    def required(self, year: int) -> int:
        if self.sizing == "fixed":
            return int(read(self.option, "systems"))
        replica = read(self.option, "accelerators_per_replica", 1)
        planned = self.max_utilisation * self.availability * replica
        replicas = math.ceil(self.peak(year) / planned - 1e-9)
        return math.ceil(replicas * replica / self.per_system - 1e-9)

    def fleet(self) -> None:
        self.installed, self.purchases, self.retired = self.blank_years(), self.blank_years(), self.blank_years()
        if self.api:
            return
        refresh = read(self.option, "refresh", True)
        for y in self.years:
            if self.rental:
                self.installed[y] = self.required(y)
                continue
            if y - self.equipment_life >= 1:
                self.retired[y] = self.purchases[y - self.equipment_life]
            surviving = self.installed[y - 1] - self.retired[y]
            if self.sizing == "demand" or refresh or y == 1:
                self.purchases[y] = max(0.0, self.required(y) - surviving)
            self.installed[y] = surviving + self.purchases[y]

    # ------------------------------------------------------------------------------------------------------- production

    def limits(self) -> tuple[float, float]:
        """What power and cooling each let through, as kW of IT load."""
        facility, cooling = read(self.option, "facility_power_kw", None), read(self.option, "cooling_capacity_kw", None)
        by_power = math.inf if facility is None else facility / self.pue
        return by_power, math.inf if cooling is None else cooling

    def production(self) -> None:
        option = self.option
        if "pue" in option:
            self.pue = read(option, "pue", 1.0)
        else:
            parts = ("transformer_efficiency", "ups_efficiency", "distribution_efficiency")
            product = math.prod(read(option, part, 1.0) for part in parts)
            self.pue = 1 / product + read(option, "cooling_overhead") + read(option, "other_overhead")
        other = read(option, "system_power_other_w")
        self.load_kw = (read(option, "system_power_load_w") + other) / 1000
        self.idle_kw = (read(option, "system_power_idle_w") + other) / 1000
        self.power_share = [1.0] * (self.N + 1)
        self.capacity, self.used = self.blank_years(), self.blank_years()
        self.peak_served = [1.0] * (self.N + 1)
        for work in self.workloads:
            work["served"] = self.blank_years()
        for y in self.years:
            self.serve(y)

    def serve(self, y: int) -> None:
        """What the option serves in one year."""
        if self.api:
            for work in self.workloads:
                work["served"][y] = work["demanded"][y]
            return
        needed = self.installed[y] * self.load_kw
        if needed > 0:
            self.power_share[y] = min(1.0, min(self.limits()) / needed)
        up = self.installed[y] * self.per_system * self.availability * self.power_share[y]
        self.capacity[y] = up * SECONDS * self.production_share[y]
        if self.sizing == "fixed":
            mix = sum(work["asked"][y] * self.seconds(work, y) for work in self.workloads)
            share = self.capacity[y] * read(self.option, "utilisation") / mix
            for work in self.workloads:
                work["served"][y] = work["asked"][y] * share
        else:
            wanted = sum(work["demanded"][y] * self.seconds(work, y) for work in self.workloads)
            share = min(1.0, self.capacity[y] * self.max_utilisation / wanted) if wanted > 0 else 1.0
            for work in self.workloads:
                work["served"][y] = work["demanded"][y] * share
            if self.peak(y) > 0:
                self.peak_served[y] = min(1.0, up * self.max_utilisation / self.peak(y))
        self.used[y] = sum(work["served"][y] * self.seconds(work, y) for work in self.workloads)

    def binding(self, y: int) -> str | None:
        if self.api:
            return None
        if self.sizing == "demand" and self.peak_served[y] >= 1 - 1e-9:
            return "demand"
        if self.power_share[y] < 1 - 1e-9:
            by_power, by_cooling = self.limits()
            return "cooling" if by_cooling < by_power else "power"
        return "compute"

    # ----------------------------------------------------------------------------------------------------------- energy

    def energy(self) -> None:
        names = ("average_it_kw", "it", "facility", "peak_kw", "energy_charge", "demand_charge", "carbon_t", "carbon")
        self.kw: dict[str, list[float]] = {name: self.blank_years() for name in (*names, "water_m3", "water")}
        self.metered = self.held or (self.rental and "system_power_load_w" in self.option)
        if not self.metered:
            return
        for y in self.years:
            self.energy_of(y)

    def energy_of(self, y: int) -> None:
        option, kw = self.option, self.kw
        seconds = self.installed[y] * self.per_system * SECONDS * self.production_share[y]
        busy = self.used[y] / seconds if seconds else 0.0
        idle, load = self.idle_kw, self.load_kw
        kw["average_it_kw"][y] = self.installed[y] * (self.power_share[y] * idle + (load - idle) * busy)
        kw["it"][y] = kw["average_it_kw"][y] * HOURS * self.production_share[y]
        kw["facility"][y] = kw["it"][y] * self.pue
        kw["peak_kw"][y] = self.installed[y] * load * self.power_share[y] * self.pue
        rise = esc(read(option, "electricity_escalation", self.inflation), y)
        price = sum(read(band, "share") * read(band, "price") for band in option.get("tariff", []))
        price = read(option, "electricity_price") if "tariff" not in option else price
        kw["energy_charge"][y] = kw["facility"][y] * price * rise
        months = 12 * self.production_share[y]
        kw["demand_charge"][y] = read(option, "demand_charge") * months * kw["peak_kw"][y] * rise
        intensity = read(option, "carbon_intensity") * esc(read(option, "carbon_intensity_change"), y)
        kw["carbon_t"][y] = kw["facility"][y] * intensity / 1000
        carbon_rise = esc(read(option, "carbon_price_change", self.inflation), y)
        kw["carbon"][y] = kw["carbon_t"][y] * read(option, "carbon_price") * carbon_rise
        kw["water_m3"][y] = kw["it"][y] * read(option, "wue") / 1000
        kw["water"][y] = kw["water_m3"][y] * read(option, "water_price") * esc(self.inflation, y)

    def in_production(self, y: int) -> bool:
        """Whether a year has hours in production to take a mean over (and its power is known)."""
        return self.metered and self.production_share[y] > 0

    def charged(self, name: str, y: int) -> float:
        """What of the energy bill the option itself pays: a rental's price contains it, a shadow price is not paid."""
        if not self.held or (name == "carbon" and not read(self.option, "carbon_price_is_paid", True)):
            return 0.0
        return self.kw[name][y]

    # ---------------------------------------------------------------------------------------------------------- capital

    def asset(self, name: str) -> Plain:
        found = [row for row in self.option.get("asset", []) if read(row, "name") == name]
        return found[0] if found else {}

    def life(self, name: str) -> int:
        return self.equipment_life if name == "equipment" else int(read(self.asset(name), "life"))

    def unit_price(self, item: Plain) -> float:
        """Price of an item for one system in year 1 (0 for what is bought once)."""
        basis, amount = read(item, "basis"), read(item, "amount")
        if basis == "per_system":
            return amount
        if basis == "per_accelerator":
            return amount * self.per_system
        if basis == "per_kw":
            return amount * self.load_kw
        return amount * self.hardware_price() if basis == "pct_equipment" else 0.0

    def hardware_price(self) -> float:
        """Equipment items per system and per accelerator, of one system."""
        total = 0.0
        for item in self.option.get("capex", []):
            if read(item, "asset") == "equipment":
                if read(item, "basis") == "per_system":
                    total += read(item, "amount")
                elif read(item, "basis") == "per_accelerator":
                    total += read(item, "amount") * self.per_system
        return total

    def system_price(self) -> float:
        """All equipment items of one system in year 1, what is bought once left out."""
        items = [item for item in self.option.get("capex", []) if read(item, "asset") == "equipment"]
        return sum(self.unit_price(item) for item in items)

    def quantities(self, item: Plain) -> list[float]:
        """How many units (systems, or 1 for what is bought once) of an item are bought in each year."""
        name, bought = read(item, "asset"), self.blank_years()
        once = read(item, "basis") == "fixed"
        if name == "equipment" and not once:
            return self.purchases[:]
        highest = 0.0
        for y in self.years:
            if once:
                bought[y] = 1.0 if y == 1 else 0.0
            else:
                bought[y] = max(0.0, self.installed[y] - highest)
                highest = max(highest, self.installed[y])
            in_service = self.api or self.installed[y] > 0
            if y - self.life(name) >= 1 and in_service:
                bought[y] += bought[y - self.life(name)]
        return bought

    def capital(self) -> None:
        """Every vintage of every item: its cost, its depreciation, its sale."""
        self.capex, self.depreciation = self.blank_years(), self.blank_years()
        self.disposals, self.gain = [0.0] * (self.N + 2), [0.0] * (self.N + 2)
        self.capex_by = {"equipment": 0.0, "facility": 0.0, "other_assets": 0.0}
        for item in self.option.get("capex", []):
            name = read(item, "asset")
            if name == "equipment" and not self.owned:
                continue
            unit = read(item, "amount") if read(item, "basis") == "fixed" else self.unit_price(item)
            change = read(self.asset(name), "price_change")
            for v, quantity in enumerate(self.quantities(item)):
                if quantity:
                    cost = quantity * unit * esc(change, v)
                    self.capex_by[name if name in self.capex_by else "other_assets"] += cost
                    self.vintage(name, v, cost)

    def vintage(self, name: str, bought: int, cost: float) -> None:
        asset, life = self.asset(name), self.life(name)
        change, residual = read(asset, "price_change"), read(asset, "residual_share")
        schedule = read(asset, "tax_schedule", "straight_line")
        if schedule == "straight_line":
            schedule = [1 / life] * life
        elif isinstance(schedule, str):
            schedule = MACRS[schedule]
        self.capex[bought] += cost
        sold = min(bought + life, self.N + 1)
        age = sold - bought
        basis = cost
        for y in range(bought, sold):
            part = cost * schedule[y - bought] if y - bought < len(schedule) else 0.0
            self.depreciation[y] += part
            basis -= part
        worth = cost * min(1 - (1 - residual) * age / life, (1 + change) ** age)
        self.disposals[sold] += worth
        self.gain[sold] += worth - basis

    # --------------------------------------------------------------------------------------------------- running costs

    def installed_value(self, y: int) -> float:
        """Price of the installed systems, each vintage at its own price; a rental at the price of year 1."""
        if self.rental:
            return self.installed[y] * self.system_price()
        change = read(self.asset("equipment"), "price_change")
        alive = range(max(1, y - self.equipment_life + 1), y + 1)
        return sum(self.purchases[v] * self.system_price() * esc(change, v) for v in alive)

    def tokens(self, kind: str, y: int) -> float:
        return sum(work["served"][y] * work[kind] for work in self.workloads)

    def opex_amount(self, item: Plain, y: int) -> float:
        """One opex item in one year; what counts hardware is 0 for an API."""
        basis, amount = read(item, "basis"), read(item, "amount")
        if not read(item, "from_year", 1) <= y <= read(item, "to_year", self.N):
            return 0.0
        count = {
            "per_year": lambda: 1.0,
            "per_system": lambda: self.installed[y],
            "per_accelerator": lambda: self.installed[y] * self.per_system,
            "per_kw_month": lambda: 12 * self.installed[y] * self.load_kw,
            "pct_equipment": lambda: 0.0 if self.api else self.installed_value(y),
            "per_million_tokens": lambda: (self.tokens("read", y) + self.tokens("generated", y)) / 1e6,
            "per_thousand_requests": lambda: sum(work["served"][y] for work in self.workloads) / 1000,
        }[basis]()
        blank = 0.0 if basis == "pct_equipment" else self.inflation
        return amount * count * esc(read(item, "escalation", blank), y)

    def running(self) -> None:
        names = ("opex", "standing_opex", "committed", "rental", "lease", "api", "api_use", "processing", "escalation")
        self.cost: dict[str, list[float]] = {name: self.blank_years() for name in names}
        self.opex_by = dict.fromkeys(("staff", "colocation", "support", "software", "other_opex"), 0.0)
        self.beyond = 0.0
        for y in self.years:
            for item in self.option.get("opex", []):
                amount, category = self.opex_amount(item, y), read(item, "category", "other")
                self.cost["opex"][y] += amount
                self.cost["standing_opex"][y] += amount if read(item, "basis") in STANDING_BASES else 0.0
                self.opex_by[category if category in self.opex_by else "other_opex"] += amount
            if self.rental:
                self.rent(y)
            if self.api:
                self.bill(y)
            self.people(y)
        if self.acquisition == "lease":
            self.leases()

    def rent(self, y: int) -> None:
        terms = self.option["rental"]
        hours = self.installed[y] * self.per_system * HOURS * self.production_share[y]
        committed = hours * read(terms, "committed_share")
        change = read(terms, "price_change")
        signed = y - (y - 1) % int(read(terms, "commitment_years", 1))
        run = min(hours, self.used[y] / 3600 / (self.max_utilisation * self.availability))
        price = read(terms, "committed_price") * esc(change, signed)
        idle = max(0.0, committed - run)
        self.cost["committed"][y] = (committed - (1 - read(terms, "true_up", 1.0)) * idle) * price
        beyond = max(0.0, run - committed) * read(terms, "on_demand_price") * esc(change, y)
        left = signed + int(read(terms, "commitment_years", 1)) - 1 - self.N if y == self.N else 0
        leaving = read(terms, "exit_fee_share") * left * committed * price
        self.cost["rental"][y] = self.cost["committed"][y] + beyond + leaving

    def leases(self) -> None:
        payment = read(self.option["lease"], "payment_per_system_month")
        change = read(self.asset("equipment"), "price_change")
        for v in self.years:
            for y in range(v, v + self.equipment_life):
                paid = self.purchases[v] * payment * 12 * esc(change, v)
                if y <= self.N:
                    self.cost["lease"][y] += paid
                else:
                    self.beyond += paid

    def bill(self, y: int) -> None:
        """The API's bill; the commitment is owed for the part of the year in production."""
        terms = self.option["api"]
        price_in, price_out = read(terms, "price_input"), read(terms, "price_output")
        price_cached = read(terms, "price_cached_input", price_in)
        for work in self.workloads:
            share = read(terms, "batch_share", read(work["table"], "deferrable_share"))
            factor = (1 - share * read(terms, "batch_discount")) * esc(read(terms, "price_change"), y) / 1e6
            on_input = (work["uncached"] * price_in + work["cached"] * price_cached) * factor
            on_output = work["generated"] * price_out * factor
            work.setdefault("spend_in", self.blank_years())[y] = work["served"][y] * on_input
            work.setdefault("spend_out", self.blank_years())[y] = work["served"][y] * on_output
            self.cost["api_use"][y] += work["served"][y] * (on_input + on_output)
        spend = self.cost["api_use"][y]
        for tier in self.option.get("tier", []):
            self.cost["api_use"][y] -= read(tier, "further_discount") * max(0.0, spend - read(tier, "from_spend"))
        least = read(terms, "minimum_commitment") * self.production_share[y]
        self.cost["api"][y] = max(self.cost["api_use"][y], least)

    def people(self, y: int) -> None:
        """Processing before and after the model, and the people who handle what it could not."""
        for work in self.workloads:
            table, served, rise = work["table"], work["served"][y], esc(self.inflation, y)
            per_request = read(table, "processing_tokens") * read(table, "processing_price") / 1e6
            by_hand = (1 - work["accepted"]) * read(table, "escalation_cost")
            work.setdefault("beside", self.blank_years())[y] = served * (per_request + by_hand) * rise
            self.cost["processing"][y] += served * per_request * rise
            self.cost["escalation"][y] += served * by_hand * rise

    # ---------------------------------------------------------------------------------------------------------- finance

    def finance(self) -> None:
        """Costs at their dates, those of making tokens added up without the (maybe far larger) ones beside them."""
        bills = ("energy_charge", "demand_charge", "carbon", "water")
        making, beside = ("opex", "rental", "lease", "api"), ("processing", "escalation")
        self.making, self.beside = self.blank_years(), self.blank_years()
        self.operating, self.cash = self.blank_years(), self.blank_years()
        end, gain = self.disposals[self.N + 1], self.gain[self.N + 1]
        self.infrastructure = self.lifetime = -end
        self.pv_infrastructure = -end * self.end_factor
        self.taxed_infrastructure = -(end - self.tax * gain) * self.end_factor
        for y in self.years:
            self.making[y] = sum(self.charged(name, y) for name in bills) + sum(self.cost[name][y] for name in making)
            self.beside[y] = sum(self.cost[name][y] for name in beside)
            self.operating[y] = self.making[y] + self.beside[y]
            self.cash[y] = self.capex[y] + self.operating[y] - self.disposals[y] - (end if y == self.N else 0.0)
            start, flow = self.start_factor[y], self.flow_factor[y]
            bought = self.capex[y] - self.disposals[y]
            self.infrastructure += bought + self.making[y]
            self.lifetime += bought + self.operating[y]
            self.pv_infrastructure += bought * start + self.making[y] * flow
            self.taxed_infrastructure += (bought + self.tax * self.gain[y]) * start
            self.taxed_infrastructure += (self.making[y] * (1 - self.tax) - self.tax * self.depreciation[y]) * flow
        self.pv = self.pv_infrastructure + self.present(self.beside)
        self.after_tax = self.taxed_infrastructure + (1 - self.tax) * self.present(self.beside)

    def present(self, by_year: list[float]) -> float:
        return sum(by_year[y] * self.flow_factor[y] for y in self.years)

    def annual(self) -> float:
        return self.pv / self.N if self.r == 0 else self.pv * self.r / (1 - (1 + self.r) ** -self.N)

    def loan(self) -> dict[str, Any] | None:
        """Level payments at year ends; what is owed at the horizon's end is repaid there."""
        if self.acquisition != "loan":
            return None
        terms = self.option["loan"]
        rate, term = read(terms, "rate"), int(read(terms, "term_years"))
        owed = draw = read(terms, "debt_share") * self.capex[1]
        level = draw / term if rate == 0 else draw * rate / (1 - (1 + rate) ** -term)
        view: dict[str, Any] = {"draw": draw, "payment": [], "interest": [], "principal": [], "closing": []}
        for y in self.years:
            interest = owed * rate
            payment = level if y <= term else 0.0
            if y == self.N and term > self.N:
                payment = owed + interest
            view["interest"].append(interest)
            view["payment"].append(payment)
            view["principal"].append(payment - interest)
            owed = owed - (payment - interest)
            view["closing"].append(owed)
        return view

    # ---------------------------------------------------------------------------------------------------------- results

    def by_year(self) -> dict[str, Any]:
        hardware, kw = not self.api, self.kw
        read_tokens = [self.tokens("read", y) for y in self.years]

        def metered(name: str) -> Any:
            return kw[name][1:] if self.metered else None

        grid, psu = read(self.option, "grid_efficiency", 1.0), read(self.option, "psu_efficiency", 1.0)
        unmet = [sum(max(0.0, w["asked"][y] - w["served"][y]) for w in self.workloads) for y in self.years]
        self.unmet = [0.0, *unmet]
        return {
            "installed": self.installed[1:],
            "purchases": self.purchases[1:],
            "retired": self.retired[1:],
            "binding": [self.binding(y) for y in self.years],
            "utilisation": [ratio(self.used[y], self.capacity[y]) for y in self.years],
            "power_share": self.power_share[1:] if hardware else None,
            "peak_served_share": self.peak_served[1:] if hardware else None,
            "served_requests": [sum(w["served"][y] for w in self.workloads) for y in self.years],
            "unmet_requests": unmet,
            "capex": self.capex[1:],
            "operating": self.operating[1:],
            "cash_cost": self.cash[1:],
            **{name: self.cost[name][1:] for name in ("opex", "rental", "lease", "api", "processing", "escalation")},
            "disposals": self.disposals[1:],
            "depreciation": self.depreciation[1:],
            "taxable_gain": self.gain[1:],
            "revenue": self.revenue[1:] if self.priced() else None,
            "it_energy_kwh": metered("it"),
            "facility_energy_kwh": metered("facility"),
            "source_energy_kwh": [x / grid for x in kw["facility"][1:]] if self.metered else None,
            "chip_energy_kwh": [x * psu for x in kw["it"][1:]] if self.metered else None,
            "average_it_kw": [kw["average_it_kw"][y] if self.in_production(y) else None for y in self.years],
            **{name: metered(name) for name in ("peak_kw", "carbon_t", "water_m3")},
            "carbon_cost": metered("carbon"),
            "output_tokens": [self.tokens("generated", y) for y in self.years],
            "input_tokens": read_tokens,
        }

    def charges(self) -> dict[str, Any]:
        """The electricity bill, where the option pays one."""
        kw = self.kw
        if not self.held:
            return {}
        both = [a + b for a, b in zip(kw["energy_charge"][1:], kw["demand_charge"][1:], strict=True)]
        return {
            "energy_charge": kw["energy_charge"][1:],
            "demand_charge_cost": kw["demand_charge"][1:],
            "electricity": both,
            "water_cost": kw["water"][1:],
        }

    def priced(self) -> bool:
        return any("value_per_response" in table for table in self.tables)

    @property
    def revenue(self) -> list[float]:
        values = [read(work["table"], "value_per_response") * work["accepted"] for work in self.workloads]
        pairs = list(zip(self.workloads, values, strict=True))
        return [sum(work["served"][y] * value for work, value in pairs) for y in range(self.N + 1)]

    def life_of(self, work: Plain) -> dict[str, float]:
        """What one workload comes to over the life."""
        seconds = sum(work["served"][y] * self.seconds(work, y) for y in self.years)
        spend = sum(work["spend_in"]) + sum(work["spend_out"]) if self.api else 0.0
        served = sum(work["served"])
        return {
            "weight": spend if self.api else seconds,
            "served": served,
            "accepted": served * work["accepted"],
            "generated": served * work["generated"],
            "read": served * work["read"],
            "beside": sum(work["beside"]),
            "joules": served
            * read(work["table"], "processing_tokens")
            * read(work["table"], "processing_joules_per_token"),
        }

    def totals(self) -> dict[str, float]:
        lives = [self.life_of(work) for work in self.workloads]
        return {name: sum(life[name] for life in lives) for name in lives[0]}

    def workload_table(self) -> dict[str, dict[str, Any]]:
        total, infrastructure, table = self.totals()["weight"], self.infrastructure, {}
        for work in self.workloads:
            life = self.life_of(work)
            share = ratio(life["weight"], total)
            cost = None if share is None else share * infrastructure
            everything = None if cost is None else cost + life["beside"]
            joules = None
            if self.metered and share is not None:
                joules = share * sum(self.kw["facility"]) * 3.6e6 + life["joules"]
            per_token = ratio(cost, life["generated"])
            table[work["name"]] = {
                "attempts": work["attempts"],
                "accepted_share": work["accepted"],
                "cost_share": share,
                "infrastructure_cost": cost,
                "served_requests": life["served"],
                "meaningful_responses": life["accepted"],
                "output_tokens": life["generated"],
                "input_tokens": life["read"],
                "cost_per_million_output_tokens": None if per_token is None else per_token * 1e6,
                "cost_per_meaningful_response": ratio(everything, life["accepted"]),
                "cost_per_request": ratio(everything, life["served"]),
                "joules_per_meaningful_response": ratio(joules, life["accepted"]),
            }
        return table

    def split(self) -> dict[str, float | None]:
        """Infrastructure cost by reading and writing: seconds of the life, or spend on each with an API."""
        life, infrastructure = self.totals(), self.infrastructure
        if any(work["blended"] for work in self.workloads):
            return {"cost_per_million_input_tokens": None, "cost_per_million_generated_tokens": None}
        reading = writing = 0.0
        for work in self.workloads:
            if self.api:
                reading += sum(work["spend_in"])
                writing += sum(work["spend_out"])
                continue
            for y in self.years:
                reading += work["served"][y] * self.prefill(work, y)
                writing += work["served"][y] * self.decode(work, y)
        on_input, on_output = (ratio(infrastructure * part * 1e6, reading + writing) for part in (reading, writing))
        return {
            "cost_per_million_input_tokens": ratio(on_input, life["read"]),
            "cost_per_million_generated_tokens": ratio(on_output, life["generated"]),
        }

    def unit_costs(self) -> dict[str, Any]:
        life, infrastructure = self.totals(), self.infrastructure
        generated: list[float] = [self.tokens("generated", y) if y else 0.0 for y in range(self.N + 1)]
        accepted: list[float] = [sum(w["served"][y] * w["accepted"] for w in self.workloads) for y in range(self.N + 1)]
        real = sum(generated[y] * self.real_factor[y] for y in self.years)
        after_tax = self.taxed_infrastructure / (1 - self.tax)
        hours = sum(self.installed[y] * self.per_system * HOURS * self.production_share[y] for y in self.years)
        return {
            "lifetime_output_tokens": life["generated"],
            "lifetime_input_tokens": life["read"],
            "lifetime_cost_per_million_output_tokens": ratio(infrastructure * 1e6, life["generated"]),
            "lifetime_cost_per_million_tokens": ratio(infrastructure * 1e6, life["generated"] + life["read"]),
            "levelised_cost_per_million_output_tokens": ratio(self.pv_infrastructure * 1e6, self.present(generated)),
            "levelised_after_tax": ratio(after_tax * 1e6, self.present(generated)),
            "levelised_real": ratio(self.pv_infrastructure * 1e6, real),
            "meaningful_responses": life["accepted"],
            "cost_per_meaningful_response": ratio(self.lifetime, life["accepted"]),
            "cost_per_request": ratio(self.lifetime, life["served"]),
            "levelised_cost_per_meaningful_response": ratio(self.pv, self.present(accepted)),
            "tokens_per_dollar": ratio(life["generated"], infrastructure),
            "cost_per_accelerator_hour": ratio(infrastructure, hours),
            "served_share": ratio(life["served"], sum(sum(w["asked"]) for w in self.workloads)),
            **self.split(),
        }

    def energy_ratios(self) -> dict[str, Any]:
        names = (
            *("joules_per_output_token_it", "joules_per_output_token_facility", "output_tokens_per_kwh"),
            *("joules_per_meaningful_response", "tokens_per_second_per_mw"),
            *("carbon_g_per_thousand_output_tokens", "water_l_per_thousand_output_tokens"),
        )
        if not self.metered:
            return dict.fromkeys((*names, "energy_cost_per_million_output_tokens"))
        life, kw = self.totals(), self.kw
        generated, facility = life["generated"], sum(kw["facility"])
        per_day = sum(read(w["table"], "requests_per_day") * w["generated"] for w in self.workloads)
        seconds = sum(read(w["table"], "requests_per_day") * self.seconds(w, 1) for w in self.workloads)
        per_accelerator = ratio(per_day, seconds)
        at_load = None if per_accelerator is None else per_accelerator * self.per_system
        found: dict[str, Any] = {
            "joules_per_output_token_it": ratio(sum(kw["it"]) * 3.6e6, generated),
            "joules_per_output_token_facility": ratio(facility * 3.6e6, generated),
            "output_tokens_per_kwh": ratio(generated, facility),
            "joules_per_meaningful_response": ratio(facility * 3.6e6 + life["joules"], life["accepted"]),
            "tokens_per_second_per_mw": ratio(at_load, self.load_kw * self.pue / 1000),
            "carbon_g_per_thousand_output_tokens": ratio(sum(kw["carbon_t"]) * 1e9, generated),
            "water_l_per_thousand_output_tokens": ratio(sum(kw["water_m3"]) * 1e6, generated),
        }
        if self.held:
            electricity = sum(kw["energy_charge"]) + sum(kw["demand_charge"])
            found["energy_cost_per_million_output_tokens"] = ratio(electricity * 1e6, generated)
        return found

    def tree(self) -> dict[str, float]:
        energy = {n: sum(self.charged(n, y) for y in self.years) for n in ("energy_charge", "demand_charge", "carbon")}
        running = {n: sum(self.cost[n]) for n in ("rental", "lease", "api", "processing", "escalation")}
        water = sum(self.charged("water", y) for y in self.years)
        return {**self.capex_by, **energy, "water": water, **self.opex_by, **running, "disposals": -sum(self.disposals)}

    def idle_cost(self) -> float | None:
        """What standing by costs; no figure where demand is too small for a system, so that none stands by."""
        if self.api:
            return sum(self.cost["api"]) - sum(self.cost["api_use"])
        standing = sum(self.capex) - sum(self.disposals)
        for name in ("lease", "committed", "standing_opex"):
            standing += sum(self.cost[name])
        standing += sum(self.charged("demand_charge", y) for y in self.years)
        seconds = 0.0
        for y in self.years:
            part = self.production_share[y] if self.rental else 1.0
            seconds += self.installed[y] * self.per_system * 31_536_000 * part
        return None if seconds == 0 else standing * (1 - sum(self.used) / seconds)

    def margins(self) -> dict[str, Any]:
        if not self.priced():
            names = (
                "margin",
                "margin_on_revenue",
                "margin_on_cost",
                "margin_npv",
                "margin_npv_after_tax",
                "margin_irr",
            )
            return dict.fromkeys(names)
        revenue = sum(self.revenue)
        margin = revenue - self.lifetime
        return {
            "margin": margin,
            "margin_on_revenue": ratio(margin, revenue),
            "margin_on_cost": ratio(margin, self.lifetime),
            "margin_npv": self.present(self.revenue) - self.pv,
            "margin_npv_after_tax": self.present(self.revenue) * (1 - self.tax) - self.after_tax,
        }

    def comparison(self) -> dict[str, Any]:
        """What unmet requests cost elsewhere, where a price says so."""
        if self.interim_price is None:
            return {}
        cost: list[float] = [
            self.unmet[y] * self.interim_price * esc(self.inflation, y) if y else 0.0 for y in range(self.N + 1)
        ]
        return {"interim_cost": cost[1:], "comparison_pv_cost": self.pv + self.present(cost)}

    def display(self) -> dict[str, Any]:
        """What is only shown: the calendar, and the token production function as a rate."""
        first = read(self.head, "start_year", 1)
        found: dict[str, Any] = {"calendar_year": [first + y - 1 for y in self.years]}
        if self.api:
            return found
        limit = min(self.limits())
        found["deliverable_it_kw"] = None if limit == math.inf else limit
        found["compute_ceiling"] = [self.installed[y] * self.per_system * self.throughput(y) for y in self.years]
        found["energy_ceiling"], found["tokens_per_second"] = [], []
        for y, computed in zip(self.years, found["compute_ceiling"], strict=True):
            fed = None
            if limit < math.inf and self.load_kw > 0 and self.throughput(y) > 0:
                joules_per_token = self.load_kw * 1000 / (self.per_system * self.throughput(y))
                fed = limit * 1000 / joules_per_token
            found["energy_ceiling"].append(fed)
            ceiling = computed if fed is None else min(computed, fed)
            found["tokens_per_second"].append(ceiling * (ratio(self.used[y], self.capacity[y]) or 0.0))
        return found

    def throughput(self, year: int) -> float:
        """Generated tokens per second of one accelerator: the mix's tokens over its seconds."""
        tokens = sum(work["asked"][year] * work["generated"] for work in self.workloads)
        return ratio(tokens, sum(work["asked"][year] * self.seconds(work, year) for work in self.workloads)) or 0.0

    def results(self) -> dict[str, Any]:
        """Every result of the contract by name; what the contract leaves open is left out."""
        found = self.by_year()
        found |= self.charges()
        found |= self.unit_costs() | self.energy_ratios() | self.margins() | self.comparison()
        return found | {
            "lifetime_cost": self.lifetime,
            "pv_cost": self.pv,
            "pv_after_tax_cost": self.after_tax,
            "equivalent_annual_cost": self.annual(),
            "infrastructure_cost": self.infrastructure,
            "workloads": self.workload_table(),
            "cost_tree": self.tree(),
            "idle_cost": self.idle_cost(),
            "loan": self.loan(),
            "commitment_beyond_horizon": self.beyond,
            "lines": self.display(),
        }
