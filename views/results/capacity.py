"""Results: where capacity that is paid for goes, what limits output, and the energy behind it."""

from __future__ import annotations

import streamlit as st

from charts import capacity
from models.analysis.metrics import palette
from models.analysis.metrics.chain import energy_chain
from models.analysis.metrics.idle import idle, idle_in_words
from models.notation import writer
from models.run.model import OptionResult, Result
from views.figures import drawing, opened, written
from views.figures.opened import Row
from views.results.lines import by_year, chosen, money


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _idle(result, option)
    _energy(result, option)


def _idle(result: Result, option: OptionResult) -> None:
    found = idle(option)
    if found is None:
        return
    st.header("Idle capacity", anchor=False)
    st.markdown(written.plain(idle_in_words(option)))
    chart = capacity.time_use(option)
    if chart is not None:
        drawing.chart(chart)
    scale = writer.table_scale([part.cost for part in found.parts])
    rows = [
        Row(
            palette.TIME[part.name].label,
            [writer.share(part.share), scale.text(part.cost) if part.name != "used" else ""],
            "used_share" if part.name == "used" else "idle_cost",
        )
        for part in found.parts
        if part.share > 0.0005
    ]
    opened.table(
        "idle table",
        result,
        option.name,
        ["Share of the time", f"Cost of idle capacity, {scale.unit(money(option))}"],
        rows,
        "Idle capacity by reason",
    )


def _energy(result: Result, option: OptionResult) -> None:
    st.header("Energy and limiting factor", anchor=False)
    stages = energy_chain(option)
    chart = capacity.energy(option)
    if chart is not None:
        drawing.chart(chart)
        divisor, unit = capacity.energy_scale(stages)
        columns = [f"Energy, {unit}", "Efficiency of the stage", "J per generated token", "Tokens per kWh"]
        rows = [
            Row(
                stage.label,
                [
                    writer.physical(stage.kwh / divisor),
                    writer.share(stage.kept) + (f" ({stage.by})" if stage.by else ""),
                    writer.physical(stage.joules_per_token),
                    writer.physical(3.6e6 / stage.joules_per_token if stage.joules_per_token else None),
                ],
                stage.line,
            )
            for stage in stages
        ]
        opened.table("energy table", result, option.name, columns, rows, "Energy chain")
    elif option.values["is_api"]:
        st.caption("The provider does not disclose energy or capacity.")
        return
    else:
        st.caption("Power of the rented servers is not known; energy is in the rent.")
    lines = (
        *("installed", "binding", "utilisation", "power_share", "peak_served_share", "compute_ceiling"),
        *("energy_ceiling", "average_it_kw", "peak_kw", "facility_energy_kwh", "electricity", "carbon_t", "water_m3"),
    )
    rows = by_year(option, lines)
    opened.table("limits table", result, option.name, option.year_names, rows, "Fleet, limits and energy by year")
