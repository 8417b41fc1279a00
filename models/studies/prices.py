"""The prices that an option cannot do without: where one is missing, it is not ranked. A typed 0 is a price."""

from __future__ import annotations

from collections.abc import Iterator

from models.studies.inputs import schema
from models.studies.inputs.paths import address, joined
from models.studies.inputs.schema import OWNED
from models.studies.study import EQUIPMENT, Option, Row, Study, effective

# Prices that cannot be done without, by table; blank until somebody gives them.
NEEDED: frozenset[tuple[str, str]] = frozenset(
    (
        *(("api", "price_input"), ("api", "price_output"), ("lease", "payment_per_system_month")),
        *(("rental", "committed_price"), ("rental", "on_demand_price"), ("capex", "amount")),
    )
)

# The tokens that the prices of an API are paid for.
TOKENS_OF = {"price_input": ("input_tokens",), "price_output": ("output_tokens", "reasoning_tokens")}


def unmet_is_priced(study: Study) -> bool:
    """Whether requests that an option cannot serve have a price elsewhere: typed, or that of an API option."""
    return not study.fields["interim_price"].blank or bool(study.fields.text("interim_from"))


def missing_prices(study: Study, option: Option) -> tuple[str, ...]:
    """The paths of the prices that are missing: of equipment that is bought, of a lease, of the part of a rental that
    is committed or on demand, of what an API reads or writes, be it one that takes what the option cannot. Empty where
    none is."""
    other = "" if option.acquisition == "api" else option.fields.text("overflow_to")  # an API has no peak to pass on
    taken = (each for each in study.options if each.name == other and each.acquisition == "api")
    return tuple(path for each in (option, *taken) for path in _missing_of(study, each))


def _missing_of(study: Study, option: Option) -> tuple[str, ...]:
    base = joined("option", option.name)
    return tuple(f"{base}/{name}" for name in dict.fromkeys(_missing(study, option)))


def price_labels(study: Study, option: Option) -> tuple[str, ...]:
    """What the prices are called that keep an option from being ranked."""
    return tuple(_price_label(path, option.name) for path in missing_prices(study, option))


def _price_label(path: str, own: str) -> str:
    at = address(path)
    if at.option != own:
        return f"{_price_label(path, at.option)} of {at.option}"
    if not at.name:
        return "equipment"
    label = schema.field(at.table, at.name).label.lower()
    return f"{label} of {at.key}" if at.key else label


def _missing(study: Study, option: Option) -> Iterator[str]:
    if option.acquisition in OWNED:
        yield from _equipment(study, option)
    if option.acquisition == "lease" and not _given(option.lease, "payment_per_system_month"):
        yield "lease/payment_per_system_month"
    if option.acquisition == "rental":
        share = option.rental.number("committed_share") if option.rental else 0.0
        for name, needed in (("committed_price", share > 0), ("on_demand_price", share < 1)):
            if needed and not _given(option.rental, name):
                yield f"rental/{name}"
    if option.acquisition == "api":
        yield from _tokens(study, option)


def _given(row: Row | None, name: str) -> bool:
    return row is not None and row.given(name)


def _equipment(study: Study, option: Option) -> Iterator[str]:
    places = study.rows("capex", study.position(option.name))
    bought = [place for place in places if place.row.text("asset") == EQUIPMENT]
    if not bought:
        yield "capex"
    base = f"{joined('option', option.name)}/"
    yield from (place.of("amount").removeprefix(base) for place in bought if not place.row.given("amount"))


def _tokens(study: Study, option: Option) -> Iterator[str]:
    """The prices of input and output for each workload that has any, of the option or of the workload itself."""
    for workload in study.workloads:
        serving = option.serving_for(workload.text("name"))
        for price, names in TOKENS_OF.items():
            tokens = sum(effective(workload, serving, name) for name in names)
            if tokens > 0 and not _given(serving, price) and not _given(option.api, price):
                yield f"api/{price}"
