"""Start: the answer of the study at hand, its options side by side, and other studies to go on with."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from files.limits import STUDY, file_name
from models.analysis.decision.decision import per_thousand
from models.analysis.metrics.headlines import drivers_in_words
from models.analysis.metrics.measures import ahead
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult, Result
from models.studies import load as studies
from models.studies.problem import Problem, StudyError
from models.studies.study import Study
from store import library
from store.library import Template
from views import session
from views.figures import wording, written
from views.library import quick_start

RANKS = "levelised_cost_per_meaningful_response"
PER_RESPONSE = "cost_per_meaningful_response"
PER_MILLION = "lifetime_cost_per_million_output_tokens"
# Beyond these a file is no comparison that a person made, and would hold up everybody else's work.
MOST_OPTIONS, MOST_WORKLOADS, MOST_ROWS = 30, 50, 2000
MOST_PROBLEMS_SHOWN = 12
HARDLY_BUSY = 0.1


def show() -> None:
    """The page."""
    result = session.shown_result()
    st.title(wording.escaped(result.study.fields.text("title") or "Cost of AI inference"), anchor=False)
    st.markdown(answer(result))
    _warn()
    st.html(_table(result))
    _next()
    quick_start.show()
    st.header("Start from a template", anchor=False)
    _templates()
    st.header("Open a study file", anchor=False)
    _open()


def answer(result: Result) -> str:
    """The study's answer for Markdown: which option answers for the least, at what cost, and what drives it."""
    figures_by_name = {name: option.number(RANKS) for name, option in result.options.items()}
    best = ahead(figures_by_name, RANKS)
    if not best:
        return "No option gives an accepted answer yet, so that nothing can be compared."
    option = result.options[best[0]]
    cost = per_thousand(option.number(PER_RESPONSE), result.study.currency)
    lead = f"**{wording.escaped(best[0])}**" if len(result.options) == 1 else _lead(best, figures_by_name)
    years = wording.years(result.study)
    sentence = f"{lead}: **{wording.escaped(cost)} per 1,000 meaningful responses** over {years}."
    return " ".join([sentence, wording.escaped(drivers_in_words(option)), wording.escaped(_idle(option))]).strip()


def _lead(best: tuple[str, ...], ranked: dict[str, float | None]) -> str:
    """Which option comes first, and by how much."""
    names = " and ".join(f"**{wording.escaped(name)}**" for name in best)
    lowest = ranked[best[0]]
    others = {name: cost for name, cost in ranked.items() if name not in best and cost is not None}
    if not others or not lowest:
        return f"{names} {'answers' if len(best) == 1 else 'answer'} for the least"
    runner_up = min(others, key=lambda name: others[name])
    less = writer.share(1 - lowest / others[runner_up])
    verb = "answers" if len(best) == 1 else "answer"
    return f"{names} {verb} for the least, {less} below {wording.escaped(runner_up)} (discounted)"


def _idle(option: OptionResult) -> str:
    """A remark where most of what is paid for stands by."""
    used = option.number("used_share")
    if used is None or used >= HARDLY_BUSY:
        return ""
    return f"Its systems are only {writer.share(used)} busy."


def _warn() -> None:
    if session.stale():
        st.markdown(":red[:material/error: Some inputs are in error: these are the last good figures.]")
    if session.without_staff():
        st.markdown(":material/person_off: Without engineering time, as chosen on another page.")


def _table(result: Result) -> str:
    """One row an option: what an answer and a million tokens cost, the total, and how busy it is."""
    currency = html.escape(result.study.currency or "no currency")
    options = list(result.options.values())
    best = ahead({option.name: option.number(RANKS) for option in options}, RANKS)
    totals, unit = written.across("pv_cost", [option.number("pv_cost") for option in options], "money", currency)
    heads = (
        ("Cost per 1,000 meaningful responses", f"{currency}, lifetime"),
        ("All-in cost per million tokens", f"{currency}, lifetime"),
        (f"Total cost over {wording.years(result.study)}", f"{unit}, present value"),
        ("Share in use", "of the time paid for"),
    )
    columns = (
        [writer.unit_cost(_thousand(option.number(PER_RESPONSE))) for option in options],
        [writer.unit_cost(option.number(PER_MILLION)) for option in options],
        totals,
        [writer.share(option.number("used_share")) if option.values["has_fleet"] else "no fleet" for option in options],
    )
    cells = "".join(f'<th class="figure" scope="col">{title}<br><small>{unit}</small></th>' for title, unit in heads)
    rows = "".join(
        _row(option.name, texts, option.name in best)
        for option, texts in zip(options, zip(*columns, strict=True), strict=True)
    )
    return (
        '<div class="scrolled" tabindex="0" role="region" aria-label="Options"><table class="answers">'
        f'<thead><tr><th scope="col">Option</th>{cells}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _thousand(cost: float | None) -> float | None:
    return None if cost is None else REQUESTS_PER_THOUSAND * cost


def _row(name: str, texts: Sequence[str], is_best: bool) -> str:
    cells = "".join(f"<td>{html.escape(text)}</td>" for text in texts)
    return f'<tr class="{"best" if is_best else ""}"><th scope="row">{html.escape(name)}</th>{cells}</tr>'


def _next() -> None:
    """Where to go from here."""
    if session.can_undo():
        with st.container(horizontal=True):
            st.button("Undo", icon=":material/undo:", on_click=session.undo, shortcut="Ctrl+Z", key="undo")
            st.caption(f"From: {wording.escaped(session.origin())}")
    else:
        st.caption(
            f"From: {wording.escaped(session.origin())}. Change any input on the page Inputs and see what moves."
        )


# ----------------------------------------------------------------------------------------------------------- templates


def _templates() -> None:
    """The templates as cards, three in a row."""
    names = library.names()
    for first in range(0, len(names), 3):
        columns = st.columns(3)
        for column, name in zip(columns, names[first : first + 3], strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(name)


def _card(name: str) -> None:
    try:
        template = library.template(name)
    except StudyError as error:
        st.markdown(f"**{wording.escaped(name)}**")
        st.markdown(f":red[:material/error: {wording.problem(error.problems[0])}]")
        return
    st.markdown(f"**{wording.escaped(template.title)}**")
    st.caption(wording.escaped(template.decision))
    st.button(
        "Use it",
        key=f"template {name}",
        on_click=_use,
        args=(template,),
        help=f"Start from: {wording.escaped(template.title)}",
    )


def _use(template: Template) -> None:
    session.load(template.study, f"Template: {template.title}", keep=False)


# ---------------------------------------------------------------------------------------------------------------- files


def _open() -> None:
    key = session.seed("study file", None)
    st.file_uploader(
        f"Study file (TOML, up to {STUDY.megabytes} MB)",
        type="toml",
        key=key,
        max_upload_size=STUDY.megabytes,
        on_change=_opened,
        args=(key,),
        help="A file saved on the page Export, or written by hand.",
    )
    name, problems = session.kept("file problems", ("", ()))
    if not problems:
        return
    st.markdown(f":red[:material/error: **{wording.escaped(name)}** was not opened; the study above is as before.]")
    for found in problems[:MOST_PROBLEMS_SHOWN]:
        st.markdown(f"- {wording.problem(found)}")
    if len(problems) > MOST_PROBLEMS_SHOWN:
        st.markdown(f"- and {len(problems) - MOST_PROBLEMS_SHOWN} more")


def _opened(key: str) -> None:
    """Reads an uploaded file; a faulty one leaves everything as it is and says why."""
    uploaded = session.entered(key)
    if uploaded is None:
        session.keep("file problems", ("", ()))
        return
    name = file_name(uploaded.name)
    try:
        session.load(_bounded(studies.loads(uploaded.getvalue())), f"File: {name}")
    except StudyError as error:
        session.keep("file problems", (name, error.problems))
        return
    session.keep("file problems", ("", ()))
    session.renew("study file")


def _bounded(study: Study) -> Study:
    """The study, if it is of a size that people compare. Raises StudyError for a larger one."""
    rows = len(study.places)
    counts = (
        (len(study.options), MOST_OPTIONS, "options"),
        (len(study.workloads), MOST_WORKLOADS, "workloads"),
        (rows, MOST_ROWS, "rows in all its tables"),
    )
    for number, most, what in counts:
        if number > most:
            raise StudyError(
                [
                    Problem(
                        "",
                        None,
                        f"the file holds {writer.count(number)} {what}; this app takes up to {writer.count(most)}",
                    )
                ]
            )
    return study
