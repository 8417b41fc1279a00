"""The decision brief: one page of words for whoever must recommend an option, every figure computed from the study.

What is cheapest and by how much, why, what must be true, what would turn the order, and what rests on assumptions. The
recommendation is that of `models.analysis.decision`; a brief on another pair of options says how the two stand to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from models.analysis.decision.bridge import INTERIM, Bar, Bridge, bridge
from models.analysis.decision.decision import WEAK, WORDS, called, per_thousand, ranking, recommendation
from models.analysis.decision.difference import Difference, after, difference
from models.analysis.decision.side_by_side import months_in_words, more_or_less, order, reference
from models.analysis.metrics.coverage import rests
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.palette import COSTS
from models.analysis.metrics.same_work import beside, comparability, without_price
from models.analysis.risk.simulation import Simulation
from models.analysis.risk.told import in_brief
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.named_input import Subject, subject
from models.analysis.sensitivity.targets import Target, target
from models.analysis.words import listing, named
from models.finance.flows import Payback
from models.notation import writer
from models.run.model import OptionResult, Result
from models.studies.ranges import Origin
from models.studies.study import Row

UNSERVED = "Unserved requests"
# A bar below this share of all movement is not worth a sentence; nor is a break-even that lies outside the input's
# range and further away than this multiple of what the input is now.
WORTH_SAYING, FURTHEST = 0.03, 1.0
MOST_BARS, MOST_FLIPS, MOST_NAMED = 4, 6, 4
WHOSE_RANGE: dict[Origin, str] = {
    "stated": "range given for it",
    "proposed": "range proposed for it",
    "usual": "typical range",
}


@dataclass(frozen=True)
class Brief:
    """Plain sentences by subject, for a page or a sheet. What a user typed (names, notes) stands in them as typed."""

    title: str
    decision: str
    recommendation: tuple[str, ...]
    why: tuple[str, ...]
    conditions: tuple[str, ...]
    flips: tuple[str, ...]
    assumptions: tuple[str, ...]
    caveats: tuple[str, ...]
    sure: tuple[str, ...] = ()
    unsettled: str = ""  # the two options as a sentence names them, where none is recommended

    def sections(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The headings in the order of reading, each with its sentences; none that has nothing to say."""
        for name, heading in HEADINGS:
            if sentences := getattr(self, name):
                yield self.turning if name == "flips" else heading, sentences

    @property
    def turning(self) -> str:
        """The heading of what would change: the recommendation, or without one the order of the two options."""
        return dict(HEADINGS)["flips"] if not self.unsettled else f"What would change the order of {self.unsettled}"


HEADINGS: tuple[tuple[str, str], ...] = (
    ("recommendation", "Recommendation"),
    ("sure", "How sure it is"),
    ("why", "Why"),
    ("conditions", "What must hold"),
    ("flips", "What would change the recommendation"),
    ("assumptions", "Evidence"),
    ("caveats", "Notes and limits"),
)


def pair(result: Result) -> tuple[str, str] | None:
    """The options that the decision is between: the recommended one and the next best. None for a single option.

    Without a recommendation it is the two that cost least per response; without a next best, the reference.
    """
    found, base = recommendation(result), reference(result).name
    ranked = [name for name, _ in order(result)]
    in_turn = dict.fromkeys(
        (found.winner, found.runner_up, *([base] if found.winner else ()), *ranked, *result.options)
    )
    names = [name for name in in_turn if name is not None]
    return (names[0], names[1]) if len(names) > 1 else None


def brief(
    result: Result,
    option: str | None = None,
    against: str | None = None,
    *,
    targets: Sequence[Target] | None = None,
    reasons: Bridge | None = None,
    simulated: Simulation | None = None,
) -> Brief:
    """The brief on `option` against `against`, by default on the recommended option against the next best.

    `targets` (break-evens in the figure that ranks) and `reasons` (the bridge) of the same two options spare looking
    for them here, which takes a second or so; what would bring a further option ahead is searched for here. How sure it
    is stands in it where the study is `simulated`. Raises StudyError for an unknown option.
    """
    usual = pair(result)
    option = option or (usual[0] if usual else next(iter(result.options)))
    against = against or (next((n for n in reversed(usual) if n != option), None) if usual else None)
    for name in filter(None, (option, against)):
        result.study.option(name)
    about = _About(result, result.options[option], result.options[against] if against else None)
    fields = result.study.fields
    return Brief(
        title=fields.text("title") or "Decision brief",
        decision=fields.text("decision"),
        recommendation=tuple(_recommended(about)),
        why=tuple(_why(about, reasons)),
        conditions=tuple(_conditions(about)),
        flips=tuple(_flips(about, targets)),
        assumptions=tuple(_assumptions(about)),
        caveats=tuple(_caveats(about)),
        sure=tuple(in_brief(simulated, option, against)) if simulated else (),
        unsettled="" if recommendation(result).winner else named([name for name in (option, against) if name]),
    )


@dataclass(frozen=True)
class _About:
    """What a brief is about: the run, the option, what it is held against (None where there is no other)."""

    result: Result
    ours: OptionResult
    theirs: OptionResult | None

    @property
    def currency(self) -> str:
        return self.result.study.currency

    def money(self, amount: float) -> str:
        """The one amount of a sentence: "USD 769k", "USD 1.85m"."""
        return writer.money(amount, self.currency)


def explained(option: OptionResult, against: OptionResult) -> Bridge:
    """The bridge between two options that may be shown; its bars add up to the difference.

    In present value where totals compare, else by kind of cost in discounted cost per response. Raises ValueError where
    neither may be shown, since an option has no response.
    """
    if beside(option, against).holds:
        return bridge(option, against)
    start, end = against.number(RANKED_BY), option.number(RANKED_BY)
    if start is None or end is None:
        raise ValueError("one of the options has no accepted response: there is no cost of one to compare")
    ours, theirs = _per_response(option), _per_response(against)
    labels = {kind: cost.label for kind, cost in COSTS.items()} | {INTERIM: UNSERVED}
    bars = tuple(Bar(kind, label, ours[kind] - theirs[kind]) for kind, label in labels.items())
    return Bridge(option.name, against.name, RANKED_BY, start, end, bars, False)


def can_explain(option: OptionResult, against: OptionResult) -> bool:
    """Whether there is a bridge between two options that may be shown."""
    known = None not in (option.number(RANKED_BY), against.number(RANKED_BY))
    return not without_price(option, against) and (known or comparability(option, against).holds)


def _per_response(option: OptionResult) -> dict[str, float]:
    """The cost tree and unserved requests in present value over that of all responses: together what ranks."""
    amounts = option.table("pv_cost_tree") | {INTERIM: option.values["pv_interim_cost"]}
    return {kind: amount / option.values["pv_all_responses"] for kind, amount in amounts.items()}


def bar_label(bar: Bar) -> str:
    """A bar of a bridge in plain words."""
    return UNSERVED if bar.name == INTERIM else bar.label


def searched(option: OptionResult, against: OptionResult) -> tuple[Target, ...]:
    """The break-evens, in the figure that ranks, of the inputs worth looking at between two options."""
    names = option.name, against.name
    return tuple(target(option.study, path, *names, RANKED_BY) for path in candidates(option, against))


# -------------------------------------------------------------------------------------------------------- what and why


def _recommended(about: _About) -> Iterator[str]:
    found = recommendation(about.result)
    yield from found.reasons
    if about.theirs is None:
        return
    if (about.ours.name, about.theirs.name) != (found.winner, found.runner_up):
        yield _held_against(about, about.theirs)
    yield from _saved(about, about.theirs)


def _held_against(about: _About, other: OptionResult) -> str:
    """How the two options of this brief stand to each other by the figure that ranks."""
    one, two = _quoted(about.ours.name), _quoted(other.name)
    ours, theirs = about.ours.number(RANKED_BY), other.number(RANKED_BY)
    if lacking := without_price(about.ours, other):
        return f"This brief compares {one} with {two}, but not their costs: {lacking}."
    if ours is None or theirs is None:
        return f"This brief compares {one} with {two}; one of them has no cost per meaningful response."
    how = more_or_less(ours, theirs)
    return f"This brief compares {one} with {two}: {how} per 1,000 responses."


def _saved(about: _About, other: OptionResult) -> Iterator[str]:
    one, two = _quoted(about.ours.name), _quoted(other.name)
    footing = beside(about.ours, other)
    if not footing.holds:
        yield f"Totals of {one} and {two} are not comparable: {footing.reason}."
        return
    found = difference(about.ours, other)
    if found.is_nothing:
        yield f"{one} and {two} have the same cash flows."
        return
    yield f"In present value {one} {_what_it_saves(about, found)} against {two}: {footing.reason}."
    if about.result.study.tax_rate:
        taxed = difference(about.ours, other, after_tax=True)
        yield f"After tax it {_what_it_saves(about, taxed, ' of the cost after tax')}."
        before = ", before tax"
    else:
        before = ""
    paid, later = (_payback(found, each) for each in (found.payback, found.discounted_payback))
    told = f"{paid} (also discounted)" if paid == later else f"{paid}; of discounted payments: {later}"
    yield f"Payback: {told}{before}."


def _what_it_saves(about: _About, found: Difference, whole: str = "") -> str:
    share = "" if found.share is None else f" ({writer.share(abs(found.share))}{whole})"
    amount = about.money(abs(found.npv)) + share
    return f"saves {amount}" if found.npv >= 0 else f"costs {amount} more"


def _payback(found: Difference, paid: Payback) -> str:
    when = after(paid.years, rests_on_resale=found.rests_on_resale(paid))
    return f"{when}, but the balance turns negative again later" if paid.turns_negative_again else when


def _why(about: _About, given: Bridge | None) -> Iterator[str]:
    """What makes the difference, the largest bars of the bridge."""
    if about.theirs is None or not can_explain(about.ours, about.theirs):
        return
    found = given or explained(about.ours, about.theirs)
    one, two = _quoted(found.option), _quoted(found.against)
    in_total = found.metric != RANKED_BY

    def written(amounts: Sequence[float]) -> list[str]:
        return (
            writer.amounts(amounts, about.currency) if in_total else [per_thousand(a, about.currency) for a in amounts]
        )

    basis = "In present value" if in_total else "Discounted, per 1,000 responses"
    ours, theirs = written([found.end, found.start])
    yield f"{basis}, {one} costs {ours}, {two} {theirs}."
    moved = sum(abs(bar.amount) for bar in found.bars)
    told = sorted((b for b in found.bars if abs(b.amount) > WORTH_SAYING * moved), key=_size, reverse=True)
    left = sum(bar.amount != 0 for bar in found.bars)
    for word, way in (("less", -1), ("more", 1)):
        bars = [bar for bar in told if way * bar.amount > 0][:MOST_BARS]
        sizes = written([abs(bar.amount) for bar in bars])
        parts = [f"{bar_label(bar)} {size}" for bar, size in zip(bars, sizes, strict=True)]
        left -= len(parts)
        if parts:
            yield f"{one} costs {word} for: {listing(parts)}."
    if found.by_inputs and told:
        small = " with the smaller ones" if left else ""
        how = "Contribution of each group of inputs (Shapley average)"
        yield f"{how}; together{small} they add up to the difference."


def _quoted(name: str) -> str:
    return f"\u201c{name}\u201d"


def _size(bar: Bar) -> float:
    return abs(bar.amount)


# ------------------------------------------------------------------------------------- what must be true, what turns it


def _conditions(about: _About) -> Iterator[str]:
    found, ours = recommendation(about.result), about.ours
    if found.winner == ours.name:
        yield from found.conditions
    demands = listing([_demand(row) for row in about.result.study.workloads])
    yield f"Demand meets plan: {demands.removesuffix('.')}."
    served, months = ours.number("served_share"), months_in_words(ours)
    start = "at once" if months == "at once" else f"{months} after the first payment"
    of_it = "" if served is None or served > 1 + writer.SMALLEST else " of the demand"
    share = "" if served is None else f" and serves {writer.of_demand(served)}{of_it}"
    yield f"{_quoted(ours.name)} goes live {start}{share}."
    used = ours.number("used_share") if ours.values["has_fleet"] else None
    if used is not None:
        idle = about.money(ours.values["idle_cost"])
        yield f"{writer.share(used)} of its paid capacity is used; idle capacity costs {idle}."
    # Of the option recommended it stands among the conditions.
    for option in filter(None, (None if found.winner == ours.name else ours, about.theirs)):
        owed = option.number("commitment_beyond_horizon")
        if owed:
            name = _quoted(option.name)
            yield f"{name} leaves {about.money(owed)} of obligations after the study period, not in any total."


def _demand(workload: Row) -> str:
    growth = workload.number("demand_growth")
    change = "" if not growth else f" {'growing' if growth > 0 else 'shrinking'} by {writer.rate(abs(growth))}"
    return (
        f"{_quoted(workload.text('name'))} {writer.count(workload.number('requests_per_day'))} requests a day{change}"
    )


def _flips(about: _About, given: Sequence[Target] | None) -> Iterator[str]:
    """The nearest break-evens, those within the range of their input first; then what turns nothing.

    Every other option is searched against ours: one further behind may be nearer to turning it.
    """
    if about.theirs is None:
        yield "There is no other option, so nothing would change the order."
        return
    if lacking := without_price(about.ours, about.theirs):
        yield f"Not searched: {lacking}."
        return
    pair = searched(about.ours, about.theirs) if given is None else given
    found = (*pair, *(each for other in _further(about) for each in searched(about.ours, other)))
    turning = [t for t in found if t.beyond and t.now and t.beyond != t.now]
    near = sorted((t for t in turning if t.within_range or t.reach <= FURTHEST), key=attrgetter("rank"))
    nearest_of_input = {each.subject.name: each for each in reversed(near)}
    for each in [each for each in near if nearest_of_input[each.subject.name] is each][:MOST_FLIPS]:
        yield _flip(about, each)
    if not near:
        yield "No single input tested changes the order within its range, or within twice its planned value."
    # By its label: shared with one option an input may be another's own, and turn the order against that one.
    tied = {t.subject.label for t in found if t.fault or t.crossings}
    still = list(dict.fromkeys(t.subject.name for t in found if t.subject.label not in tied))
    if still:
        more = f" and {len(still) - MOST_NAMED} more" if len(still) > MOST_NAMED else ""
        shown = f"{'; '.join(still[:MOST_NAMED])}{more}"
        yield f"No value of these alone changes it: {shown}."


def _further(about: _About) -> Iterator[OptionResult]:
    """The options beside the two of the brief that do the same work at prices known, where ours is recommended."""
    if about.theirs and about.ours.name == recommendation(about.result).winner:
        two = (about.ours.name, about.theirs.name)
        for each in ranking(about.result):
            if each.compares and each.name not in two:
                yield about.result.options[each.name]


def _flip(about: _About, found: Target) -> str:
    value, varied = found.value, found.subject
    assert value is not None and varied.base is not None and found.beyond
    place = varied.written(value, about.currency)
    distance = varied.distance(value)
    plan = ", ".join(filter(None, (f"plan {varied.number(varied.base)}", distance)))
    beyond = f"{'above' if value >= varied.base else 'below'} this, {_quoted(found.beyond)} is cheaper"
    origin = varied.range.origin if varied.range else "usual"
    likely = f" Within the {WHOSE_RANGE[origin]}." if found.within_range else ""
    return f"{varied.name} at {place} ({plan}): {beyond}.{likely}"


# ----------------------------------------------------------------------------------------------- how sure, what to know


def _assumptions(about: _About) -> Iterator[str]:
    for option in filter(None, (about.ours, about.theirs)):
        found = rests(option)
        whole = sum(each.amount for each in found)
        weak = sorted((e for e in found if e.confidence in WEAK), key=lambda e: e.amount, reverse=True)
        if not whole or not weak:
            continue
        amount = writer.share(sum(each.amount for each in weak) / whole)
        largest = [_price(about, each.path, each.amount / whole) for each in weak[:MOST_NAMED]]
        yield WORDS["assumed"].format(assumed=amount, winner=called(option.name))
        yield f"The largest of them: {listing(largest)}."
    assumed = [s for s in _besides_prices(about) if s.value.confidence in ("assumed", None)]
    if assumed:
        parts = [f"{s.name} {s.written(s.base or 0.0, about.currency)}" for s in assumed]
        yield f"Other assumptions: {'; '.join(parts)}."


def _price(about: _About, path: str, share: float) -> str:
    varied = subject(about.result.study, path)
    return f"{varied.label} at {varied.written(varied.base or 0.0, about.currency)} ({writer.share(share)})"


def _besides_prices(about: _About) -> Iterator[Subject]:
    """The inputs looked at for a break-even that somebody set and that are neither prices nor the years chosen."""
    for path in candidates(about.ours, about.theirs) if about.theirs else ():
        found = subject(about.result.study, path)
        priced = "money" in found.unit or found.entry.table in ("study", "capex", "opex")
        if found.base is not None and found.value.set_by != "default" and not priced:
            yield found


def _caveats(about: _About) -> Iterator[str]:
    study = about.result.study
    yield from recommendation(about.result).caveats
    yield from (f"Check fails: {check.name} ({check.detail})." for check in about.result.checks if not check.holds)
    basis = "nominal and, unless they say otherwise, before tax"
    rate = writer.rate(study.discount_rate)
    yield f"Figures are {basis}, over {writer.years(study.horizon)}; the discount rate is {rate}"
    yield "Break-evens change one input at a time; a shared input changes in both options."
    note = study.fields.text("note").strip()
    if note:
        yield f"Note on the study: {note}"


# ------------------------------------------------------------------------------------------------------------ Markdown

# What would mean something to Markdown, HTML or a formula; and what would at the beginning of a line.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~$&])")
_LEADING = re.compile(r"^([-+=]|\d+(?=[.)](\s|$)))")


def as_markdown(found: Brief) -> str:
    """The brief as a Markdown file; nothing in names or notes acts as a mark, a link or HTML."""
    parts = [f"# {escaped(found.title)}"]
    if found.decision:
        parts.append(f"**Decision:** {escaped(found.decision)}")
    for heading, sentences in found.sections():
        parts.append(f"## {heading}\n\n" + "\n".join(f"- {escaped(sentence)}" for sentence in sentences))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text on one line in which nothing is a Markdown mark."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _LEADING.sub(_unmarked, line)


def _unmarked(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
