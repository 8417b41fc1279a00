"""Published claims, re-run: the printed figure out of the model, then what it left out, step by step."""

from __future__ import annotations

from functools import cache

import streamlit as st

from charts import costs
from models.analysis.claims import claims
from models.analysis.claims.claims import Claim, Figure
from models.analysis.metrics.palette import CONFIDENCES
from models.analysis.words import unit_words
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value
from models.studies.study import Study
from views import session
from views.fields import remembered as fields
from views.figures import drawing, wording
from views.figures import written as figures

NEVER = "never"
HOLDS = {True: "yes", False: "no", None: "–"}
AS_PUBLISHED = "as published"


@cache
def _claim(name: str) -> Claim:
    """A claim that comes with the project; its files do not change while the app runs."""
    return claims.load(name)


@cache
def _steps(name: str) -> tuple[claims.Row, ...]:
    return claims.table(_claim(name))


@cache
def _reproduces(name: str) -> tuple[bool | None, ...]:
    return claims.reproduces(_claim(name))


def show() -> None:
    """Draw the choice of a claim, and all about it."""
    st.markdown(
        "Published comparisons, recomputed; then the omitted costs are added step by step, each with its source."
    )
    names = claims.names()
    try:
        name = fields.choice("claim", "Published claim", names, names[0], words=_title)
        _about(_claim(name))
        _reproduced(name)
        position = _which(_claim(name))
        _chart(name, position)
        _table(name, position)
        _numbers(name)
        _load(name)
    except StudyError as error:
        st.error(wording.problem(error.problems[0]), icon=":material/error:")


def _title(name: str) -> str:
    return _claim(name).study.fields.text("title") or name


def _about(claim: Claim) -> None:
    st.markdown(f"**{figures.plain(claim.claim)}**")
    # Not a caption: those are pale, and a link in one is too pale to read.
    st.markdown(
        f"Source: {_linked(claim.source, claim.url)}, {figures.plain(claim.as_of)}. {figures.plain(claim.inside)}"
    )


def _linked(text: str, url: str) -> str:
    address = figures.safe_link(url)
    return f"[{figures.plain(text)}](<{address}>)" if address else figures.plain(text)


# ------------------------------------------------------------------------------------------------------------- figures


def written(figure: Figure, value: float | None) -> str:
    """A figure of a claim without its unit; hours are counted whole, as the publications print them."""
    if value is None:
        return NEVER if figure.kind == "break_even_hours" else writer.NONE
    if figure.kind == "cost_share":
        return writer.share(value)
    if figure.unit == "h":
        return writer.count(value)
    return writer.unit_cost(value)


def unit(figure: Figure, study: Study) -> str:
    """The unit of a figure in words."""
    if figure.kind == "cost_share":
        return "share of the other's cost"
    if figure.kind == "cost_ratio":
        return "times"
    return unit_words(figure.unit.replace(study.currency, "money"), study.currency)


def _reproduced(name: str) -> None:
    """The printed figures beside those of the model."""
    claim = _claim(name)
    found = _steps(name)[0].before if claim.steps else claims.figures(claim)
    last = _steps(name)[-1].after if claim.steps else found
    rows = list(zip(claim.figures, found, _reproduces(name), last, strict=True))
    columns = {
        "Figure": [figure.label for figure, *_ in rows],
        "Printed": ["not printed" if f.printed is None else written(f, f.printed) for f, *_ in rows],
        "This model": [written(figure, value) for figure, value, _, _ in rows],
        "With all omissions added": [written(figure, value) for figure, _, _, value in rows],
        "Unit": [unit(figure, claim.study) for figure, *_ in rows],
        "Reproduced, within rounding": [HOLDS[holds] for _, _, holds, _ in rows],
    }
    drawing.table(columns, "Printed figures and those of this model", right=list(columns)[1:4])


def _which(claim: Claim) -> int:
    labels = [figure.label for figure in claim.figures]
    chosen = fields.choice(f"claim figure {claim.name}", "Figure shown step by step", labels, labels[0])
    return labels.index(chosen)


def _chart(name: str, position: int) -> None:
    claim, rows = _claim(name), _steps(name)
    figure = claim.figures[position]
    reached = [(AS_PUBLISHED, rows[0].before[position], False)]
    reached += [(row.step.title, row.after[position], _moves(row, position)) for row in rows]
    told = unit(figure, claim.study)
    found = costs.claim_steps(
        reached, figure.label, f"{told}, after each step", lambda v: written(figure, v), written(figure, None)
    )
    drawing.chart(found)


def _moves(row: claims.Row, position: int) -> bool:
    one, other = row.before[position], row.after[position]
    return one != other and (one is None or other is None or abs(one - other) > 1e-9 * max(abs(one), abs(other)))


# --------------------------------------------------------------------------------------------------------------- steps


def _table(name: str, position: int) -> None:
    """Every step: what was switched on, how sure its numbers are and where from, the figure before and after."""
    claim, rows = _claim(name), _steps(name)
    figure = claim.figures[position]
    told = unit(figure, claim.study)
    before, after = f"Before, {told}", f"After, {told}"
    columns = {
        "Step": [f"{number}. {row.step.title}" for number, row in enumerate(rows, start=1)],
        before: [written(figure, row.before[position]) for row in rows],
        after: [written(figure, row.after[position]) for row in rows],
        "Confidence": [", ".join(dict.fromkeys(_confidence(change.after) for change in row.changes)) for row in rows],
        "Switched on": ["; ".join(dict.fromkeys(map(_input, row.changes))) for row in rows],
        "Source": [" / ".join(dict.fromkeys(change.source for change in row.changes)) for row in rows],
    }
    drawing.table(columns, "What each step switches on and moves", right=[before, after])


def _input(change: claims.Change) -> str:
    """What an input is called: an item by its own name, anything else by its label."""
    at = address(change.path)
    return at.key if at.name == "amount" else change.label


def _confidence(value: Value) -> str:
    return CONFIDENCES[value.confidence or ""].label.lower()


def _numbers(name: str) -> None:
    """Why each step, and every input it sets, with its source to open."""
    box = st.expander("Why each step, and every number it sets", key=f"claim numbers {name}", on_change="rerun")
    if not box.open:
        return
    with box:
        for number, row in enumerate(_steps(name), start=1):
            st.markdown(f"**{number}\\. {figures.plain(row.step.title)}** {figures.plain(row.step.why)}")
            st.markdown("\n".join(f"- {_change(row.study, change)}" for change in row.changes))


def _change(study: Study, change: claims.Change) -> str:
    """One input: where, from what to what with its unit, how sure, from where."""
    was, now = (_in_words(study, change.path, value) for value in (change.before, change.after))
    told, sure = change.source, _confidence(change.after)
    lead = f"{wording.place(change.path)}: {was} → {now}" + ("" if told.startswith(sure) else f", {sure}")
    return f"{figures.plain(lead)}: {_linked(told, change.after.url or '')}"


def _in_words(study: Study, path: str, value: Value) -> str:
    """A value of an input with its unit."""
    number = value.value
    if not isinstance(number, int | float) or isinstance(number, bool):
        return "blank" if value.blank else writer.exact(number)
    each = study.input(path)
    entry, row = each.entry, each.place.row
    if row.table in schema.BASIS_UNITS and entry.name == "amount":
        return wording.amount_words(row.table, row.basis, float(number), study.currency)
    percent = wording.is_percent(entry)
    unit = wording.unit(entry.unit, study.currency)
    return writer.quantity(writer.as_typed(number, percent=percent), unit, study.currency)


def _load(name: str) -> None:
    """Go on from the claim with a study of one's own."""
    claim, rows = _claim(name), _steps(name)
    choices = {AS_PUBLISHED: claim.study}
    for number, row in enumerate(rows, start=1):
        choices[f"with steps 1 to {number}: {row.step.title}" if number > 1 else f"with step 1: {row.step.title}"] = (
            row.study
        )
    names = list(choices)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = fields.choice(f"claim from {name}", "Steps to include", names, names[-1])
        st.button(
            "Open as study",
            type="primary",
            icon=":material/file_open:",
            on_click=_loaded,
            args=(choices[chosen], f"Published claim: {_title(name)}, {chosen}"),
            key="load claim",
            help="Replaces the open study. Undo restores it.",
        )
    if session.origin().startswith(f"Published claim: {_title(name)}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: {wording.escaped(f'The study is now: {session.origin()}.')}")
            st.button("Undo", icon=":material/undo:", on_click=session.undo, key="undo claim")


def _loaded(study: Study, origin: str) -> None:
    try:
        session.load(study, origin)
    except StudyError as error:
        st.toast(wording.problem(error.problems[0]), icon=":material/error:")
