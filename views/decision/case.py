"""What the page Decide is about: two options, the figure they are compared by, and the inputs that may be moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from models.analysis.decision.bridge import Bridge
from models.analysis.decision.decision import recommendation
from models.analysis.decision.side_by_side import reference
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.metrics.same_work import Comparability, beside
from models.analysis.reporting.brief import can_explain, explained, pair
from models.analysis.sensitivity.named_input import Subject, described
from models.analysis.sensitivity.targets import Target, target
from models.analysis.words import unit_words
from models.run.model import OptionResult, Result
from models.studies import sections
from models.studies.inputs import schema
from models.studies.study import Study
from views import session
from views.fields.remembered import choice, switch

T = TypeVar("T")
OPTION, AGAINST, BY = "decide option", "decide against", "decide by"
# The figures that two options are compared by, in words.
BY_WORDS = {RANKED_BY: "Cost per meaningful response", METRIC: "Present value"}
GROUPS = ("Prices and terms", "Demand", "Speed and model", "Operation and energy", "Life and resale", "Finance")
_OF_TABLE = {"workload": 1, "serving": 2, "option": 3, "asset": 4, "study": 5}
# Tables of terms: what stands in them is bargained over, whatever its unit.
_TERMS = ("rental", "lease", "loan", "api", "tier", "tariff", "capex", "opex")


@dataclass(frozen=True)
class Case:
    """Two options of one run. `metric` is what they are compared by, `footing` whether their totals compare."""

    result: Result
    option: OptionResult
    against: OptionResult
    footing: Comparability
    metric: str

    @property
    def study(self) -> Study:
        return self.result.study

    @property
    def currency(self) -> str:
        return self.study.currency

    @property
    def money(self) -> str:
        """The currency, or the word where the study gives none."""
        return self.currency or "money"

    @property
    def names(self) -> tuple[str, str]:
        return self.option.name, self.against.name

    @property
    def places(self) -> dict[str, int]:
        """Each option's place in the study, which chooses its colour on a map."""
        return {name: place for place, name in enumerate(self.result.options)}

    def unit(self, metric: str) -> str:
        """The unit in which a figure is shown, in words; what is per response stands per thousand of them."""
        unit = unit_words(self.option.model.lines[metric].unit, self.currency)
        return unit if self.times(metric) == 1 else f"{self.money} per 1,000 responses"

    def times(self, metric: str) -> float:
        """What a figure is multiplied by to be shown in `unit`."""
        return 1000.0 if self.option.model.lines[metric].unit == "money/response" else 1.0

    def once(self, what: str, job: Callable[[], T]) -> T:
        """What a job finds about these two options, found once for each study."""
        return session.once(self._kept(what), job)

    def found(self, what: str) -> Any:
        """What `once` found under these words; None until then."""
        return session.found(self._kept(what))

    def _kept(self, what: str) -> str:
        return f"decide {what} of {self.names}"

    def tie(self, path: str, metric: str, before: Callable[[], Any] | None = None, *, together: bool = True) -> Target:
        """The break-even of an input, moved in both where they hold it alike; `before` is called before a search."""

        def job() -> Target:
            if before is not None:
                before()
            return target(self.study, path, *self.names, metric, together=together)

        return self.once(f"tie by {metric} at {path}{'' if together else ' alone'}", job)

    def reasons(self) -> Bridge | None:
        """The bridge between the two, None where none may be shown."""
        if not can_explain(self.option, self.against):
            return None
        return self.once("bridge", lambda: explained(self.option, self.against))


def chosen(result: Result) -> Case | None:
    """The two options that are chosen, drawn with the fields to choose them; None where the study has only one."""
    usual = pair(result)
    if usual is None:
        return None
    found = recommendation(result)
    winner = found.winner
    first = winner or usual[0]
    names = [first, *(name for name in result.options if name != first)]
    said = {name: [word] for word, name in (("recommended", winner), ("next best", found.runner_up)) if name}
    said.setdefault(reference(result).name, []).append("reference")

    def told(name: str) -> str:
        return f"{name} ({', '.join(said[name])})" if name in said else name

    left, right, swap = st.columns([1, 1, 0.3], gap="medium", vertical_alignment="bottom")
    with left:
        option = choice(OPTION, "Option", names, names[0], words=told)
    others = [name for name in names if name != option]
    with right:
        usually = next((name for name in usual if name != option), others[0])
        against = choice(AGAINST, "Compared with", others, usually, words=told)
    with swap:
        st.button("Swap", icon=":material/swap_horiz:", on_click=_swap, args=(option, against), key="decide swap")
    ours, theirs = result.options[option], result.options[against]
    footing = beside(ours, theirs)
    metric = session.kept(BY, RANKED_BY) if footing.holds else RANKED_BY
    return Case(result, ours, theirs, footing, metric)


def _swap(option: str, against: str) -> None:
    session.keep(OPTION, against)
    session.keep(AGAINST, option)


def by(case: Case) -> None:
    """The switch between the figures that two options may be compared by."""
    if case.footing.holds:
        help = (
            "The recommendation goes by cost per meaningful response. In present value, unserved requests count at the "
            "fallback price."
        )
        switch(BY, "Measure", BY_WORDS, RANKED_BY, help)


# -------------------------------------------------------------------------------------------------------------- inputs


@dataclass(frozen=True)
class Input:
    """An input that may be chosen: its path, and its words with the group it stands in."""

    path: str
    words: str


def inputs(case: Case, *options: str) -> list[Input]:
    """Every number that the options (by default the two) read, by group, prices first; a blank holds no number."""
    wanted = options or case.names
    found: list[tuple[int, Subject]] = []
    for place in case.study.places.values():
        owner = None if place.option is None else case.study.options[place.option]
        if owner is not None and owner.name not in wanted:
            continue
        for entry in schema.fields(place.row.table):
            is_number = entry.is_number and entry.section != "about"
            if is_number and (owner is None or sections.applies(entry, owner)):
                each = described(case.study, case.study.input(place.of(entry.name)))
                found += [] if each.base is None else [(_group(each), each)]
    found.sort(key=lambda each: each[0])
    return [Input(each.path, f"{GROUPS[group]}: {each.name}") for group, each in found]


def _group(found: Subject) -> int:
    if found.is_price or found.entry.table in _TERMS:
        return 0
    if found.entry.name == "equipment_life":
        return 4
    return _OF_TABLE[found.entry.table]
