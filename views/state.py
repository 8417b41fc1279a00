"""What one person's session holds: the study, its result, entries in error, history. Nothing else touches session keys.

A study changes only here, and only as a whole: an edit either gives a new study with its result, or leaves both as they
were and is kept aside with the reason (`problems`). Entries kept aside are tried again with the next edit, since some
inputs are only right together; the last good result stays meanwhile, and `stale` says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from models import study as studies
from models.model import MODEL, Result
from models.study import Problem, Study, StudyError
from store import drafts, library

KEY = "work"
LONGEST_HISTORY = 100
# The figures whose change since the last edit is shown.
HEADLINES: tuple[str, ...] = (
    "cost_per_meaningful_response",
    "levelised_cost_per_meaningful_response",
    "lifetime_cost_per_million_output_tokens",
    "levelised_cost_per_million_output_tokens",
    "pv_cost",
)


@dataclass(frozen=True)
class Entry:
    """An entry kept aside: what was typed, the change it asks for (None if it cannot be read), and why not."""

    typed: Any
    change: Mapping[str, Any] | None
    problems: tuple[Problem, ...]


@dataclass
class Work:
    """Everything of one session. `nonce` goes up when the forms must show the study anew instead of what was typed."""

    study: Study
    result: Result
    origin: str
    aside: dict[str, Entry] = field(default_factory=dict)
    past: list[Study] = field(default_factory=list)
    future: list[Study] = field(default_factory=list)
    before: dict[str, dict[str, float | None]] = field(default_factory=dict)
    option: str = ""
    scope: str = ""
    without_staff: bool = False
    shown: Result | None = None
    nonce: int = 0
    edited: bool = False
    draft: str = field(default_factory=drafts.new_name)
    kept: dict[str, Any] = field(default_factory=dict)


def _work() -> Work:
    """The session's work; the first template until something else is loaded."""
    if KEY not in st.session_state:
        first = library.templates()[0]
        st.session_state[KEY] = Work(first.study, MODEL.run(first.study), f"Template: {first.title}")
    return st.session_state[KEY]


# ------------------------------------------------------------------------------------------------------------- reading


def study() -> Study:
    """The last study that could be computed."""
    return _work().study


def result() -> Result:
    """The result of `study()`, all costs in it; computed once for each study."""
    return _work().result


def shown_result() -> Result:
    """The result as the pages show it: without engineering time while that switch is on."""
    work = _work()
    if not work.without_staff:
        return work.result
    if work.shown is None:
        work.shown = MODEL.run(without_staff_costs(work.study))
    return work.shown


def without_staff_costs(complete: Study) -> Study:
    """The study without its running costs of the category staff."""
    options = tuple(
        dataclasses.replace(option, opex=tuple(row for row in option.opex if row.text("category") != "staff"))
        for option in complete.options
    )
    return dataclasses.replace(complete, options=options)


def origin() -> str:
    """Where the study came from, in words: "Template: ...", "File: ..."."""
    return _work().origin


def problems() -> tuple[Problem, ...]:
    """What is wrong with the entries that could not be taken."""
    return tuple(problem for entry in _work().aside.values() for problem in entry.problems)


def stale() -> bool:
    """Whether entries stand in error, so that study and result are those from before them."""
    return bool(_work().aside)


def before() -> Mapping[str, Mapping[str, float | None]]:
    """`HEADLINES` by option as they were before the last edit, as the pages showed them; empty before the first."""
    return _work().before


def option_name() -> str:
    """The option selected on all pages; the first if the selected one is gone."""
    work = _work()
    names = [option.name for option in work.study.options]
    return work.option if work.option in names else names[0]


def set_option(name: str) -> None:
    """Select an option on all pages."""
    _work().option = name


def without_staff() -> bool:
    """Whether figures are shown without engineering time (staff)."""
    return _work().without_staff


def set_without_staff(without: bool) -> None:
    """Show figures without engineering time, or with it. Changes of the last edit are no longer shown."""
    work = _work()
    work.without_staff, work.shown, work.before = without, None, {}


def nonce() -> int:
    """A number that goes up whenever forms must show the study anew; part of the key of every entry field."""
    return _work().nonce


def edited() -> bool:
    """Whether something was changed since the study was loaded."""
    return _work().edited


# ------------------------------------------------------------------------------------------------------------ changing


def load(loaded: Study, origin: str) -> None:
    """Start from another study; history and entries in error end with the old one.

    Raises StudyError if it cannot be computed; then nothing changes.
    """
    computed = MODEL.run(loaded)
    old = _work()
    st.session_state[KEY] = Work(
        loaded, computed, origin, nonce=old.nonce + 1, without_staff=old.without_staff, kept=old.kept
    )


def change(changes: Mapping[str, Any], typed: Any = None, entry: str | None = None) -> list[Problem]:
    """Set inputs by path, all or none; a change is a value, None for blank, or a table with provenance.

    Returns what is wrong; then nothing is set, and `typed` is kept aside under `entry` (default: the first path).
    """
    if not changes:
        return []
    return attempt(entry or next(iter(changes)), changes, typed)


def attempt(entry: str, changes: Mapping[str, Any], typed: Any = None) -> list[Problem]:
    """As `change`, under a name of one's own; tried first together with what was kept aside."""
    work = _work()
    waiting = {name: kept for name, kept in work.aside.items() if name != entry}
    together: dict[str, Any] = {}
    for kept in waiting.values():
        together |= dict(kept.change or {})
    if together and not _refusal(lambda: _replaced(work.study, together | dict(changes))):
        readable = {name: kept for name, kept in waiting.items() if kept.change is None}
        _commit(_replaced(work.study, together | dict(changes)), readable)
        return []
    refusal = _refusal(lambda: _replaced(work.study, changes))
    if refusal:
        work.aside = {**waiting, entry: Entry(typed, changes, refusal)}
        return list(refusal)
    _commit(_replaced(work.study, changes), waiting)
    return []


def replace_study(changed: Study, entry: str = "study", typed: Any = None) -> list[Problem]:
    """Take a study whose rows were added, removed or rewritten; checked as any change is.

    Returns what is wrong; then nothing changes, and `typed` is kept aside under `entry`.
    """
    work = _work()
    waiting = {name: kept for name, kept in work.aside.items() if name != entry}
    refusal = _refusal(lambda: studies.replace_all(changed, {}))
    if refusal:
        if typed is not None:
            work.aside = {**waiting, entry: Entry(typed, None, refusal)}
        return list(refusal)
    _commit(studies.replace_all(changed, {}), waiting)
    return []


def reject(entry: str, typed: Any, found: Problem | tuple[Problem, ...]) -> None:
    """Keep aside an entry that cannot even be read."""
    reasons = (found,) if isinstance(found, Problem) else found
    work = _work()
    work.aside = {**work.aside, entry: Entry(typed, None, reasons)}


def withdraw(entry: str) -> None:
    """Drop an entry that was kept aside."""
    _work().aside.pop(entry, None)


def aside(entry: str) -> Entry | None:
    """What was typed under this name and could not be taken, or None."""
    return _work().aside.get(entry)


def _replaced(base: Study, changes: Mapping[str, Any]) -> Study:
    changed = studies.replace_all(base, changes)
    MODEL.run(changed)
    return changed


def _refusal(job: Callable[[], Study]) -> tuple[Problem, ...]:
    try:
        job()
    except StudyError as error:
        return error.problems
    return ()


def _commit(changed: Study, aside: dict[str, Entry]) -> None:
    work = _work()
    work.past = [*work.past, work.study][-LONGEST_HISTORY:]
    work.future = []
    work.aside = aside
    _show(changed)


def _show(changed: Study) -> None:
    work = _work()
    work.before = headlines(shown_result())
    work.study, work.result, work.shown = changed, MODEL.run(changed), None
    work.edited = True
    drafts.keep(work.draft, changed)


def headlines(figures: Result) -> dict[str, dict[str, float | None]]:
    """`HEADLINES` of each option."""
    return {name: {line: option.number(line) for line in HEADLINES} for name, option in figures.options.items()}


# ------------------------------------------------------------------------------------------------------------- history


def can_undo() -> bool:
    """Whether there is an edit, or an entry in error, to take back."""
    return bool(_work().past or _work().aside)


def can_redo() -> bool:
    """Whether there is an edit that was taken back."""
    return bool(_work().future)


def undo() -> None:
    """Take back the entries in error, or else the last edit."""
    work = _work()
    work.nonce += 1
    if work.aside:
        work.aside = {}
    elif work.past:
        work.future.append(work.study)
        _show(work.past.pop())


def redo() -> None:
    """Make the edit again that was taken back last."""
    work = _work()
    if work.future:
        work.nonce += 1
        work.past.append(work.study)
        _show(work.future.pop())
