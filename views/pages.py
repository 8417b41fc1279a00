"""The five places of the app, the views of each, and where the addresses of earlier versions lead."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

# What an address says to open the dialog of files: /?export=open.
EXPORT, OPEN = "export", "open"
Draw = Callable[[], object]


@dataclass(frozen=True)
class Place:
    """What the navigation shows, its address, what stands above its views, and the views by their names.

    The name of a view stands in addresses too, behind `word` (/?view=Risk, /inputs?inputs=Quotes), so it is chosen
    once. Each place has a word of its own: of two places with one word Streamlit forgets where a link leads.
    """

    title: str
    address: str
    word: str
    head: Draw
    views: Mapping[str, Draw]

    def at(self, view: str) -> dict[str, str]:
        """What an address of this place says to open a view."""
        return {self.word: view}


def show(place: Place) -> None:
    """Draw a place: what stands above its views, and of these the one that is open; the others are not computed."""
    place.head()
    tabs = st.tabs(list(place.views), key=place.word, on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, place.views.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _drawn_by(module: str, name: str = "show") -> Draw:
    """Draws by a function of a module, imported the first time it is opened: the first view waits for no other."""

    def draw() -> None:
        getattr(importlib.import_module(f"views.{module}"), name)()

    return draw


def _named(title: str) -> Draw:
    """The name of a place for those who do not see the navigation."""
    return lambda: st.html(f'<h1 class="unseen">{title}</h1>')


DECISION = Place(
    "Decision",
    "decision",
    "view",
    _drawn_by("decision.head"),
    {
        "Summary": _drawn_by("decision.summary"),
        "All options": _drawn_by("decision.all_options"),
        "Head to head": _drawn_by("decision.head_to_head"),
        "Risk": _drawn_by("decision.risk"),
        "Brief and sign-off": _drawn_by("decision.brief"),
    },
)
INPUTS = Place(
    "Inputs",
    "inputs",
    "inputs",
    _named("Inputs"),
    {
        "Values": _drawn_by("inputs.page"),
        "Quotes": _drawn_by("inputs.quotes.page"),
        "Benchmarks": _drawn_by("inputs.benchmarks.page"),
        "Evidence": _drawn_by("inputs.evidence"),
        "Cases and ranges": _drawn_by("inputs.uncertainty.ranges"),
    },
)
RESULTS = Place(
    "Results",
    "results",
    "results",
    _drawn_by("results.head"),
    {
        "Cost and cash": _drawn_by("results.cost"),
        "Quote to all-in": _drawn_by("results.quoted"),
        "Workloads and tokens": _drawn_by("results.workloads"),
        "Capacity and energy": _drawn_by("results.capacity"),
        "Financing and tax": _drawn_by("results.financing"),
        "Checks": _drawn_by("results.checks"),
    },
)
IMPROVE = Place(
    "Improve",
    "improve",
    "improve",
    _drawn_by("improve.head"),
    {
        "Levers": _drawn_by("improve.levers"),
        "Bottlenecks": _drawn_by("improve.tokens"),
        "Base and peaks": _drawn_by("improve.base"),
        "Buy now or wait": _drawn_by("improve.waiting"),
    },
)
LIBRARY = Place(
    "Library",
    "library",
    "library",
    _named("Library"),
    {
        "My studies": _drawn_by("library.my_studies"),
        "New study": _drawn_by("library.new_study"),
        "Published claims": _drawn_by("library.claims"),
    },
)
# In the order of the navigation; the first stands at the root.
PLACES: tuple[Place, ...] = (DECISION, INPUTS, RESULTS, IMPROVE, LIBRARY)
# Addresses of earlier versions: bookmarks and links in old briefs still lead to what stood there.
MOVED: Mapping[str, tuple[Place, Mapping[str, str]]] = {
    "start": (DECISION, {}),
    "measure": (INPUTS, INPUTS.at("Benchmarks")),
    "quotes": (INPUTS, INPUTS.at("Quotes")),
    "compare": (DECISION, DECISION.at("All options")),
    "decide": (DECISION, DECISION.at("Head to head")),
    "evidence": (INPUTS, INPUTS.at("Evidence")),
    "export": (DECISION, {EXPORT: OPEN}),
}


def page(place: Place) -> st.Page:
    """The place as Streamlit's navigation and links take it."""
    return st.Page(lambda: show(place), title=place.title, url_path=place.address, default=place is PLACES[0])


def go(place: Place) -> NoReturn:
    """Open a place at its first view."""
    # What is bound to a view may not be cleared, only replaced: by nothing here.
    st.switch_page(page(place), query_params={})


def moved(address: str) -> st.Page:
    """The page of an earlier address, which opens the view that took its place."""
    place, more = MOVED[address]
    return st.Page(
        lambda: st.switch_page(page(place), query_params=dict(more)),
        title=place.title,
        url_path=address,
        visibility="hidden",
    )
