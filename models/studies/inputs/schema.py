"""Every input of a study, declared once: name, label, unit, kind, default, bounds, usual range, help.

The forms, the Inputs sheet, the study file and its validation all read this list; an input is added here, once.
Names are the contract names (the keys of a study file); labels are the plain words people see. Usual ranges come from
public sources, named beside them; an input for which no source was found has none.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from models.studies.inputs.field import (
    ENERGY_EFFICIENCY,
    HARDWARE_PRICE,
    LARGEST,
    LARGEST_YEARLY_CHANGE,
    Confidence,
    Field,
    Inputs,
    Table,
)
from models.studies.inputs.spelling import did_you_mean

ACQUISITIONS: tuple[str, ...] = ("purchase", "loan", "lease", "rental", "api")
# Who has hardware, and whose: `OWNED` buys it, `HELD` pays for its site and power, `HARDWARE` serves from it.
OWNED: tuple[str, ...] = ("purchase", "loan")
HELD: tuple[str, ...] = (*OWNED, "lease")
HARDWARE: tuple[str, ...] = (*HELD, "rental")

# The inputs of a study, and the one of an option, that name an option of the same study.
NAMES_OPTION: tuple[str, ...] = ("reference_option", "interim_from")
OVERFLOW = "overflow_to"
# The inputs of a correlation that hold the path of another input.
CORRELATED: tuple[str, ...] = ("a", "b")

TABLES: tuple[Table, ...] = (
    Table("study", "", False, "", False, "study"),
    Table("load_shape", "", True, "name", True, "load shape"),
    Table("workload", "", True, "name", True, "workload"),
    Table("option", "", True, "name", True, "option"),
    Table("risk", "", False, "", False, "simulation", modelled=False),
    Table("correlation", "", True, "a", False, "correlation", modelled=False),
    Table("criterion", "", True, "name", True, "criterion", modelled=False),
    Table("serving", "option", True, "workload", True, "serving rates"),
    Table("asset", "option", True, "name", True, "asset"),
    Table("capex", "option", True, "name", False, "purchase item"),
    Table("opex", "option", True, "name", False, "running cost"),
    Table("tariff", "option", True, "name", False, "tariff band", read_by=HELD, driver="energy_price"),
    Table("tier", "option", True, "name", False, "price tier", read_by=("api",), driver="hardware_price"),
    Table("rental", "option", False, "", False, "rental terms", read_by=("rental",), driver="hardware_price"),
    Table("lease", "option", False, "", False, "lease terms", read_by=("lease",), driver="hardware_price"),
    Table("loan", "option", False, "", False, "loan terms", read_by=OWNED, driver="finance"),
    Table("api", "option", False, "", False, "API prices", read_by=("api",), driver="hardware_price"),
    Table("score", "option", True, "criterion", True, "score", modelled=False),
)
# The terms of an option's contract, each named as the acquisition that needs it.
TERMS: tuple[str, ...] = tuple(each.name for each in TABLES if each.parent == "option" and not each.many)
# The best score; 0 is the worst.
BEST_SCORE = 5.0

SYMBOLS: tuple[str, ...] = (
    *("money", "token", "Mtoken", "request", "krequest", "response", "system", "accelerator", "replica"),
    *("s", "ms", "h", "day", "month", "yr", "W", "kW", "kWh", "J", "kg", "t", "g", "L", "m3", "1"),
)

# What an item's amount is counted in, by its basis. Amounts of running costs are per year unless their unit says month.
BASIS_UNITS: dict[str, dict[str, str]] = {
    "capex": {
        "per_system": "money/system",
        "per_accelerator": "money/accelerator",
        "per_kw": "money/kW",
        "pct_equipment": "1",
        "fixed": "money",
    },
    "opex": {
        "per_year": "money",
        "per_system": "money/system",
        "per_accelerator": "money/accelerator",
        "per_kw_month": "money/kW/month",
        "pct_equipment": "1",
        "per_million_tokens": "money/Mtoken",
        "per_thousand_requests": "money/krequest",
    },
}

# Any other category is allowed and counts as "other".
OPEX_CATEGORIES: tuple[str, ...] = ("staff", "colocation", "support", "software", "credit", "other")
# Money that comes in: a running cost of this category, a purchase of this asset. Only they may be negative.
CREDIT, GRANT = "credit", "grant"
# By table, the input that says so, and the word.
RECEIVED: dict[str, tuple[str, str]] = {"opex": ("category", CREDIT), "capex": ("asset", GRANT)}
# The same choices in plain words; a choice that explains itself is not listed.
CHOICE_LABELS: dict[str, dict[str, str]] = {
    "acquisition": {
        "purchase": "Buy",
        "loan": "Buy with a loan",
        "lease": "Lease",
        "rental": "Rent by the hour",
        "api": "API by the token",
    },
    "scaling": {"always_on": "Paid round the clock", "hourly": "Follows the load by the hour"},
    "unit": {"replica": "Model copy", "system": "System"},
    "sizing": {"demand": "Sized to demand", "fixed": "Fixed fleet"},
    "power_method": {
        "server": "Measured at the server",
        "gpu": "Measured at the accelerators only",
        "external": "Rack or room meter",
        "tdp": "Nameplate rating (not measured)",
    },
    "basis": {
        "per_year": "per year",
        "per_system": "per system",
        "per_accelerator": "per accelerator",
        "per_kw": "per kW of IT load",
        "per_kw_month": "per kW of IT load and month",
        "pct_equipment": "share of the equipment price",
        "fixed": "once",
        "per_million_tokens": "per million tokens",
        "per_thousand_requests": "per thousand requests",
    },
    "tax_schedule": {
        "straight_line": "Straight line over the life",
        "macrs_3": "MACRS, 3 years",
        "macrs_5": "MACRS, 5 years",
        "macrs_7": "MACRS, 7 years",
        "macrs_15": "MACRS, 15 years",
        "bonus_100": "100% in year 1",
        "none": "On disposal only",
    },
}
# What a person typed and nobody else vouches for.
OWN = "own"
CONFIDENCES: dict[str, Confidence] = {
    "assumed": Confidence("assumed", 0.3),
    "published": Confidence("published", 0.15),
    "measured": Confidence("measured", 0.05),
    "quoted": Confidence("quoted", 0.05),
    "contracted": Confidence("contracted", 0.0, ages=False),
    OWN: Confidence("your figure", 0.3),
}
# What each whole year beyond the first between a value's date and the first year of the study adds to its spread.
SPREAD_BY_YEAR = 0.05
# How an uncertain value may be spread over its range. Low and high are the ends of the first three, the 5th and the
# 95th percentile of the next two; the last takes single values, each with its weight.
DISTRIBUTIONS: dict[str, str] = {
    "triangular": "Triangular",
    "pert": "PERT",
    "uniform": "Uniform",
    "normal": "Normal",
    "lognormal": "Lognormal",
    "discrete": "Single values",
}
PUE_PARTS: tuple[str, ...] = (
    *("transformer_efficiency", "ups_efficiency", "distribution_efficiency"),
    *("cooling_overhead", "other_overhead"),
)
# What a site of one's own limits: the power at its meter, and the heat that it can take away.
SITE_LIMITS: tuple[str, ...] = ("facility_power_kw", "cooling_capacity_kw")
RATES: tuple[str, ...] = ("prefill_rate", "decode_rate")
HORIZON_YEARS_MAXIMUM = 15
_about = Inputs("study", "about", "finance")
_ABOUT: tuple[Field, ...] = (
    _about.text("title", "Title", "One-line title.", basic=True),
    _about.text(
        "currency",
        "Currency",
        "Currency of every price in the study, as its three-letter code. A label only; amounts are not converted.",
        basic=True,
    ),
    _about.count(
        "start_year",
        "First year",
        "",
        "The calendar year of model year 1; only names the columns.",
        minimum=1900,
        maximum=2200,
        basic=True,
        is_year=True,
        sourced=False,
    ),
    _about.text(
        "decision",
        "Decision required",
        "The decision this study supports, shown on the cover and the summary.",
        basic=True,
    ),
    _about.text("prepared_by", "Prepared by", "Who made the study.", basic=True),
    _about.text("prepared_for", "Prepared for", "Who will read it.", basic=True),
    _about.text("status", "Status", "Draft, in review or approved.", basic=True),
    _about.text("note", "Note", "Anything a reader must know before using the figures."),
)

_finance = Inputs("study", "finance", "finance")
_FINANCE: tuple[Field, ...] = (
    _finance.text(
        "reference_option",
        "Reference option",
        "The option that the others are compared with; must be the name of one of them.",
        basic=True,
        structural=True,
        names="option",
    ),
    _finance.count(
        "horizon_years",
        "Study period",
        "yr",
        "How many years the study covers, 1 to 15 (N).",
        maximum=HORIZON_YEARS_MAXIMUM,
        required=True,
        basic=True,
        structural=True,
        sourced=False,
    ),
    _finance.amount(
        "discount_rate",
        "Discount rate",
        "1/yr",
        "Nominal annual rate, usually the after-tax cost of capital (WACC).",
        usual=(0.0498, 0.1045),
        usual_source=(
            "Damodaran, US industries, January 2026: cost of capital 4.98 % (banks) to cost of equity 10.45 % "
            "(auto & truck)"
        ),
        maximum=LARGEST_YEARLY_CHANGE,
        basic=True,
    ),
    _finance.growth(
        "inflation",
        "Inflation",
        "Annual increase of running costs that have no rate of their own.",
        basic=True,
    ),
    _finance.number(
        "tax_rate",
        "Tax rate",
        "1",
        "Corporate income tax rate. 0 hides after-tax figures.",
        minimum=0.0,
        below=1.0,
        default=0.0,
        basic=True,
    ),
    _finance.boolean(
        "after_tax",
        "Figures after tax",
        False,
        "Yes: the app shows totals, savings and rates of return after tax. The ranking is before tax.",
        structural=True,
        sourced=False,
        in_bar=True,
    ),
    _finance.boolean(
        "mid_year",
        "Mid-year discounting",
        True,
        "Yes: flows during a year are discounted from its middle. No: from its end.",
    ),
    _finance.amount(
        "interim_price",
        "Fallback price per request",
        "money/request",
        "Price paid elsewhere for requests an option cannot serve (before go-live or above capacity). "
        "Comparisons only.",
        default=None,
        basic=True,
        moved_by="inflation",
        blank="blank leaves it out",
    ),
    _finance.text(
        "interim_from",
        "Fallback option for unserved requests",
        "The API option that takes, at its prices, what an option cannot serve. Give it, or a price, not both.",
        structural=True,
        names="api",
    ),
    _finance.boolean(
        "strict_targets",
        "An unmeasured target counts as missed",
        True,
        "Yes: an option whose latency or quality has a target and no measurement is not recommended.",
        who="engineering",
    ),
)

_shape = Inputs("load_shape", "workload", "engineering")
_SHAPE: tuple[Field, ...] = (
    _shape.text("name", "Load shape", "Name of this shape of the day; unique.", required=True, basic=True),
    _shape.day(
        "weekday",
        "Load on a weekday",
        "Load in each of the 24 hours from 0:00; only the proportions count.",
        required=True,
        basic=True,
    ),
    _shape.day("weekend", "Load at the weekend", "", basic=True, blank="Blank: as on weekdays"),
)

_workload = Inputs("workload", "workload", "engineering")
_WORKLOAD: tuple[Field, ...] = (
    _workload.text("name", "Workload", "Name of the workload; unique.", required=True, basic=True, who="finance"),
    _workload.amount(
        "requests_per_day",
        "Requests per day",
        "request/day",
        "Requests per day in year 1, mean of all days of the year; or a list by year, after which the growth applies.",
        kind="path",
        basic=True,
        moved_by="demand_growth",
        said_as="volume",
        ranged=True,
        who="finance",
    ),
    _workload.growth(
        "demand_growth",
        "Demand growth",
        "How much the number of requests grows each year.",
        basic=True,
        who="finance",
        formerly="Growth in requests",
    ),
    _workload.text(
        "load_shape",
        "Shape of the day",
        "Which of the study's load shapes its requests follow.",
        blank="blank: a smooth day with the busiest hour at 14:00",
        basic=True,
        structural=True,
        names="load_shape",
    ),
    _workload.number(
        "peak_to_average",
        "Peak-to-average load",
        "1",
        "Busiest hour divided by the mean of all 8,760 hours. With a load shape more than the shape's own means "
        "bursts inside the busiest hour.",
        minimum=1.0,
        maximum=1e6,
        basic=True,
        blank="blank: the load shape's own, or 1",
        formerly="Busiest hour over average",
    ),
    _workload.share(
        "deferrable_share",
        "Deferrable share",
        "Share of the work that can wait for quiet hours (batch).",
        formerly="Share that can wait",
    ),
    _workload.amount(
        "input_tokens",
        "Input tokens per request",
        "token/request",
        "Prompt and retrieved text of one request.",
        basic=True,
        said_as="words",
        formerly="Tokens read per request",
    ),
    _workload.amount(
        "output_tokens",
        "Answer tokens per request",
        "token/request",
        "Tokens of the answer that the user sees.",
        basic=True,
        said_as="words",
    ),
    _workload.amount(
        "reasoning_tokens",
        "Reasoning tokens per request",
        "token/request",
        "Generated before the answer and billed like it.",
        basic=True,
        said_as="words",
        formerly="Thinking tokens per request",
    ),
    _workload.share(
        "cached_input_share",
        "Cached share of input",
        "Share of the input tokens that a prefix cache already holds.",
        usual=(0.0, 0.955),
        usual_source="Traces: 0.37 (Mooncake chat), 0.56 (DeepSeek service), up to 0.955 (agents, tau-bench replay)",
        basic=True,
        formerly="Share of input read from cache",
    ),
    _workload.efficiency(
        "success_rate",
        "Success rate",
        "Chance that an attempt gives an accepted response; or a list by attempt, the last for all further ones.",
        kind="path",
        basic=True,
        said_as="tries",
    ),
    _workload.count(
        "max_attempts",
        "Maximum attempts",
        "1",
        "Attempts before escalation.",
        blank="blank: unlimited",
        formerly="Most attempts",
    ),
    _workload.amount(
        "processing_tokens",
        "Guardrail and retrieval tokens per request",
        "token/request",
        "Tokens of the steps before and after the model: embeddings, guardrails, re-ranking.",
    ),
    _workload.amount(
        "processing_price",
        "Price of guardrail and retrieval tokens",
        "money/Mtoken",
        "What a million tokens of those steps cost.",
        moved_by="inflation",
        who="procurement",
    ),
    _workload.amount(
        "processing_joules_per_token",
        "Energy of guardrail and retrieval tokens",
        "J/token",
        "Energy of one token of those steps, at the meter.",
    ),
    _workload.amount(
        "escalation_cost",
        "Escalation cost per request",
        "money/request",
        "What it costs when a person handles a request that the model could not.",
        basic=True,
        moved_by="inflation",
        who="finance",
        formerly="Cost of a hand-over to a person",
    ),
    _workload.amount(
        "value_per_response",
        "Value per response",
        "money/response",
        "What an accepted response is worth.",
        default=None,
        blank="blank leaves out the margin",
        who="finance",
        formerly="Value of an accepted answer",
    ),
)

_option = Inputs("option", "capex", "procurement")
_OPTION: tuple[Field, ...] = (
    _option.text("name", "Option", "Name of this option; unique.", required=True, basic=True),
    _option.text("vendor", "Vendor", "Who offers it.", basic=True, alike=False),
    _option.choice(
        "acquisition",
        "Acquisition",
        ACQUISITIONS,
        "Purchase, loan (a purchase with a loan shown beside it), lease, rental by the hour, or an API.",
        required=True,
        basic=True,
        driver="finance",
        structural=True,
        alike=False,
    ),
    _option.count(
        "equipment_life",
        "Equipment life",
        "yr",
        "Years a system is kept before it is retired.",
        usual=(2, 6),
        usual_source=(
            "Annual reports: Amazon 5 years (2025), Alphabet and Microsoft 6; analysts' low case for AI "
            "accelerators 2 to 3"
        ),
        basic=True,
        read_by=HELD,
        driver="quantity",
        who="finance",
    ),
    _option.boolean(
        "refresh",
        "Replace at end of life",
        True,
        "With fixed sizing: whether retired systems are bought again.",
        read_by=HELD,
        fixed_only=True,
        driver="quantity",
        who="finance",
    ),
)

_fleet = Inputs("option", "serving", "engineering", read_by=HARDWARE, driver="quantity")
_FLEET: tuple[Field, ...] = (
    _fleet.share(
        "cache_hit_effort",
        "Compute left on cached tokens",
        "Share of the input work that a cached input token still costs.",
        driver="serving_rate",
    ),
    _fleet.growth(
        "serving_gain",
        "Annual software speed-up",
        "How much faster the same hardware serves each year.",
        driver="serving_rate",
    ),
    _fleet.choice(
        "sizing",
        "Sizing",
        ("demand", "fixed"),
        "`demand`: sized to demand, at its peak. `fixed`: the systems are given and everything they can produce "
        "counts.",
        basic=True,
        structural=True,
    ),
    _fleet.count(
        "systems",
        "Systems",
        "system",
        "How many systems there are, with fixed sizing.",
        basic=True,
        fixed_only=True,
        who="procurement",
    ),
    _fleet.efficiency(
        "utilisation",
        "Average utilisation",
        "Mean share of the capacity that is in use, with fixed sizing.",
        default=None,
        basic=True,
        fixed_only=True,
    ),
    _fleet.efficiency(
        "max_utilisation",
        "Planned peak utilisation",
        "Load planned at the busiest hour; the rest is headroom.",
        basic=True,
    ),
    _fleet.efficiency(
        "base_share",
        "Share of the peak it is sized for",
        "Size the fleet for this share of the peak; what it cannot take in an hour goes to the fallback or unserved.",
        default=1.0,
    ),
    _fleet.text(
        "overflow_to",
        "Overflow goes to",
        "An API option of this study.",
        blank="blank: it is unserved",
        structural=True,
        names="api",
    ),
    _fleet.efficiency(
        "availability",
        "Availability",
        "Share of the time that a system is up.",
        basic=True,
    ),
    _fleet.count(
        "accelerators_per_system",
        "Accelerators per system",
        "accelerator/system",
        "Accelerators in one system.",
        default=1,
        basic=True,
        who="procurement",
    ),
    _fleet.count(
        "accelerators_per_replica",
        "Accelerators per model replica",
        "accelerator/replica",
        "Accelerators that one running replica of the model occupies.",
        default=1,
    ),
    _fleet.number(
        "months_to_production",
        "Months to go-live",
        "month",
        "Months from the first payment until it serves. Owned and leased hardware and other running costs are paid "
        "meanwhile; energy, rental and API are not.",
        minimum=0.0,
        default=0.0,
        basic=True,
        read_by=ACQUISITIONS,
        who="procurement",
    ),
)

_energy = Inputs("option", "energy", "engineering", read_by=HARDWARE, driver="power")
_PRICES_OF_A_KWH: dict[str, Any] = {
    "usual": (0.0575, 0.39),
    "usual_source": "EIA 2023, averages by US state and customer class: 0.0575 (New Mexico) to 0.3903 USD/kWh (Hawaii)",
}
# What the site pays for power, carbon and water.
_bill = Inputs("option", "energy", "finance", read_by=HELD, driver="energy_price")
_ENERGY: tuple[Field, ...] = (
    _energy.amount(
        "system_power_load_w",
        "Server power under load",
        "W/system",
        "IT power of one system measured while it serves, near the 90th percentile of its load.",
        default=None,
        basic=True,
        moved_by=ENERGY_EFFICIENCY,
    ),
    _energy.amount(
        "system_power_idle_w",
        "Server power when idle",
        "W/system",
        "IT power of one system that waits for work.",
        default=None,
        basic=True,
        moved_by=ENERGY_EFFICIENCY,
    ),
    _energy.amount(
        "system_power_other_w",
        "Other power per server",
        "W/system",
        "IT power per system outside the measurement (host, network, storage), load or not.",
        default=None,
        moved_by=ENERGY_EFFICIENCY,
    ),
    _energy.choice(
        "power_method",
        "Power measurement method",
        ("server", "gpu", "external", "tdp"),
        "`server`: at the server. `gpu`: accelerators only, so give the rest as `system_power_other_w`. "
        "`external`: a rack or room meter. `tdp`: a rating, not a measurement.",
        basic=True,
    ),
    _energy.number(
        "pue",
        "PUE",
        "1",
        "Energy at the meter over energy of the IT equipment. Give it, or its parts, not both.",
        minimum=1.0,
        maximum=100.0,
        usual=(1.04, 1.65),
        usual_source="AWS best site 1.04 (2023); Uptime Institute survey average 1.54 (2025), 1.65 (2014)",
        basic=True,
    ),
    _energy.efficiency(
        "transformer_efficiency",
        "Transformer efficiency",
        "Transformer efficiency, share that gets through; part of the PUE.",
        default=None,
    ),
    _energy.efficiency(
        "ups_efficiency",
        "UPS efficiency",
        "UPS efficiency, share that gets through; part of the PUE.",
        default=None,
    ),
    _energy.efficiency(
        "distribution_efficiency",
        "Distribution efficiency",
        "Distribution efficiency, share that gets through; part of the PUE.",
        default=None,
    ),
    _energy.amount(
        "cooling_overhead",
        "Cooling energy per IT energy",
        "1",
        "Energy for cooling per unit of IT energy; part of the PUE.",
        default=None,
    ),
    _energy.amount(
        "other_overhead",
        "Other site energy per IT energy",
        "1",
        "Lighting and the like per unit of IT energy; part of the PUE.",
        default=None,
    ),
    _energy.efficiency(
        "grid_efficiency",
        "Grid efficiency",
        "Share of generated energy that reaches the meter; shows source energy.",
    ),
    _energy.efficiency(
        "psu_efficiency",
        "Power supply efficiency",
        "Server inlet to chip, share that gets through; shows chip energy.",
    ),
    _bill.amount(
        "electricity_price",
        "Electricity price",
        "money/kWh",
        "Price of energy at the meter. Give it, or tariff bands.",
        default=None,
        **_PRICES_OF_A_KWH,
        basic=True,
        moved_by="electricity_escalation",
    ),
    _bill.growth(
        "electricity_escalation",
        "Electricity price increase",
        "A yearly rise, or a list of multipliers by year (year 1 = 1, the last holds).",
        kind="path",
        default=None,
        blank="Blank: the study's inflation",
    ),
    _bill.amount(
        "demand_charge",
        "Demand charge",
        "money/kW/month",
        "Monthly charge on the highest power drawn at the meter.",
        basic=True,
        moved_by="electricity_escalation",
    ),
    _bill.amount(
        "demand_minimum_kw",
        "Least power billed",
        "kW",
        "Power for which the demand charge is paid at least.",
    ),
    _bill.share(
        "demand_ratchet",
        "Ratchet of the demand charge",
        "Share of the highest peak so far that is billed at least.",
    ),
    _energy.amount(
        "carbon_intensity",
        "Carbon per kWh",
        "kg/kWh",
        "CO2 equivalent of one kWh at the meter.",
        usual=(0.028, 0.713),
        usual_source="Our World in Data / Ember by country: 0.0283 (Iceland) to 0.713 kg/kWh (India)",
        moved_by="carbon_intensity_change",
    ),
    _energy.growth(
        "carbon_intensity_change",
        "Yearly change of carbon per kWh",
        "-0.05: the grid gets 5 % cleaner each year.",
    ),
    _bill.amount(
        "carbon_price",
        "Carbon price",
        "money/t",
        "Price of a tonne of CO2 equivalent.",
        moved_by="carbon_price_change",
        read_by=HARDWARE,
    ),
    _bill.growth(
        "carbon_price_change",
        "Yearly change of the carbon price",
        "",
        default=None,
        blank="Blank: the study's inflation",
        read_by=HARDWARE,
    ),
    _bill.boolean(
        "carbon_price_is_paid",
        "Carbon price is a cash cost",
        True,
        "No: shown as a shadow cost, outside the totals.",
        read_by=HARDWARE,
    ),
    _energy.amount(
        "wue",
        "Water per IT kWh",
        "L/kWh",
        "Litres of water used on site per kWh of IT energy.",
        usual=(0.0, 1.8),
        usual_source="Operators' reports 0.15 to 0.99 L/kWh; Milton Roy, typical evaporative cooling 1.0 to 1.8",
    ),
    _bill.amount(
        "water_price",
        "Water price",
        "money/m3",
        "Price of a cubic metre of water.",
        moved_by="inflation",
    ),
    _energy.rate(
        "facility_power_kw",
        "Power available at the meter",
        "kW",
        "Most power the site can draw.",
        basic=True,
        read_by=HELD,
        blank="blank: no limit",
    ),
    _energy.rate(
        "cooling_capacity_kw",
        "Cooling capacity",
        "kW",
        "Most IT power that can be cooled.",
        read_by=HELD,
        blank="blank: no limit",
    ),
)

_asset = Inputs("asset", "capex", "finance")
_ASSET: tuple[Field, ...] = (
    _asset.text("name", "Asset", "`equipment`, `facility`, or a name of your own; items refer to it.", required=True),
    _asset.count("life", "Life", "yr", "Useful life in years. Equipment uses the option's equipment life."),
    _asset.share(
        "residual_share",
        "Resale value at the end of life",
        "Resale value as a share of purchase cost.",
        usual=(0.0, 0.35),
        usual_source="Written off, up to the 25-35 % that the GLRI guide gives for an H100 SXM after three years",
        basic=True,
    ),
    _asset.schedule(
        "tax_schedule",
        "Tax depreciation",
        ("straight_line", "macrs_3", "macrs_5", "macrs_7", "macrs_15", "bonus_100", "none"),
        "`straight_line` over its life, `macrs_3`, `macrs_5`, `macrs_7`, `macrs_15`, `bonus_100`, `none` (deducted "
        "at disposal), or a list of yearly shares.",
        driver="finance",
        structural=True,
    ),
    _asset.growth(
        "price_change",
        "Price change",
        "Price of the same rate and power bought later; a new generation is another option.",
        usual=(-0.3, 0.0),
        usual_source="Stanford AI Index 2025: cost of enterprise AI hardware falls about 30 % a year",
        who="procurement",
        formerly="Yearly change of the price",
    ),
)

_capex = Inputs("capex", "capex", "procurement")
_CAPEX: tuple[Field, ...] = (
    _capex.text("name", "Item", "What is bought.", required=True, basic=True),
    _capex.text(
        "asset",
        "Asset",
        "The asset it belongs to: `equipment`, `facility`, one of your own, or `grant` for money received.",
        required=True,
        basic=True,
        who="finance",
    ),
    _capex.choice(
        "basis",
        "Charged per",
        tuple(BASIS_UNITS["capex"]),
        "Per system, per accelerator, per kW of IT load, as a share of the equipment price, or once.",
        required=True,
        basic=True,
        formerly="Counted",
    ),
    _capex.amount(
        "amount",
        "Amount",
        "@basis",
        "Price in the unit of its basis; a grant is negative.",
        minimum=-LARGEST,
        basic=True,
    ),
)

_opex = Inputs("opex", "opex", "finance")
_OPEX: tuple[Field, ...] = (
    _opex.text("name", "Item", "What is paid for every year.", required=True, basic=True, who="procurement"),
    _opex.text(
        "category",
        "Category",
        "`staff`, `colocation`, `support`, `software`, `credit` for money received; anything else counts as other.",
        default="other",
        choices=OPEX_CATEGORIES,
        basic=True,
    ),
    _opex.choice(
        "basis",
        "Charged per",
        tuple(BASIS_UNITS["opex"]),
        "Per year, per system, per accelerator, per kW and month, as a yearly share of the equipment price, per "
        "million tokens, or per thousand requests.",
        required=True,
        basic=True,
        who="procurement",
        formerly="Counted",
    ),
    _opex.amount(
        "amount",
        "Amount",
        "@basis",
        "Price in the unit of its basis; a credit is negative.",
        minimum=-LARGEST,
        basic=True,
        who="procurement",
    ),
    _opex.growth(
        "escalation",
        "Increase, p.a.",
        "",
        default=None,
        blank="Blank: the study's inflation, or none for a share of the equipment price",
        formerly="Yearly rise",
    ),
    _opex.count("from_year", "From year", "yr", "First model year in which it is paid.", blank="blank: year 1"),
    _opex.count("to_year", "To year", "yr", "Last model year in which it is paid.", blank="blank: the last"),
)

_tariff = Inputs("tariff", "energy", "finance")
_TARIFF: tuple[Field, ...] = (
    _tariff.text("name", "Band", "Name of the tariff band, such as peak.", required=True),
    _tariff.share(
        "share",
        "Share of the energy",
        "Share of the energy used in this band; the bands add up to 1.",
        who="engineering",
    ),
    _tariff.hours(
        "hours",
        "Hours of the week",
        "When the band holds, such as `weekday 8-20, weekend 0-24` or `daily 22-6`. Every band has hours, or none has.",
        blank="blank: the share says how much energy falls in the band",
    ),
    _tariff.amount(
        "price",
        "Price",
        "money/kWh",
        "Price of energy in this band.",
        **_PRICES_OF_A_KWH,
        moved_by="electricity_escalation",
    ),
)

_rental = Inputs("rental", "opex", "procurement")
_RENTAL: tuple[Field, ...] = (
    _rental.share("committed_share", "Committed share", "Share of fleet hours under commitment.", basic=True),
    _rental.amount(
        "committed_price",
        "Committed price",
        "money/accelerator/h",
        "Price of a committed accelerator-hour.",
        usual=(0.68, 7.87),
        usual_source="Listed reservations of 90 days to 3 years: AWS Inferentia2 0.68 to 7.87 USD",
        basic=True,
    ),
    _rental.count(
        "commitment_years",
        "Length of the commitment",
        "yr",
        "Years for which the committed price stands.",
        default=1,
    ),
    _rental.amount(
        "on_demand_price",
        "On-demand price",
        "money/accelerator/h",
        "Price per accelerator-hour above the commitment.",
        usual=(0.85, 18.0),
        usual_source="Listed hourly prices: 0.855 (H100, spot) to 18 USD (OCI GB300)",
        basic=True,
    ),
    _rental.share(
        "true_up",
        "Take-or-pay share",
        "1: committed hours are paid whether used or not (take-or-pay); 0: only used hours are paid.",
        default=1.0,
    ),
    _rental.share(
        "exit_fee_share",
        "Exit fee",
        "Early-termination fee, share of the commitment that remains when the study period ends.",
    ),
    _rental.growth(
        "price_change",
        "Yearly change of rental prices",
        "How rental prices change each year; or a list of multipliers by year (year 1 = 1, the last holds).",
        kind="path",
    ),
    _rental.choice(
        "scaling",
        "Hours that are paid",
        ("always_on", "hourly"),
        "`always_on`: the fleet for the peak is paid round the clock. `hourly`: what runs follows the load.",
        default="always_on",
        basic=True,
        structural=True,
        who="engineering",
    ),
    _rental.count(
        "minimum_replicas",
        "Model copies that stay up",
        "replica",
        "With hourly scaling; 0 lets it scale to zero.",
        default=1,
        minimum=0,
        who="engineering",
    ),
    _rental.choice(
        "unit",
        "Started and stopped by",
        ("replica", "system"),
        "What hourly scaling starts and stops: a model copy, or a whole system.",
        default="replica",
        structural=True,
    ),
)

_lease = Inputs("lease", "opex", "procurement")
_LEASE: tuple[Field, ...] = (
    _lease.amount(
        "payment_per_system_month",
        "Lease payment",
        "money/system/month",
        "Monthly payment for one system, for its equipment life.",
        basic=True,
        moved_by=HARDWARE_PRICE,
    ),
)

_loan = Inputs("loan", "finance", "finance")
_LOAN: tuple[Field, ...] = (
    _loan.share(
        "debt_share",
        "Loan-to-cost ratio",
        "Share of the first year's purchases that the loan pays.",
        usual=(0.5, 0.6),
        usual_source="GLRI guide: lenders advance 50-60 % of the value of accelerators",
    ),
    _loan.growth("rate", "Loan rate", "Yearly interest on the loan."),
    _loan.count("term_years", "Loan term", "yr", "Years of level payments.", required=True),
    _loan.count(
        "payments_per_year",
        "Payments per year",
        "1",
        "1: at the end of each year. 12: at the end of each month, at a twelfth of the rate.",
        default=1,
        maximum=12,
    ),
)

_api = Inputs("api", "opex", "procurement")
_API: tuple[Field, ...] = (
    _api.amount(
        "price_input",
        "Price of input",
        "money/Mtoken",
        "Price of a million input tokens.",
        usual=(0.035, 10.0),
        usual_source="Public price lists, 2026: 0.035 (Amazon Nova Micro) to 10 USD (o3-deep-research)",
        basic=True,
    ),
    _api.amount(
        "price_cached_input",
        "Price of cached input",
        "money/Mtoken",
        "",
        default=None,
        usual=(0.0028, 2.5),
        usual_source="Public price lists, 2026: 0.0028 (DeepSeek V4 Flash) to 2.5 USD (o3-deep-research)",
        blank="Blank: the price of input",
    ),
    _api.amount(
        "price_output",
        "Price of output",
        "money/Mtoken",
        "Price of a million generated tokens, thinking included.",
        usual=(0.08, 50.0),
        usual_source="Public price lists, 2026: 0.08 (Groq, Llama 3.1 8B) to 50 USD (Claude Fable 5)",
        basic=True,
    ),
    _api.amount(
        "price_cache_write",
        "Price of writing to the cache",
        "money/Mtoken",
        "",
        default=None,
        blank="Blank: the price of input",
    ),
    _api.growth(
        "price_change",
        "Yearly change of API prices",
        "How API prices change each year; or a list of multipliers by year (year 1 = 1, the last holds).",
        kind="path",
    ),
    _api.share(
        "batch_share",
        "Batch share",
        "",
        default=None,
        blank="Blank: each workload's deferrable share",
        who="engineering",
    ),
    _api.share(
        "batch_discount",
        "Batch discount",
        "Discount on what is sent as batch.",
        usual=(0.0, 0.5),
        usual_source="Public price lists, 2026: half price for batch wherever it is offered",
    ),
    _api.amount("minimum_commitment", "Minimum spend", "money/yr", "Annual minimum spend."),
)

_tier = Inputs("tier", "opex", "procurement")
_TIER: tuple[Field, ...] = (
    _tier.text("name", "Tier", "Name of the price tier, such as volume.", required=True),
    _tier.amount("from_spend", "Yearly spend above", "money/yr", "List spend of a year from which the tier applies."),
    _tier.share(
        "further_discount",
        "Further discount",
        "Applies to spend above the threshold, in addition to lower tiers.",
    ),
)

_serving = Inputs("serving", "serving", "engineering", driver="quality")


def _instead(theirs: Field, here: str, help: str, **facts: Any) -> Field:
    """An option's own figure for a workload in place of one given for all; blank where there is none.

    What is known of the figure that it replaces holds for it too. `here` tells the two apart.
    """
    own: dict[str, Any] = {"table": "serving", "section": "serving", "driver": "quality", "replaces": theirs.table}
    own |= {"default": None, "blank": "", "basic": False, "formerly": ""}
    return replace(theirs, label=f"{theirs.label}, {here}", help=help, **(own | facts))


def _of_model(name: str, more: str = "") -> Field:
    """An input of a workload as the option's model has it."""
    theirs = next(entry for entry in _WORKLOAD if entry.name == name)
    return _instead(theirs, "this model", f"Replaces the workload's figure for this option{more}.")


def _of_workload(name: str, when: str = "") -> Field:
    """An API's price for one workload."""
    theirs = next(entry for entry in _API if entry.name == name)
    facts = {"read_by": ("api",), "driver": "hardware_price", "usual": None, "usual_source": ""}
    return _instead(theirs, "this workload", f"Replaces the option's price{when}.", **facts)


_SERVING: tuple[Field, ...] = (
    _serving.text("workload", "Workload", "The workload that these rates serve.", required=True),
    _serving.rate(
        "prefill_rate",
        "Input speed (prefill)",
        "token/s/accelerator",
        "Input tokens per second and accelerator while the latency targets hold, input alone (prefill).",
        basic=True,
        read_by=HARDWARE,
        driver="serving_rate",
        moved_by="serving_gain",
        blank="Blank: the output speed is a blended rate that includes input",
    ),
    _serving.rate(
        "decode_rate",
        "Output speed (decode)",
        "token/s/accelerator",
        "Generated tokens per second and accelerator while the latency targets hold (decode); with a blank "
        "input speed, output tokens per second with input included.",
        basic=True,
        read_by=HARDWARE,
        driver="serving_rate",
        moved_by="serving_gain",
        said_as="benchmark",
    ),
    _of_model("input_tokens", ": tokenizers differ"),
    _of_model("output_tokens"),
    _of_model("reasoning_tokens"),
    _of_model("cached_input_share"),
    _of_model("success_rate", "; or a list, one for each attempt"),
    _of_model("max_attempts"),
    _serving.share(
        "cache_write_share",
        "Share of input written to the cache",
        "Share of the input tokens that is written to the provider's cache at its own price.",
        read_by=("api",),
    ),
    _of_workload("price_input", ": another model, or a longer context"),
    _of_workload("price_cached_input"),
    _of_workload("price_cache_write"),
    _of_workload("price_output"),
    _serving.amount(
        "measured_input_tokens",
        "Input length of the benchmark",
        "token/request",
        "Input length at which the rates were measured.",
        default=None,
        read_by=HARDWARE,
    ),
    _serving.amount(
        "measured_output_tokens",
        "Output length of the benchmark",
        "token/request",
        "Output length at which the rates were measured.",
        default=None,
        read_by=HARDWARE,
    ),
    _serving.text("model", "Model", "The model that was measured.", basic=True),
    _serving.text(
        "accelerator",
        "Accelerator",
        "The catalogue's name of the chip that was measured; its peak bounds the speeds.",
        blank="blank: that of a vendor the catalogue knows, else no bound from physics",
        read_by=HARDWARE,
    ),
    _serving.text("precision", "Number format", "FP8, BF16, FP4: the precision it ran at."),
    _serving.text("engine", "Serving software", "The engine and version that served it."),
    _serving.amount(
        "quality",
        "Quality",
        "1",
        "Score of the model on the test that the target names.",
        default=None,
        target="quality_target",
    ),
    _serving.amount(
        "quality_target",
        "Quality target",
        "1",
        "Score it must reach for the comparison to be fair.",
        default=None,
    ),
    _serving.amount(
        "ttft_ms",
        "Time to the first token",
        "ms",
        "Measured time until the first token arrives.",
        default=None,
        target="ttft_target_ms",
    ),
    _serving.amount(
        "tpot_ms",
        "Time per token",
        "ms",
        "Measured time between tokens after the first.",
        default=None,
        target="tpot_target_ms",
    ),
    _serving.amount(
        "ttft_target_ms",
        "Time-to-first-token target",
        "ms",
        "Longest time to the first token that is acceptable.",
        default=None,
    ),
    _serving.amount(
        "tpot_target_ms",
        "Time-per-token target",
        "ms",
        "Longest time between tokens that is acceptable.",
        default=None,
    ),
)

_simulation = Inputs("risk", "about", "finance")
_SIMULATION: tuple[Field, ...] = (
    _simulation.count(
        "draws",
        "Draws",
        "1",
        "How many outcomes are simulated.",
        default=10_000,
        maximum=1_000_000,
        basic=True,
        sourced=False,
    ),
    _simulation.count(
        "seed",
        "Seed",
        "1",
        "Where the random numbers start: the same seed gives the same outcomes again.",
        minimum=0,
        default=1,
        sourced=False,
    ),
    _simulation.boolean(
        "proposed_ranges",
        "Propose ranges",
        True,
        "Whether an input that nobody gave a range has the one that its kind of source and its age propose.",
    ),
)
_correlated = Inputs("correlation", "about", "finance")
_CORRELATION: tuple[Field, ...] = (
    _correlated.text("a", "One input", "The path of an uncertain input.", required=True),
    _correlated.text("b", "Other input", "The path of another uncertain input.", required=True),
    _correlated.number(
        "rho",
        "Correlation",
        "1",
        "How far both move together, from -1 to 1: the correlation of their normal scores (a Gaussian copula).",
        minimum=-1.0,
        maximum=1.0,
        required=True,
        sourced=False,
    ),
)

_criterion = Inputs("criterion", "about", "procurement")
_CRITERION: tuple[Field, ...] = (
    _criterion.text("name", "Criterion", "What offers are scored by beside their cost.", required=True),
    _criterion.amount(
        "weight",
        "Weight",
        "",
        "How much the criterion counts beside the others: only the proportions of the weights do; 0 is not at all.",
        default=None,
        required=True,
        sourced=False,
    ),
    _criterion.number(
        "least",
        "Least score",
        "",
        "An offer that is scored lower is out.",
        minimum=0.0,
        maximum=BEST_SCORE,
        blank="blank: none is out",
        sourced=False,
    ),
)
_scored = Inputs("score", "about", "procurement")
_SCORE: tuple[Field, ...] = (
    _scored.text("criterion", "Criterion", "The criterion that is scored.", required=True),
    _scored.number(
        "score",
        "Score",
        "",
        "From 0, the worst, to 5, the best. Its source is the evidence that it rests on.",
        minimum=0.0,
        maximum=BEST_SCORE,
        required=True,
    ),
)

FIELDS: tuple[Field, ...] = (
    *_ABOUT,
    *_FINANCE,
    *_SHAPE,
    *_WORKLOAD,
    *_OPTION,
    *_FLEET,
    *_ENERGY,
    *_SERVING,
    *_ASSET,
    *_CAPEX,
    *_OPEX,
    *_TARIFF,
    *_TIER,
    *_RENTAL,
    *_LEASE,
    *_LOAN,
    *_API,
    *_SIMULATION,
    *_CORRELATION,
    *_CRITERION,
    *_SCORE,
)

_BY_TABLE: dict[str, dict[str, Field]] = {
    table.name: {entry.name: entry for entry in FIELDS if entry.table == table.name} for table in TABLES
}
_TABLES_BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def field(table: str, name: str) -> Field:
    """The declaration of one input. Raises KeyError, naming the nearest, for an unknown table or name."""
    by_name = named(table)
    if name not in by_name:
        raise KeyError(f"{table} has no input {name!r}{did_you_mean(name, by_name)}")
    return by_name[name]


@cache
def fields(table: str) -> tuple[Field, ...]:
    """The inputs of a table in the order people read them. Raises KeyError for an unknown table."""
    return tuple(named(table).values())


def named(table: str) -> dict[str, Field]:
    """The inputs of a table by name. Raises KeyError, naming the nearest, for an unknown table."""
    if table not in _BY_TABLE:
        raise KeyError(f"there is no table {table!r}{did_you_mean(table, _BY_TABLE)}")
    return _BY_TABLE[table]


def table(name: str) -> Table:
    """The declaration of a table. Raises KeyError, naming the nearest, for an unknown one."""
    named(name)
    return _TABLES_BY_NAME[name]


@cache
def children(parent: str) -> tuple[Table, ...]:
    """The tables inside `parent` ("" for the top level), in file order."""
    return tuple(entry for entry in TABLES if entry.parent == parent)


def heading(name: str) -> str:
    """The heading of a table in a study file: "[study]", "[[workload]]", "[[option.capex]]"."""
    entry = table(name)
    dotted = f"{entry.parent}.{entry.name}" if entry.parent else entry.name
    return f"[[{dotted}]]" if entry.many else f"[{dotted}]"


def unit(entry: Field, basis: str | None = None) -> str:
    """The unit of an input, looked up by `basis` where the basis decides; "" while such a basis is not chosen."""
    if entry.unit != "@basis":
        return entry.unit
    return BASIS_UNITS[entry.table].get(basis or "", "")


def in_percent(entry: Field, held: str) -> bool:
    """Whether people read and type an input in percent: shares, efficiencies, rates, and amounts that are a share.

    `held` is its unit, looked up by the basis where that decides.
    """
    if entry.kind == "schedule" or held == "1/yr":
        return True
    return held == "1" and entry.kind in ("number", "path") and (entry.unit == "@basis" or entry.maximum == 1.0)


def choice_label(name: str, choice: str) -> str:
    """A choice of the input `name` in plain words."""
    return CHOICE_LABELS.get(name, {}).get(choice, choice)


def choice_words(entry: Field) -> dict[str, str]:
    """The choices of an input, each with its plain words."""
    return {choice: choice_label(entry.name, choice) for choice in entry.choices}


def chosen(entry: Field, text: str) -> str | None:
    """The choice that a text means, by its plain words or its own, in any case; None where it is none of them."""
    by_word = {word.casefold(): choice for choice, word in choice_words(entry).items()}
    return ({choice.casefold(): choice for choice in entry.choices} | by_word).get(text.strip().casefold())


def confidence_label(confidence: str | None) -> str:
    """What people call a confidence; "" where none is stated."""
    return CONFIDENCES[confidence].label if confidence else ""


def usual_range(entry: Field, currency: str | None) -> tuple[float, float] | None:
    """The usual range of an input, or None. Ranges of prices are in US dollars and say nothing of other currencies."""
    if "money" in entry.unit.split("/")[0] and (currency or "").strip().upper() != "USD":
        return None
    return entry.usual
