"""Inputs: every input of the study by section, with its source, and the headline figures in sight."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.studies import rewrite, sections
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.sections import Section
from models.studies.study import Option, Row
from views import session
from views.fields import forms
from views.fields.forms import Place
from views.fields.remembered import choice
from views.figures import wording
from views.inputs import currency, estimates, headline, places, rows, shapes, tariffs
from views.inputs.catalogue import pick
from views.inputs.tables import grids, matrix, paste_box

WHO_LABELS = {"finance": "Finance", "procurement": "Procurement", "engineering": "Engineering"}
# A heading over the fields of a table, where a section shows several.
HEADINGS = {
    "load_shape": "Load by the hour",
    "serving": "Model speed",
    "rental": "Rental terms",
    "lease": "Lease terms",
    "loan": "Loan terms",
    "api": "API prices",
}
GRIDS: dict[str, tuple[str, ...]] = {"capex": ("capex", "asset"), "opex": ("opex", "tier"), "energy": ("tariff",)}
GRID_HEADINGS = {
    "capex": "Purchases",
    "asset": "Assets",
    "opex": "Running costs",
    "tariff": "Tariff bands",
    "tier": "Price tiers",
}
MATRICES = ("capex", "opex")
# With more options than this a table of the items of all takes the room of the live result.
FEW = 3
Group = tuple[str, list[tuple[Field, list[Place]]]]


def show() -> None:
    """The page."""
    if _is_wide():
        left, middle = st.columns([1.15, 5.15], gap="medium")
        right = middle.container(key="wide")
    else:
        left, middle, right = st.columns([1.15, 3.4, 1.75], gap="medium")
    with left:
        section = _sections()
    with right:
        headline.draw()
    with middle:
        _body(section)


def _is_wide() -> bool:
    """Whether the items of many options stand side by side: the live result is then one line above them."""
    return session.kept("section", "") in MATRICES and rows.scope() is None and len(session.study().options) > FEW


def _sections() -> Section:
    """The choice of a section, with how well each is known, and of who can answer."""
    tallies = session.once("tallies", lambda: sections.tallies(session.study()))
    names = [each.name for each in sections.SECTIONS]
    current = session.kept("section", names[0])
    with st.container(key="sections"):
        st.radio(
            "Section",
            names,
            index=names.index(current),
            format_func=lambda name: sections.section(name).title,
            captions=[_tally(tallies[name]) for name in names],
            **session.bound("section", current),
        )
        chosen = session.kept("who", ())
        st.pills(
            "Owner",
            sections.WHO,
            selection_mode="multi",
            default=chosen,
            format_func=lambda who: WHO_LABELS[who],
            help="Show only inputs owned by this team.",
            **session.bound("who", chosen),
        )
    return sections.section(current)


def _tally(tally: sections.Tally) -> str:
    parts = [f"{tally.assumed} to confirm"] if tally.assumed else []
    parts += [f"{tally.missing} missing"] if tally.missing else []
    return ", ".join(parts)


# --------------------------------------------------------------------------------------------------------------- fields


def _body(section: Section) -> None:
    """The fields of a section: the basic ones, then the rest folded, then its tables."""
    _choices(section)
    with st.container(horizontal=True, vertical_alignment="center"):
        pick.show(section.name, rows.scope(), rows.workload())
        if section.name == "energy":
            tariffs.draw()
        if section.name == "serving":
            estimates.draw(rows.workload())
    groups = _groups(section)
    basic = _narrowed(groups, basic=True)
    rest = _narrowed(groups, basic=False)
    _fields(basic, section)
    if section.name == "workload":
        shapes.draw(rows.workload())
    if section.name == "serving" and chosen_without_rates() is not None:
        _offer_own_figures()
    if not basic and not rest and not _has_grid(section):
        st.caption(_nothing(section))
    if rest:
        number = sum(len(entries) for _, entries in rest)
        advanced = st.expander(f"Advanced ({number})", key=f"advanced {section.name}", on_change="rerun")
        if advanced.open:
            with advanced:
                _fields(rest, section)
    _grids(section)


def chosen_without_rates() -> str | None:
    """The option in view if it says nothing of the workload in view, as an API may."""
    chosen = rows.scope()
    if chosen is None or session.study().option(chosen).serving_for(rows.workload()) is not None:
        return None
    return chosen


def _offer_own_figures() -> None:
    st.button(
        f"Set model-specific figures for {wording.escaped(rows.workload())}",
        icon=":material/add:",
        key="own figures",
        on_click=_add_figures,
        help="Override token counts, success rate and latency for this option's model.",
    )


def _add_figures() -> None:
    study, chosen, workload = session.study(), rows.scope(), rows.workload()
    if chosen is not None:
        held = study.option(chosen).serving
        added = Row("serving", {"workload": Value(workload, set_by="you")})
        session.replace_study(rewrite.with_rows(study, chosen, "serving", (*held, added)))


def _grids(section: Section) -> None:
    """The tables of a section: the mix, and the items of the options in view."""
    study, chosen = session.study(), rows.scope()
    if section.name == "workload":
        table = st.expander("All workloads in one table", key="mix", on_change="rerun")
        if table.open:
            with table:
                _grid(grids.of_workloads(study), "Workloads")
    for table in GRIDS.get(section.name, ()):
        if chosen is None and table in MATRICES:
            st.header(GRID_HEADINGS[table], anchor=False)
            matrix.draw(table, f"{GRID_HEADINGS[table]} of all options")
            _item(table, study.options)
        elif chosen is None:
            st.caption(f"{GRID_HEADINGS[table]} differ by option. Pick one above.")
        else:
            option = study.option(chosen)
            path = joined("option", chosen)
            if sections.has_table(table, places.acquisition(option)):
                st.header(GRID_HEADINGS[table], anchor=False)
                _grid(grids.of_option(table, path, chosen, option.rows(table)), f"{GRID_HEADINGS[table]} of {chosen}")
                if table in MATRICES:
                    _item(table, [option])


def _has_grid(section: Section) -> bool:
    """Whether a table of the section is read by the options in view."""
    chosen = rows.scope()
    options = [option for option in session.study().options if chosen in (None, option.name)]
    tables = GRIDS.get(section.name, ())
    return any(sections.has_table(table, option.acquisition) for table in tables for option in options)


def _grid(target: grids.Target, alt: str) -> None:
    grids.draw(target, alt)
    paste_box.draw(target)


def _item(table: str, options: Sequence[Option]) -> None:
    """One item with its amount and source: for all options that have it, or for the one in view."""
    found: dict[str, list[Place]] = {}
    study = session.study()
    for option in options:
        for each in study.rows(table, study.position(option.name)):
            found.setdefault(each.row.text("name"), []).append(Place(option.name, each.path, each.row))
    if not found:
        return
    names = list(found)
    words = "Edit for all options" if len(options) > 1 else "Source of the item"
    current = choice(f"item {table}", words, names, names[0])
    where = [place for place in found[current] if place.row.text("basis") == found[current][0].row.text("basis")]
    forms.draw(schema.field(table, "amount"), where)


def _choices(section: Section) -> None:
    """What the fields are about: an option, a workload, or both."""
    if section.of_options:
        rows.pick_option()
    if section.name == "workload" or (section.name == "serving" and len(session.study().workloads) > 1):
        rows.pick_workload()


def _groups(section: Section) -> list[Group]:
    """The section's inputs by table, each with the places where it is read."""
    study, chosen = session.study(), rows.scope()
    found: list[Group] = []
    for table in places.tables_of(section.name, chosen):
        # The finance section has no choice of an option: loan terms stand there for all that have a loan.
        of_all = None if section.name == "finance" else chosen
        spots = places.spots(table, study, rows.workload())
        entries = [
            (entry, where)
            for entry in sections.fields(section.name, table)
            if (where := places.of_entry(entry, spots, of_all))
        ]
        if entries:
            found.append((table, entries))
    return found


def _narrowed(groups: Sequence[Group], *, basic: bool) -> list[Group]:
    """The basic inputs, or the others, of those that the chosen people can answer."""
    who = session.kept("who", ())
    kept = [
        (table, [pair for pair in entries if pair[0].basic == basic and (not who or pair[0].who in who)])
        for table, entries in groups
    ]
    return [(table, entries) for table, entries in kept if entries]


def _fields(groups: Sequence[Group], section: Section) -> None:
    """The fields one beneath another, under a heading for each table where there are several."""
    for table, entries in groups:
        heading = "Fleet" if (section.name, table) == ("serving", "option") else HEADINGS.get(table)
        if len(groups) > 1 and heading:
            st.header(heading, anchor=False)
        with st.container(gap="xsmall"):
            for entry, where in entries:
                if entry.name == "currency":
                    currency.draw(entry.label, wording.help_text(entry))
                else:
                    forms.draw(entry, where)


def _nothing(section: Section) -> str:
    """Why a section shows no field."""
    if session.kept("who", ()):
        return "No inputs for this owner in this section."
    return "Included in this option's price."
