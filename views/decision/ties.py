"""Where two options tie: over one input that is chosen, and over those that people bargain over or doubt."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts import decision
from charts.decision import STEP, TIE, TODAY, Along, Dot
from charts.vocabulary import Chart
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.named_input import decapitalised, subject
from models.analysis.sensitivity.target_words import as_target, in_words
from models.analysis.sensitivity.targets import Target, around, is_shared, saved_along
from models.analysis.words import sentence
from views.decision.case import BY_WORDS, Case, inputs
from views.fields.remembered import choice, switch
from views.figures import drawing, written

INPUT, MOVES = "decide input", "decide moves"
BOTH, ALONE = "both", "alone"
MOST_PRICES = 4
NO_RANGE, WITHIN, OUTSIDE = "no range known", "yes", "no"


def one(case: Case) -> None:
    """Draw the break-even of an input that can be chosen."""
    offered = case.once("inputs", lambda: inputs(case))
    words = {each.path: each.words for each in offered}
    usual = next(iter(candidates(case.option, case.against)), offered[0].path)
    path = choice(
        INPUT,
        "Input",
        list(words),
        usual,
        words=lambda path: words.get(path, path),
        help="Any numeric input of the two options that is not blank. Type to search.",
    )
    together = _moves_both(case, path)
    with st.spinner("Searching for break-evens …", show_time=False):
        found = case.tie(path, case.metric, together=together)
        low, high = around(found) if not found.fault else (0.0, 0.0)
        points = (
            []
            if found.fault
            else case.once(
                f"line by {case.metric} at {path} {found.both}", lambda: saved_along(case.study, found, low, high)
            )
        )
    _answer(case, found)
    if len(points) > 1:
        drawing.chart(_line(case, found, points))


def _moves_both(case: Case, path: str) -> bool:
    """Whether an input that both options hold alike moves in both, which is asked where there is a choice."""
    if not is_shared(case.study, path, *case.names):
        return True
    words = {BOTH: "In both", ALONE: f"In {subject(case.study, path).owner} only"}
    help = "Both options hold the same value from the same source, such as the electricity price of a shared site."
    return switch(MOVES, "Moves", words, BOTH, help) == BOTH


def _answer(case: Case, found: Target) -> None:
    """Where they tie, in words; today's value first."""
    varied = found.subject
    today = "blank" if varied.base is None else varied.written(varied.base, case.currency)
    first, *rest = in_words(found, case.currency)
    st.markdown(f"{written.plain(varied.name)}: plan **{written.plain(sentence(today))}** **{written.plain(first)}**")
    if rest:
        st.markdown(written.plain(" ".join(rest[:-1])))
        compared = f"Compared by {decapitalised(BY_WORDS[case.metric])}; everything else stays as it is."
        st.caption(written.plain(f"{rest[-1]} {compared}"))


def _line(case: Case, found: Target, points: Sequence[tuple[float, float]]) -> Chart:
    varied, times = found.subject, case.times(found.metric)
    points = [(value, times * saved) for value, saved in points]
    at = dict(points)
    along = Along.of(varied, [value for value, _ in points], case.currency)
    dots = []
    if varied.base in at:
        dots.append(Dot(TODAY, varied.base, at[varied.base], varied.number(varied.base)))
    for crossing in found.crossings:
        if points[0][0] <= crossing.low <= points[-1][0]:
            shown = varied.number(crossing.low)
            dots.append(Dot(TIE if crossing.tie else STEP, crossing.low, 0.0, shown))
    title = f"Saved by {case.option.name} against {case.against.name}, by {varied.plain_label}"
    return decision.gap(points, dots, along, case.names, title, case.unit(found.metric))


def several(case: Case) -> None:
    """Draw the table of what would have to change, searched input by input."""
    found = searched(case, case.metric)
    turning = sorted((each for each in found if each.crossings), key=lambda each: each.reach)
    rest = [each for each in found if not each.crossings]
    _summary(case, turning)
    _table(case, [*turning, *rest])
    st.caption(
        written.plain(
            f"Compared by {decapitalised(BY_WORDS[case.metric])}. One input moves at a time, a shared one in both "
            "options; nearest first. Target: nearest value at which the cheaper option changes. Range: as entered, "
            "else typical."
        )
    )


def searched(case: Case, metric: str) -> list[Target]:
    """The break-evens of the inputs worth looking at, told as they are searched for; each only once for a study."""
    paths = candidates(case.option, case.against)
    bar = st.empty()
    found = []
    for number, path in enumerate(paths):

        def tell(done: int = number) -> None:
            bar.progress(done / len(paths), text=f"Searching for break-evens: {done} of {len(paths)} inputs")

        found.append(case.tie(path, metric, tell))
    bar.empty()
    return found


def _summary(case: Case, turning: Sequence[Target]) -> None:
    """How many of the inputs can turn the order where they may defensibly lie, and the prices to bargain for."""
    likely = [each for each in turning if each.within_range]
    if not turning:
        st.markdown("**No break-even for any of these inputs.**")
        return
    if likely:
        number = f"{len(likely)} of these inputs make" if len(likely) > 1 else "One of these inputs makes"
        first = written.plain(likely[0].subject.name)
        st.markdown(f"**{number} the two break even within the range given; the nearest is {first}.**")
    else:
        st.markdown("**None of these inputs makes the two break even within its range.**")
    prices = [each for each in turning if each.subject.is_price][:MOST_PRICES]
    lines = [f"{each.subject.name}: {as_target(each, case.currency)}." for each in prices]
    if lines:
        st.markdown("\n".join(f"- {written.plain(line)}" for line in lines))


def _table(case: Case, found: Sequence[Target]) -> None:
    columns = {
        "Input": [each.subject.name for each in found],
        "Plan": [_plan(each) for each in found],
        "Target": [_target(each) for each in found],
        "Unit": [each.subject.unit_said(case.currency) for each in found],
        "Change": [_change(each) for each in found],
        "Then cheapest": [each.beyond or "" for each in found],
        "Within range": [_within(each) for each in found],
    }
    aligned = ["Plan", "Target"]
    drawing.table(columns, "Target prices and other break-evens", right=aligned)
    failed = [f"{each.subject.name} ({each.fault})" for each in found if each.fault]
    if failed:
        st.caption(written.plain(f"Not searched: {'; '.join(failed)}."))


def _plan(found: Target) -> str:
    base = found.subject.base
    return "blank" if base is None else found.subject.number(base)


def _target(found: Target) -> str:
    value = found.value
    if found.fault:
        return "not searched"
    if value is None:
        return "any value" if found.alike else "no value does"
    return found.subject.number(value)


def _change(found: Target) -> str:
    value = found.value
    if value is None:
        return ""
    step = "" if found.nearest is None or found.nearest.tie else ", a step"
    return f"{found.subject.distance(value)}{step}"


def _within(found: Target) -> str:
    if not found.crossings:
        return ""
    if found.subject.range is None:
        return NO_RANGE
    return WITHIN if found.within_range else OUTSIDE
