"""From a study's option to the inputs that formulas read: one name a field, blanks as nan, rows in file order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.engine.check import Input
from models.engine.line import Shape
from models.finance import tax
from models.studies import schema
from models.studies.study import EQUIPMENT, Option, Row, Study, equipment

ROW_TABLES = {"workload": "workload", "serving": "workload", "asset": "asset"} | {
    t: t for t in ("capex", "opex", "tariff", "tier")
}
# Inputs that follow from the study's structure: numbers of asset classes, tax schedules by age.
STRUCTURE: tuple[Input, ...] = (
    Input("asset_number", "Number of the asset class", "1", Shape("asset"), False, False),
    Input("capex_asset_number", "Number of the item's asset class", "1", Shape("capex"), False, False),
    Input("asset_straight_line", "Straight-line depreciation", "1", Shape("asset"), False, False),
    Input("asset_schedule_share", "Depreciated at this age, by schedule", "1", Shape("asset", "age"), False, False),
)


def _inputs() -> dict[str, Input]:
    found = {i.name: i for i in STRUCTURE}
    for each in schema.FIELDS:
        text = each.kind in ("text", "choice", "schedule")
        unit = f"@{each.table}" if each.unit == "@basis" else each.unit
        shape = Shape(ROW_TABLES.get(each.table))
        blank = (
            each.default is None and not text and not (each.required and each.table in ("study", "option", "workload"))
        )
        name = f"{each.table}_{each.name}"
        found[name] = Input(name, each.label, unit, shape, blank, text, schema.BASIS_UNITS.get(each.table))
    return found


INPUTS: Mapping[str, Input] = _inputs()


@dataclass(frozen=True)
class Gathered:
    """The inputs of one option by name (a figure, a text, or a list by row) and the sizes of its dimensions."""

    values: Mapping[str, Any]
    sizes: Mapping[str, int]
    rows: Mapping[str, Sequence[Row]]


def asset_rows(option: Option) -> tuple[Row, ...]:
    """The option's asset classes, the equipment always first."""
    others = (a for a in option.assets if a.text("name") != EQUIPMENT)
    return (option.asset(EQUIPMENT) or equipment(), *others)


def rows_of(study: Study, option: Option) -> dict[str, tuple[Row, ...]]:
    """The rows of every table that has a dimension, in the order of that dimension."""
    serving = tuple(option.serving_for(w.text("name")) or Row("serving") for w in study.workloads)
    return {
        "workload": study.workloads,
        "serving": serving,
        "asset": asset_rows(option),
        "capex": option.capex,
        "opex": option.opex,
        "tariff": option.tariffs,
        "tier": option.tiers,
    }


def gather(study: Study, option: Option) -> Gathered:
    """The inputs of ``option``, defaults filled in, blanks as nan."""
    rows = rows_of(study, option)
    values: dict[str, Any] = {}
    single = {"study": study.fields, "option": option.fields}
    single |= {t: option.rows(t)[0] if option.rows(t) else Row(t) for t in ("rental", "lease", "loan", "api")}
    for each in schema.FIELDS:
        name = f"{each.table}_{each.name}"
        if each.table in single:
            values[name] = plain(single[each.table][each.name].value)
        else:
            values[name] = [plain(row[each.name].value) for row in rows[each.table]]
    values.update(_structure(rows, int(values["study_horizon_years"])))
    sizes = {t: len(r) for t, r in rows.items() if t != "serving"} | {"year": int(values["study_horizon_years"])}
    return Gathered(values, sizes, rows)


def plain(value: Any) -> float | str:
    """A field's value as formulas read it: nan for blank, 1 and 0 for yes and no."""
    if value is None:
        return math.nan
    return value if isinstance(value, str) else float(value) if isinstance(value, int | float) else ""


def _structure(rows: Mapping[str, Sequence[Row]], years: int) -> dict[str, Any]:
    names = [a.text("name") for a in rows["asset"]]
    shares = [tax.schedule_shares(_schedule(a), years) for a in rows["asset"]]
    return {
        "asset_number": [float(n) for n in range(1, len(names) + 1)],
        "capex_asset_number": [float(names.index(c.text("asset")) + 1) for c in rows["capex"]],
        "asset_straight_line": [1.0 if s is None else 0.0 for s in shares],
        "asset_schedule_share": [list(s) if s is not None else [0.0] * years for s in shares],
    }


def _schedule(asset: Row) -> Any:
    value = asset["tax_schedule"].value
    return value if value is not None else "straight_line"
