"""What one person's session holds: the study, its result, entries in error, history. Nothing else touches session keys.

A study changes only here, and only as a whole: an edit either gives a new study with its result, or leaves both as they
were and is kept aside with the reason (`problems`). Entries kept aside are tried again with the next edit, since some
inputs are only right together; the last good result stays meanwhile, and `stale` says so.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import time
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.state import get_session_state

from models.analysis.metrics import headlines as headline_figures
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.record import headline
from models.notation import writer
from models.notation.reader import Marks, Policy
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.merged import merged
from models.studies.inputs.paths import segment
from models.studies.inputs.problem import Problem, StudyError
from models.studies.scenarios import BASE, applied, examine
from models.studies.study import Study
from store import library as templates
from store import people, versions
from store.database import StoreError
from store.desk import LOCAL, TEAM, Desk, shelf
from store.shelf import Conflict, Shelf, unpacked
from store.shelf import Entry as ListedStudy
from views import sign_in

WORK, DECIMAL_MARK = "work", "decimal mark"
# What the page's address calls the study that is open.
ADDRESSED, UNOPENED = "study", "unopened"
# On one's own machine there is one library, whatever browser; the setting gives each browser its own.
APART_SETTING = "INFERENCE_TCO_APART"
LONGEST_HISTORY = 100
BASELINE = "baseline"


@dataclass(frozen=True)
class Step:
    """A study that could be computed, its result, and where it came from."""

    study: Study
    result: Result
    origin: str


@dataclass(frozen=True)
class Entry:
    """An entry that could not be taken: what was typed, what it asks for (nothing if unreadable), and why not."""

    typed: Any
    change: Mapping[str, Any] | None = None
    rows: Callable[[Study], Study] | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def can_be_tried(self) -> bool:
        """Whether it could be read, so that another edit may make it right."""
        return self.change is not None or self.rows is not None


@dataclass
class Work:
    """Everything of one session. History holds studies and their origin, not results, which are large; steps of an
    earlier session are studies as the library keeps them. `opened` is the study as it was when it was opened.

    `seeds` hold what each entry field stands for, and how often it was made anew; `grids` what each grid began with.
    `lost` tells that the tab outlived another session; its fields count from `first_field`, which that one never
    reached, so that nothing typed there stands beside figures that are not of it.
    """

    step: Step
    opened: Study
    aside: dict[str, Entry] = field(default_factory=dict)
    past: list[tuple[Study | bytes, str]] = field(default_factory=list)
    future: list[tuple[Study, str]] = field(default_factory=list)
    option: str = ""
    case: str = BASE
    without_staff: bool = False
    shown: Result | None = None
    edited: bool = False
    unsaved: bool = False
    desk: Desk = field(default_factory=lambda: _desk())
    offer_answered: bool = False
    lost: bool = False
    first_field: int = 0
    seeds: dict[str, tuple[Any, int]] = field(default_factory=dict)
    grids: dict[str, tuple[str, Any]] = field(default_factory=dict)
    derived: dict[tuple[str, bool], Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


def _work() -> Work:
    """The session's work; the first template until something else is loaded."""
    if WORK not in st.session_state:
        first = templates.first()
        lost = bool(get_session_state().get_widget_states())  # a tab that was just opened brings no field of its own
        step = _computed(first.study, f"Template: {first.title}")
        work = Work(step, first.study, lost=lost, first_field=int(time.time()) if lost else 0)
        st.session_state[WORK] = work
        if (id := st.query_params.get(ADDRESSED)) is not None:
            work.kept[UNOPENED] = tuple(_resume(work, id))
    return st.session_state[WORK]


def _resume(work: Work, id: str) -> list[Problem]:
    """Go on with a study of the library and its steps. Returns what is wrong; then nothing changes."""
    try:
        saved = work.desk.find(id)
        step = _computed(saved.study, saved.entry.origin)
        steps = work.desk.steps(id)
    except (StoreError, StudyError) as error:
        return list(error.problems) if isinstance(error, StudyError) else [Problem("", None, str(error))]
    work.desk.go_on(saved)  # only now: a save before it would put another study in its place
    work.step, work.opened, work.shown, work.derived, work.future = step, step.study, None, {}, []
    work.past = [(each, saved.entry.origin) for each in steps]
    _forget_asides(work)
    work.edited, work.option, work.unsaved = True, "", False
    return []


def _computed(study: Study, origin: str) -> Step:
    return Step(study, MODEL.run(study), origin)


# ------------------------------------------------------------------------------------------------------------- reading


def study() -> Study:
    """The last study that could be computed."""
    return _work().step.study


def result() -> Result:
    """The result of `study()`, all costs in it; computed once for each study."""
    return _work().step.result


def shown_result() -> Result:
    """The result as the pages show it: of the case chosen, and without engineering time while that switch is on."""
    work = _work()
    if not work.without_staff and case() == BASE:
        return work.step.result
    if work.shown is None:
        work.shown = _as_shown(work.step.study)
    return work.shown


def _as_shown(study: Study) -> Result:
    """The result of a study on the basis of the pages: in the case chosen where it has that, and without engineering
    time while that switch is on."""
    held = applied(study, case()) if case() in {BASE, *(each.name for each in study.scenarios)} else study
    return MODEL.run(headline_figures.without_staff(held) if _work().without_staff else held)


def case() -> str:
    """The case whose figures are shown: one of the study's scenarios, or the base case."""
    work = _work()
    return work.case if work.case in cases() else BASE


def cases() -> tuple[str, ...]:
    """The names of the cases of the study that hold as it is, the base case first."""

    def holding() -> tuple[str, ...]:
        broken = {problem.path.split(":")[0] for problem in examine(study())}
        names = (each.name for each in study().scenarios)
        return (BASE, *(name for name in names if f"scenario/{segment(name)}" not in broken))

    return once("cases that hold", holding)


def set_case(name: str) -> None:
    """Show the figures of another case. What was derived of the last is forgotten."""
    work = _work()
    work.case, work.shown, work.derived = name, None, {}


def origin() -> str:
    """Where the study came from, in words: "Template: ...", "File: ..."."""
    return _work().step.origin


def problems() -> tuple[Problem, ...]:
    """What is wrong with the entries that could not be taken."""
    return tuple(problem for entry in _work().aside.values() for problem in entry.problems)


def stale() -> bool:
    """Whether entries stand in error, so that study and result are those from before them."""
    return bool(_work().aside)


def baseline() -> tuple[str, Mapping[str, float | None]]:
    """What changes are told against: the last version kept of the study, else the study as it was opened. How that is
    said, and the ranked cost of each option in it, on the basis shown."""
    work = _work()
    number = _last_version(work)
    key, held = (number, case(), work.without_staff), work.kept.get(BASELINE)
    if held is None or held[0] is not work.opened or held[1] != key:
        said, study = _against(work, number)
        figures = {name: option.number(RANKED_BY) for name, option in _as_shown(study).options.items()}
        held = work.kept[BASELINE] = work.opened, key, said, figures
    return held[2:]


def _last_version(work: Work) -> int:
    """The number of the last version kept of the study; 0 without one that can be read."""
    try:
        kept = versions.versions(library(), work.desk.entry.id) if work.desk.entry else ()
    except StoreError:  # the library tells so itself, where it is looked at
        return 0
    return kept[0].number if kept else 0


def _against(work: Work, number: int) -> tuple[str, Study]:
    """What a version of the study holds, and how that is said; where it cannot be read, the study as it was opened."""
    if number and work.desk.entry:
        with suppress(StoreError):
            return f"vs version {number}", versions.read(library(), work.desk.entry.id, number)
    return "since opened", work.opened


def option_name() -> str:
    """The option selected on all pages; the first if the selected one is gone."""
    work = _work()
    names = [option.name for option in work.step.study.options]
    return work.option if work.option in names else names[0]


def set_option(name: str) -> None:
    """Select an option on all pages."""
    _work().option = name


def without_staff() -> bool:
    """Whether figures are shown without engineering time (running costs of the category staff)."""
    return _work().without_staff


def set_without_staff(without: bool) -> None:
    """Show figures without engineering time, or with it."""
    work = _work()
    work.without_staff, work.shown = without, None


def after_tax() -> bool:
    """Whether totals, savings and rates of return are shown after tax; never where the study has no tax."""
    return study().fields.flag("after_tax") and bool(study().tax_rate)


def set_after_tax(after: bool) -> None:
    """Show totals, savings and rates of return after tax, or before it, as long as the study says nothing else."""
    work = _work()
    # No figure that was found so far is of one basis only: what took long to find need not be found again.
    found = work.derived
    change({"study/after_tax": after})
    work.derived = found


def once(name: str, job: Callable[[], Any]) -> Any:
    """What a job finds, found once for each study, with staff and without: for what every rerun shows and only an edit
    changes."""
    derived, key = _work().derived, _key(name)
    if key not in derived:
        derived[key] = job()
    return derived[key]


def found(name: str) -> Any:
    """What `once` found under a name for the study as it is; None until then."""
    return _work().derived.get(_key(name))


def _key(name: str) -> tuple[str, bool]:
    return name, without_staff()


def renew_once(name: str) -> None:
    """Forgets what `once` found under a name, so that it is found again."""
    _work().derived.pop(_key(name), None)


def policy() -> Policy:
    """How the texts typed in this session are read."""
    return Policy(marks())


def marks() -> Marks:
    """The decimal mark of typed numbers: as it was answered once, else as in English if the browser's."""
    if said := kept(DECIMAL_MARK):
        return said
    locale = st.context.locale
    return "english" if isinstance(locale, str) and locale.lower().startswith("en") else "ask"


def settle_marks(mark: Marks) -> None:
    """The decimal mark was asked about, and this is it."""
    keep(DECIMAL_MARK, mark)


def edited() -> bool:
    """Whether something was changed since the study was loaded."""
    return _work().edited


# ------------------------------------------------------------------------------------------------------------ changing


def load(loaded: Study, origin: str, *, keep: bool = True) -> None:
    """Go on with another study; `undo` comes back to the one before it. Entries in error end with the old one.

    It is kept as a draft unless it can be had again anyway. Raises StudyError if it cannot be computed; then nothing
    changes.
    """
    step = _computed(loaded, origin)
    work = _work()
    _remember(work)
    work.step, work.opened, work.shown, work.derived = step, loaded, None, {}
    _forget_asides(work)
    work.desk.close()
    work.edited, work.option, work.unsaved = False, "", keep


def change(
    changes: Mapping[str, Any], *, typed: Any = None, entry: str = "", rows: Callable[[Study], Study] | None = None
) -> list[Problem]:
    """Set inputs by path, all or none; a change is a value, None for blank, or a table with provenance.

    Where they need rows that are not there yet, `rows` makes the study that has them. Tried together with what was kept
    aside, too. Returns what is wrong; then nothing is set, and the change is kept aside under `entry` (without one, its
    first path) with what was `typed`.
    """
    if not changes:
        return []
    return _attempt(entry or next(iter(changes)), Entry(typed, changes, rows))


def rewrite(rows: Callable[[Study], Study], *, entry: str, typed: Any = None) -> list[Problem]:
    """Take the study with rows added, removed or rewritten, as `rows` makes it from any study; else as `change`."""
    return _attempt(entry, Entry(typed, rows=rows))


def replace_study(changed: Study) -> list[Problem]:
    """Take a study whose rows were added, removed or rewritten; checked as any change is.

    Returns what is wrong; then nothing changes and nothing is kept aside.
    """
    taken = _attempted([Entry(None, rows=lambda _: changed)])
    if isinstance(taken, tuple):
        return list(taken)
    _take(taken, _work().aside)
    return []


def _attempt(name: str, entry: Entry) -> list[Problem]:
    """Take an entry with as many of those kept aside as can be: all, none, or the first that makes it right."""
    others = {kept: waiting for kept, waiting in _work().aside.items() if kept != name}
    ready = {kept: waiting for kept, waiting in others.items() if waiting.can_be_tried}
    taken = _attempted([entry])
    fault = taken if isinstance(taken, tuple) else ()
    combinations = [list(ready)] + ([[]] if not fault else [[kept] for kept in ready])
    for companions in combinations:
        both = _attempted([entry, *(ready[kept] for kept in companions)]) if companions else taken
        if not isinstance(both, tuple):
            _take(both, {kept: waiting for kept, waiting in others.items() if kept not in companions})
            return []
    _work().aside = {**others, name: dataclasses.replace(entry, problems=fault)}
    return list(fault)


def reject(entry: str, typed: Any, found: Problem | tuple[Problem, ...]) -> None:
    """Keep aside an entry that cannot even be read."""
    reasons = (found,) if isinstance(found, Problem) else found
    work = _work()
    work.aside = {**work.aside, entry: Entry(typed, problems=reasons)}


def withdraw(entry: str) -> None:
    """Drop an entry that was kept aside: what is there is wanted again."""
    _work().aside.pop(entry, None)


def aside(entry: str) -> Entry | None:
    """What was typed under this name and could not be taken, or None."""
    return _work().aside.get(entry)


def _attempted(entries: Sequence[Entry]) -> Step | tuple[Problem, ...]:
    """The step that entries lead to together, or what is wrong with them."""
    changed = _work().step.study
    changes: dict[str, Any] = {}
    try:
        for entry in entries:
            changed = entry.rows(changed) if entry.rows else changed
            changes |= entry.change or {}
        return _computed(replace_all(changed, changes), origin())
    except StudyError as error:
        return error.problems


def _take(step: Step, aside: dict[str, Entry]) -> None:
    work = _work()
    _remember(work)
    work.aside = aside
    _show(step)


def _remember(work: Work) -> None:
    work.past = [*work.past, (work.step.study, work.step.origin)][-LONGEST_HISTORY:]
    work.future = []


def _show(step: Step) -> None:
    work = _work()
    work.step, work.shown, work.derived, work.edited, work.unsaved = step, None, {}, True, True


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
    if work.aside:
        _forget_asides(work)
        return
    while work.past:
        kept, origin = work.past.pop()
        study = unpacked(kept) if isinstance(kept, bytes) else kept
        if study is None or study == work.step.study:  # a step that an older version kept and this one cannot read
            continue
        work.future.append((work.step.study, work.step.origin))
        _show(_computed(study, origin))
        return


def redo() -> None:
    """Make the edit again that was taken back last."""
    work = _work()
    if work.future:
        _forget_asides(work)
        work.past.append((work.step.study, work.step.origin))
        _show(_computed(*work.future.pop()))


def _forget_asides(work: Work) -> None:
    """Drop what was kept aside; the fields that showed it are made anew."""
    for name in work.aside:
        renew(name)
    work.aside = {}


# ------------------------------------------------------------------------------------------------------------- library


def owner() -> str:
    """Whose studies these are: `LOCAL` on one's own machine, `TEAM` for those who signed in; "" for nobody's."""
    return _work().desk.owner


def _desk() -> Desk:
    """The desk of whoever signed in, among the studies of the team; else that of this machine or this browser."""
    person = sign_in.person()
    return Desk(_owner()) if person is None else Desk(TEAM, lambda: shelf().by(person), who=person.name)


def _owner() -> str:
    if not sign_in.is_near():
        return ""
    if not os.environ.get(APART_SETTING):
        return LOCAL
    cookie = st.context.cookies.get("_streamlit_xsrf")
    return people.browser(cookie) if isinstance(cookie, str) else ""


def library() -> Shelf:
    """The library as this person may use it. Raises StoreError where it cannot be opened."""
    return _work().desk.library()


def person() -> str:
    """Who signed in, by an address that the sign-in vouches for; "" for whoever sits at this machine."""
    found = sign_in.person()
    return "" if found is None else found.name


def saved() -> datetime.datetime | None:
    """When the study was saved as it stands, by the browser's clock; None for one that was only opened."""
    work = _work()
    at = None if work.desk.entry is None or work.unsaved or work.desk.fault else work.desk.entry.changed
    return None if at is None else moment(at)


def when(seconds: float | None) -> str:
    """A moment (seconds since 1970) as it is read; "–" where none is known."""
    return writer.ZERO if seconds is None else writer.moment(moment(seconds))


def moment(seconds: float) -> datetime.datetime:
    """A moment (seconds since 1970) by the clock of the person's browser, where it tells its zone."""
    try:
        return datetime.datetime.fromtimestamp(seconds, zoneinfo.ZoneInfo(str(st.context.timezone)))
    except (AttributeError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return datetime.datetime.fromtimestamp(seconds)


def fault() -> StoreError | None:
    """Why the study could not be saved; a `Conflict` where it was saved elsewhere meanwhile."""
    return _work().desk.fault


def entry() -> ListedStudy | None:
    """The study as the library has it; None while it is not there."""
    return _work().desk.entry


def keep_study() -> None:
    """Save the study if something changed since, and put it into the page's address, so that a reload finds it.

    Called when the page is drawn, so that nobody waits for the disk.
    """
    work = _work()
    if work.unsaved:
        work.unsaved = False
        work.desk.keep(work.step.study, work.step.origin, _headline())
    found = work.desk.entry.id if work.desk.entry else None
    if found is None:
        st.query_params.pop(ADDRESSED, None)
    elif st.query_params.get(ADDRESSED) != found:
        st.query_params[ADDRESSED] = found


def _headline() -> dict[str, Any]:
    """What the list of studies says of this one."""
    return headline(result())


def open_study(id: str) -> list[Problem]:
    """Go on with a study of the library. Returns what is wrong; then nothing changes."""
    work = _work()
    if work.unsaved:
        keep_study()
    return _resume(work, id)


def unopened() -> tuple[Problem, ...]:
    """Why the study that the page's address names could not be opened, until another study is."""
    return _work().kept.get(UNOPENED, ()) if _work().desk.entry is None else ()


def of_conflict() -> Study | None:
    """The study as another saved it meanwhile; None without one, or where it cannot be read."""
    work = _work()
    try:
        return work.desk.find(work.desk.fault.entry.id).study if isinstance(work.desk.fault, Conflict) else None
    except StoreError:
        return None


def settle_conflict(choice: Literal["merged", "mine", "theirs", "both"]) -> list[Problem]:
    """Of two saves made at once take the changes of both, or one or both of the studies. Returns what is wrong; then
    nothing changes."""
    work = _work()
    if choice == "merged":
        return _bring_together(work)
    if choice == "theirs" and isinstance(work.desk.fault, Conflict):
        return _resume(work, work.desk.fault.entry.id)
    keep = work.desk.keep_mine if choice == "mine" else work.desk.keep_both
    keep(work.step.study, work.step.origin, _headline())
    return []


def _bring_together(work: Work) -> list[Problem]:
    """Make one's own changes in what another saved, and save that."""
    own, fault = work.desk.entry, work.desk.fault
    if own is None or not isinstance(fault, Conflict):
        return []
    try:
        theirs = work.desk.find(own.id)
        found = merged(work.desk.library().step(own.id, own.revision), work.step.study, theirs.study)
        step = _computed(found.study, origin())
    except StudyError as error:
        return list(error.problems)
    except StoreError as error:
        return [Problem("", None, str(error))]
    work.desk.go_on(theirs)
    _take(step, work.aside)
    return [Problem(path, None, "was set by both; yours stands") for path in found.both]


def offered() -> ListedStudy | None:
    """The study that was open last, as long as nobody answered the offer to go on with it."""
    work = _work()
    if work.offer_answered or work.desk.entry is not None:
        return None
    if "offered" not in work.kept:
        work.kept["offered"] = work.desk.last()
    return work.kept["offered"]


def accept_offer() -> list[Problem]:
    """Go on with the study that was offered. Returns what is wrong with it; then nothing changes."""
    found = offered()
    problems = [] if found is None else open_study(found.id)
    if not problems:
        answer_offer()
    return problems


def lost() -> bool:
    """Whether the session of this tab ended and this one took its place, until the person took note of it."""
    return _work().lost


def answer_offer() -> None:
    """No longer offer a study in this session, nor tell that it followed a lost one; the study stays in the library."""
    work = _work()
    work.offer_answered, work.lost = True, False


# --------------------------------------------------------------------------------------------------------- form fields

_NOTHING = object()
Grid = TypeVar("Grid")


def seed(entry: str, value: Any) -> str:
    """The key of the field for an entry that holds `value` now: a new one whenever that changed elsewhere.

    A field keeps what was typed as long as its key stays; after undo, load, or an edit in another place it must show
    the study again, and that takes a new key.
    """
    seeds = _work().seeds
    stood, number = seeds.get(entry, (_NOTHING, _work().first_field))
    if stood != value:
        number += 1
        seeds[entry] = (value, number)
    return f"{entry} {number}"


def renew(entry: str) -> None:
    """The field must be made anew, whatever it stands for; an upload is empty then."""
    seeds = _work().seeds
    if entry in seeds:
        seeds[entry] = (_NOTHING, seeds[entry][1])


def settle(entry: str, value: Any) -> None:
    """The field itself set this value: it stays as it is typed."""
    seeds = _work().seeds
    if entry in seeds:
        seeds[entry] = (value, seeds[entry][1])


def entered(key: str) -> Any:
    """What a field holds; None if it is not on the page."""
    return st.session_state.get(key)


def bound(entry: str, value: Any, among: Any = None, take: Callable[[Any], object] | None = None) -> dict[str, Any]:
    """What makes a field remember: its key and what it calls, to be given to the widget that shows `value`.

    What is chosen or typed is kept under the entry, over reruns and page switches, or is given to `take` (several as a
    tuple). The field is made anew where the value, or what it is chosen `among`, became another elsewhere.
    """
    key = seed(entry, (value, among))
    return {"key": key, "on_change": _changed, "args": (entry, key, among, take)}


def _changed(entry: str, key: str, among: Any, take: Callable[[Any], object] | None) -> None:
    found = entered(key)
    found = tuple(found) if isinstance(found, list) else found
    settle(entry, (found, among))
    if take is None:
        keep(entry, found)
    else:
        take(found)


def frozen(entry: str, value: Any, begin: Callable[[], Grid]) -> tuple[str, Grid]:
    """The key of the grid for an entry that holds `value` now, and what it began with.

    A grid tells its edits only against what it was first given, so that stays until its page is entered again, or the
    value became another elsewhere.
    """
    grids = _work().grids
    if entry in grids and grids[entry][0] not in st.session_state:
        renew(entry)
    key = seed(entry, value)
    if entry not in grids or grids[entry][0] != key:
        grids[entry] = key, begin()
    return grids[entry]


def kept(name: str, default: Any = None) -> Any:
    """What a page remembers under this name over reruns and page switches."""
    return _work().kept.get(name, default)


def keep(name: str, value: Any) -> None:
    """Remember something for a page under this name; None forgets it."""
    if value is None:
        _work().kept.pop(name, None)
    else:
        _work().kept[name] = value
