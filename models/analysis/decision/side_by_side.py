"""Options side by side: what was offered, whether targets are met, whether totals compare, and how they rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from models.analysis.metrics.measures import RANKED_BY, TIE
from models.analysis.metrics.same_work import Comparability, comparability, lacks
from models.analysis.words import listing, named
from models.notation import writer
from models.run.model import OptionResult, Result
from models.studies.inputs import schema
from models.studies.prices import missing_prices
from models.studies.study import Row

Met = Literal["yes", "no", "not measured", "no target"]
ALIKE = "the same"
# In place of a total that does not stand beside the others.
NOT_COMPARED = "not compared"


def reference(result: Result) -> OptionResult:
    """The option that the others are compared with: the study's, or its first."""
    named = result.study.fields.text("reference_option")
    return result.options.get(named) or next(iter(result.options.values()))


def quality_met(option: OptionResult) -> Met:
    """Whether the measured quality reaches its target in every workload."""
    return _met(option, {"quality": 1.0})


def latency_met(option: OptionResult) -> Met:
    """Whether time to first token and time per token stay within their targets in every workload."""
    return _met(option, {"ttft_ms": -1.0, "tpot_ms": -1.0})


def _met(option: OptionResult, signs: Mapping[str, float]) -> Met:
    """One "no" decides, then one target without a measurement; "no target" where nothing is asked for."""
    found = {_one(row, name, sign) for row in option.option.serving for name, sign in signs.items()}
    order: tuple[Met, ...] = ("no", "not measured", "yes")
    answers: list[Met] = [answer for answer in order if answer in found]
    return answers[0] if answers else "no target"


def _one(row: Row, name: str, sign: float) -> Met:
    target = row[schema.field("serving", name).target]
    if target.blank:
        return "no target"
    if row[name].blank:
        return "not measured"
    return "yes" if sign * (row.number(name) - float(target.value or 0.0)) >= 0 else "no"  # type: ignore[arg-type]


def months_in_words(option: OptionResult) -> str:
    """Months from the order to production."""
    months = option.option.fields.number("months_to_production")
    return "at once" if months == 0 else writer.months(months)


# -------------------------------------------------------------------------------------------------- may totals compare?


@dataclass(frozen=True)
class Footing:
    """Which options' totals may stand beside the reference's, and the sentences that say so."""

    against: str
    by_option: Mapping[str, Comparability]

    @property
    def comparable(self) -> tuple[str, ...]:
        """The options whose totals compare, the reference among them."""
        return tuple(name for name, found in self.by_option.items() if found.holds)

    def sentences(self) -> list[str]:
        """One sentence where all compare, else one for each reason why some do not."""
        others = {name: found for name, found in self.by_option.items() if name != self.against}
        held = list(dict.fromkeys(f.reason for f in others.values() if f.holds))
        said = [f"Totals are comparable: {listing(held)}."] if held and all(f.holds for f in others.values()) else []
        if held and not said:
            said = [f"Totals are comparable for {named(self.comparable)}: {listing(held)}."]
        return said + [
            f"Totals of {named([name, self.against])} are not comparable: {found.reason}."
            for name, found in others.items()
            if not found.holds
        ]


def footing(result: Result, against: OptionResult | None = None) -> Footing:
    """Whether totals, not only unit costs, may be compared with those of `against`, by default the reference."""
    against = against or reference(result)
    same = Comparability(True, "reference option")
    return Footing(
        against.name,
        {name: same if o is against else comparability(o, against) for name, o in result.options.items()},
    )


# ----------------------------------------------------------------------------------------------------------- the order


def order(result: Result, line: str = RANKED_BY) -> list[tuple[str, float]]:
    """The options with a figure and all their prices, cheapest first."""
    figures = [(name, option.number(line)) for name, option in result.options.items() if not lacks(option)]
    return sorted(((name, figure) for name, figure in figures if figure is not None), key=itemgetter(1))


def more_or_less(ours: float, theirs: float) -> str:
    """How one cost stands to another: "12% less", "the same"; no share of a cost that is not above 0."""
    gap = ours - theirs
    if abs(gap) <= TIE * max(abs(ours), abs(theirs)):
        return ALIKE
    share = f"{writer.share(abs(gap) / theirs)} " if theirs > 0 else ""
    return f"{share}{'less' if gap < 0 else 'more'}"


def tied(ranked: list[tuple[str, float]]) -> list[list[str]]:
    """The names in groups of the same figure, cheapest first."""
    groups: list[list[str]] = []
    last = 0.0
    for name, figure in ranked:
        if groups and figure - last <= TIE * abs(figure):
            groups[-1].append(name)
        else:
            groups.append([name])
        last = figure
    return groups


def _electricity_left_out(option: OptionResult) -> Iterator[str]:
    """What own or leased hardware lacks for its electricity to be counted."""
    if not option.values["is_held"]:
        return
    if option.option.fields["system_power_load_w"].blank:
        yield "gives no power of its systems: their electricity counts as nothing."
    elif option.option.fields["electricity_price"].blank and not option.option.tariffs:
        yield "gives no electricity price: its electricity counts as nothing."
    free = [row.text("name") for row in option.option.tariffs if not row.given("price")]
    if free:
        yield f"gives no price of {named(free)}: electricity in these hours counts as nothing."


def _amounts_left_out(option: OptionResult) -> Iterator[str]:
    """Items that nobody gave an amount, but those for want of which the option is not ranked."""
    lacking = missing_prices(option.study, option.option)
    places = (p for table in ("capex", "opex") for p in option.study.rows(table, option.study.position(option.name)))
    free = [p.row.text("name") for p in places if not p.row.given("amount") and p.of("amount") not in lacking]
    if free:
        yield f"gives no amount of {named(free)}: it counts as nothing."


def cautions(result: Result) -> list[str]:
    """What a reader must know before trusting the order: targets missed, not measured or not set, work not served."""
    said = []
    for name, option in result.options.items():
        if quality_met(option) == "no":
            said.append(f"{named([name])} misses its quality target, so it is not the same service.")
        if latency_met(option) == "no":
            said.append(f"{named([name])} misses its latency target; its speeds are throughput, not goodput.")
        shares = [share for share in option.years("peak_served_share") if share is not None]
        if shares and min(shares) < 1 - TIE:
            said.append(f"{named([name])} serves {writer.share(min(shares))} of the peak in time in its tightest year.")
        left_out = (*_electricity_left_out(option), *_amounts_left_out(option))
        said += [f"{named([name])} {missing}" for missing in left_out]
    for what, met in (("quality", quality_met), ("latency", latency_met)):
        unknown = [name for name, option in result.options.items() if met(option) == "not measured"]
        if unknown:
            verb = "has" if len(unknown) == 1 else "have"
            said.append(f"{named(unknown)} {verb} a {what} target but no measurement.")
        without = [name for name, option in result.options.items() if met(option) == "no target"]
        if without and len(without) < len(result.options):
            verb = "has" if len(without) == 1 else "have"
            said.append(f"{named(without)} {verb} no {what} target, unlike the others: it may be another service.")
    return [*said, *_without_staff(result), *_accepted_unequally(result)]


def _without_staff(result: Result) -> Iterator[str]:
    """Options that keep their service level without anybody, beside others that pay for it: most published costs do."""
    free = [name for name, option in result.options.items() if not any(option.values["staff"])]
    if free and len(free) < len(result.options):
        verb = "has" if len(free) == 1 else "have"
        yield f"{named(free)} {verb} no staff cost, unlike the others: somebody keeps it running all the same."


# From this gap of the shares accepted on it is said that what is not accepted has no price.
ACCEPTED_GAP = 0.01


def _accepted_unequally(result: Result) -> Iterator[str]:
    """Where options differ in what is accepted, and what is not accepted costs nothing."""
    if all(row.number("escalation_cost") > 0 for row in result.study.workloads):
        return
    shares = {
        name: responses / served
        for name, option in result.options.items()
        if (served := option.number("lifetime_served_requests"))
        and (responses := option.number("meaningful_responses"))
    }
    if shares and max(shares.values()) - min(shares.values()) > ACCEPTED_GAP:
        most, least = (pick(shares, key=lambda name: shares[name]) for pick in (max, min))
        yield (
            f"{named([most])} has {writer.share(shares[most])} of its requests accepted, {named([least])} "
            f"{writer.share(shares[least])}: what is not accepted costs nothing unless escalation to staff has a cost."
        )
