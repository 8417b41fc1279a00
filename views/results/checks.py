"""Results: the identities that hold, every headline figure with its parts, and any line by its name."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.analysis.metrics.headlines import Headline, headlines
from models.analysis.metrics.idle import barely_used_in_words
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import listing
from models.notation import writer
from models.run.model import OptionResult, Result
from views.figures import opened, printed, written
from views.figures.opened import Row
from views.results.lines import SHORT, chosen, response


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    opened.finder(result, option.name, "results finder")
    _further(result, option, headlines(option))
    _checks(result, option)


def _further(result: Result, option: OptionResult, found: Sequence[Headline]) -> None:
    """The headline figures in a table, each with those beneath it."""
    shown = [figure for headline in found for figure in (headline.figure, *headline.beneath)]
    money = {each.line: each.value for each in shown if each.kind == "money" and isinstance(each.value, float)}
    scale = writer.table_scale(money.values())
    rows: list[Row] = []
    for figure in shown:
        if figure.line in money:
            cells, unit = written.row(figure.line, [money[figure.line]], "money", option.study.currency, scale)
        else:
            cells, unit = [response(option) if figure.line == RANKED_BY else written.figure(figure)], figure.unit
        rows.append(Row(SHORT.get(figure.line, figure.label), cells, figure.line, unit))
    opened.table("further figures", result, option.name, ["Whole period"], rows, "Further headline figures")
    if barely_used_in_words(option):
        printed.flag(barely_used_in_words(option))
    reasons = dict.fromkeys(h.missing for h in found if h.missing)
    boundary = "Energy is counted at the meter, idle time included. " if option.values["energy_known"] else ""
    st.caption(written.plain(boundary + (f"No figure (n/a): {listing(list(reasons))}." if reasons else "")))


def _checks(result: Result, option: OptionResult) -> None:
    """The identities of this option; those of the others stand on their own pages."""
    prefix = f"{option.name}: " if len(result.options) > 1 else ""
    own = [check for check in result.checks if check.name.startswith(prefix)]
    failed = [check for check in own if not check.holds]
    st.header("Checks", anchor=False)
    if failed:
        for check in failed:
            st.error(f"{written.plain(check.name)} fails: {written.plain(check.detail)}")
    else:
        st.markdown(f":material/check_circle: All {len(own)} model checks pass.")
    with st.expander("What is checked"):
        listed = (f"- {written.plain(check.name.removeprefix(prefix))}: {written.plain(check.detail)}" for check in own)
        st.markdown("\n".join(listed))
