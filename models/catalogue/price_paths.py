"""Prices of several years that the catalogue offers, as levels with the first year 1: for any side of a price path."""

from __future__ import annotations

from dataclasses import dataclass

from models.catalogue.fill import load
from models.catalogue.rows import Entry
from models.catalogue.tables import MOST_YEARS


@dataclass(frozen=True)
class PricePath:
    """A series of one measure at one seller: its name, its levels by year, and the row it is from."""

    name: str
    levels: tuple[float, ...]
    entry: Entry


def price_paths(price: str) -> tuple[PricePath, ...]:
    """The paths of one of the prices in `PRICE_PATHS`, in the order of the catalogue."""
    return tuple(_path(each) for each in load().find("price_paths", price=price))


def _path(entry: Entry) -> PricePath:
    prices = [price for year in range(1, MOST_YEARS + 1) if (price := entry.number(f"price_{year}")) is not None]
    levels = tuple(round(price / prices[0], 4) for price in prices)
    return PricePath(entry.text("path"), levels, entry)
