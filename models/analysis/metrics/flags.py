"""What a run shows that a reader should know before trusting a figure: missed peaks, unmet work, idle fleets."""

from __future__ import annotations

import operator
from collections.abc import Iterator

from models.analysis.metrics.same_work import same_work
from models.catalogue import physics
from models.catalogue.fill import Catalogue, load
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult, Result
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem
from models.studies.study import Option, Row

SLACK = 1e-9
HARDLY_USED = 0.1
# How many times another than what an option of the study charges for a request a typed fallback price is asked about.
FAR_OFF = 3.0
# Between which multiples of its accelerators' rating a system draws under load, host and fans included: of a known
# accelerator, capped at less than half of it or not, and of one that the catalogue lacks.
LIKE_RATING, ANY_RATING = (0.3, 4.0), (0.1, 10.0)


def flags(result: Result) -> tuple[Problem, ...]:
    """Everything a run flags, each with the option it concerns; what the file itself shows is in study.warnings."""
    shown = (
        Problem(joined("option", name), None, message)
        for name, option in result.options.items()
        for message in _of(option)
    )
    return (*shown, *doubts(result))


def doubts(result: Result) -> tuple[Problem, ...]:
    """What was typed that cannot be so, or hardly, beside what else the study and the catalogue know."""
    too_fast = (
        Problem(joined("option", name), None, message)
        for name, option in result.options.items()
        for message in beyond_physics(option.option, load())
    )
    return (*too_fast, *_far_off(result), *_another_unit(result), *_long_context(result))


def _another_unit(result: Result) -> Iterator[Problem]:
    """The power of a system that is not near what its accelerators are rated at: kW for W, one accelerator for all."""
    for name, option in result.options.items():
        fields = option.option.fields
        load_w = fields["system_power_load_w"]
        if option.option.acquisition not in schema.HELD or load_w.blank or not load_w.value:
            continue
        each = fields.number("system_power_load_w") / fields.number("accelerators_per_system")
        chip = _chip(option.option)
        own = _ratings(chip) if chip else []
        known = own or _ratings("")
        least, most = LIKE_RATING if own else ANY_RATING
        if least * min(known) <= each <= most * max(known):
            continue
        rated = writer.physical(max(known))
        such = f"{chip} is rated at {rated}" if own else f"accelerators are rated at up to {rated}"
        yield Problem(
            joined("option", name, "system_power_load_w"),
            load_w.value,
            f"is {writer.physical(each)} W for each of its accelerators, and {such} W: is it in W, and of a whole "
            "system?",
        )


def _long_context(result: Result) -> Iterator[Problem]:
    """Requests so long that the catalogue has a higher price for them than the study has for the model."""
    if result.study.currency.strip().upper() != "USD":
        return
    for name, option in result.options.items():
        charged = option.table("input_price") if option.values["is_api"] else {}
        for workload, price in charged.items():
            serving, read = option.option.serving_for(workload), option.table("request_input_tokens")[workload]
            model = "" if serving is None else serving.text("model")
            longer = [each for each in _long_prices(model) if read > each[0]]
            most, least = min(longer, key=operator.itemgetter(1), default=(0.0, 0.0))
            if price < least * (1 - SLACK):
                yield Problem(
                    joined("option", name, "serving", workload, "price_input"),
                    price,
                    f"is charged for requests of {writer.count(read)} input tokens, and beyond {writer.count(most)} "
                    f"{model} costs USD {writer.as_typed(least)} per million: give the prices of long requests",
                )


def _long_prices(model: str) -> list[tuple[float, float]]:
    """From how many input tokens on the lists have another price for a model, and that price of input."""
    rows = (row for row in load().table("api_prices") if model and physics.same_model(row.text("model"), model))
    found = ((row.number("long_context_tokens"), row.number("long_input_usd_per_mtoken")) for row in rows)
    return [(longest, price) for longest, price in found if longest and price]


def _chip(option: Option) -> str:
    """The accelerator of an option by its rates or its vendor; "" where neither names one."""
    named = (row.text("accelerator") for row in option.serving if row.text("accelerator"))
    return next(named, "") or physics.chip_of_system(load(), option.fields.text("vendor"))


def _ratings(chip: str) -> list[float]:
    """What the catalogue says that an accelerator is rated at, in W; of all of them for ""."""
    rows = load().find("systems", quantity="power_rating_of_accelerator")
    found = (row.number("value") for row in rows if chip in ("", row.text("accelerator")))
    return [watts for watts in found if watts]


def _far_off(result: Result) -> Iterator[Problem]:
    """A fallback price that was typed, far from what the APIs of the study charge for a request of the same kind."""
    typed = result.study.fields["interim_price"]
    charged = [_charged(option) for option in result.options.values() if option.values["is_api"]]
    if typed.blank or not (known := [price for price in charged if price > 0]):
        return
    unit = f"{result.study.currency or 'money'} per 1,000 requests"
    price, low, high = result.study.fields.number("interim_price"), min(known), max(known)
    if not low / FAR_OFF <= price <= high * FAR_OFF:
        said = [
            writer.quantity(text, unit, result.study.currency)
            for text in writer.even_costs([each * REQUESTS_PER_THOUSAND for each in (price, low, high)])
        ]
        span = said[1] if low == high else writer.span(said[1], said[2], sentence=True)
        yield Problem(
            joined("study", "interim_price"),
            typed.value,
            f"is {said[0]}, and the API options of this study charge {span}: check it, or name one as the fallback",
        )


def _charged(option: OptionResult) -> float:
    """What a request costs in year 1, the workloads in proportion to their requests."""
    prices = [each[0] for each in option.values["offered_price"]]
    asked = [row.number("requests_per_day") for row in option.study.workloads]
    return sum(map(operator.mul, prices, asked)) / sum(asked) if sum(asked) else 0.0


def beyond_physics(option: Option, catalogue: Catalogue) -> Iterator[str]:
    """Speeds above what the accelerator's operations and memory allow for the model, and models that do not fit.

    `accelerator` and `model` of the serving rates name them; a blank accelerator is that of the vendor, where that is a
    system of the catalogue. What the catalogue does not know has no bound.
    """
    if option.acquisition not in schema.HARDWARE:
        return
    for row in option.serving:
        chip = row.text("accelerator") or physics.chip_of_system(catalogue, option.fields.text("vendor"))
        size, on = physics.model_row(catalogue, row.text("model")), physics.chip(catalogue, chip)
        if size is not None and on is not None:
            copy = max(1, int(option.fields.number("accelerators_per_replica")))
            most = physics.ceiling(size, on, row.text("precision"), copy, _measured_shape(row))
            yield from _too_fast(row, most, chip)
            if not most.fits:
                yield (
                    f"{row.text('model')} takes {writer.count(most.weights / physics.GIGA)} GB, and a copy of {copy} "
                    f"{chip} has {writer.count(most.room / physics.GIGA)} GB: raise the accelerators of a copy"
                )


def _measured_shape(row: Row) -> physics.Shape | None:
    lengths = [row[f"measured_{name}_tokens"] for name in ("input", "output")]
    if any(length.blank for length in lengths):
        return None
    return physics.Shape(row.number("measured_input_tokens"), row.number("measured_output_tokens"))


def _too_fast(row: Row, most: physics.Ceiling, chip: str) -> Iterator[str]:
    for name, bound in (("prefill_rate", most.reading), ("decode_rate", most.writing)):
        if not row[name].blank and row.number(name) > bound:
            yield (
                f"{row.text('workload')}: {schema.field('serving', name).label.lower()} of "
                f"{writer.count(row.number(name))} tokens/s on one {chip} is impossible for {row.text('model')}: at "
                f"most {writer.count(bound)}; check the unit, the number of accelerators and the number format"
            )


def _of(o: OptionResult) -> Iterator[str]:
    missed = [y for y, share in enumerate(o.years("peak_served_share"), 1) if share is not None and share < 1 - SLACK]
    if missed:
        lowest = min(s for s in o.years("peak_served_share") if s is not None)
        yield (
            f"in model {_years(missed)} only {writer.share(lowest)} of the peak is served within the latency targets; "
            "raise the limit of power or cooling, or plan a higher load"
        )
    yield from _overpaid(o)
    served = o.number("served_share")
    if served is not None and served < 1 and not same_work(served, 1.0):
        priced = (
            "the rest is valued at the fallback price"
            if o.values["interim_priced"]
            else "totals need a fallback price for unserved requests"
        )
        yield f"serves {writer.share(served)} of what is asked for over the life; where options are compared, {priced}"
    used = o.figure("used_share")
    if used is not None and o.values["lifetime_held_hours"] and used < HARDLY_USED:
        yield (
            f"the fleet is busy {writer.share(used)} of the time paid for; a smaller system or an API may "
            "serve the same work"
        )


def _overpaid(o: OptionResult) -> Iterator[str]:
    """Years in which credits and grants are more than all that is paid: most are set against a bill, or lapse."""
    paid = [capex + running for capex, running in zip(o.values["capex"], o.values["operating"], strict=True)]
    received = [credit + grant for credit, grant in zip(o.values["credit"], o.values["grant"], strict=True)]
    over = [y for y, (cost, back) in enumerate(zip(paid, received, strict=True), 1) if back < 0 and cost < 0]
    if over:
        yield (
            f"in model {_years(over)} its credits and grants are more than all that it pays, and the rest counts as "
            "money earned; lower them to what they may be set against, if they are not paid out"
        )


def _years(years: list[int]) -> str:
    if len(years) == 1:
        return f"year {years[0]}"
    return f"years {', '.join(str(y) for y in years)}"
