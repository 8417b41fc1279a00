"""Timeline: model years, the start of production, and what a later payment is worth today."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import MONTHS_PER_YEAR
from models.engine.line import line


@line("Calendar year", "1", by="year", adds="none")
def calendar_year(study_start_year, year):
    """The calendar year of each model year, or its number where no start is given."""
    return ops.default(study_start_year, 1) + year - 1


@line("Share of the year in production", "1", by="year", adds="none")
def production_share(year, option_months_to_production):
    """Delivery and installation delay the start once; after that a year is in production in full."""
    return ops.minimum(1, ops.maximum(0, (MONTHS_PER_YEAR * year - option_months_to_production) / MONTHS_PER_YEAR))


@line("Discount factor, start of year", "1", by="year", adds="none")
def start_factor(study_discount_rate, year):
    """For purchases and mid-life resale, which happen when a year begins: (1+r)^-(y-1)."""
    return ops.discount(study_discount_rate, year - 1)


@line("Date of running payments", "yr", by="year", adds="none")
def flow_date(year, study_mid_year):
    """Years from the start at which a year's running costs fall: its middle; its end without mid-year discounting."""
    return year - study_mid_year / 2


@line("Discount factor, running payments", "1", by="year", adds="none")
def flow_factor(study_discount_rate, flow_date):
    """For everything paid during a year: (1+r)^-(y-0.5), or -y without mid-year discounting."""
    return ops.discount(study_discount_rate, flow_date)


@line("Discount factor, end of year", "1", by="year", adds="none")
def year_end_factor(study_discount_rate, year):
    """(1+r)^-y; their sum is the annuity factor."""
    return ops.discount(study_discount_rate, year)


@line("Discount factor, end of horizon", "1")
def end_factor(study_discount_rate, study_horizon_years):
    """For what is left and sold when the horizon ends: (1+r)^-N."""
    return ops.discount(study_discount_rate, study_horizon_years)


@line("Discount rate without inflation", "1/yr")
def real_discount_rate(study_discount_rate, study_inflation):
    """(1+r)/(1+inflation) - 1 (Fisher)."""
    return (study_discount_rate - study_inflation) / (1 + study_inflation)


@line("Discount factor without inflation, running payments", "1", by="year", adds="none")
def real_flow_factor(real_discount_rate, flow_date):
    """Discounts quantities for a price that rises with inflation."""
    return ops.discount(real_discount_rate, flow_date)


@line("Price level of running costs", "1", by="year", adds="none")
def inflation_index(study_inflation, year):
    """Prices as a multiple of year 1's."""
    return ops.escalate(study_inflation, year)
