"""What is not money, scored beside the cost: criteria with weights and gates, scores and their evidence by offer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas
import streamlit as st

from models.analysis.decision import scoring
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.scoring import Criterion, Moved, Standing
from models.analysis.metrics.measures import RANKED_BY
from models.notation import reader, writer
from models.run.model import Result
from views import session
from views.figures import wording
from views.inputs.quotes import preview

ENTRY = "bid scoring"
CRITERION, WEIGHT, GATE = "Criterion", "Weight", "Least score"
USUAL = ("Delivery date", "Service and response", "Security and compliance", "Experience with such systems", "Exit")
Cells = tuple[tuple[str, ...], ...]


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
        try:
            criteria, scores = read(result)
            if criteria:
                _told(result, criteria, scores)
        except ValueError as error:
            st.error(wording.escaped(f"{error}"), icon=":material/error:")


def columns(result: Result) -> list[str]:
    """The columns of the grid: the criterion, then score and evidence of each option."""
    each = [column for name in result.options for column in (f"{name}: score", f"{name}: evidence")]
    return [CRITERION, WEIGHT, GATE, *each]


def held(result: Result) -> list[dict[str, str]]:
    """What was typed, row by row; at first the usual criteria at equal weights."""
    usual = [{CRITERION: name, WEIGHT: "20"} for name in USUAL]
    return [dict(row) for row in session.kept(ENTRY + " rows", usual)]


def _grid(result: Result) -> None:
    names, rows = columns(result), held(result)
    now = tuple(tuple(row.get(name, "") for name in names) for row in rows), tuple(names)
    key, base = session.frozen(ENTRY + " grid", now, partial(list, now[0]))
    text = st.column_config.TextColumn
    st.data_editor(
        pandas.DataFrame(base, columns=names, dtype="str"),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            name: text(name, width=220 if name == CRITERION or "evidence" in name else 110) for name in names
        },
        on_change=_edited,
        args=(result, key),
        alt="Scores of what is not money",
        placeholder="",
    )


def _edited(result: Result, key: str) -> None:
    take(result, session.entered(key) or {})
    names = columns(result)
    rows = tuple(tuple(row.get(name, "") for name in names) for row in held(result))
    session.settle(ENTRY + " grid", (rows, tuple(names)))


def take(result: Result, edits: Mapping[str, Any]) -> None:
    """Remember the edits of the grid: cells, further rows, and rows taken out."""
    rows = held(result)
    for at, cells in edits.get("edited_rows", {}).items():
        rows[int(at)] |= {name: str(text or "").strip() for name, text in cells.items()}
    gone = set(edits.get("deleted_rows", []))
    rows = [row for at, row in enumerate(rows) if at not in gone]
    rows += [{name: str(text or "").strip() for name, text in row.items()} for row in edits.get("added_rows", [])]
    session.keep(ENTRY + " rows", rows)


def read(result: Result) -> tuple[list[Criterion], dict[str, dict[str, float]]]:
    """The criteria and scores as typed. Raises ValueError, naming the cell, for what is no number."""
    criteria: list[Criterion] = []
    scores: dict[str, dict[str, float]] = {name: {} for name in result.options}
    for row in (each for each in held(result) if each.get(CRITERION)):
        name = row[CRITERION]
        gate = _number(row, GATE)
        criteria.append(Criterion(name, _number(row, WEIGHT) or 0.0, gate))
        for option in result.options:
            if (score := _number(row, f"{option}: score")) is not None:
                scores[option][name] = score
    return criteria, {option: given for option, given in scores.items() if given}


def _number(row: Mapping[str, str], column: str) -> float | None:
    found = reader.amount(row.get(column, ""), session.policy(), what=column)
    if found.fault:
        raise ValueError(f"{row[CRITERION]}, {column}: {found.fault}")
    return None if found.value is None else float(found.value)


def _told(result: Result, criteria: list[Criterion], scores: dict[str, dict[str, float]]) -> None:
    if not scores:
        return
    found = scoring.standings(criteria, scores)
    currency = result.study.currency
    costs = [per_thousand(result.options[each.option].number(RANKED_BY), currency) for each in found]
    table = {"Option": [each.option for each in found], "Score, of 5": [_score(each) for each in found]}
    preview.table({**table, "Cost per 1,000 responses": costs}, "Scores beside the cost")
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
