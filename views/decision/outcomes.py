"""Risk: how sure the answer is. What each option may cost, who is cheapest how often, what drives it, what to find out.

`show` draws it all; `sentence` serves other pages from a simulation that is at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from charts import risk
from charts.risk import Spread
from models.analysis.decision.decision import contenders, recommendation
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.reporting.findings import simulated
from models.analysis.risk import drivers, summary, told, worth
from models.analysis.risk.inputs import level_text
from models.analysis.risk.simulation import Simulation, simulate
from models.analysis.words import of_thousand
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import Result
from models.studies.inputs.problem import StudyError
from views import pages, session
from views.fields.remembered import choice, several
from views.figures import drawing, printed, wording, written
from views.figures import simulated as at_hand

T = TypeVar("T")
STOPPED, FIGURE, LIST, TOGETHER = "simulation stopped", "risk drivers of", "risk list", "risk know together"
GAP = "gap"
SHOWN = 8
PERCENTILES = (10, 50, 90)
# Information on a single input is drawn where it is worth this share of what is saved on average.
WORTH_DRAWING = 0.01
# A plan below the 20th or above the 80th percentile of its own simulation is said.
ONE_SIDED = 0.2


def run(result: Result) -> Simulation | None:
    """The simulation of the study as shown, run where it is not at hand; None where nothing is uncertain, or a range
    contradicts its value."""
    return at_hand.known() or _once("", lambda: simulated(result.study))


def unasked(result: Result) -> None:
    """Run the simulation once all else on a page stands, and draw the page again with it; nothing where it was stopped
    or cannot be run, or while the Export dialog is open, which the page drawn again would close."""
    if at_hand.known() is not None or session.found(STOPPED) or session.kept(pages.EXPORT, False):
        return
    try:
        _simulated(result)
    except StudyError:
        return
    st.rerun()


def sentence() -> str:
    """How sure the recommendation is, in one sentence; "" until a simulation was run and where nothing competes."""
    made = at_hand.known()
    return told.sure(made) if made else ""


def show(result: Result, pair: tuple[str, str] | None = None) -> None:
    """Draw the view: the simulation is run when it is first asked for, and kept until the study changes.

    `pair` are two options whose gap is looked at: the recommended and the next best where it is left out, and where one
    of the two does not compete.
    """
    made = _made(result)
    if made is None:
        return
    _sure(made)
    _distributions(made)
    two = _two(made, pair)
    _against(made, two)
    _chances(made)
    _drivers(made, two)
    _worth(made)
    _list(made)


# ----------------------------------------------------------------------------------------------------------- the run


def _once(what: str, job: Callable[[], T]) -> T:
    """What a job finds of the simulation, found once for the study as shown."""
    return session.once(at_hand.name(what), job)


def _made(result: Result) -> Simulation | None:
    """The simulation at hand, else run with its progress; None where it was stopped or cannot be run."""
    made = at_hand.known()
    if made is not None:
        return made
    if session.found(STOPPED):
        st.caption("The simulation was stopped.")
        if not st.button("Run the simulation", key="risk run"):
            return None
        session.renew_once(STOPPED)
    try:
        return _simulated(result)
    except StudyError as error:
        for problem in error.problems:
            st.error(written.plain(wording.problem(problem)), icon=":material/error:")
        return None


def _simulated(result: Result) -> Simulation:
    """The simulation, with its progress and a way to stop it. Raises StudyError where it cannot be run."""
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Simulating", width="stretch")
        st.button("Stop", key="risk stop", on_click=lambda: session.once(STOPPED, lambda: True))

    def progress(done: float) -> None:
        bar.progress(done, f"Simulating: {writer.share(done)}")

    try:
        return _once("", lambda: simulate(result.study, progress=progress))
    finally:
        place.empty()


# -------------------------------------------------------------------------------------------------------------- views


def _sure(made: Simulation) -> None:
    if said := told.sure(made):
        st.markdown(written.plain(said))
    else:
        st.markdown("Fewer than two options compete, so there is no order to be sure of.")
    high = summary.at_most(made, told.chosen(made))
    beneath = list(made.notices)
    if high is not None:
        cost = f"{made.study.currency} {writer.unit_cost(REQUESTS_PER_THOUSAND * high)}".strip()
        beneath.insert(0, f"With 90% probability it costs at most {cost} per 1,000 responses (90th percentile).")
    if beneath:
        st.caption(written.plain(" ".join(beneath)))
    stand = summary.standing(made, told.chosen(made))
    if stand is not None and not ONE_SIDED <= stand <= 1 - ONE_SIDED:
        side = "cheaper than" if stand < ONE_SIDED else "dearer than"
        share = writer.share(1 - stand if stand < ONE_SIDED else stand)
        printed.flag(
            f"The base case is {side} {share} of its own simulated outcomes: the ranges are not centred on it."
        )


def _distributions(made: Simulation) -> None:
    """What each option may cost, on one axis."""
    competing = (*made.competing, *(name for name in made.base.options if name not in made.competing))
    spreads = []
    for name in competing:
        figures = made.figures[name][RANKED_BY] * REQUESTS_PER_THOUSAND
        planned = made.base.options[name].number(RANKED_BY)
        note = "" if name in made.competing else "does not compete"
        if summary.summary(figures) is not None:
            spreads.append(Spread(name, figures, of_thousand(planned), note))
    if not spreads:
        return
    best = recommendation(made.base).winner
    unit = (
        f"{made.study.currency or 'money'} per 1,000 responses, present value. Bar: 10th to 90th percentile; line: 50th"
    )
    drawing.chart(risk.costs(spreads, best, "What each option may cost", f"{unit}; diamond: base case"))


def _two(made: Simulation, pair: tuple[str, str] | None) -> tuple[str, str] | None:
    """The two options whose gap is looked at; None where fewer than two of different cost compete."""
    if pair and set(pair) <= set(made.competing):
        return pair
    best, second = contenders(made.base)
    return (best.name, second.name) if best and second else None


def _against(made: Simulation, two: tuple[str, str] | None) -> None:
    """What one of the two may save against the other."""
    if two is None:
        return
    option, against = two
    figures = summary.saved(made, option, against)
    saving = made.planned[against] - made.planned[option]
    title = f"What {option} may save against {against}"
    drawing.chart(risk.saving(figures, saving, title, made.study.currency or "money", against))


def _chances(made: Simulation) -> None:
    """Percentiles, regret and how often each option beats each other."""
    if len(made.competing) < 2:
        return
    st.subheader("Who is cheapest, and what a wrong choice costs", anchor=False)
    first, regrets = summary.cheapest(made), summary.regrets(made)
    found = {name: summary.summary(made.figures[name][RANKED_BY]) for name in made.competing}
    costs = {
        p: [None if each is None else each.percentiles[p] * REQUESTS_PER_THOUSAND for each in found.values()]
        for p in PERCENTILES
    }
    decimals = writer.even_decimals([cost for each in costs.values() for cost in each])
    scale = writer.table_scale([figure for each in regrets.values() for figure in (each.mean, each.p90)])
    columns: dict[str, list[str | None]] = {"Option": list(made.competing)}
    for p, figures in costs.items():
        columns[f"P{p}"] = [writer.NONE if cost is None else writer.fixed(cost, decimals) for cost in figures]
    columns["Cheapest"] = [writer.share(first[name]) for name in made.competing]
    columns["Mean regret"] = [scale.text(regrets[n].mean) for n in made.competing]
    columns["P90 regret"] = [scale.text(regrets[n].p90) for n in made.competing]
    drawing.table(columns, "Cost per 1,000 responses, probability cheapest and regret", right=list(columns)[1:])
    st.caption(
        written.plain(
            f"Regret, {scale.unit(made.study.currency)}: what choosing the option costs above the cheapest of each "
            "outcome, in present value for the same responses. Options of equal cost share an outcome."
        )
    )
    beats = summary.beats(made)
    matrix: dict[str, list[str | None]] = {"Costs less than": list(made.competing)}
    for other in made.competing:
        matrix[other] = ["–" if name == other else writer.share(beats[name][other]) for name in made.competing]
    drawing.table(matrix, "How often the option of the row costs less than that of the column", right=made.competing)
    st.caption("How often the option of the row costs less than that of the column.")


def _drivers(made: Simulation, two: tuple[str, str] | None) -> None:
    st.subheader("What makes it uncertain", anchor=False)
    offered = [*([GAP] if two else []), *made.base.options]

    def words(which: str) -> str:
        if which == GAP and two:
            return f"Saving of {two[0]} against {two[1]}"
        return f"Present value of {which}"

    which = choice(FIGURE, "Of which figure", offered, offered[0], words=words)
    if which == GAP and two:
        found = _once(f"drivers of {two}", lambda: drivers.drivers(made, METRIC, *two))
    else:
        found = _once(f"drivers of {which}", lambda: drivers.drivers(made, METRIC, which))
    shares = [(each.name, each.share) for each in found[:SHOWN] if each.share > 0]
    if not shares:
        st.caption("No input with a range moves this figure.")
        return
    drawing.chart(risk.drivers(shares, "What drives it"))
    rest = sum(each.share for each in found) - sum(share for _, share in shares)
    method = drivers.method(made)
    st.caption(written.plain(f"Other inputs together: {writer.share(max(0.0, rest))}. Method: {method}."))


def _worth(made: Simulation) -> None:
    if len(made.competing) < 2:
        return
    st.subheader("What better information is worth", anchor=False)
    currency, whole = made.study.currency, worth.perfect(made)
    if not whole:
        st.markdown("Nothing: no outcome turns the order, so knowing more before choosing changes no choice.")
        return
    found = _once("worths", lambda: worth.worths(made))
    most = f"{writer.money(whole, currency)} (present value)"
    st.markdown(written.plain(told.known_everything(found, most, currency)))
    shown = [(each.name, each.worth) for each in found[:5] if each.worth > WORTH_DRAWING * whole]
    if shown:
        drawing.chart(risk.worths(shown, "Worth of knowing one input before choosing", currency or "money"))
    _together(made)


def _together(made: Simulation) -> None:
    """What it is worth to find several inputs out at once: those of the kind that is worth most, or others chosen."""
    names = {each.path: each.name for each in made.listed.inputs}
    kinds = _once("kinds", lambda: [worth.together(made, paths) for paths in worth.kinds(made)])
    usual = max(kinds, key=lambda each: each.worth).paths if kinds else ()
    chosen = several(
        TOGETHER,
        "Find out together",
        list(names),
        usual,
        "What one measurement, one study or one negotiation would settle at once.",
        words=names.__getitem__,
    )
    if chosen:
        found = _once(f"worth of {chosen}", lambda: worth.together(made, chosen))
        st.markdown(written.plain(told.known_before(found, made.study.currency)))


def _list(made: Simulation) -> None:
    """The list of what was drawn, and of what was held, when it is opened."""
    st.caption(
        written.plain(
            f"{writer.count(made.draws)} draws, seed {made.seed}. {told.method(made).split(';')[0]}. "
            f"{len(made.listed.inputs)} inputs are drawn, {len(made.listed.held)} with a range are held."
        )
    )
    if not st.toggle("Show the inputs that are drawn", key=LIST):
        return
    inputs = made.listed.inputs
    drawing.grid(
        {
            "Input": [each.name for each in inputs],
            "Low": [level_text(each.low) for each in inputs],
            "Base": [level_text(each.base) for each in inputs],
            "High": [level_text(each.high) for each in inputs],
            "Distribution": [told.distribution(each) for each in inputs],
            "Range": [each.source if each.origin == "proposed" else "stated" for each in inputs],
        },
        "Inputs that are drawn",
        right=("Low", "Base", "High"),
        height=400,
    )
    for each in made.listed.held:
        st.caption(written.plain(f"Not drawn: {each.label} {each.reason}."))
