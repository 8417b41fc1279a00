"""Speeds where nothing was measured: the ceiling of physics times what measured runs reach of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.catalogue import physics
from models.catalogue.fill import Catalogue, load
from models.notation import writer
from models.studies.file.reading import plain_value
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.study import Option
from views import session
from views.fields.remembered import choice
from views.figures import drawing, wording
from views.inputs import rows

KIND = "estimate"
# What a measurement left behind is not true of an estimate.
MEASURED = ("measured_input_tokens", "measured_output_tokens", "ttft_ms", "tpot_ms", "engine")
RATES = {"prefill_rate": "prefill", "decode_rate": "decode"}


def draw(workload: str) -> None:
    """The menu, for an option in view that serves the workload with hardware of its own or rented."""
    chosen = rows.scope()
    option = session.study().option(chosen) if chosen else None
    if option is not None and option.acquisition in schema.HARDWARE and option.serving_for(workload) is not None:
        rows.menu("Estimated speeds", KIND, lambda: _offer(option, workload))


def _offer(option: Option, workload: str) -> None:
    """Model, accelerator and number format, and what the speeds would be."""
    st.caption("For a model nobody has measured there: an assumption with its range, to be replaced by a measurement.")
    catalogue = load()
    model, accelerator, precision = _what(option, workload, catalogue)
    copy = max(1, int(option.fields.number("accelerators_per_replica")))
    try:
        found = physics.estimate(catalogue, model, accelerator, precision, copy, _shape(option, workload))
    except ValueError as error:
        drawing.error(wording.escaped(str(error)))
        return
    speeds = {name: getattr(found, part) for name, part in RATES.items()}
    drawing.table(
        {
            "Tokens/s per accelerator": [schema.field("serving", name).label for name in RATES],
            **{
                head: [writer.count(getattr(speed, part) or 0) for speed in speeds.values()]
                for head, part in (("Low", "low"), ("Estimate", "value"), ("High", "high"))
            },
        },
        "Estimated speeds",
        right=("Low", "Estimate", "High"),
    )
    st.caption(wording.escaped(found.decode.note or ""))
    changes = {
        **{name: plain_value(speed) for name, speed in speeds.items()},
        **dict.fromkeys(MEASURED),
        "model": model,
        "accelerator": accelerator,
        "precision": precision,
    }
    st.button("Take them", type="primary", key="take estimate", on_click=_taken, args=(option.name, workload, changes))


def _what(option: Option, workload: str, catalogue: Catalogue) -> tuple[str, str, str]:
    """The model, the accelerator and the number format: those of the rates, or as chosen here."""
    held = option.serving_for(workload)
    models = [row.text("model") for row in catalogue.table("models")]
    known = physics.model_row(catalogue, held.text("model")) if held else None
    chips = sorted({row.text("accelerator") for row in catalogue.table("systems")} - {""})
    chips = [name for name in chips if physics.chip(catalogue, name)]
    vendor = physics.chip_of_system(catalogue, option.fields.text("vendor"))
    chip = (held.text("accelerator") if held else "") or vendor
    precision = next((each for each in physics.WEIGHT_BYTES if held and each in held.text("precision").upper()), "FP8")
    name, label = f"{option.name} {workload}", {entry.name: entry.label for entry in schema.fields("serving")}
    return (
        choice(f"estimate model {name}", label["model"], models, known.text("model") if known else models[0]),
        choice(f"estimate chip {name}", label["accelerator"], chips, chip if chip in chips else chips[0]),
        choice(f"estimate format {name}", label["precision"], list(physics.WEIGHT_BYTES), precision),
    )


def _shape(option: Option, workload: str) -> physics.Shape:
    """What a request of the workload reads and writes, by the option's own figures where it has them."""
    held, asked = option.serving_for(workload), session.study().workload(workload)

    def tokens(name: str) -> float:
        return held.number(name) if held and not held[name].blank else asked.number(name)

    return physics.Shape(tokens("input_tokens"), tokens("output_tokens") + tokens("reasoning_tokens"))


def _taken(option: str, workload: str, changes: Mapping[str, Any]) -> None:
    path = joined("option", option, "serving", workload)
    problems = session.change({f"{path}/{name}": change for name, change in changes.items()}, entry=KIND)
    session.withdraw(KIND)
    rows.tell(KIND, [wording.problem(each) for each in problems])
