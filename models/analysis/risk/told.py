"""A simulation as plain data, as the command line prints it, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.analysis.decision.decision import contenders
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.risk import drivers, summary, worth
from models.analysis.risk.inputs import Level, Uncertain
from models.analysis.risk.simulation import METRICS, Simulation
from models.analysis.words import listing, named
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address

SAMPLED = "Latin hypercube, common random numbers"
MOST_TOLD = 8


def method(made: Simulation) -> str:
    """How draws and shares of the variance are found."""
    linked = ", Gaussian copula on ranks" if made.correlated else ""
    return f"{SAMPLED}{linked}; drivers: {drivers.method(made)}"


def as_json(
    made: Simulation, option: str, against: str | None = None, groups: Sequence[worth.Group] = ()
) -> dict[str, Any]:
    """Everything as plain data. Drivers are those of ``option``, or of its gap to ``against``; ``groups`` are inputs
    whose worth is told together."""
    found = {
        "seed": made.seed,
        "draws": made.draws,
        "method": method(made),
        "inputs": [_input(each) for each in made.listed.inputs],
        "options": {name: _option(made, name) for name in made.base.options},
        "cheapest": summary.cheapest(made),
        "beats": summary.beats(made),
        "regret": {name: {"mean": each.mean, "p90": each.p90} for name, each in summary.regrets(made).items()},
        "drivers": {
            metric: [{"input": d.path, "share": d.share} for d in drivers.drivers(made, metric, option, against)]
            for metric in METRICS
        },
        "evpi": worth.perfect(made),
        "evppi": {each.path: each.worth for each in worth.worths(made)},
    }
    return found | ({"evppi_together": [_group(each) for each in groups]} if groups else {})


def _group(found: worth.Group) -> dict[str, Any]:
    return {"paths": list(found.paths), "worth": found.worth}


def _input(each: Uncertain) -> dict[str, Any]:
    spread = each.spread
    told = {
        "path": each.path,
        "distribution": each.kind,
        "low": _plain(each.low),
        "value": _plain(each.base),
        "high": _plain(each.high),
        "shared_by": [address(path).option for path in each.paths] if len(each.paths) > 1 else [],
    }
    return told | ({"outcomes": list(spread.outcomes), "weights": list(spread.weights)} if spread.outcomes else {})


def _plain(level: Level) -> float | list[float]:
    return list(level) if isinstance(level, tuple) else level


def _option(made: Simulation, name: str) -> dict[str, Any]:
    return {metric: _figures(found) for metric, found in summary.summaries(made, name).items()}


def _figures(found: summary.Summary | None) -> dict[str, float | None]:
    names = [f"p{p}" for p in summary.PERCENTILES]
    if found is None:
        return dict.fromkeys((*names, "mean", "sd", "se_p50", "se_p90"))
    levels = {f"p{p}": value for p, value in found.percentiles.items()}
    return levels | {"mean": found.mean, "sd": found.sd, "se_p50": found.se_p50, "se_p90": found.se_p90}


def distribution(each: Uncertain) -> str:
    """The distribution of an input as people call it, with single values and their weights."""
    label, spread = schema.DISTRIBUTIONS[each.kind], each.spread
    if not spread.outcomes:
        return label
    whole = sum(spread.weights)
    single = (
        f"{writer.as_typed(outcome)} ({writer.share(weight / whole)})"
        for outcome, weight in zip(spread.outcomes, spread.weights, strict=True)
    )
    return f"{label}: {', '.join(single)}"


def chosen(made: Simulation) -> str:
    """The option looked at unless another is named: the recommended one, else the study's first."""
    best, _ = contenders(made.base)
    return best.name if best else next(iter(made.base.options))


def sure(made: Simulation) -> str:
    """How sure the order is: "Own is cheapest of five options in 32% of 20,000 simulated outcomes, Rent in 61%."

    Another option is named where it is cheapest more often; "" where there is nothing to compete with.
    """
    if len(made.competing) < 2 or chosen(made) not in made.competing:
        return ""
    return f"{named([chosen(made)])} is cheapest of {_first(made, chosen(made))} simulated outcomes{_oftener(made)}."


def _oftener(made: Simulation) -> str:
    """The option that is cheapest more often than the chosen one, and how often."""
    ours = chosen(made)
    often = {name: _share(made, name) for name in made.competing if name not in summary.tied(made, ours)}
    best = max(often, key=often.__getitem__, default=None)
    if best is None or often[best] <= _share(made, ours):
        return ""
    return f", {named([best])} in {writer.share(often[best])}"


def _share(made: Simulation, option: str) -> float:
    """In how many draws an option is the cheapest, with those that cost the same in each."""
    found = summary.cheapest(made)
    return sum(found[name] for name in summary.tied(made, option))


def _first(made: Simulation, option: str) -> str:
    """Of how many options one is the cheapest, with whom it shares that in every draw, and in how many of them."""
    others = [name for name in summary.tied(made, option) if name != option]
    level = f", at the same cost as {named(others)}," if others else ""
    share = writer.share(_share(made, option))
    return f"{writer.in_words(len(made.competing))} options{level} in {share} of {writer.count(made.draws)}"


def in_brief(made: Simulation, option: str, against: str | None) -> Iterator[str]:
    """How sure the choice of an option is, against another, as a brief says it."""
    currency, said = made.study.currency, named([option])
    if option in made.competing and len(made.competing) > 1:
        said = "It"
        yield f"“{option}” is cheapest of {_first(made, option)} simulated outcomes (seed {made.seed})."
    found = summary.summary(made.figures[option][RANKED_BY])
    if found:
        low, high = (found.percentiles[p] * REQUESTS_PER_THOUSAND for p in (10, 90))
        cost = f"{currency} {writer.cost_span(low, high, sentence=True)}".strip()
        yield (
            f"{said} costs {cost} per 1,000 responses from the 10th to the 90th percentile: with 90% probability not "
            "more than the higher figure."
        )
    if against in made.costs and option in made.costs:
        yield from _gap(made, option, str(against))
    if option in made.competing and len(made.competing) > 1:
        yield from _worth(made, option)
    yield from made.notices


def _gap(made: Simulation, option: str, against: str) -> Iterator[str]:
    saved = summary.summary(summary.saved(made, option, against))
    if saved is None:
        return
    low, high = writer.amounts([saved.percentiles[10], saved.percentiles[90]], made.study.currency)
    lost = 1 - summary.beats(made)[option][against]
    yield (
        f"Against “{against}” it saves {writer.span(low, high, sentence=True)} in present value from the 10th to the "
        f"90th percentile; in {writer.share(lost)} of the outcomes it saves nothing."
    )
    largest = [each for each in drivers.drivers(made, METRIC, option, against)[:3] if each.share > 0]
    if largest:
        causes = listing([f"{each.name} ({writer.share(each.share)})" for each in largest])
        yield f"Most of the spread of that saving comes from {causes}."


def _worth(made: Simulation, option: str) -> Iterator[str]:
    regret, whole = summary.regrets(made)[option].mean, worth.perfect(made)
    first, second = writer.amounts([regret, whole], made.study.currency)
    yield f"On average it costs {first} more than the cheapest option of each outcome."
    single = worth.worths(made)
    if not whole:
        yield "Knowing more before choosing changes no choice."
    else:
        yield known_everything(single, second, made.study.currency)


def known_everything(single: Sequence[worth.Worth], most: str, currency: str) -> str:
    """What it is worth to know all inputs before choosing, `most` in words, and that of them which is worth most."""
    best = next((each for each in single[:1] if each.worth), None)
    alone = f"{best.name} alone at most {writer.money(best.worth, currency)}" if best else NO_INPUT_ALONE
    return f"Knowing everything before choosing is worth at most {most}; {alone}."


NO_INPUT_ALONE = "no single input alone turns the choice"


def known_before(found: worth.Group, currency: str) -> str:
    """What it is worth to find several inputs out before choosing, in a sentence."""
    many = len(found.names) > 1
    return (
        f"Finding out {listing(found.names)} before choosing: worth at most {writer.money(found.worth, currency)}"
        f"{' together' if many else ''}."
    )


def text(made: Simulation, option: str, against: str | None = None, groups: Sequence[worth.Group] = ()) -> str:
    """The simulation as the command line tells it to people."""
    return "\n".join((*_lines(made, option, against), *(known_before(each, made.study.currency) for each in groups)))


def _lines(made: Simulation, option: str, against: str | None) -> Iterator[str]:
    currency = made.study.currency
    yield f"{writer.count(made.draws)} draws of {len(made.listed.inputs)} inputs, seed {made.seed}: {method(made)}"
    yield f"\nCost per 1,000 responses, {currency}: with 90% probability not above P90"
    yield f"  {'':32} {'P10':>10} {'P50':>10} {'P90':>10} {'cheapest':>10}"
    first = summary.cheapest(made)
    for name in made.base.options:
        found = summary.summary(made.figures[name][RANKED_BY])
        shown = [] if found is None else [found.percentiles[p] * REQUESTS_PER_THOUSAND for p in (10, 50, 90)]
        figures = " ".join(f"{writer.unit_cost(f):>10}" for f in shown) or f"{'n/a':>32}"
        share = writer.share(first[name]) if name in first else "-"
        yield f"  {name[:32]:32} {figures} {share:>10}"
    if sentence := sure(made):
        yield f"\n{sentence}"
    for name, each in summary.regrets(made).items():
        mean, high = writer.amounts([each.mean, each.p90], currency)
        yield f"  Choosing {name} costs {mean} more than the best on average, with 90% probability not above {high}."
    yield f"\nWhat makes {option}{f' against {against}' if against else ''} uncertain (present value of cost)"
    for each in drivers.drivers(made, METRIC, option, against)[:MOST_TOLD]:
        yield f"  {writer.share(each.share):>6}  {each.name}"
    yield f"\nKnowing everything before choosing is worth at most {writer.money(worth.perfect(made), currency)}."
    for each in [w for w in worth.worths(made) if w.worth > 0][:MOST_TOLD]:
        yield f"  {writer.money(each.worth, currency):>16}  {each.name}"
    yield from (f"note: {notice}" for notice in made.notices)
    for each in made.listed.held:
        yield f"not drawn: {each.label} ({each.path}) {each.reason}"
