"""The inputs worth a break-even: what people bargain over or doubt when they choose between two options."""

from __future__ import annotations

from collections.abc import Iterator

from models.analysis.metrics.coverage import rests
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.sensitivity.targets import is_shared
from models.run.model import OptionResult
from models.studies.inputs import schema
from models.studies.inputs.paths import address, joined
from models.studies.rules import unread_inputs
from models.studies.study import EQUIPMENT

# The largest prices of an option that are looked at, and the least share of its cost that makes one worth it.
MOST_PRICES, WORTH_LOOKING = 3, 0.02


def candidates(option: OptionResult, against: OptionResult) -> tuple[str, ...]:
    """The paths of the inputs that people bargain over or doubt when they choose between two options of one study.

    Each option's largest prices, then what decides how much of its hardware is needed and kept, named once where both
    hold it alike; then what both share: requests, success, years covered and the discount rate.
    """
    study, own = option.study, list(_of_option(option))
    told = {p for path in own if is_shared(study, path, option.name, against.name) for p in alike(study, path)}
    theirs = [path for path in _of_option(against) if path not in told]
    return tuple(dict.fromkeys((*own, *theirs, *_shared(option, against))))


def _of_option(option: OptionResult) -> Iterator[str]:
    base, held = joined("option", option.name), option.option
    amounts: dict[str, float] = {}
    for each in rests(option):
        if address(each.path).option == option.name:
            amounts[each.path] = amounts.get(each.path, 0.0) + each.amount
    whole = sum(amounts.values())
    largest = sorted(amounts, key=lambda path: amounts[path], reverse=True)
    yield from (path for path in largest[:MOST_PRICES] if amounts[path] >= WORTH_LOOKING * whole)
    unread = unread_inputs(held.acquisition)
    names = ["electricity_price", "equipment_life", "utilisation" if held.sizing == "fixed" else "max_utilisation"]
    for name in names:
        if name not in unread and not held.fields[name].blank:
            yield f"{base}/{name}"
    if held.acquisition in schema.OWNED and held.asset(EQUIPMENT):
        yield joined("option", option.name, "asset", EQUIPMENT, "residual_share")
    if held.acquisition == "api" and held.api is not None:
        yield f"{base}/api/batch_discount"
    if held.acquisition == "rental" and held.rental is not None:
        yield f"{base}/rental/committed_share"
    rates = held.serving_for(_largest_workload(option))
    if rates and not rates["decode_rate"].blank:
        yield joined("option", option.name, "serving", _largest_workload(option), "decode_rate")


def _shared(option: OptionResult, against: OptionResult) -> Iterator[str]:
    largest = _largest_workload(option) or _largest_workload(against)
    if largest:
        yield joined("workload", largest, "requests_per_day")
        yield joined("workload", largest, "success_rate")
    yield "study/horizon_years"
    yield "study/discount_rate"


def _largest_workload(option: OptionResult) -> str:
    """The workload that takes the largest part of the option's cost; the first without a cost."""
    shares = {name: share or 0.0 for name, share in option.table("cost_share").items()}
    return max(shares, key=lambda name: shares[name], default="")
