"""One chunk of a sweep: its cells simulated one after the other, as a Parquet file in memory.

A chunk depends on the plan and its number only, so that it is the same bits on any worker and after any restart.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.analysis.risk import summary
from models.analysis.risk.simulation import METRICS, Simulation, simulate
from models.studies.inputs.problem import StudyError
from sweeps.plan import Plan


def computed(plan: Plan, chunk: int) -> bytes:
    """The Parquet file of a chunk: a row for each cell and option with the summary of every result.

    A cell whose study does not hold has one row that says why.
    """
    rows = [row for cell in plan.within(chunk) for row in _rows(plan, cell)]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=layout(plan)), target, compression="zstd")
    return target.getvalue()


def layout(plan: Plan) -> pa.Schema:
    """The columns: the cell, its point on every axis, the option, its results, and why there are none."""
    figures = [f"{metric}_{name}" for metric in METRICS for name in _NAMES]
    return pa.schema(
        [
            pa.field("cell", pa.int64()),
            *(pa.field(axis.name, pa.string()) for axis in plan.axes),
            pa.field("option", pa.string()),
            pa.field("cheapest", pa.float64()),
            *(pa.field(name, pa.float64()) for name in figures),
            pa.field("problem", pa.string()),
        ]
    )


_NAMES = (*(f"p{p}" for p in summary.PERCENTILES), "mean", "sd")


def _rows(plan: Plan, cell: int) -> Iterator[dict[str, Any]]:
    where = {"cell": cell} | {a.name: p.name for a, p in zip(plan.axes, plan.points(cell), strict=True)}
    try:
        made = simulate(plan.at(cell), plan.draws, plan.seed, workers=1)
    except StudyError as error:
        yield where | {"problem": "; ".join(map(str, error.problems))}
        return
    first = summary.cheapest(made)
    for option in made.base.options:
        yield where | {"option": option, "cheapest": first.get(option)} | _figures(made, option)


def _figures(made: Simulation, option: str) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for metric, each in summary.summaries(made, option).items():
        if each is not None:
            levels = {f"p{p}": value for p, value in each.percentiles.items()}
            found |= {
                f"{metric}_{name}": value for name, value in (levels | {"mean": each.mean, "sd": each.sd}).items()
            }
    return found
