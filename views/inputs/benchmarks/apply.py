"""Power of a system, what the measurement would change, what that costs, and the button that applies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from importers.measuring import change as measure_change
from importers.measuring.change import Measured, PowerEntry, Preview
from importers.measuring.power import METHODS, Power, method_label, of_record
from models.analysis.decision.decision import per_thousand
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import line_text
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem
from models.studies.study import Option
from views import session
from views.fields import conversions, numbers
from views.fields.remembered import choice
from views.figures import drawing, printed, typed, wording
from views.inputs.benchmarks import traces

FROM_FILE, FROM_LOG, TYPED, AS_IT_IS = "Use the file's value", "Use a power log", "Enter a value", "Keep current"
COST_LABELS = {
    RANKED_BY: "Cost per 1,000 responses",
    "cost_per_meaningful_response": "Cost per 1,000 responses, undiscounted",
    "lifetime_cost_per_million_output_tokens": "Cost per million generated tokens, undiscounted",
}


# What is said where power is filled in.
ALREADY_SAID = frozenset(("power_method", "system_power_idle_w"))


# --------------------------------------------------------------------------------------------------------------- power


def power(option: Option, measured: Measured) -> PowerEntry | None:
    """The power to set with the speeds; None to leave it. Raises ValueError while a field cannot be read."""
    st.header("Power", anchor=False)
    per_system = option.fields.number("accelerators_per_system")
    level = measured.levels[0]
    filed = of_record(level.record, per_system)
    ways = [*([FROM_FILE] if filed else []), FROM_LOG, TYPED, AS_IT_IS]
    # Boards alone would take the place of a whole server, and lower the cost, only because somebody did not look.
    as_good = filed is not None and (filed.method == "server" or option.fields.text("power_method") in ("gpu", ""))
    with st.container(width=420):
        way = choice(
            "measure power way",
            f"Power of a system of {writer.exact(per_system)}",
            ways,
            FROM_FILE if as_good else AS_IT_IS,
        )
    chosen = filed if way == FROM_FILE else _typed_power() if way == TYPED else None
    if way == FROM_LOG:
        chosen = traces.asked(per_system)
    if filed and not as_good and way == AS_IT_IS:
        st.caption(
            wording.escaped(
                f"The file has {writer.watts(filed.load_w)} per system, {method_label(filed.method).lower()}: less "
                f"than the study's scope. To apply it, choose \u201c{FROM_FILE}\u201d and give the rest of the server."
            )
        )
    entry = _rest(option, chosen, typed_here=way == TYPED) if chosen else None
    _echo(option, entry, level.point.output_tok_s, level.record.input_tokens_mean)
    with st.expander("Four ways to measure power, and what each is worth", key="measure power ways"):
        st.markdown("\n".join(f"- **{method_label(method)}**: {words}" for method, words in METHODS.items()))
        st.markdown(
            "Measure while serving at the operating point, near the 90th percentile of the readings: a mean over the "
            "run counts its start and its end. Measure the idle system too, in the same scope: it draws that power in "
            "every hour in which nobody asks."
        )
    return entry


def _typed_power() -> Power | None:
    left, right = st.columns(2)
    with left:
        labels = {method_label(method): method for method in METHODS}
        told = choice("measure power method", "How it was measured", list(labels), method_label("server"))
    with right:
        load = numbers.asked(
            "measure power load",
            "Server power under load, W",
            None,
            help="Near the 90th percentile of the load.",
        )
    if load.fault:
        raise ValueError("the power while serving cannot be read")
    if load.value is None:
        st.caption("Type the power of a whole system in watts to set it.")
        return None
    return Power(load.value, labels[told], "typed", "Typed with the measurement; state its source.")


def _rest(option: Option, power: Power, *, typed_here: bool) -> PowerEntry:
    """Idle power and the rest outside the measurement; both begin blank where the scope is not that of before."""
    st.markdown(
        f"**{wording.escaped(writer.watts(power.load_w))} per system while serving**, "
        f"{wording.escaped(method_label(power.method).lower())}: {wording.escaped(power.note)}"
    )
    same = option.fields.text("power_method") == power.method
    before = (option.fields["system_power_idle_w"].value, option.fields["system_power_other_w"].value) if same else ()
    idle, other = (value if isinstance(value, (int, float)) else None for value in (*before, None, None)[:2])
    idle = power.idle_w if power.idle_w is not None else idle
    suffix = f"{option.name} {power.method}" + ("" if power.idle_w is None else f" {power.note}")
    left, right = st.columns(2)
    with left:
        idle_typed = numbers.asked(
            f"measure idle {suffix}", "Idle power of a system, same scope, W", idle, help="What a waiting system draws."
        )
    with right:
        other_typed = numbers.asked(
            f"measure other {suffix}",
            "Rest outside the measurement, W per system",
            other,
            help="Host, memory, fans, network, power supply losses: added to load and to idle.",
        )
    if idle_typed.fault or other_typed.fault:
        raise ValueError("the idle power or the rest cannot be read")
    if not same:
        st.caption("The scope is not the one before, so that idle power and the rest begin blank.")
    if power.method == "gpu" and other_typed.value is None:
        printed.flag("Accelerators only: without the rest of the server the power, and the cost, come out too low.")
    if idle_typed.value is None:
        printed.flag("Without an idle power a waiting system is counted as drawing nothing.")
    return PowerEntry(power, idle_typed.value, other_typed.value, typed_here)


def _echo(option: Option, entry: PowerEntry | None, rate: float, input_tokens: float | None) -> None:
    """The operating point's rate per accelerator and system, and the energy of a token at the power that counts."""
    fields = option.fields
    if entry is not None:
        load = entry.power.load_w + (entry.other_w or 0.0)
    else:
        parts = [fields[name].value for name in ("system_power_load_w", "system_power_other_w")]
        load = sum(part for part in parts if isinstance(part, (int, float)))
    said = conversions.echo(rate, fields.number("accelerators_per_system"), load or None)
    of = "the power above" if entry is not None else "the power in the study"
    read = "" if input_tokens is None else f", each with {writer.count(input_tokens)} input tokens per request in it"
    st.caption(wording.escaped(f"Output at the operating point: {said} ({of}, IT side{read})."))


# ------------------------------------------------------------------------------------------------------------- preview


def preview(option: str, workload: str, wanted: Mapping[str, Any]) -> Preview:
    """What would change and what it does to the cost, and the button that sets it."""
    st.header("What it changes", anchor=False)
    found = measure_change.preview(session.study(), session.result(), option, wanted)
    if found.problems:
        st.error("The study cannot take this; nothing was changed.", icon=":material/error:")
        st.markdown("\n".join(f"- {wording.problem(problem)}" for problem in found.problems))
        return found
    where = f"{wording.escaped(option)}, {wording.escaped(workload)}"
    if not found.differences:
        st.success(f"Applied to {where}.", icon=":material/check:")
        _undo("measure undo below")
        return found
    _differences(found)
    _costs(found)
    _warned(found.warnings)
    count = len(found.differences)
    label = f"Apply {count} {'change' if count == 1 else 'changes'}"
    st.button(f"{label} to {where}", type="primary", key="measure apply", on_click=_apply, args=(wanted, option))
    _costs_note()
    return found


def answer(found: Preview) -> None:
    """The cost now and with the measurement in one line, for where targets are set."""
    if not found.costs:
        return
    _, before, after = found.costs[0]
    now, then = (wording.escaped(per_thousand(cost, session.study().currency)) for cost in (before, after))
    unit = "per 1,000 responses"
    if not found.differences:
        st.markdown(f"Applied to the study: **{then} {unit}**.")
        return
    change = writer.moved(after, before)
    st.markdown(
        f"With this measurement **{then} {unit}**, now {now} ({wording.escaped(change or 'no change')}; details below)."
    )


def _differences(found: Preview) -> None:
    rows = [(each.path, each.old, each.new) for each in found.differences]
    columns = {
        "Input": [_label(path) for path, _, _ in rows],
        "Now": [_spelt(path, old.value) for path, old, _ in rows],
        "Measured": [_spelt(path, new.value) for path, _, new in rows],
        "Confidence": [schema.confidence_label(new.confidence) for _, _, new in rows],
        "Source": [", ".join(filter(None, (new.source, new.as_of))) for _, _, new in rows],
    }
    drawing.table(columns, "Inputs that the measurement changes", right=["Now", "Measured"])
    for note in dict.fromkeys(new.note for path, _, new in rows if address(path).name == "decode_rate" and new.note):
        st.caption(wording.escaped(f"Arithmetic: {note}"))
    if any(address(path).name == "model" and not old.blank for path, old, _ in rows):
        printed.flag("The model changes: quality, success rate and token counts in the study are still of the old one.")


def _label(path: str) -> str:
    entry = address(path).entry
    if entry is None:
        return path
    unit = wording.unit(schema.unit(entry, ""), session.study().currency)
    unit = "tokens per request" if entry.unit == "token/request" else unit
    return f"{entry.label}, {unit}" if unit else entry.label


def _spelt(path: str, value: Any) -> str:
    entry = address(path).entry
    return typed.spelt(entry, value) if entry is not None and value not in (None, "") else "blank"


def _costs(found: Preview) -> None:
    currency = session.study().currency or "money"
    lines = next(iter(session.result().options.values())).model.lines
    told = [[line_text(line, v, lines[line].unit, currency) for v in ends] for line, *ends in found.costs]
    columns = {
        "Cost": [COST_LABELS[line] for line, _, _ in found.costs],
        "Now": [before for (before, _), _ in told],
        "With the measurement": [after for _, (after, _) in told],
        "Change": [writer.moved(after, before) or "none" for _, before, after in found.costs],
        "Unit": [unit for (_, unit), _ in told],
    }
    right = ["Now", "With the measurement", "Change"]
    drawing.table(columns, "Cost of the option now and with the measurement", right=right)


def _costs_note() -> None:
    st.caption("Costs are of the whole option, nominal, before tax, from a full run of the changed study.")


def _warned(warnings: Sequence[Problem]) -> None:
    printed.flags([wording.told(each) for each in warnings if address(each.path).name not in ALREADY_SAID])


def _apply(wanted: Mapping[str, Any], option: str) -> None:
    """Sets all of it or nothing; an entry that is refused does not wait, since it is computed and not typed."""
    entry = "measure"
    found = session.change(wanted, entry=entry)
    if found:
        session.withdraw(entry)
        for problem in found:
            st.toast(wording.problem(problem), icon=":material/error:")
        return
    session.set_option(option)


def _undo(key: str) -> None:
    st.button("Undo", icon=":material/undo:", key=key, on_click=session.undo, disabled=not session.can_undo())
