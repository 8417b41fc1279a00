"""Fills inputs from the catalogue: a searchable list of facts, what one of them would change, and rows of one's own.

Nothing is set before every change is shown, old and new; what is set carries the row's source, date and confidence.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from models.catalogue import fill as catalogues
from models.catalogue import physics
from models.catalogue.fill import TABLES, Entry, Fill, Places
from models.notation import writer
from models.studies import sections
from models.studies.change import replace_all
from models.studies.inputs import schema
from models.studies.inputs.paths import address, joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.study import Option, get
from views import session
from views.figures import drawing, typed, wording, written
from views.inputs.catalogue import own
from views.inputs.catalogue import words as catalogue_words

# The tables whose rows fill inputs of a section, the likeliest first.
SECTION_TABLES: dict[str, tuple[str, ...]] = {
    "workload": ("workloads",),
    "serving": ("serving", "latency_targets"),
    "capex": ("systems", "facility", "finance", "tax_schedules"),
    "opex": ("rental_prices", "api_prices", "facility", "finance"),
    "energy": ("electricity", "facility", "systems"),
    "finance": ("finance", "tax_schedules"),
}
ENTRY = "catalogue"
ALL = "All options that read it"
# Facts that hold for every option at one place, or that nobody would set apart; a price or a power is one product's.
OF_A_SITE = ("electricity", "facility", "finance")
# So many rows are shown whole; more scroll.
SHORT = 7


def show(section: str, option: str | None, workload: str) -> None:
    """A button that opens the list for a section of the inputs; nothing where the catalogue fills none of them.

    `option` is the option in view (None: all of them; one is then asked for), `workload` the workload in view.
    """
    if section not in SECTION_TABLES:
        return
    if st.button("Fill from catalogue", icon=":material/library_books:", type="tertiary", key="catalogue open"):
        _dialog(section, option, workload)


@st.dialog("Fill from catalogue", width="large", icon=":material/library_books:")
def _dialog(section: str, option: str | None, workload: str) -> None:
    if body(section, option, workload):
        st.rerun()


def body(section: str, option: str | None, workload: str) -> bool:
    """What stands in the dialog; True once a row was taken."""
    table = _table(section)
    found = _search(table)
    if not found:
        st.caption("No match. Try fewer words.")
    row = _list(table, found) if found else None
    taken = False
    if row is not None:
        st.markdown(catalogue_words.about(row))
        if row.table == "serving" and physics.is_impossible(own.catalogue(), row):
            drawing.error("Faster than the operations of its accelerator allow: check its unit.")
        taken = _fill(row, option or session.option_name(), asks=option is None, workload=workload)
    else:
        st.caption("Select a row to preview the changes.")
    own.show(table)
    return taken


def _table(section: str) -> str:
    names = SECTION_TABLES[section]
    if len(names) == 1:
        return names[0]
    chosen = st.segmented_control(
        "Facts about",
        names,
        default=names[0],
        required=True,
        format_func=lambda name: TABLES[name].label[:1].upper() + TABLES[name].label[1:],
        key=f"catalogue table {section}",
    )
    return str(chosen)


# -------------------------------------------------------------------------------------------------------------- finding


def _search(table: str) -> list[Entry]:
    """The rows with all the words that could fill something."""
    words = st.text_input(
        "Search",
        key=f"catalogue search {table}",
        placeholder="all rows; type a name, a place, a year",
        max_chars=200,
        live=False,
    )
    rows = own.catalogue().search(words or "", table)
    probe = Places(workload="w", item="i")
    return [row for row in rows if (fill := catalogues.fills(row, _money_of(row), probe)).values or fill.notes]


def _money_of(row: Entry) -> str:
    """The currency of a row's own unit, so that no row is left out of the list for its currency."""
    unit = row.text("unit") if "unit" in row.cells else ""
    return unit[:3] if unit[:3].isupper() else "USD"


def _list(table: str, found: Sequence[Entry]) -> Entry | None:
    """The rows as a table; the one that is chosen."""
    today = datetime.date.today()
    columns: dict[str, list[str]] = {
        "Fact": [("Your own: " if row.own else "") + row.title for row in found],
        "Figure": [catalogue_words.figure_of(row) for row in found],
        "Applies to": [catalogue_words.condition(row) for row in found],
        "Date": [row.text("as_of") for row in found],
        "Age": [catalogues.age_flag(row, today) for row in found],
        "Confidence": [row.text("confidence") for row in found],
        "Source": [row.text("source") for row in found],
    }
    aged = sum(1 for flag in columns["Age"] if flag)
    place = _selectable(columns, f"Catalogue: {TABLES[table].label}", f"catalogue rows {table} {len(found)}")
    st.caption(f"{writer.count(len(found))} rows; {writer.count(aged)} old for their kind, or undated.")
    return found[place] if place is not None and place < len(found) else None


def _selectable(columns: Mapping[str, Sequence[str]], alt: str, key: str) -> int | None:
    """A table of which one row can be chosen; its place."""
    event: Any = st.dataframe(
        pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}),
        hide_index=True,
        height=300 if len(columns["Fact"]) > SHORT else "content",
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        alt=alt,
    )
    rows = event["selection"]["rows"]
    return rows[0] if rows else None


# -------------------------------------------------------------------------------------------------------------- filling


def _fill(row: Entry, option: str, *, asks: bool, workload: str) -> bool:
    """Where the row's figures go, what they change, and the button that sets them; True once it was pressed."""
    options = _options(row, option, asks)
    item = _item(row, options[0])
    places = Places(workload=workload, item=item, asset=_asset(row, options[0]))
    fill = catalogues.fills(row, session.study().currency, places)
    for note in fill.notes:
        drawing.warning(written.plain(f"This row {note}."))
    paths = {"study": ["study"], "workload": [joined("workload", workload)]}.get(
        fill.base, [joined("option", name) for name in options]
    )
    changes = {path: change for base in paths for path, change in fill.changes(base).items()}
    if not changes:
        return False
    problems = refusal(changes)
    count = _preview(fill, paths)
    for problem in problems:
        drawing.error(wording.problem(problem))
    label = f"Take {count} value{'' if count == 1 else 's'}"
    is_pressed = st.button(label, type="primary", key="catalogue take", disabled=bool(problems) or not count)
    return is_pressed and _taken(changes, row)


def _options(row: Entry, option: str, asks: bool) -> list[str]:
    """The options that the row goes into: the one in view, or the one or all that a person chooses here."""
    fill = catalogues.fills(row)
    if not asks or fill.base != "option":
        return [option]
    options = session.study().options
    sharing = [each.name for each in options if _shares(each, fill)] if row.table in OF_A_SITE else []
    names = [*([ALL] if len(sharing) > 1 else []), *(each.name for each in options)]
    place = 0 if names[0] == ALL else names.index(option)
    chosen = str(st.selectbox("Into", names, index=place, key=f"catalogue option {row.table} {row.row}"))
    return sharing if chosen == ALL else [chosen]


def _shares(option: Option, fill: Fill) -> bool:
    """Whether the option reads what the row gives, and all of it is its own (not an item's, an asset's, a rate's)."""
    if not fill.values or any("/" in suffix for suffix in fill.values):
        return False
    if option.acquisition == "rental" and not any(option.fields.given(suffix) for suffix in fill.values):
        return False
    return all(sections.applies(schema.field("option", suffix), option, option.acquisition) for suffix in fill.values)


def _taken(changes: Mapping[str, Any], row: Entry) -> bool:
    """Sets the inputs; what the study refuses after all is told, and not kept aside as an entry of its own."""
    problems = session.change(changes, typed=row.title, entry=ENTRY)
    session.withdraw(ENTRY)
    for problem in problems:
        drawing.error(wording.problem(problem))
    return not problems


_ITEM_TABLES: Mapping[tuple[str, str], str] = {
    ("systems", "price_per_accelerator"): "capex",
    ("systems", "price_per_system"): "capex",
    ("systems", "price_of_server"): "capex",
    ("facility", "build_cost"): "capex",
    ("facility", "colocation"): "opex",
    ("finance", "support"): "opex",
    ("finance", "staff"): "opex",
}


def _item(row: Entry, option: str) -> str:
    """The purchase or running cost that the row prices, if it prices one."""
    kind = row.text("quantity") if "quantity" in row.cells else row.text("category") if "category" in row.cells else ""
    table = _ITEM_TABLES.get((row.table, kind))
    if table is None:
        return ""
    held = session.study().option(option).rows(table)
    names = [each.text("name") for each in held]
    if not names:
        what = "purchase" if table == "capex" else "running cost"
        st.caption(written.plain(f"{option} has no {what} that this could price: add one to its table first."))
        return ""
    likely = next((n for n, each in enumerate(held) if table == "opex" and each.text("category") == kind), 0)
    return str(st.selectbox("Price item", names, index=likely, key=f"catalogue item {table} {option} {kind}"))


def _asset(row: Entry, option: str) -> str:
    """The asset whose resale or tax schedule the row gives, where an option holds several."""
    is_about = row.table == "tax_schedules" or (row.table == "finance" and row.text("category") == "residual_share")
    names = [each.text("name") for each in session.study().option(option).rows("asset")]
    if not is_about or len(names) < 2:
        return names[0] if is_about and names else "equipment"
    return str(st.selectbox("Asset", names, key=f"catalogue asset {option}"))


def refusal(changes: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Why the study would not take these changes; empty if it would."""
    try:
        replace_all(session.study(), changes)
    except StudyError as error:
        return error.problems
    return ()


def _preview(fill: Fill, paths: Sequence[str]) -> int:
    """Each input that changes, old and new; how many they are."""
    pairs = [(path, suffix, value) for path in paths for suffix, value in fill.values.items()]
    found = (_change(f"{path}/{suffix}", value, fill, path) for path, suffix, value in pairs)
    rows = [row for row in found if row]
    if not rows:
        st.caption("Already in the study.")
        return 0
    heads = ("Input", "Now", "From the catalogue", "Unit")
    drawing.table(
        {head: [row[place] for row in rows] for place, head in enumerate(heads)},
        "Every input that changes",
        right=heads[1:3],
    )
    return len(rows)


def _change(path: str, new: Value, fill: Fill, base: str) -> tuple[str, str, str, str] | None:
    """An input's label, what stands, what would, and the unit; None where nothing changes."""
    old = _standing(path)
    if old is not None and (old.value, old.source, old.as_of) == (new.value, new.source, new.as_of):
        return None
    if old is not None and old.blank and new.blank:
        return None
    entry = address(path).entry
    assert entry is not None
    basis = ""
    if entry.unit == "@basis":
        sibling = fill.values.get(address(path).at("basis").removeprefix(f"{base}/"))
        basis = str(sibling.value if sibling else "")
    unit = wording.unit(schema.unit(entry, basis), session.study().currency)
    was = "blank" if old is None or old.blank else typed.spelt(entry, old.value, _old_basis(path, entry))
    now = "blank" if new.blank else typed.spelt(entry, new.value, basis)
    return wording.place(path), was, now, unit


def _old_basis(path: str, entry: schema.Field) -> str:
    if entry.unit != "@basis":
        return ""
    found = _standing(address(path).at("basis"))
    return str(found.value or "") if found else ""


def _standing(path: str) -> Value | None:
    """What the study holds there; None where the table is not there yet."""
    try:
        return get(session.study(), path)
    except StudyError:
        return None
