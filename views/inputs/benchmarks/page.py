"""Measure: benchmark files become an operating point, speeds, and inputs of the study with their source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from importers.measuring import change, sweeps
from importers.measuring.change import Measured
from importers.measuring.sweeps import Chosen
from importers.records.record import Record
from models.analysis.measured.operating_point import Targets
from models.analysis.measured.rates import Lengths, Rates
from models.analysis.words import sentence
from models.notation import writer
from models.studies.study import Option, Row
from views import session
from views.fields import numbers
from views.fields.remembered import choice, several, tick
from views.figures import drawing, printed, wording
from views.inputs.benchmarks import apply, curves, upload

COUNTED = {"Output tokens": "output", "Input and output tokens": "total"}


def show() -> None:
    """Draw the page."""
    readings = upload.draw()
    records = [record for reading in readings for record in reading.records if record.accelerators is not None]
    if not records:
        return
    options = [option for option in session.study().options if option.acquisition != "api"]
    if not options:
        st.info("Every option of this study is an API, which has no speeds to set. Add one in Inputs.")
        return
    made_up = {reading.upload.name for reading in readings if reading.upload.made_up}
    _measured(records, options, made_up)


def _measured(records: Sequence[Record], options: Sequence[Option], made_up: set[str]) -> None:
    """From the runs to the inputs: targets, operating point, speeds, power, and what they change."""
    st.header("Operating point", anchor=False)
    option, workload, serving = _target_row(options)
    name = workload.text("name")
    offered, first = sweeps.statistics(records)
    targets, statistic = _targets(f"{option.name} {name}", serving, offered, first)
    if targets is None:
        return
    chosen = [sweeps.chosen(sweep, targets) for sweep in sweeps.found(records, statistic)]
    main, counted = _sweep(chosen)
    answer = st.container()
    _curve(main, targets, statistic, counted)
    if main.found is None:
        return
    rates, shapes = _rates(main, chosen, workload, serving)
    if rates is None:
        return
    levels = [level for each in shapes if (level := each.level) is not None]
    from_example = any(level.record.source in made_up for level in levels)
    measured = Measured(levels, rates, targets, statistic, from_example)
    try:
        power = apply.power(option, measured)
    except ValueError as error:
        st.info(wording.escaped(f"Nothing can be applied while {error}."))
        return
    wanted = {}
    for owner, served in _for(options, option.name, name):
        wanted |= change.changes(session.study(), owner, served, measured, power)
        wanted |= change.targets_changed(session.study(), owner, served, targets)
    found = apply.preview(option.name, name, wanted)
    with answer:
        apply.answer(found)


# --------------------------------------------------------------------------------------------------------- for what


def _target_row(options: Sequence[Option]) -> tuple[Option, Row, Row]:
    """The option, workload and serving row that the measurement is for."""
    names = [option.name for option in options]
    workloads = [row.text("name") for row in session.study().workloads]
    current = session.option_name() if session.option_name() in names else names[0]
    left, right = st.columns(2)
    with left:
        option = session.study().option(choice("measure option", "For the option", names, current))
    with right:
        chosen = choice("measure workload", "For the workload", workloads, workloads[0])
    workload = session.study().workload(chosen)
    return option, workload, option.serving_for(chosen) or Row("serving")


def _for(options: Sequence[Option], option: str, workload: str) -> list[tuple[str, str]]:
    """The option and workload in view, and those that the same measurement is for as well."""
    rows = [(each.name, row.text("name")) for each in options for row in session.study().workloads]
    others = {f"{owner}, {served}": (owner, served) for owner, served in rows if (owner, served) != (option, workload)}
    if not others:
        return [(option, workload)]
    told = "Sets the same speeds, latencies, targets and power there, with the same source, in one step."
    also = several(f"measure also {option} {workload}", "Apply also to", list(others), (), told)
    return [(option, workload), *(others[each] for each in also)]


def _targets(where: str, serving: Row, statistics: Sequence[str], first: str) -> tuple[Targets | None, str]:
    """The latency targets, those of the serving row to begin with, and the statistic that they are of."""
    columns = st.columns(3)
    with columns[0]:
        ttft = numbers.asked(
            f"measure ttft {where}",
            "Target for TTFT, ms",
            _number(serving, "ttft_target_ms"),
            help="Maximum acceptable time to first token. Blank: no target.",
            placeholder="no target",
        )
    with columns[1]:
        tpot = numbers.asked(
            f"measure tpot {where}",
            "Target for TPOT, ms",
            _number(serving, "tpot_target_ms"),
            help="Longest time per token after the first that is acceptable. Blank: no target.",
            placeholder="no target",
        )
    with columns[2]:
        told = "Statistic compared with the targets. SLAs usually use p99."
        statistic = choice("measure statistic", "Latency statistic", list(statistics), first, help=told)
    if ttft.fault or tpot.fault:
        return None, statistic
    if ttft.value is None and tpot.value is None:
        st.caption("Without a target the operating point is the highest throughput: that is throughput, not goodput.")
    return Targets(ttft.value, tpot.value), statistic


def _number(row: Row, name: str) -> float | None:
    value = row[name].value
    return float(value) if isinstance(value, (int, float)) and value > 0 else None


# ----------------------------------------------------------------------------------------------------------- the curve


def _sweep(chosen: Sequence[Chosen]) -> tuple[Chosen, str]:
    """The sweep in view, at first one that has an operating point, and which tokens its curve counts."""
    names = [each.sweep.name for each in chosen]
    default = next((each.sweep.name for each in chosen if each.found), names[0])
    told = "Runs of one system, model and request shape at rising load."
    left, right = st.columns([2, 1])
    with left:
        picked = choice("measure sweep", "Sweep", names, default, help=told)
    with right:
        counted = choice("measure counted", "Throughput counts", list(COUNTED), next(iter(COUNTED)))
    return chosen[names.index(picked)], COUNTED[counted]


def _curve(main: Chosen, targets: Targets, statistic: str, counted: str) -> None:
    """What the sweep says, and its two curves."""
    if main.found is None:
        st.error(wording.escaped(sentence(main.refused)), title="No operating point", icon=":material/block:")
    else:
        head, _, rest = main.found.statement.partition(". ")
        st.markdown(
            f"**Operating point: {wording.escaped(sentence(head))}** {wording.escaped(rest and sentence(rest))}"
        )
        printed.flags([sentence(warning) for warning in main.found.warnings])
    for told in main.sweep.left_out[:6]:
        st.caption(wording.escaped(f"Left out: {told}"))
    if not main.sweep.levels:
        return
    left, right = st.columns(2, gap="medium")
    for column, latency, target in ((left, "ttft_ms", targets.ttft_ms), (right, "tpot_ms", targets.tpot_ms)):
        with column:
            found = curves.curve(main, latency, target, counted, statistic)
            if found is None:
                st.caption(f"{latency[:4].upper()} was not measured ({statistic}), so that there is no curve.")
            else:
                drawing.chart(found)


# ----------------------------------------------------------------------------------------------------------- two rates


def _rates(main: Chosen, chosen: Sequence[Chosen], workload: Row, serving: Row) -> tuple[Rates | None, list[Chosen]]:
    """The speeds from the shapes that are picked; None, with the reason shown, where they give none."""
    st.header("Input and output speed", anchor=False)
    usable = [each for each in chosen if each.found and sweeps.same_system(each.sweep.first, main.sweep.first)]
    # The sweep in view comes first: its operating point gives the latencies and the power.
    usable.sort(key=lambda each: each is not main)
    by_name = {each.sweep.name: each for each in usable}
    picked = list(by_name)
    if len(usable) > 1:
        told = (
            "Shapes of the same system, each at its operating point. Two or more give both speeds, one a blended one."
        )
        first = _together(usable, workload, serving)
        picked = several("measure shapes", "Shapes to fit", list(by_name), first, told)
    if not picked:
        st.info("Select at least one request shape.")
        return None, []
    shapes = [by_name[name] for name in by_name if name in picked]
    found = sweeps.fit(shapes, sweeps.lengths_of(workload, serving))
    if isinstance(found, str):
        st.error(wording.escaped(sentence(found)), title="No speeds from these shapes", icon=":material/block:")
        if len(shapes) > 1:
            st.caption("Pick other shapes, or one alone for a blended rate.")
        return None, []
    _speeds(found, sweeps.lengths_of(workload, serving))
    if not found.holds and not tick(
        f"measure miss {' '.join(found.shapes)}",
        f"Apply although it misses a shape by {writer.share(found.largest_miss)}",
    ):
        st.info("The two speeds do not hold over these shapes: fit those near the workload's own, or say so above.")
        return None, []
    return found, sweeps.used(shapes, found)


def _together(usable: Sequence[Chosen], workload: Row, serving: Row) -> list[str]:
    """The shapes to begin with: all of them, or the one in view alone where they give no speeds together."""
    found = sweeps.fit(usable, sweeps.lengths_of(workload, serving))
    if not isinstance(found, str):
        return [each.sweep.name for each in usable]
    st.caption(wording.escaped(f"All shapes together give no two speeds: {sentence(found)}"))
    return [usable[0].sweep.name]


def _speeds(found: Rates, workload: Lengths | None) -> None:
    unit = "tokens/s per accelerator"
    if found.blended:
        st.markdown(f"**Blended speed {writer.physical(found.decode_rate)} output {unit}**, input included.")
    else:
        st.markdown(
            f"**Input speed {writer.physical(found.prefill_rate)} {unit}, "
            f"output speed {writer.physical(found.decode_rate)} {unit}.**"
        )
    condition = (
        ""
        if found.condition is None
        else f" Condition number {writer.digits(found.condition, 3)} (1 = errors stay as they are)."
    )
    st.markdown(
        wording.escaped(f"How it was found: {sentence(found.statement)} Confidence: {found.confidence}.{condition}")
    )
    if workload is not None:
        seconds = found.seconds(workload.input_tokens, workload.output_tokens)
        st.caption(f"A request of the workload takes {writer.digits(seconds, 4)} accelerator-seconds at these speeds.")
    printed.flags([sentence(warning) for warning in found.warnings])
    if not found.residuals:
        return
    columns = {
        "Shape": [residual.name for residual in found.residuals],
        "Measured, accelerator-seconds per request": [
            writer.digits(residual.measured_s, 4) for residual in found.residuals
        ],
        "By the two speeds": [writer.digits(residual.fitted_s, 4) for residual in found.residuals],
        "Miss": [writer.change(residual.relative) for residual in found.residuals],
    }
    drawing.table(columns, "Fit error by request shape", right=list(columns)[1:])
