"""Start: the answer of the study at hand, its options side by side, and other studies to go on with."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from files.limits import STUDY, file_name
from models.analysis.decision.decision import per_thousand, ranking, recommendation
from models.analysis.decision.favourable import favourable
from models.analysis.metrics.headlines import drivers_in_words
from models.analysis.metrics.measures import RANKED_BY
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
    _rests(result)
    _next()
    quick_start.show()
    st.header("Start from a template", anchor=False)
    _templates()
    st.header("Open a study file", anchor=False)
    _open()


def answer(result: Result) -> str:
    """The study's answer for Markdown, by the rule that holds everywhere: what to choose, what comes next, what drives
    the cost."""
    found = recommendation(result)
    if len(result.options) == 1:
        return _alone(next(iter(result.options.values())))
    # In bold the choice, or where there is none the first reason.
    chosen = len(found.unpriced) if found.winner else 0
    said = [f"**{each}**" if at == chosen else each for at, each in enumerate(map(written.plain, found.answer))]
    if found.winner is None:
        return " ".join(said)
    option = result.options[found.winner]
    return " ".join([*said, wording.escaped(drivers_in_words(option)), wording.escaped(_idle(option))]).strip()


def _alone(option: OptionResult) -> str:
    cost = per_thousand(option.number(RANKED_BY), option.study.currency)
    years = wording.years(option.study)
    said = f"**{wording.escaped(option.name)}: {wording.escaped(cost)} per 1,000 meaningful responses** over {years}."
    return " ".join([said, wording.escaped(drivers_in_words(option)), wording.escaped(_idle(option))]).strip()


def _rests(result: Result) -> None:
    """What is favourable to the option chosen and must be true, and why others may not be chosen."""
    found = recommendation(result)
    must = favourable(result.options[found.winner]) if found.winner else ()
    barred = [f"“{each.name}”: {each.why_not}." for each in ranking(result) if each.why_not and not each.missing]
    for title, sentences in (("What must be true", must), ("Not to be chosen as it stands", barred)):
        if sentences:
            st.markdown(f"**{title}**\n" + "\n".join(f"- {written.plain(each)}" for each in sentences))


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
    best = (recommendation(result).winner,)
    totals, unit = written.across("pv_cost", [option.number("pv_cost") for option in options], "money", currency)
    heads = (
        ("Cost per 1,000 meaningful responses", f"{currency}, discounted, same work"),
        ("All-in cost per million tokens", f"{currency}, lifetime"),
        (f"Total cost over {wording.years(result.study)}", f"{unit}, present value"),
        ("Share in use", "of the time paid for"),
    )
    columns = (
        [writer.unit_cost(_thousand(option.number(RANKED_BY))) for option in options],
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
