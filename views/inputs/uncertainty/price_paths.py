"""Prices by year: the path of a rent, an API or electricity and those on either side, typed or from the catalogue."""

from __future__ import annotations

from typing import Any

import streamlit as st

from models.analysis.sensitivity.named_input import subject
from models.catalogue.price_paths import PricePath, price_paths
from models.catalogue.tables import PRICE_PATHS
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem
from models.studies.inputs.value import Value, is_number
from models.studies.sections import applies
from models.studies.study import Study
from views import session
from views.fields.remembered import choice, text
from views.figures import drawing, typed, wording, written

INPUT, FAULT, TYPED = "path input", "path fault", "as typed"
# The three paths, by the part of the value that holds each.
SIDES = {"low_by_year": "Low path", "value": "Path", "high_by_year": "High path"}


def show() -> None:
    """The fields of one price by year, for a study that has such a price; nothing otherwise."""
    study = session.study()
    held = inputs(study)
    if not held:
        return
    st.header("Prices by year", anchor=False)
    st.caption(
        "The level of a price in each year, year 1 = 1, the last holds on: 1; 0.95; 0.9. With a low and a high path a "
        "simulation draws one place between them for all years. Series of different sellers or measures make no path."
    )
    path = choice(INPUT, "Price", held, held[0], words=lambda each: subject(study, each).name)
    value = study.input(path).value
    offered = {each.name: each for each in price_paths(_price(path))}
    filled = {part: _side(path, part, value, offered) for part in SIDES}
    st.button("Set the path", key=f"set {path}", on_click=_set, args=(path, filled, offered))
    for problem in session.kept(FAULT, ()):
        drawing.error(wording.problem(problem))


def inputs(study: Study) -> list[str]:
    """The prices that may be given by year, by path, of the options that pay them."""
    return [
        place.of(name)
        for table, name in PRICE_PATHS.values()
        for place in study.places.values()
        if place.row.table == table and place.option is not None
        if applies(study.input(place.of(name)).entry, study.options[place.option])
    ]


def _price(path: str) -> str:
    at = address(path)
    return next(price for price, (table, name) in PRICE_PATHS.items() if (table, name) == (at.table, at.name))


def _side(path: str, part: str, value: Value, offered: dict[str, PricePath]) -> tuple[str, str]:
    """The field of one path, and where it may be taken from: what is typed, and the name of what is chosen."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        shown = _spelt(path, getattr(value, part))
        words = text(f"path {path} {part} {shown}", SIDES[part], shown, placeholder="1; 0.95; 0.9")
    with right:
        if not offered:
            return words, TYPED
        chosen = choice(f"path {path} {part} from", f"{SIDES[part]} from", [TYPED, *offered], TYPED)
    if chosen != TYPED:
        st.caption(written.plain(f"{_spelt(path, offered[chosen].levels)}. {offered[chosen].entry.text('note')}"))
    return words, chosen


def _spelt(path: str, content: Any) -> str:
    return typed.spelt(session.study().input(path).entry, content) if isinstance(content, tuple) else ""


def _set(path: str, filled: dict[str, tuple[str, str]], offered: dict[str, PricePath]) -> None:
    """Put the three paths into the study; what cannot be read is said instead."""
    found = session.study().input(path)
    parts: dict[str, Any] = {}
    faults: list[Problem] = []
    for part, (words, chosen) in filled.items():
        if chosen != TYPED:
            parts[part] = offered[chosen].levels
            continue
        reading = typed.read(found.entry, words if ";" in words or not words.strip() else f"{words};", session.policy())
        if reading.fault:
            faults.append(Problem(path, None, reading.fault, part=SIDES[part].lower()))
        parts[part] = tuple(reading.value) if isinstance(reading.value, list) else None
    longest = max((len(each) for each in parts.values() if isinstance(each, tuple)), default=0)
    if not longest and not faults:
        faults.append(Problem(path, None, "has no path yet; type one, or take one from the catalogue"))
    if parts.get("value") is None:
        parts["value"] = _present(session.study(), found.value, longest)
    level = {part: _held(each, longest) for part, each in parts.items()}
    sources = [offered[chosen].entry.text("source") for _, chosen in filled.values() if chosen != TYPED]
    if sources:
        level["source"] = "; ".join(dict.fromkeys(sources))
        level["confidence"] = "published"
    session.keep(FAULT, tuple(faults) if faults else tuple(session.change({path: level})))


def _present(study: Study, value: Value, years: int) -> tuple[float, ...]:
    """The levels of so many years that the study has now: its list, or what its yearly change comes to.

    Of the three prices only electricity may leave its change blank, and then follows inflation.
    """
    if isinstance(value.value, tuple):
        return value.value
    change = float(value.value) if is_number(value.value) else study.fields.number("inflation")
    return tuple(round((1 + change) ** year, 6) for year in range(years))


def _held(content: Any, years: int) -> Any:
    """A path of so many years, its last level held on."""
    if not isinstance(content, tuple):
        return content
    return (*content, *(content[-1:] * (years - len(content))))
