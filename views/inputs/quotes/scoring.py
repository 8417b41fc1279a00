"""What is not money, scored beside the cost: criteria with weights and gates, scores and their evidence by offer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas
import streamlit as st

from models.analysis.decision import scoring
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.scoring import Moved, Standing
from models.analysis.metrics.measures import RANKED_BY
from models.notation import reader, writer
from models.run.model import Result
from models.studies.file.reading import row
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value, is_number
from models.studies.study import Option, Row, Study
from views import session
from views.figures import drawing, wording
from views.figures.typed import spelt_number

ENTRY = "bid scoring"
# Rows that the study cannot take, as they are typed, and why.
WAITING = "bid scoring waiting"
SCORE, EVIDENCE = "score", "evidence"
CRITERION, WEIGHT, GATE = (schema.field("criterion", name).label for name in ("name", "weight", "least"))
USUAL = ("Delivery date", "Service and response", "Security and compliance", "Track record", "Exit")


def draw(result: Result) -> None:
    """The folded grid of scores and what follows from it; drawn only while it is open."""
    box = st.expander("Score what is not money", icon=":material/balance:", key=ENTRY, on_change="rerun")
    if not box.open:
        return
    with box:
        st.caption(
            "0 to 5 for each offer, with what the score rests on. It stands beside the cost, and changes none of it. "
            "An offer below a least score is out."
        )
        _grid(result)
        if waiting := session.kept(WAITING):
            for fault in waiting[1]:
                st.error(wording.escaped(fault), icon=":material/error:")
        elif result.study.criteria:
            _told(result)


def columns(result: Result) -> list[str]:
    """The columns of the grid: the criterion, the score of each option, how it weighs, then the evidence of each."""
    scores, evidence = ([_of(name, what) for name in result.options] for what in (SCORE, EVIDENCE))
    return [CRITERION, *scores, WEIGHT, GATE, *evidence]


def _of(option: str, what: str) -> str:
    return f"{option}: {what}"


def held(study: Study) -> list[dict[str, str]]:
    """The rows of the grid: those of the study, at first the usual criteria; those as typed while they are faulty."""
    if waiting := session.kept(WAITING):
        return [dict(row) for row in waiting[0]]
    usual = [{CRITERION: name, WEIGHT: "20"} for name in USUAL]
    return [_row(study, criterion) for criterion in study.criteria] or usual


def _row(study: Study, criterion: Row) -> dict[str, str]:
    name = criterion.text("name")
    cells = {CRITERION: name, WEIGHT: _text(criterion["weight"]), GATE: _text(criterion["least"])}
    for option in study.options:
        if (scored := _scored(option, name)) is not None:
            found = scored["score"]
            cells |= {_of(option.name, SCORE): _text(found), _of(option.name, EVIDENCE): found.source or ""}
    return cells


def _scored(option: Option, criterion: str) -> Row | None:
    return next((row for row in option.scores if row.text("criterion") == criterion), None)


def _text(value: Value) -> str:
    return spelt_number(float(value.value), session.marks()) if is_number(value.value) else ""


def _grid(result: Result) -> None:
    names, rows = columns(result), held(result.study)
    now = tuple(tuple(row.get(name, "") for name in names) for row in rows), tuple(names)
    key, base = session.frozen(ENTRY + " grid", now, partial(list, now[0]))
    st.data_editor(
        pandas.DataFrame(base, columns=names, dtype="str"),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={name: _column(name) for name in names},
        on_change=_edited,
        args=(result, key),
        alt="Scores of what is not money",
        placeholder="",
    )


def _column(name: str) -> Any:
    if name == CRITERION:
        return st.column_config.TextColumn(name, width=drawing.PINNED, pinned=True)
    if name.endswith(EVIDENCE):
        return st.column_config.TextColumn(name, width=drawing.PINNED)
    option = name.removesuffix(_of("", SCORE))
    return st.column_config.TextColumn(option, width=drawing.headed(option), alignment="right", help=name)


def _edited(result: Result, key: str) -> None:
    take(result.study, session.entered(key) or {})
    names = columns(result)
    rows = tuple(tuple(row.get(name, "") for name in names) for row in held(session.study()))
    session.settle(ENTRY + " grid", (rows, tuple(names)))


def take(study: Study, edits: Mapping[str, Any]) -> None:
    """Put the edits of the grid into the study: cells, further rows, rows taken out; what is faulty waits as typed."""
    rows = held(study)
    for at, cells in edits.get("edited_rows", {}).items():
        rows[int(at)] |= {name: str(text or "").strip() for name, text in cells.items()}
    gone = set(edits.get("deleted_rows", []))
    rows = [row for at, row in enumerate(rows) if at not in gone]
    rows += [{name: str(text or "").strip() for name, text in row.items()} for row in edits.get("added_rows", [])]
    faults = _faults(study, rows)
    session.keep(WAITING, (rows, faults) if faults else None)


def _faults(study: Study, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Why the study cannot take the rows; none where it has."""
    try:
        problems = session.replace_study(with_scores(study, rows))
    except StudyError as error:
        problems = error.problems
    except ValueError as error:
        return [str(error)]
    return [str(problem) for problem in problems]


def with_scores(study: Study, rows: Sequence[Mapping[str, str]]) -> Study:
    """The study with the criteria and scores of the rows, as they are typed.

    Raises ValueError, naming the cell, for what is missing or no number, and StudyError for what is out of bounds.
    """
    named = [row for row in rows if any(row.values())]
    criteria = []
    for at, cells in enumerate(named, start=1):
        if not cells.get(CRITERION):
            raise ValueError(f"row {at}, {CRITERION}: is missing; name what is scored, or take the row out")
        weight = _number(cells, WEIGHT)
        if weight is None:
            raise ValueError(
                f"{cells[CRITERION]}, {WEIGHT}: is missing; give it, or 0 for a criterion that does not count"
            )
        criteria.append(
            row("criterion", {"name": cells[CRITERION], "weight": weight, "least": _number(cells, GATE)}, "you")
        )
    options = [
        dataclasses.replace(option, scores=tuple(scored for cells in named for scored in _scores(option, cells)))
        for option in study.options
    ]
    return dataclasses.replace(study, criteria=tuple(criteria), options=tuple(options))


def _scores(option: Option, cells: Mapping[str, str]) -> Iterator[Row]:
    """The score of an option in a row, if it has one: as it stood where it is the same."""
    column, name = _of(option.name, SCORE), cells[CRITERION]
    score, evidence = _number(cells, column), cells.get(_of(option.name, EVIDENCE), "")
    before = _scored(option, name)
    if score is None:
        if evidence:
            raise ValueError(f"{name}, {column}: has evidence and no score; give one from 0 to 5")
    elif before is not None and (before.number("score"), before["score"].source or "") == (score, evidence):
        yield before
    else:
        rests = {"source": evidence} if evidence else {}
        yield row("score", {"criterion": name, "score": {"value": score, **rests}}, "you")


def _number(row: Mapping[str, str], column: str) -> float | None:
    found = reader.amount(row.get(column, ""), session.policy(), what=column)
    if found.fault:
        raise ValueError(f"{row[CRITERION]}, {column}: {found.fault}")
    return None if found.value is None else float(found.value)


def _told(result: Result) -> None:
    criteria, scores = scoring.of(result.study)
    if not scores:
        return
    try:
        found = scoring.standings(criteria, scores)
    except ValueError as error:
        st.error(wording.escaped(str(error)), icon=":material/error:")
        return
    currency = result.study.currency
    costs = [per_thousand(result.options[each.option].number(RANKED_BY), currency) for each in found]
    table = {"Option": [each.option for each in found], "Score, of 5": [_score(each) for each in found]}
    drawing.table({**table, "Cost per 1,000 responses": costs}, "Scores beside the cost")
    best = scoring.winners(found)
    if not best:
        return
    turned = [each for each in scoring.sensitivity(criteria, scores) if each.winners != best]
    st.markdown(wording.escaped(f"Highest: {', '.join(best)}. {_sensitivity(turned)}"))


def _score(each: Standing) -> str:
    if each.score is not None:
        return writer.digits(each.score, 3)
    return f"out: {', '.join(each.failed)}" if each.failed else f"not scored: {', '.join(each.unsaid)}"


def _sensitivity(turned: list[Moved]) -> str:
    """What moves the first place, in a sentence."""
    if not turned:
        return "It stays so with any one weight ten points of a hundred higher or lower."
    way = {True: "higher", False: "lower"}
    told = [f"{each.criterion} ten points {way[each.points > 0]}: {', '.join(each.winners)}" for each in turned]
    return f"Another is first with {'; '.join(told)}."
