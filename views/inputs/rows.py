"""Which option or workload the inputs are about, and adding, copying, renaming and removing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from models.studies import rewrite
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import StudyError
from models.studies.study import Option, Study
from store import library
from views import session
from views.fields import remembered
from views.figures import drawing, wording

ALL = "All options"


def scope() -> str | None:
    """The option the inputs are about; None for all of them at once."""
    return None if session.kept("all options", True) and len(session.study().options) > 1 else session.option_name()


def workload() -> str:
    """The workload the inputs are about."""
    names = _workloads()
    return remembered.kept("workload", names, names[0])


def _workloads() -> list[str]:
    return [row.text("name") for row in session.study().workloads]


def pick_option() -> None:
    """The choice between all options and one of them, and the menu that manages them."""
    names = [option.name for option in session.study().options]
    choices = [-1, *range(len(names))] if len(names) > 1 else [0]
    current = -1 if (chosen := scope()) is None else names.index(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="scope"):
        st.selectbox(
            "Show",
            choices,
            index=choices.index(current),
            format_func=lambda position: ALL if position < 0 else names[position],
            help="Shared values are set once. Any option can override them.",
            **session.bound("scope", current, names, _scoped),
        )
        menu("Options", "option", _manage_options)


def _scoped(position: int) -> None:
    session.keep("all options", position < 0)
    if position >= 0:
        session.set_option(session.study().options[position].name)


def pick_workload() -> None:
    """The choice of a workload, and the menu that manages them."""
    names = _workloads()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="workloads"):
        remembered.choice("workload", "Workload", names, names[0])
        menu("Workloads", "workload", _manage_workloads)


# ------------------------------------------------------------------------------------------------------------ managing


def menu(label: str, kind: str, content: Callable[[], None]) -> None:
    """A popover that manages rows of a kind, and tells what came of the last thing done in it."""
    popover = st.popover(
        label,
        icon=":material/tune:",
        key=f"manage {kind}",
        on_change="rerun",
        help=f"Add, copy, rename or remove {label.casefold()}",
    )
    if popover.open:
        with popover:
            content()
            _answer(kind)


def _answer(kind: str) -> None:
    """What came of the last thing done in the menu."""
    for message in session.kept(f"answer {kind}", ()):
        drawing.error(message)


def tell(kind: str, problems: Sequence[str]) -> None:
    """Keep what came of the last thing done in the menu of a kind."""
    session.keep(f"answer {kind}", tuple(problems))


def _manage_options() -> None:
    name = session.option_name()
    names = [option.name for option in session.study().options]
    st.markdown(f"**{wording.escaped(name)}**")
    rename("option", name)
    with st.container(horizontal=True):
        st.button("Copy", icon=":material/content_copy:", on_click=_copy_option, args=(name,), key="copy option")
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=_remove_option,
            args=(name,),
            disabled=len(names) == 1,
            key="remove option",
        )
    others = _options_elsewhere()
    chosen = st.selectbox(
        "Add an option from a template",
        list(others),
        index=None,
        placeholder="choose one",
        key=session.seed("option to add", names),
        help="Serves this study's workloads. Speeds not measured for them are marked assumed.",
    )
    st.button(
        "Add", icon=":material/add:", on_click=_add_option, args=(chosen,), disabled=chosen is None, key="add option"
    )


def _options_elsewhere() -> dict[str, Option]:
    """The options of all templates, by template and name."""
    found: dict[str, Option] = {}
    for name in library.names():
        try:
            template = library.template(name)
        except StudyError:
            continue
        found |= {f"{template.title}: {option.name}": option for option in template.study.options}
    return found


def rename(kind: str, name: str) -> None:
    """The field for the name of a row."""
    key = session.seed(f"{kind} name", name)
    st.text_input("Name", value=name, key=key, on_change=_renamed, args=(kind, name, key))


def _renamed(kind: str, name: str, key: str) -> None:
    new = str(session.entered(key) or "").strip()
    if new == name:
        return
    entry = f"{kind} name"
    problems = session.change({joined(kind, name, "name"): new}, typed=new, entry=entry)
    session.withdraw(entry)
    tell(kind, [wording.problem(each, with_place=False) for each in problems])
    if not problems:
        _select(kind, new)


def _select(kind: str, name: str) -> None:
    if kind == "option":
        session.set_option(name)
    elif kind == "workload":
        session.keep("workload", name)


def taken(kind: str, changed: Study, name: str = "") -> None:
    """Take the study with rows of a kind changed, and select the one of that name; or tell why not."""
    problems = session.replace_study(changed)
    tell(kind, [wording.problem(each) for each in problems])
    if not problems and name:
        _select(kind, name)


def _copy_option(name: str) -> None:
    study = session.study()
    new = rewrite.free_name(f"{name}, copy", [option.name for option in study.options])
    taken("option", rewrite.option_added(study, study.option(name), new), new)
    session.keep("all options", False)


def _add_option(chosen: str) -> None:
    study, added = session.study(), _options_elsewhere()[chosen]
    new = rewrite.free_name(added.name, [option.name for option in study.options])
    taken("option", rewrite.option_added(study, added, new), new)


def _remove_option(name: str) -> None:
    taken("option", rewrite.option_removed(session.study(), name))


def _manage_workloads() -> None:
    name = workload()
    st.markdown(f"**{wording.escaped(name)}**")
    rename("workload", name)
    with st.container(horizontal=True):
        st.button("Copy", icon=":material/content_copy:", on_click=_copy_workload, args=(name,), key="copy workload")
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=_remove_workload,
            args=(name,),
            disabled=len(session.study().workloads) == 1,
            key="remove workload",
        )


def _copy_workload(name: str) -> None:
    study = session.study()
    new = rewrite.free_name(f"{name}, copy", _workloads())
    taken("workload", rewrite.workload_copied(study, name, new), new)


def _remove_workload(name: str) -> None:
    taken("workload", rewrite.workload_removed(session.study(), name))
