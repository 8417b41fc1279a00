"""Evidence: every input with its source, and what the cost rests on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from charts import costs
from models.analysis.decision.decision import WEAK
from models.analysis.decision.negotiation import expired
from models.analysis.metrics import palette
from models.analysis.metrics.coverage import Rests, by_confidence, rests
from models.analysis.sensitivity.named_input import subject
from models.notation import writer
from models.run.model import Result
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.value import Value
from models.studies.study import Study
from views import session
from views.figures import drawing, opened, printed, wording, written

EVERYTHING, SHARED, WORKLOADS = "Everything", "Study", "Workloads"
STATED = {confidence: tone.label for confidence, tone in palette.CONFIDENCES.items()}
MOST_LISTED = 6
LONGEST_TABLE = 16


@dataclass(frozen=True)
class Input:
    """One input as the table shows it. `share` is the part of the lifetime cost before resale that rests on it."""

    path: str
    owner: str
    where: str
    label: str
    value: Value
    shown: str
    bounds: tuple[str, ...]
    unit: str
    share: float | None


def show() -> None:
    """Draw the page."""
    result = session.shown_result()
    printed.flags([str(each) for each in expired(result.study, datetime.date.today())])
    _rests_on(result)
    _inputs(result)


# ---------------------------------------------------------------------------------------------- what the cost rests on


def _rests_on(result: Result) -> None:
    st.header("What the cost rests on", anchor=False)
    shares = {name: found for name, option in result.options.items() if (found := by_confidence(option))}
    if not shares:
        st.caption("No costs entered.")
        return
    drawing.chart(costs.confidence(shares))
    st.caption(
        "Cost is attributed to the price it scales with. Volumes, speeds and lives carry no price; they are listed "
        "below without a share."
    )
    name = session.option_name()
    names = list(shares)
    weakest = st.selectbox(
        "Least-supported prices of",
        names,
        index=names.index(name) if name in names else 0,
        width=400,
        key="evidence option",
    )
    found = [each for each in rests(result.options[str(weakest)]) if each.confidence in WEAK]
    if not found:
        st.markdown("No assumed prices in this option.")
        return
    _weakest(result, str(weakest), found)


def _weakest(result: Result, option: str, found: Sequence[Rests]) -> None:
    """The largest amounts on assumptions: what a quote would firm up most."""
    whole = sum(each.amount for each in rests(result.options[option]))
    largest = sorted(found, key=lambda each: each.amount, reverse=True)[:MOST_LISTED]
    money = result.study.currency or "money"
    scale = writer.table_scale([each.amount for each in largest])
    amount, share = f"Cost that rests on it, {scale.unit(money)}", "Share of the cost"
    columns = {
        "Price": [subject(result.study, each.path).label for each in largest],
        amount: [scale.text(each.amount) for each in largest],
        share: [writer.share(each.amount / whole) for each in largest],
        "Confidence": [STATED[each.confidence] for each in largest],
        "Note": [each.value.note or "" for each in largest],
    }
    drawing.table(columns, "Largest assumptions", right=[amount, share])


# ------------------------------------------------------------------------------------------------------- every input


def _inputs(result: Result) -> None:
    st.header("Every input", anchor=False)
    study = session.study()
    owners = [EVERYTHING, SHARED, WORKLOADS, *(option.name for option in study.options)]
    search, owner, confidence = st.columns([3, 2, 3], vertical_alignment="bottom")
    wanted = search.text_input(
        "Search", placeholder="pue, staff, arxiv ...", key="evidence search", icon=":material/search:"
    )
    of = owner.selectbox("Of", owners, key="evidence owner")
    stated = confidence.multiselect(
        "Confidence", list(STATED), format_func=STATED.__getitem__, placeholder="Any", key="evidence confidence"
    )
    defaults = st.toggle("Include defaults and blanks", key="evidence defaults")
    shares = _shares(result)
    found = [
        each
        for each in inputs(study, shares, defaults=defaults)
        if (of == EVERYTHING or each.owner == of)
        and (not stated or (each.value.confidence or "") in stated)
        and _matches(each, str(wanted or ""))
    ]
    st.caption(writer.number_of(len(found), "input"))
    if found:
        _table(found)


def _shares(result: Result) -> dict[str, float]:
    """The share of its own option's cost that rests on each price; a workload's prices serve every option: none."""
    found: dict[str, float] = {}
    for option in result.options.values():
        each_of = rests(option)
        whole = sum(each.amount for each in each_of)
        for each in each_of:
            if address(each.path).option:
                found[each.path] = each.amount / whole
    return found


def inputs(study: Study, shares: dict[str, float], *, defaults: bool) -> Iterator[Input]:
    """Every input of the study in the order of its file; those that nobody set only with `defaults`."""
    for place in study.places.values():
        row, at = place.row, address(place.path)
        owner = {"study": SHARED, "workload": WORKLOADS}.get(at.top, at.owner)
        inner = at.table if at.table != at.top else ""
        where = {"study": "Study", "workload": f"Workload: {at.owner}"}.get(
            at.top, " / ".join(part for part in (at.owner, inner, at.key) if part)
        )
        basis = row.basis
        for name, value in row.items():
            if not defaults and (value.set_by == "default" or value.blank):
                continue
            entry, path = schema.field(row.table, name), place.of(name)
            shown = "blank" if value.blank else opened.written(entry, value.value, basis)
            bounds = tuple(opened.written(entry, bound, basis) for bound in (value.low, value.high))
            unit = wording.unit(schema.unit(entry, basis), study.currency)
            yield Input(path, owner, where, entry.label, value, shown, bounds, unit, shares.get(path))


def _stated(value: Value) -> str:
    """Its confidence; for text and choices, which need none, only where it is given."""
    if value.confidence:
        return STATED[value.confidence]
    return "" if isinstance(value.value, str | bool) or value.blank else STATED[""]


def _matches(found: Input, wanted: str) -> bool:
    """Whether every word that is looked for stands somewhere in the row."""
    value = found.value
    said = (value.source, value.note, value.url, value.as_of, value.by)
    text = " ".join(part for part in (found.path, found.where, found.label, found.shown, *said) if part).casefold()
    return all(word in text for word in wanted.casefold().split())


def _table(found: Sequence[Input]) -> None:
    columns: dict[str, list[str | None]] = {
        "Input": [each.label for each in found],
        "Value": [each.shown for each in found],
        "Unit": [each.unit for each in found],
        "Where": [each.where for each in found],
        "Low": [each.bounds[0] for each in found],
        "High": [each.bounds[1] for each in found],
        "Confidence": [_stated(each.value) for each in found],
        "Source": [each.value.source or "" for each in found],
        "Link": [written.safe_link(each.value.url) for each in found],
        "Date": [each.value.as_of or "" for each in found],
        "Whose figure": [each.value.by or "" for each in found],
        "Share of cost": ["" if each.share is None else writer.share(each.share) for each in found],
        "Note": [each.value.note or "" for each in found],
        "Set by": [each.value.set_by for each in found],
    }
    text = st.column_config.TextColumn
    shares = "Of this option's cost before resale"
    drawing.grid(
        columns,
        "Every input with its source, date, confidence and note",
        configured={
            "Where": text("Where", width="medium"),
            "Input": text("Input", width=drawing.PINNED, pinned=True),
            "Value": text("Value", width=140),
            "Unit": text("Unit", width=150),
            "Source": text("Source", width="medium"),
            "Date": text("Date", width=90),
            "Link": st.column_config.LinkColumn("Link", display_text="open"),
            "Share of cost": text("Share of cost", alignment="right", help=shares),
            "Note": text("Note", width="large"),
        },
        right=["Low", "High"],
        height=600 if len(found) > LONGEST_TABLE else "content",
    )
