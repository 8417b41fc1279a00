"""One input as a field: label, unit, what was typed and understood, its source, and errors and warnings beside it.

A field may stand for the same input of several options at once; then it shows the value they share, or where they
depart. Typed numbers go through `views.typed`: what cannot be read stays as it was typed, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import streamlit as st

from models.catalogue.shapes import shape_row
from models.notation import writer
from models.notation.reader import Reading
from models.studies import rewrite
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem
from models.studies.inputs.schema import Field
from models.studies.inputs.value import same_content
from models.studies.ranges import Origin, input_range
from models.studies.study import Row, Study
from views import session
from views.fields import asking, conversions, converters
from views.figures import drawing, typed, wording

# A new value this many times the old one, or less than this part of it, is remarked on: a unit may have slipped.
REMARKABLE = 5.0
PROVENANCE_LABELS: dict[str, str] = {
    "source": "Source",
    "url": "Web address",
    "as_of": "Date of the source",
    "by": "Whose figure",
    "note": "Note",
    "low": "Low",
    "high": "High",
}
# The height of a field for a list, in pixels.
AREA = 110
# Running costs counted so are amounts of a year.
YEARLY = ("per_year", "per_system", "per_accelerator", "pct_equipment")
RANGE_WORDS: dict[Origin, str] = {"stated": "range", "proposed": "proposed range", "usual": "typical"}


@dataclass(frozen=True)
class Place:
    """Where an input stands: the row's path, the row, and the option it belongs to ("" outside of options).

    `peers` are the same row in the options that are not in view.
    """

    owner: str
    path: str
    row: Row
    peers: tuple[Place, ...] = ()

    def of(self, entry: Field) -> str:
        """The path of the input."""
        return f"{self.path}/{entry.name}"

    def basis(self, entry: Field) -> str:
        """The basis that decides the unit of the input, if any."""
        return self.row.basis if entry.unit == "@basis" else ""


Places = Sequence[Place]


def draw(entry: Field, places: Places) -> None:
    """The field, the line of remarks beneath it, and the popover with its source."""
    with st.container(key=_css_key(entry, places), gap=None):
        if entry.kind in ("choice", "boolean"):
            _choice(entry, places)
        elif entry.names:
            _named(entry, places)
        elif entry.kind == "day":
            _text(entry, places, st.text_area, height=AREA)
        else:
            _text(entry, places)
        with st.container(horizontal=True, gap="small", key=f"beneath {entry_of(entry, places)}"):
            if entry.is_figure and entry.sourced:
                _source(entry, places)
            if converters.offered(entry):
                _converter(entry, places)
        _remarks(entry, places)


def entry_of(entry: Field, places: Places) -> str:
    """The name under which what is typed in a field is kept: its path, or the path with * for several options."""
    first = places[0].of(entry)
    return first if len(places) == 1 else address(first).of("*").path


def _css_key(entry: Field, places: Places) -> str:
    return f"field {entry_of(entry, places)}"


def _label(entry: Field, places: Places) -> str:
    """The label with the unit, unless it says the unit itself. Only the currency's name is a person's own text."""
    basis = places[0].basis(entry)
    currency = wording.escaped(session.study().currency)
    unit = wording.unit(schema.unit(entry, basis), currency, percent=wording.is_percent(entry, basis))
    if entry.table == "opex" and basis in YEARLY:
        unit = f"{unit} p.a."
    words = entry.label.casefold().split()
    is_said = entry.kind == "schedule" or not unit or unit.casefold() in words
    return entry.label if is_said else wording.with_unit(entry.label, unit)


def _contents(entry: Field, places: Places) -> tuple[Any, ...]:
    return tuple(place.row[entry.name].value for place in places)


def _shared(contents: tuple[Any, ...]) -> bool:
    return all(content == contents[0] for content in contents)


# ------------------------------------------------------------------------------------------------------------- widgets


def _text(entry: Field, places: Places, widget: Callable[..., Any] = st.text_input, **more: Any) -> None:
    contents = _contents(entry, places)
    name = entry_of(entry, places)
    key = session.seed(name, contents)
    waiting = session.aside(name)
    basis = places[0].basis(entry)
    shown = typed.spelt(entry, contents[0], basis, session.marks()) if _shared(contents) else ""
    widget(
        _label(entry, places),
        value=waiting.typed if waiting else shown,
        key=key,
        help=wording.help_text(entry),
        placeholder=None if _shared(contents) else "varies by option",
        on_change=_typed,
        args=(entry, tuple(places), key),
        **more,
    )


def _typed(entry: Field, places: Places, key: str) -> None:
    """Takes what was typed in a field, or keeps it aside with the reason."""
    _take(entry, places, str(session.entered(key) or ""))


def _read(entry: Field, places: Places, text: str) -> Reading:
    basis, currency = places[0].basis(entry), session.study().currency
    return typed.read(entry, text, session.policy(), basis=basis, currency=currency)


def _take(entry: Field, places: Places, text: str) -> None:
    contents = _contents(entry, places)
    if not text.strip() and not _shared(contents):
        return
    reading = _read(entry, places, text)
    name = entry_of(entry, places)
    if reading.fault:
        session.reject(name, text, Problem(places[0].of(entry), None, reading.fault))
        return
    said = " ".join(part for part in (reading.said, _leap(contents, reading.value)) if part)
    if reading.value is None and entry.default is not None:
        said = f"Blank: {typed.spelt(entry, entry.default, places[0].basis(entry))} is used"
    set_value(entry, places, reading.value, shown=text, said=said)


def _leap(contents: tuple[Any, ...], value: Any) -> str:
    """A remark where a number is far from the one before: a unit or a decimal mark may have slipped."""
    before = contents[0]
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (before, value))
    if not numbers or not _shared(contents) or before * value <= 0:
        return ""
    ratio = abs(value / before)
    if 1 / REMARKABLE < ratio < REMARKABLE:
        return ""
    change = writer.ratio(ratio) if ratio > 1 else f"{writer.part(ratio)} of"
    return f"({change} the value before)"


def set_value(entry: Field, places: Places, value: Any, *, shown: Any = None, said: str = "") -> None:
    """Set the input in all its places."""
    name = entry_of(entry, places)
    session.withdraw(name)
    if all(same_content(content, value) for content in _contents(entry, places)):
        return
    if not session.change({place.of(entry): {"value": value} for place in places}, typed=shown, entry=name):
        session.settle(name, (value,) * len(places))
        session.keep(f"said {name}", (entry.default if value is None else value, said))


def _converter(entry: Field, places: Places) -> None:
    """The popover in which the value can be said another way; drawn only while it is open."""
    name = entry_of(entry, places)
    popover = st.popover(
        converters.offered(entry),
        type="tertiary",
        key=f"convert {name}",
        on_change="rerun",
        help=f"Enter {wording.escaped(entry.label)} another way",
    )
    if popover.open:
        with popover:
            option = session.study().option(places[0].owner) if places[0].owner else None
            converters.draw(entry, name, option, partial(_converted, entry, places))


def _converted(entry: Field, places: Places, values: Mapping[str, Any], note: str, shape: str) -> None:
    """Takes what a converter found; the sum becomes the note of each value, and the workloads follow the shape."""
    changes = {
        f"{place.path}/{name}": {"value": value, "note": note} for place in places for name, value in values.items()
    }
    rows = partial(_shaped, shape, [place.row.text("name") for place in places]) if shape else None
    session.change(changes, entry=entry_of(entry, places), typed=typed.spelt(entry, values[entry.name]), rows=rows)


def _shaped(shape: str, workloads: Sequence[str], study: Study) -> Study:
    row = shape_row(shape)
    return reduce(lambda held, workload: rewrite.shape_followed(held, row, workload), workloads, study)


def _choice(entry: Field, places: Places) -> None:
    contents = _contents(entry, places)
    name = entry_of(entry, places)
    key = session.seed(name, contents)
    waiting = session.aside(name)
    choices: tuple[Any, ...] = entry.choices if entry.kind == "choice" else (True, False)
    current = waiting.typed if waiting else contents[0] if _shared(contents) else None
    st.selectbox(
        entry.label,
        choices,
        index=choices.index(current) if current in choices else None,
        format_func=lambda choice: _choice_word(entry, choice),
        key=key,
        help=wording.help_text(entry),
        placeholder="not chosen" if _shared(contents) else "varies by option",
        on_change=_chosen,
        args=(entry, tuple(places), key),
    )


def _choice_word(entry: Field, choice: Any) -> str:
    if isinstance(choice, bool):
        return "Yes" if choice else "No"
    word = schema.choice_label(entry.name, choice)
    return word[:1].upper() + word[1:]


def _chosen(entry: Field, places: Places, key: str) -> None:
    chosen = session.entered(key)
    if chosen is not None:
        set_value(entry, places, chosen, shown=chosen)


def _named(entry: Field, places: Places) -> None:
    """A text that names an option or a load shape: one of those there are, or none."""
    contents = _contents(entry, places)
    name, names = entry_of(entry, places), ("", *_names(entry))
    current = (contents[0] or "") if _shared(contents) else None
    key = session.seed(name, (contents, names))
    waiting = session.aside(name)
    current = waiting.typed if waiting else current
    st.selectbox(
        entry.label,
        names,
        index=names.index(current) if current in names else None,
        format_func=lambda each: each or "none",
        key=key,
        help=wording.help_text(entry),
        placeholder="none" if _shared(contents) else "varies by option",
        on_change=_name_chosen,
        args=(entry, tuple(places), key, names),
    )


def _names(entry: Field) -> list[str]:
    study = session.study()
    if entry.names == "load_shape":
        return [row.text("name") for row in study.load_shapes]
    return [option.name for option in study.options if entry.names == "option" or option.acquisition == "api"]


def _name_chosen(entry: Field, places: Places, key: str, names: tuple[str, ...]) -> None:
    chosen = session.entered(key)
    if chosen is not None:
        set_value(entry, places, chosen or None, shown=chosen)
        session.settle(entry_of(entry, places), ((chosen or None,) * len(places), names))


# ------------------------------------------------------------------------------------------------------------- remarks


def _remarks(entry: Field, places: Places) -> None:
    """What stands beneath a field: errors, warnings, what was understood, the usual range, where options depart."""
    name = entry_of(entry, places)
    own = {place.of(entry) for place in places}
    waiting = session.aside(name)
    if waiting and entry.name == "acquisition":
        st.caption(f"Needs more inputs before it applies: {_choice_word(entry, waiting.typed)}")
    errors = {wording.problem(each, with_place=each.path not in own) for each in (waiting.problems if waiting else ())}
    errors |= {wording.problem(each, with_place=False) for each in session.problems() if each.path in own}
    for error in sorted(errors):
        drawing.error(error)
    if waiting and not waiting.can_be_tried and isinstance(waiting.typed, str):
        again = partial(_take, entry, places, waiting.typed)
        asking.question(name, _read(entry, places, waiting.typed).question, again)
    warned = {wording.problem(each, with_place=len(own) > 1) for each in session.study().warnings if each.path in own}
    for warning in sorted(warned):
        drawing.warning(warning)
    quiet = [part for part in (_said(name, entry, places), _echo(entry, places), _departures(entry, places)) if part]
    if quiet:
        st.caption(" \u00b7 ".join(quiet))


def _said(name: str, entry: Field, places: Places) -> str:
    """How the last typed value was understood, as long as it stands."""
    value, said = session.kept(f"said {name}", (None, ""))
    if session.aside(name) is not None:
        return ""
    return wording.escaped(said) if said and _contents(entry, places)[0] == value else ""


def _echo(entry: Field, places: Places) -> str:
    """A speed per accelerator said per system and in J/token, where it is one option's."""
    speed = places[0].row[entry.name].value
    if entry.name not in schema.RATES or len(places) > 1 or not isinstance(speed, (int, float)):
        return ""
    fields = session.study().option(places[0].owner).fields
    load = fields["system_power_load_w"].value
    accelerators = fields.number("accelerators_per_system")
    said = conversions.echo(speed, accelerators, load if isinstance(load, (int, float)) else None)
    return wording.escaped(said.partition(", ")[2])


def _departures(entry: Field, places: Places) -> str:
    """What each option holds, where they differ; for a field of one option, what the others hold."""
    if len(places) == 1:
        own = places[0].row[entry.name].value
        peers = [place for place in places[0].peers if place.row[entry.name].value not in (own, None)]
        return f"elsewhere {_held(entry, peers)}" if peers else ""
    return "" if _shared(_contents(entry, places)) else _held(entry, places)


def _held(entry: Field, places: Places) -> str:
    """Each value with the options that hold it."""
    held: dict[str, list[str]] = {}
    for place, content in zip(places, _contents(entry, places), strict=True):
        held.setdefault(typed.spelt(entry, content, place.basis(entry)) or "blank", []).append(place.owner)
    parts = [f"**{wording.escaped(text)}** {wording.escaped(', '.join(owners))}" for text, owners in held.items()]
    return " \u00b7 ".join(parts)


def usual_text(entry: Field, place: Place) -> str:
    """The stated, proposed or usual range of an input in a few words; "" if none is known."""
    value, basis = place.row[entry.name], place.basis(entry)
    spell = lambda bound: "open" if bound is None else typed.spelt(entry, bound, basis)  # noqa: E731
    found = input_range(value, entry, session.study())
    return f"{RANGE_WORDS[found.origin]} {spell(found.low)} to {spell(found.high)}" if found else ""


# ------------------------------------------------------------------------------------------------------------- sources


def _source(entry: Field, places: Places) -> None:
    """Range and kind of source in words, and the popover with all of it, which is drawn only while it is open."""
    value = places[0].row[entry.name]
    same = all(place.row[entry.name] == value for place in places)
    bounds, known = (usual_text(entry, places[0]), wording.source(value)) if same else ("", "sources vary by option")
    # The range is set apart: a telephone has no room for it beside the field.
    dot = " \u00b7" if known else ""
    said = f"_{wording.escaped(bounds)}{dot}_ " if bounds else ""
    st.caption(said + wording.escaped(known), width="content")
    # Its label never changes: another label would be another popover, and close this one while it is used.
    popover = st.popover(
        "source",
        type="tertiary",
        key=f"source {entry_of(entry, places)}",
        on_change="rerun",
        help=f"Source and range: {wording.escaped(entry.label)}",
    )
    if popover.open:
        with popover:
            provenance(entry, places)


def provenance(entry: Field, places: Places) -> None:
    """Source, address, date, confidence, note and range of an input, each to be changed."""
    value = places[0].row[entry.name]
    st.markdown(f"**{wording.escaped(entry.label)}**")
    if value.blank:
        st.caption("Enter a value first, then its source.")
        return
    if len(places) > 1:
        st.caption(wording.escaped(f"Applies to {', '.join(place.owner for place in places)}."))
    name = entry_of(entry, places)
    for part in ("source", "url"):
        _description(entry, places, name, part)
    left, right = st.columns(2)
    with left:
        _description(entry, places, name, "as_of")
    with right:
        _confidence(entry, places, name)
    if entry.is_number:
        for column, part in zip(st.columns(2), ("low", "high"), strict=True):
            with column:
                _description(entry, places, name, part)
    for part in ("by", "note"):
        _description(entry, places, name, part)


def _description(entry: Field, places: Places, name: str, part: str) -> None:
    value = getattr(places[0].row[entry.name], _part(places[0], entry, part))
    waiting = session.aside(f"{name} {part}")
    is_bound = part in ("low", "high")
    shown = typed.spelt(entry, value, places[0].basis(entry), session.marks()) if is_bound else value or ""
    key = session.seed(f"{name} {part}", value)
    st.text_input(
        PROVENANCE_LABELS[part],
        value=waiting.typed if waiting else shown,
        key=key,
        on_change=_described,
        args=(entry, tuple(places), part, key),
    )
    for found in waiting.problems if waiting else ():
        drawing.error(wording.problem(found, with_place=False))


def _part(place: Place, entry: Field, part: str) -> str:
    """The part of a value that a field holds: the ends of a price that is given by year are lists, too."""
    by_year = entry.is_price_path and isinstance(place.row[entry.name].value, tuple)
    return f"{part}_by_year" if part in ("low", "high") and by_year else part


def _confidence(entry: Field, places: Places, name: str) -> None:
    value = places[0].row[entry.name].confidence
    key = session.seed(f"{name} confidence", value)
    known = tuple(schema.CONFIDENCES)
    st.selectbox(
        "Confidence",
        known,
        index=known.index(value) if value in known else None,
        format_func=schema.confidence_label,
        placeholder="not stated",
        key=key,
        on_change=_described,
        args=(entry, tuple(places), "confidence", key),
    )


def _described(entry: Field, places: Places, part: str, key: str) -> None:
    text = str(session.entered(key) or "").strip()
    name = f"{entry_of(entry, places)} {part}"
    content: Any = text or None
    if part in ("low", "high") and text:
        reading = _read(entry, places, text)
        if reading.fault:
            session.reject(name, text, Problem(places[0].of(entry), None, reading.fault))
            return
        content = reading.value
    changes = {
        place.of(entry): {"value": place.row[entry.name].value, _part(place, entry, part): content} for place in places
    }
    session.withdraw(name)
    if not session.change(changes, typed=text, entry=name):
        session.settle(name, content)
