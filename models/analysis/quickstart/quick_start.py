"""Quick start: how many answers a day, which model, what kind of work; a whole study with buy, rent and API from that.

Everything else comes from the catalogue, with its source, or from an assumption that says so (`defaults.csv`). A model
with closed weights can only be bought by the token: the study then has the API alone, and `QuickStart.substitutes`
names the open models that the catalogue has rates for. Money is in US dollars, as the catalogue's is.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.analysis.measured.quick_rates import Rates, Shape, accelerators, rates_for
from models.analysis.words import listing
from models.catalogue import fill as catalogues
from models.catalogue.fill import Catalogue
from models.catalogue.rows import Entry
from models.notation import writer
from models.studies.file import load as studies
from models.studies.inputs import schema
from models.studies.inputs.paths import parted
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.inputs.value import DESCRIPTION_KEYS, Value, signed
from models.studies.study import ATTRIBUTES, Input, Option, Row, Study

Plain = dict[str, Any]
Basis = Literal["yours", "sourced", "assumed"]
BUY, RENT, API = "Buy", "Rent", "API"
# Kinds of asset that are neither resold nor in the base of support.
NETWORK, INSTALLATION = "network", "installation"
# What a study must know of a system before it can be bought: a row of `systems.csv` for one of each.
PRICES, POWERS = ("price_per_accelerator", "price_per_system"), ("power_load", "power_rating")
REPLICA = 8
FAR_BEYOND = 2.0


@dataclass(frozen=True)
class Model:
    """A model one can ask about: whether its weights are open, the systems it can run on, and its first API price."""

    name: str
    weights: str
    systems: tuple[str, ...]
    api: Entry | None

    @property
    def can_be_hosted(self) -> bool:
        """Whether the catalogue has rates for it on a system whose price and power it knows."""
        return bool(self.systems)


@dataclass(frozen=True)
class QuickStart:
    """The study, what to know before trusting it, and for a closed model the open ones that could be hosted."""

    study: Study
    notes: tuple[str, ...]
    substitutes: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One value of a study as it may be listed: where it stands, what it is, and what it rests on."""

    path: str
    label: str
    unit: str
    value: Value
    basis: Basis


@dataclass(frozen=True)
class _Answers:
    """The four answers, with the rows of the catalogue that they lead to."""

    answers: float
    model: Model
    work: Entry
    system: str
    catalogue: Catalogue

    @property
    def shape(self) -> Shape:
        work = self.work
        generated = work.needed("output_tokens") + (work.number("reasoning_tokens") or 0.0)
        return Shape(work.needed("input_tokens"), generated, work.number("cached_input_share") or 0.0)

    @property
    def accelerator(self) -> str:
        return next(self.catalogue.find("systems", system=self.system)).text("accelerator")

    @property
    def workload(self) -> str:
        return self.work.text("work")

    def default(self, applies: str, name: str) -> Value:
        """An assumption of the quick start; raises KeyError where `defaults.csv` has none."""
        row = next(self.catalogue.find("defaults", applies=applies, name=name), None)
        if row is None:
            raise KeyError(f"defaults.csv has no row for {applies}, {name}")
        value = row.ranged()
        assert value is not None
        return value

    def defaults(self, applies: str, table: str) -> dict[str, Value]:
        """The assumptions of the quick start that are inputs of a table, by name."""
        names = [row.text("name") for row in self.catalogue.find("defaults", applies=applies)]
        found = {name: self.default(applies, name) for name in names if name in schema.named(table)}
        return {name: _counted(schema.field(table, name), value) for name, value in found.items()}


def known_works(catalogue: Catalogue) -> tuple[str, ...]:
    """The kinds of work one can choose: typical workloads whose input and output lengths are both known."""
    known = ("input_tokens", "output_tokens", "reasoning_tokens")
    rows = catalogue.table("workloads")
    return tuple(row.text("work") for row in rows if all(row.number(name) is not None for name in known))


def known_models(catalogue: Catalogue) -> tuple[Model, ...]:
    """The models one can choose: with rates on a known system, an API price, or both; open ones first."""
    names = dict.fromkeys(row.text("model") for row in catalogue.table("api_prices") if row.text("weights"))
    names |= dict.fromkeys(row.text("model") for row in catalogue.table("serving"))
    systems = dict(_known_systems(catalogue))
    found = [_model(catalogue, name, systems) for name in names]
    usable = [model for model in found if model.can_be_hosted or model.api is not None]
    return tuple(sorted(usable, key=lambda model: (model.weights == "closed", not model.can_be_hosted)))


def _model(catalogue: Catalogue, name: str, systems: Mapping[str, str]) -> Model:
    api = next(catalogue.find("api_prices", model=name), None)
    hosted = accelerators(catalogue, name)
    weights = api.text("weights") if api else "open"
    return Model(name, weights, tuple(system for system, part in systems.items() if part in hosted), api)


def _known_systems(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The systems with a price, power at load and idle, and a rent, each with its accelerator; the preferred first."""
    rented = {row.text("accelerator") for row in catalogue.table("rental_prices")}
    for system in dict.fromkeys(row.text("system") for row in catalogue.table("systems")):
        rows = [row for row in catalogue.find("systems", system=system) if row.number("value") is not None]
        kinds = {row.text("quantity") for row in rows}
        priced = kinds.intersection(PRICES) and kinds.intersection(POWERS) and "power_idle" in kinds
        if priced and rows[0].text("accelerator") in rented:
            yield system, rows[0].text("accelerator")


# ------------------------------------------------------------------------------------------------------ the study


def quick_start(
    answers_per_day: float,
    model: str,
    work: str,
    *,
    system: str | None = None,
    start_year: int | None = None,
    catalogue: Catalogue | None = None,
    on: datetime.date | None = None,
) -> QuickStart:
    """A study from four answers; `system` chooses the hardware (one of `Model.systems`), the first without.

    Prices that are old for their kind on the day `on` are noted.

    Raises StudyError, naming the nearest, for an unknown model, work or system, and for a number of answers that is not
    above 0.
    """
    asked = _asked(answers_per_day, model, work, system, catalogue or catalogues.load())
    rates = rates_for(asked.catalogue, asked.model.name, asked.accelerator, asked.shape) if asked.system else None
    study = studies.from_dict(_tables(asked, rates, start_year))
    closed = asked.model.weights == "closed"
    substitutes = tuple(each.name for each in known_models(asked.catalogue) if each.can_be_hosted) if closed else ()
    notes = (*_notes(asked, rates, substitutes), *(() if on is None else _old_prices(asked, rates, on)))
    return QuickStart(_set_by(study), notes, substitutes)


def _asked(answers: float, model: str, work: str, system: str | None, catalogue: Catalogue) -> _Answers:
    if not (math.isfinite(answers) and answers > 0):
        raise StudyError([Problem("responses a day", answers, "must be a number above 0")])
    known = {each.name: each for each in known_models(catalogue)}
    chosen = known[_one_of("model", model, known)]
    rows = {row.text("work"): row for row in reversed(catalogue.table("workloads"))}
    row = rows[_one_of("kind of work", work, known_works(catalogue))]
    if system is not None:
        _one_of("system", system, chosen.systems)
    return _Answers(answers, chosen, row, system or next(iter(chosen.systems), ""), catalogue)


def _one_of(what: str, name: str, valid: Any) -> str:
    if name not in valid:
        raise StudyError([Problem(what, name, f"is not in the catalogue{did_you_mean(name, valid)}")])
    return name


def _tables(asked: _Answers, rates: Rates | None, start_year: int | None) -> Plain:
    options = [] if rates is None else [_buy(asked, rates), _rent(asked, rates)]
    options += [] if asked.model.api is None else [_api(asked, asked.model.api)]
    head = {
        "title": f"{asked.model.name}: {writer.as_typed(asked.answers)} responses a day, {asked.workload.lower()}",
        "currency": "USD",
        "decision": "How to serve it" if len(options) > 1 else "What it costs to serve it",
        "status": "Draft: replace the assumed inputs",
        "note": "Built from four answers. Excludes integration and migration; demand is flat unless you change it.",
        "reference_option": options[-1]["name"],
        **_all_told(asked.defaults("study", "study")),
    }
    if len(options) > 1 and asked.model.api is not None:
        head["interim_from"] = API
    dated = {} if start_year is None else {"start_year": start_year}
    return {"study": {**head, **dated, "mid_year": True}, "workload": [_workload(asked)], "option": options}


def _counted(entry: schema.Field, value: Value) -> Value:
    """A value as its input holds it: years are counted whole."""
    return dataclasses.replace(value, value=int(value.value)) if entry.kind == "whole" else value  # type: ignore[arg-type]


def _workload(asked: _Answers) -> Plain:
    lengths = dict(catalogues.fills(asked.work).values)
    return {
        "name": asked.workload,
        "requests_per_day": asked.answers,
        **_all_told(lengths | asked.defaults("workload", "workload")),
    }


def _buy(asked: _Answers, rates: Rates) -> Plain:
    fields, resale = asked.defaults("buy", "option"), _all_told(asked.defaults("buy", "asset"))
    schedule = {"tax_schedule": _tax_schedule(asked)}
    others = ({"name": name, "life": _told(fields["equipment_life"]), **schedule} for name in (NETWORK, INSTALLATION))
    return {
        "name": BUY,
        "vendor": asked.system,
        "acquisition": "purchase",
        **_hardware(asked, rates),
        **_all_told(fields | _power(asked)),
        "serving": [_serving(asked, rates)],
        "asset": [{"name": "equipment", **resale, **schedule}, *others],
        "capex": _purchases(asked),
        "opex": [
            _cost(asked, "any", "staff", "Staff", "staff", "per_year"),
            _cost(asked, "buy", "colocation", "Colocation", "colocation", "per_kw_month"),
            _cost(asked, "buy", "support_share", "Hardware support", "support", "pct_equipment"),
            _cost(asked, "hardware", "software", "Monitoring and cluster software", "software", "per_accelerator"),
        ],
    }


def _rent(asked: _Answers, rates: Rates) -> Plain:
    return {
        "name": RENT,
        "vendor": "GPU cloud",
        "acquisition": "rental",
        **_hardware(asked, rates),
        **_all_told(asked.defaults("rent", "option")),
        "serving": [_serving(asked, rates)],
        "opex": [
            _cost(asked, "any", "staff", "Staff", "staff", "per_year"),
            _cost(asked, "hardware", "software", "Monitoring and cluster software", "software", "per_accelerator"),
        ],
        "rental": _all_told(asked.defaults("rent", "rental") | _rents(asked)),
    }


def _api(asked: _Answers, price: Entry) -> Plain:
    fill = catalogues.fills(price).values
    terms = {suffix.removeprefix("api/"): value for suffix, value in fill.items() if suffix.startswith("api/")}
    others = list(asked.catalogue.find("api_prices", model=asked.model.name))
    for name in ("input", "output"):
        quoted = [row.needed(f"{name}_usd_per_mtoken") for row in others]
        terms[f"price_{name}"] = dataclasses.replace(terms[f"price_{name}"], low=min(quoted), high=max(quoted))
    terms |= asked.defaults("api", "api")
    return {
        "name": API,
        "vendor": price.text("provider"),
        "acquisition": "api",
        **_all_told(asked.defaults("api", "option")),
        "serving": [{"workload": asked.workload, "model": price.text("listed_as") or asked.model.name}],
        "opex": [_cost(asked, "any", "staff", "Staff", "staff", "per_year")],
        "api": _all_told(terms),
    }


def _hardware(asked: _Answers, rates: Rates) -> Plain:
    size = next(asked.catalogue.find("systems", system=asked.system))
    replica = rates.entry.number("accelerators_per_replica")
    count = int(size.needed("accelerators_per_system"))
    if replica is None:
        note = f"The runs do not say how many accelerators one copy takes; {REPLICA} taken."
        copies = Value(min(REPLICA, count), confidence="assumed", note=note)
    else:
        copies = rates.entry.value(int(replica))
    return {
        "sizing": "demand",
        "accelerators_per_system": _told(size.value(count)),
        "accelerators_per_replica": _told(copies),
        **_all_told(asked.defaults("hardware", "option")),
    }


def _power(asked: _Answers) -> dict[str, Value]:
    load, idle = _first(asked, *POWERS), _first(asked, "power_idle")
    found = {"system_power_load_w": load.ranged(), "system_power_idle_w": idle.ranged()}
    found["power_method"] = load.value(load.text("method"))
    return {name: value for name, value in found.items() if value is not None}


def _purchases(asked: _Answers) -> list[Plain]:
    price = _first(asked, *PRICES)
    if price.text("quantity") == "price_per_accelerator":
        items = [_bought(f"{asked.accelerator} accelerators", "per_accelerator", price.ranged())]
        items.append(_bought("Server chassis, excluding GPUs", "per_system", _first(asked, "price_of_server").ranged()))
    else:
        items = [_bought(asked.system, "per_system", price.ranged())]
    network, installation = (asked.default("buy", name) for name in ("network_share", "installation"))
    items.append(_bought("Network, cabling, insurance", "pct_equipment", network, NETWORK))
    return [*items, _bought("Installation and acceptance", "per_accelerator", installation, INSTALLATION)]


def _tax_schedule(asked: _Answers) -> Plain:
    return _told(next(iter(catalogues.fills(asked.catalogue.table("tax_schedules")[0]).values.values())))


def _bought(name: str, basis: str, amount: Value | None, asset: str = "equipment") -> Plain:
    assert amount is not None
    return {"name": name, "asset": asset, "basis": basis, "amount": _told(amount)}


def _cost(asked: _Answers, applies: str, default: str, name: str, category: str, basis: str) -> Plain:
    return {"name": name, "category": category, "basis": basis, "amount": _told(asked.default(applies, default))}


def _first(asked: _Answers, *quantities: str) -> Entry:
    """The preferred row of a system for the first of the quantities that has a value."""
    rows = list(asked.catalogue.find("systems", system=asked.system))
    found = (row for name in quantities for row in rows if row.text("quantity") == name)
    return next(row for row in found if row.number("value") is not None)


def _rents(asked: _Answers) -> dict[str, Value]:
    """The preferred on-demand and reserved price of the accelerator, each with the range of all its rows."""
    found: dict[str, Value] = {}
    for terms, name in (("on demand", "on_demand_price"), ("reserved", "committed_price")):
        rows = list(_rental_rows(asked, terms))
        if rows:
            quoted = [row.needed("usd_per_accelerator_hour") for row in rows]
            found[name] = rows[0].value(quoted[0], min(quoted), max(quoted))
            years = rows[0].number("commitment_years")
            found |= {} if years is None else {"commitment_years": rows[0].value(int(years))}
    if "committed_price" not in found:
        found["committed_share"] = Value(0.0, confidence="assumed", note="No committed price in the catalogue.")
    elif "on_demand_price" not in found:
        found["committed_share"] = Value(1.0, confidence="assumed", note="The catalogue has no price by the hour.")
    return found


def _serving(asked: _Answers, rates: Rates) -> Plain:
    target = catalogues.fills(asked.catalogue.table("latency_targets")[0], places=catalogues.Places("x")).values
    wanted = {parted(path)[1]: value for path, value in target.items()}
    measured = {}
    if rates.method == "blended":
        for name in ("input", "output"):
            measured[f"measured_{name}_tokens"] = rates.entry.value(rates.entry.needed(f"{name}_tokens"))
    for name in ("ttft_ms", "tpot_ms"):
        if rates.entry.number(name) is not None:
            measured[name] = rates.entry.value(rates.entry.needed(name))
    values = {"prefill_rate": rates.prefill, "decode_rate": rates.decode, **measured, **wanted}
    return {
        "workload": asked.workload,
        "model": asked.model.name,
        "accelerator": asked.accelerator,
        "precision": rates.precision,
        "engine": rates.entry.text("engine"),
        **_all_told(values),
    }


def _told(value: Value) -> Plain:
    """A value as a study file spells it, with its provenance."""
    described = {key: getattr(value, key) for key in DESCRIPTION_KEYS}
    return {"value": value.value} | {key: part for key, part in described.items() if part is not None}


def _all_told(values: Mapping[str, Value]) -> Plain:
    """Values by input as a study file spells them; what is blank is left out."""
    return {name: _told(value) for name, value in values.items() if not value.blank}


# ------------------------------------------------------------------------------------------ what the values rest on


def basis_of(value: Value) -> Basis:
    """Whether a person gave a value, a source did, or nobody: then it is assumed."""
    if value.set_by == "you":
        return "yours"
    return "sourced" if value.source and value.confidence != "assumed" else "assumed"


def shown(study: Study) -> tuple[Shown, ...]:
    """Every number that the study holds, with what it rests on, in the order of the file."""
    return tuple(
        Shown(each.path, each.entry.label, each.unit, each.value, basis_of(each.value))
        for place in study.places.values()
        for each in (Input(place, name) for name in place.row)
        if each.entry.is_number and place.row.given(each.name) and not each.value.blank
    )


def _set_by(study: Study) -> Study:
    """The study with every value set by the catalogue, but for the answers a day, which are your figure."""

    def marked(row: Row) -> Row:
        values = {name: marking(row.table, name, value) for name, value in row.items() if row.given(name)}
        return Row(row.table, values)

    def marking(table: str, name: str, value: Value) -> Value:
        if name != "requests_per_day":
            return dataclasses.replace(value, set_by="catalogue")
        return signed(schema.field(table, name), dataclasses.replace(value, set_by="you"), study.author)

    return dataclasses.replace(
        study,
        fields=marked(study.fields),
        workloads=tuple(marked(row) for row in study.workloads),
        options=tuple(_marked(option, marked) for option in study.options),
    )


def _marked(option: Option, marked: Any) -> Option:
    parts: dict[str, Any] = {"fields": marked(option.fields)}
    for table, attribute in ATTRIBUTES.items():
        rows = tuple(marked(row) for row in option.rows(table))
        parts[attribute] = rows if schema.table(table).many else next(iter(rows), None)
    return dataclasses.replace(option, **parts)


def _notes(asked: _Answers, rates: Rates | None, substitutes: tuple[str, ...]) -> Iterator[str]:
    model = asked.model
    if model.weights == "closed":
        yield (
            f"{model.name} is available through an API only. Owning or renting hardware needs an open-weights model: "
            f"the catalogue has rates for {listing(substitutes)}. Check that its quality is sufficient."
        )
    elif rates is None and not model.can_be_hosted:
        yield f"The catalogue has no rates for {model.name} on a system it knows the price of: the API alone is shown."
    elif rates is None:
        yield (
            f"No published run of {model.name} on {asked.accelerator} meets interactive latency, so only the API is "
            "shown."
        )
    if model.api is None:
        yield f"The catalogue has no API price for {model.name}: requests that an option cannot serve have no price."
    yield from _rate_notes(asked, rates)


def _old_prices(asked: _Answers, rates: Rates | None, on: datetime.date) -> Iterator[str]:
    """The prices of the study that may have moved since: each with its day."""
    priced = [] if asked.model.api is None else [(f"API price of {asked.model.name}", asked.model.api)]
    if rates is not None:
        rented = (("on demand", "by the hour"), ("reserved", "committed"))
        rows = [(words, next(_rental_rows(asked, terms), None)) for terms, words in rented]
        priced.append((f"Price of {asked.system}", _first(asked, *PRICES)))
        priced += [(f"Rent of {asked.accelerator} {words}", row) for words, row in rows if row is not None]
    for what, row in priced:
        if age := catalogues.age_flag(row, on):
            day = row.text("as_of")
            yield f"{what}: {age}{f' ({day})' if day else ''}; ask for today's before relying on it."


def _rental_rows(asked: _Answers, terms: str) -> Iterator[Entry]:
    return iter(asked.catalogue.find("rental_prices", accelerator=asked.accelerator, terms=terms))


_METHOD_NOTES: Mapping[str, str] = {
    "two runs": "Input and output speed come from two published runs, so they are assumed.",
    "blended": "The speed is a blended rate of one run of nearly the same shape.",
    "total": "No pair of runs matches this workload; one blended speed is used.",
}


def _rate_notes(asked: _Answers, rates: Rates | None) -> Iterator[str]:
    if rates is None:
        return
    yield _METHOD_NOTES[rates.method]
    runs = asked.catalogue.find("serving", model=asked.model.name, accelerator=asked.accelerator)
    longest = max(run.number("input_tokens") or 0.0 for run in runs)
    if asked.shape.read > FAR_BEYOND * longest:
        yield (
            f"Requests read {writer.count(asked.shape.read)} tokens, and the longest run "
            f"{writer.count(longest)}: attention costs more "
            "at such lengths than the rates say."
        )
