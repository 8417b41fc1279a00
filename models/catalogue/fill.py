"""The catalogue: facts with their source (prices, rates, power, places), found by words and put into a study.

One file a table in `templates/catalogue/`; a row is one statement of one source. The last columns are the same in every
table: where it is from, its date, how sure it is, a note. A person's own rows join them (`read_own`, `with_own`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from models.catalogue.rows import CURRENCY, CatalogueError, Entry, latest_day, read_rows
from models.catalogue.tables import AGES, OWN_TABLES, TABLES, Table
from models.notation import writer
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem
from models.studies.inputs.spelling import did_you_mean
from models.studies.inputs.value import DESCRIPTION_KEYS, Value

__all__ = [
    "OWN_TABLES",
    "TABLES",
    "Catalogue",
    "CatalogueError",
    "Entry",
    "Fill",
    "Places",
    "age_flag",
    "fills",
    "header",
    "load",
    "read_own",
]

FOLDER = Path(__file__).parents[2] / "templates" / "catalogue"

Base = Literal["study", "workload", "option"]


@dataclass(frozen=True)
class Catalogue:
    """Every entry in the order of the files. Of several rows on one thing the first is the one to prefer."""

    entries: tuple[Entry, ...]
    _by_table: Mapping[str, tuple[Entry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_table = {name: tuple(entry for entry in self.entries if entry.table == name) for name in TABLES}
        object.__setattr__(self, "_by_table", by_table)

    def table(self, name: str) -> tuple[Entry, ...]:
        """The entries of one table. Raises KeyError, naming the nearest, for an unknown one."""
        return self._by_table[_known(name).name]

    def find(self, table: str, **texts: str) -> Iterator[Entry]:
        """The entries of a table with these texts in these columns, the one to prefer first."""
        rows = self.table(table)
        return (entry for entry in rows if all(entry.text(name) == text for name, text in texts.items()))

    def search(self, words: str, table: str | None = None) -> tuple[Entry, ...]:
        """The entries in which every word occurs in some cell, those that are named so before the rest."""
        wanted = words.casefold().split()
        rows = self.entries if table is None else self.table(table)
        found = [entry for entry in rows if all(word in _searched(entry) for word in wanted)]
        return tuple(sorted(found, key=lambda entry: -sum(word in entry.title.casefold() for word in wanted)))

    def with_own(self, rows: Iterable[Entry]) -> Catalogue:
        """The catalogue with a person's own entries in front: they are preferred."""
        return Catalogue((*rows, *self.entries))


def _searched(entry: Entry) -> str:
    return " ".join((TABLES[entry.table].label, *(entry.text(name) for name in entry.cells))).casefold()


def _known(name: str) -> Table:
    if name not in TABLES:
        raise KeyError(f"the catalogue has no table {name!r}{did_you_mean(name, TABLES)}")
    return TABLES[name]


@cache
def load(folder: Path = FOLDER) -> Catalogue:
    """The catalogue of the product. Raises CatalogueError, with file, row and column, for a file that is not sound."""
    return Catalogue(tuple(entry for table in TABLES.values() for entry in _loaded(folder, table)))


def _loaded(folder: Path, table: Table) -> list[Entry]:
    path = folder / f"{table.name}.csv"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogueError([Problem(path.name, None, f"cannot be read: {error.strerror or error}")]) from None
    return read_rows(table, content, path.name, own=False)


def read_own(table: str, content: str | bytes, file_name: str = "your file") -> tuple[Entry, ...]:
    """A person's own rows for one of `OWN_TABLES`, from the text of a CSV file that begins with `header`.

    Columns that may stay blank may be missing. Raises CatalogueError with (at most 20 of) what is wrong, also for more
    than 1 MB, 2,000 rows or 1,000 characters in a cell; KeyError for another table.
    """
    known = _known(table)
    if table not in OWN_TABLES:
        raise KeyError(f"{table} takes no rows of your own; these do: {', '.join(OWN_TABLES)}")
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    return tuple(read_rows(known, data, file_name, own=True))


def header(table: str) -> str:
    """The first line of a CSV file for rows of one's own. Raises KeyError for an unknown table."""
    return ",".join(column.name for column in _known(table).columns) + "\n"


def age_flag(entry: Entry, on: datetime.date) -> str:
    """ "undated", "more than a year old" (or the limit of its kind, `AGES`), or "" for a newer row.

    A date without month or day counts from the end of its month or year: a row is never made older than it may be. An
    assumption without a source has no date to age.
    """
    as_of = entry.text("as_of")
    if not as_of:
        return "undated" if entry.text("source") else ""
    limit = AGES[entry.table]
    return f"more than {limit.words} old" if (on - latest_day(as_of)).days > limit.days else ""


# ------------------------------------------------------------------------------------------------ filling in a study


@dataclass(frozen=True)
class Places:
    """Where in a study a row's figures go: the workload it serves, the item that is bought or paid, its asset."""

    workload: str = ""
    item: str = ""
    asset: str = "equipment"


@dataclass(frozen=True)
class Fill:
    """What a row sets: values by field path below `base` ("pue", "rental/on_demand_price"), and what it cannot set.

    A blank value makes the input blank again: a blended rate needs a blank input speed.
    """

    base: Base
    values: Mapping[str, Value]
    notes: tuple[str, ...] = ()

    def changes(self, path: str) -> dict[str, dict[str, object]]:
        """The changes for `study.replace_all` below a path like "option/Own"; provenance is exchanged whole."""
        parts = ("value", *DESCRIPTION_KEYS, "set_by")
        return {
            f"{path}/{suffix}": {part: getattr(value, part) for part in parts} for suffix, value in self.values.items()
        }


def fills(entry: Entry, currency: str = "USD", places: Places | None = None) -> Fill:
    """The inputs that a row fills, each with the row's provenance, `set_by` "catalogue".

    Money of another currency, and a range without a value, fill nothing: `notes` says so. Rows of tables that steer an
    analysis (latency factors, levers, trends, defaults) fill nothing.
    """
    base, notes = _base(entry), []
    values = dict(_FILLS.get(entry.table, _nothing)(entry, places or Places()))
    money = _money(entry)
    if values and money and money != currency.strip().upper():
        notes.append(f"is in {money}, and the study in {currency or 'no currency'}: give the price in the study's")
        values = {}
    if entry.table == "api_prices" and (longer := entry.number("long_context_tokens")) is not None:
        prices = [entry.text(f"long_{name}_usd_per_mtoken") for name in ("input", "output")]
        notes.append(
            f"costs more beyond {writer.count(longer)} input tokens: {prices[0]} in, {prices[1]} out per million"
        )
    if "value" in entry.cells and entry.number("value") is None:
        low, high = entry.text("low"), entry.text("high")
        notes.append(f"gives a range only, {low or 'open'} to {high or 'open'}: choose a value yourself")
    return Fill(base, values, tuple(notes))


def _base(entry: Entry) -> Base:
    if entry.table == "finance" and entry.text("category") in _STUDY_KINDS:
        return "study"
    return "workload" if entry.table == "workloads" else "option"


def _money(entry: Entry) -> str:
    """The currency a row is in; "" where it has no money."""
    if entry.table in ("rental_prices", "api_prices"):
        return "USD"
    found = CURRENCY.match(entry.text("unit")) if "unit" in entry.cells else None
    return found[0] if found else ""


Pairs = Iterator[tuple[str, Value]]
_BLANK = Value(set_by="catalogue")
_STUDY_KINDS = ("discount_rate", "tax_rate")


def _nothing(entry: Entry, places: Places) -> Pairs:
    yield from ()


def _or_blank(entry: Entry, column: str) -> Value:
    number = entry.number(column)
    return _BLANK if number is None else entry.value(number)


def _item(table: str, basis: str, value: Value, entry: Entry, places: Places) -> Pairs:
    if places.item:
        place = joined(table, places.item)
        yield f"{place}/amount", value
        yield f"{place}/basis", entry.value(basis)


def _system(entry: Entry, places: Places) -> Pairs:
    value, quantity = entry.ranged(), entry.text("quantity")
    if value is None:
        return
    if quantity.startswith("price_"):
        basis = "per_accelerator" if quantity == "price_per_accelerator" else "per_system"
        yield from _item("capex", basis, value, entry, places)
    elif quantity in ("power_load", "power_rating"):
        yield "system_power_load_w", value
        if entry.text("method"):
            yield "power_method", entry.value(entry.text("method"))
    elif quantity == "power_idle":
        yield "system_power_idle_w", value
    else:
        return
    yield "accelerators_per_system", entry.value(int(entry.needed("accelerators_per_system")))


_SERVING_COLUMNS: Mapping[str, str] = {
    "decode_rate": "output_tokens_per_s_per_accelerator",
    "measured_input_tokens": "input_tokens",
    "measured_output_tokens": "output_tokens",
    "ttft_ms": "ttft_ms",
    "tpot_ms": "tpot_ms",
}


def _serving(entry: Entry, places: Places) -> Pairs:
    replica = entry.number("accelerators_per_replica")
    if replica is not None:
        yield "accelerators_per_replica", entry.value(int(replica))
    if places.workload:
        place = joined("serving", places.workload)
        yield f"{place}/prefill_rate", _BLANK
        yield from ((f"{place}/{name}", _or_blank(entry, column)) for name, column in _SERVING_COLUMNS.items())
        for name in ("model", "accelerator", "precision", "engine"):
            yield f"{place}/{name}", entry.value(entry.text(name) or None)


def _rental(entry: Entry, places: Places) -> Pairs:
    price, years = entry.value(entry.needed("usd_per_accelerator_hour")), entry.number("commitment_years")
    if entry.text("terms") != "reserved":
        yield "rental/on_demand_price", price
        return
    yield "rental/committed_price", price
    if years is not None:
        yield "rental/commitment_years", entry.value(int(years))


def _api(entry: Entry, places: Places) -> Pairs:
    yield "vendor", entry.value(entry.text("provider"))
    for name in ("input", "cached_input", "output"):
        yield f"api/price_{name}", _or_blank(entry, f"{name}_usd_per_mtoken")
    yield "api/price_cache_write", _or_blank(entry, "cache_write_usd_per_mtoken")
    whole, batch = entry.needed("input_usd_per_mtoken"), entry.number("batch_input_usd_per_mtoken")
    if whole and batch is not None:
        yield "api/batch_discount", entry.value(round(1 - batch / whole, 6))
    if places.workload:
        yield joined("serving", places.workload, "model"), entry.value(entry.text("model"))


def _electricity(entry: Entry, places: Places) -> Pairs:
    quantity = entry.text("quantity")
    yield "electricity_price" if quantity == "price" else quantity, entry.value(entry.needed("value"))


def _facility(entry: Entry, places: Places) -> Pairs:
    value, kind, unit = entry.ranged(), entry.text("category"), CURRENCY.sub("money", entry.text("unit"))
    if value is None:
        return
    if (kind, unit) in (("pue", "1"), ("wue", "L/kWh")):
        yield kind, value
    elif (kind, unit) == ("colocation", "money/kW/month"):
        yield from _item("opex", "per_kw_month", value, entry, places)
    elif (kind, unit) == ("build_cost", "money/kW"):
        yield from _item("capex", "per_kw", value, entry, places)


def _finance(entry: Entry, places: Places) -> Pairs:
    value, kind = entry.ranged(), entry.text("category")
    if value is None:
        return
    number = entry.needed("value")
    if kind in _STUDY_KINDS:
        yield kind, value
    elif kind == "equipment_life" and number == int(number):
        yield "equipment_life", entry.value(int(number))
    elif kind == "residual_share":
        yield joined("asset", places.asset, "residual_share"), value
    elif kind in ("support", "staff"):
        unit = CURRENCY.sub("money", entry.text("unit"))
        bases = {"money/yr": "per_year", "1/yr": "pct_equipment", "money/accelerator/yr": "per_accelerator"}
        if unit in bases:
            yield from _item("opex", bases[unit], value, entry, places)


def _tax(entry: Entry, places: Places) -> Pairs:
    yield joined("asset", places.asset, "tax_schedule"), entry.value(entry.text("known_as") or entry.shares)


def _workload(entry: Entry, places: Places) -> Pairs:
    for name in ("input", "output"):
        if entry.number(f"{name}_tokens") is not None:
            mean, median, p90 = (entry.number(f"{name}_{end}") for end in ("tokens", "median", "p90"))
            # Long answers are rare: the mean is mostly above the median, and only then the median bounds it.
            low = median if median is not None and mean is not None and median <= mean else None
            yield f"{name}_tokens", entry.value(mean, low, p90)
    for name in ("reasoning_tokens", "cached_input_share"):
        if entry.number(name) is not None:
            yield name, entry.value(entry.needed(name))


def _target(entry: Entry, places: Places) -> Pairs:
    if places.workload:
        for name in ("ttft", "tpot"):
            yield joined("serving", places.workload, f"{name}_target_ms"), entry.value(entry.needed(f"{name}_ms"))


_FILLS: Mapping[str, Callable[[Entry, Places], Pairs]] = {
    "systems": _system,
    "serving": _serving,
    "rental_prices": _rental,
    "api_prices": _api,
    "electricity": _electricity,
    "facility": _facility,
    "finance": _finance,
    "tax_schedules": _tax,
    "workloads": _workload,
    "latency_targets": _target,
}
