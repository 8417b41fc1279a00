"""The constants a formula may name, each with its unit; the workbook lists them in a labelled block."""

from __future__ import annotations


class Constant(float):
    """A number fixed by definition or by the model's conventions, never an input."""

    unit: str
    label: str

    def __new__(cls, value: float, unit: str, label: str) -> Constant:
        self = super().__new__(cls, value)
        self.unit, self.label = unit, label
        return self


DAYS_PER_YEAR = Constant(365.0, "day", "Days in a model year")
HOURS_PER_YEAR = Constant(8760.0, "h", "Hours in a model year")
MONTHS_PER_YEAR = Constant(12.0, "month", "Months in a model year")
SECONDS_PER_HOUR = Constant(3600.0, "s/h", "Seconds in an hour")
SECONDS_PER_DAY = Constant(86400.0, "s/day", "Seconds in a day")
W_PER_KW = Constant(1000.0, "W/kW", "Watts in a kilowatt")
KW_PER_MW = Constant(1000.0, "kW/MW", "Kilowatts in a megawatt")
JOULES_PER_KWH = Constant(3.6e6, "J/kWh", "Joules in a kilowatt-hour")
KG_PER_T = Constant(1000.0, "kg/t", "Kilograms in a tonne")
G_PER_T = Constant(1e6, "g/t", "Grams in a tonne")
L_PER_M3 = Constant(1000.0, "L/m3", "Litres in a cubic metre")
TOKENS_PER_MILLION = Constant(1e6, "token/Mtoken", "Tokens in a million tokens")
TOKENS_PER_THOUSAND = Constant(1000.0, "token/ktoken", "Tokens in a thousand tokens")
REQUESTS_PER_THOUSAND = Constant(1000.0, "request/krequest", "Requests in a thousand requests")
ONE_SYSTEM = Constant(1.0, "system", "One system")
ONE_REPLICA = Constant(1.0, "replica", "One model copy")
WEEKDAY = Constant(1.0, "1", "Code of a weekday")
WEEKEND = Constant(2.0, "1", "Code of a weekend day")
ROUNDING_SLACK = Constant(1e-9, "1", "Rounding tolerance")

CONSTANTS: dict[str, Constant] = {k: v for k, v in list(globals().items()) if isinstance(v, Constant)}
