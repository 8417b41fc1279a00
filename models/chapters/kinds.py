"""Kind of option: how the hardware is come by and how the fleet is sized, as 0/1 that switch the formulas."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Owned (bought, with or without a loan)", "1")
def is_owned(option_acquisition):
    """Equipment is bought and stays on the books."""
    return ops.text_is(option_acquisition, "purchase", "loan")


@line("Leased", "1")
def is_lease(option_acquisition):
    """Equipment is leased for its life."""
    return ops.text_is(option_acquisition, "lease")


@line("Rented by the hour", "1")
def is_rental(option_acquisition):
    """Accelerators are rented; power and place are in the price."""
    return ops.text_is(option_acquisition, "rental")


@line("API, paid by the token", "1")
def is_api(option_acquisition):
    """Tokens are bought; there is no fleet."""
    return ops.text_is(option_acquisition, "api")


@line("Own hardware on site (owned or leased)", "1")
def is_held(is_owned, is_lease):
    """A fleet is acquired by the vintage, and its energy is paid for."""
    return is_owned + is_lease


@line("Has a fleet", "1")
def has_fleet(is_api):
    """Everything but an API runs on counted systems."""
    return 1 - is_api


@line("Fixed number of systems", "1")
def is_fixed(option_sizing, has_fleet):
    """The fleet and its utilisation are given; the mix only sets proportions."""
    return ops.text_is(option_sizing, "fixed") * has_fleet


@line("Sized for the demand", "1")
def is_sized(option_sizing, has_fleet):
    """The fleet follows the peak of the demand."""
    return ops.text_is(option_sizing, "demand") * has_fleet
