"""What a measurement sets in the study, with its source and arithmetic, and what that does to the cost."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importers.measuring.files import SAMPLE
from importers.measuring.power import Power
from importers.measuring.sweeps import Level, lengths
from importers.records.fields import one_line
from importers.records.measurements import label
from importers.records.record import Record, conditions
from models.analysis.measured.operating_point import Targets
from models.analysis.measured.rates import Rates
from models.analysis.metrics.measures import RANKED_BY
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import DESCRIPTION_KEYS, Value
from models.studies.study import Row, Study, get

# A rate is kept with so many digits: more than any benchmark repeats.
DIGITS = 7
MOST_FILES_NAMED = 3
COSTS: tuple[str, ...] = (
    RANKED_BY,
    "cost_per_meaningful_response",
    "lifetime_cost_per_million_output_tokens",
)
_BLANK_DESCRIPTION: Mapping[str, Any] = dict.fromkeys(DESCRIPTION_KEYS)


@dataclass(frozen=True)
class Measured:
    """All that was measured: the levels at their operating points, the speeds they give, latencies and targets."""

    levels: Sequence[Level]
    rates: Rates
    targets: Targets
    statistic: str
    made_up: bool = False

    @property
    def records(self) -> list[Record]:
        """The runs behind the speeds."""
        return [level.record for level in self.levels]

    @property
    def is_measurement(self) -> bool:
        """Whether somebody measured this: not a performance model, and not the made-up example."""
        return not self.made_up and not any(record.predicted for record in self.records)


@dataclass(frozen=True)
class PowerEntry:
    """The power of a system to set: from a file or typed, with the rest outside the measurement and the idle power."""

    power: Power
    idle_w: float | None
    other_w: float | None
    typed: bool


@dataclass(frozen=True)
class Difference:
    """One input that changes; `path` leads to it."""

    path: str
    old: Value
    new: Value


@dataclass(frozen=True)
class Preview:
    """What would change, the option's costs now and then, and what is wrong or doubtful in the study that results."""

    differences: tuple[Difference, ...] = ()
    costs: tuple[tuple[str, float | None, float | None], ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def changes(study: Study, option: str, workload: str, measured: Measured, power: PowerEntry | None) -> dict[str, Any]:
    """The inputs that the measurement sets, by path, each with its provenance; None makes an input blank."""
    serving = joined("option", option, "serving", workload)
    standing = study.option(option).serving_for(workload) or Row("serving")
    found = {f"{serving}/{name}": change for name, change in _serving(measured, standing).items()}
    if power is not None:
        found |= {joined("option", option, name): change for name, change in _power(measured, power).items()}
    return found


def _serving(measured: Measured, standing: Row) -> dict[str, Any]:
    rates, note = measured.rates, arithmetic(measured)
    rate = provenance(measured, rates.confidence, note)
    plain = provenance(measured, "measured", f"{measured.statistic} at the operating point: {_named(measured)}")
    length = provenance(measured, "measured", f"Mean of {_named(measured)}")
    found: dict[str, Any] = {
        "decode_rate": _content(_rounded(rates.decode_rate), rate),
        "prefill_rate": _content(_rounded(rates.prefill_rate), rate),
        "measured_input_tokens": _content(_rounded(rates.measured_input_tokens), length),
        "measured_output_tokens": _content(_rounded(rates.measured_output_tokens), length),
        "ttft_ms": _content(_slowest([level.point.ttft_ms for level in measured.levels]), plain),
        "tpot_ms": _content(_slowest([level.point.tpot_ms for level in measured.levels]), plain),
    }
    return found | _identity(measured.records, standing)


def targets_changed(study: Study, option: str, workload: str, targets: Targets) -> dict[str, Any]:
    """The targets that differ from those of the serving row; what stands and agrees keeps its source."""
    path = joined("option", option, "serving", workload)
    found: dict[str, Any] = {}
    for name, target in (("ttft_target_ms", targets.ttft_ms), ("tpot_target_ms", targets.tpot_ms)):
        if get(study, f"{path}/{name}").value != target:
            note = "Set where the measurement was read: the operating point meets it."
            found[f"{path}/{name}"] = _content(target, {"note": note})
    return found


def _identity(records: Sequence[Record], standing: Row) -> dict[str, Any]:
    """Model, engine and precision, where the file says another one."""
    first = records[0]
    engine = " ".join(part for part in (first.engine, first.engine_version) if part)
    told = {"model": first.model, "engine": engine, "precision": first.precision}
    return {
        name: _content(one_line(text), _BLANK_DESCRIPTION)
        for name, text in told.items()
        if text and text.casefold() != standing.text(name).casefold()
    }


def _power(measured: Measured, entry: PowerEntry) -> dict[str, Any]:
    power = entry.power
    how = "assumed" if power.method == "tdp" else "measured"
    described = provenance(measured, how, power.note)
    if power.source:
        own = {"source": power.source, "as_of": power.as_of, "confidence": how, "note": power.note}
        described = {**_BLANK_DESCRIPTION, **own}
    typed = {"note": "Typed with the measurement; state its source."}
    return {
        "system_power_load_w": _content(_rounded(power.load_w), typed if entry.typed else described),
        "power_method": {"value": power.method, **_BLANK_DESCRIPTION},
        # The idle power of the same log stays its measurement until somebody types another.
        "system_power_idle_w": _content(entry.idle_w, described if entry.idle_w == power.idle_w else typed),
        "system_power_other_w": _content(entry.other_w, typed),
    }


def _content(value: Any, described: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": None} if value is None else {"value": value, **described}


def _rounded(value: float | None) -> float | None:
    return None if value is None else writer.rounded(value, DIGITS)


def _slowest(values: Sequence[float | None]) -> float | None:
    """The longest latency of all shapes; none where one was not measured."""
    known = [value for value in values if value is not None]
    return _rounded(max(known)) if known and len(known) == len(values) else None


# ------------------------------------------------------------------------------------------------ where it is from


def provenance(measured: Measured, confidence: str, note: str) -> dict[str, Any]:
    """Source (tool and files), date of the run, confidence and note; what the old number rested on goes."""
    dates = [found for record in measured.records if (found := run_date(record.date))]
    sure = measured.is_measurement
    return {
        **_BLANK_DESCRIPTION,
        "source": source(measured),
        "as_of": max(dates, default=None),
        "confidence": confidence if sure else "assumed",
        "note": note if sure else f"{'Made-up example' if measured.made_up else 'Predicted'}, not measured. {note}",
    }


def source(measured: Measured) -> str:
    """Tool and files: "vLLM bench serve: sweep.jsonl"."""
    if measured.made_up:
        return f"Made-up example ({SAMPLE.name}), nothing was measured"
    tools = dict.fromkeys(
        " ".join(part for part in (record.tool, record.tool_version) if part) for record in measured.records
    )
    files = list(dict.fromkeys(record.source for record in measured.records))
    more = f" and {len(files) - MOST_FILES_NAMED} more" if len(files) > MOST_FILES_NAMED else ""
    return f"{', '.join(tools)}: {', '.join(files[:MOST_FILES_NAMED])}{more}"


def run_date(text: str | None) -> str | None:
    """The day of a run as 2026-03-01, as tools write it ("20260301-101500", "2026-03-01T10:15"); None if unclear."""
    found = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", text or "")
    if not found:
        return None
    try:
        return datetime.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def _named(measured: Measured) -> str:
    return ", ".join(label(record) for record in measured.records)


def arithmetic(measured: Measured) -> str:
    """The sum that leads to the speeds, to be computed again by hand."""
    shapes = "; ".join(
        f"{lengths(level.record)} at {writer.exact(_whole(level.record))} output tokens/s / "
        f"{level.record.accelerators} accelerators = {writer.exact(round(level.point.output_tok_s, 3))}"
        for level in measured.levels
    )
    limit = _limits(measured)
    under = "".join(f" {each[:1].upper()}{each[1:]}." for each in _conditions(measured))
    rates = measured.rates
    if rates.blended:
        return f"{shapes} (reading included), {limit}. {_named(measured)}.{under}"
    condition = "" if rates.condition is None else f" Condition number {writer.digits(rates.condition, 3)}."
    return f"{shapes}, {limit}. Fitted to I/r_p + O/r_d = O/X: {rates.statement}.{condition} {_named(measured)}.{under}"


def _conditions(measured: Measured) -> list[str]:
    """Under which conditions the runs were measured, each once."""
    return list(dict.fromkeys(each for record in measured.records for each in conditions(record)))


def _whole(record: Record) -> float:
    return round(record.output_throughput_tok_s or 0.0, 3)


def _limits(measured: Measured) -> str:
    told = [
        f"{measured.statistic} {name} <= {writer.exact(target)} ms"
        for name, target in (("TTFT", measured.targets.ttft_ms), ("TPOT", measured.targets.tpot_ms))
        if target is not None
    ]
    return f"within {' and '.join(told)}" if told else "without a latency target"


# -------------------------------------------------------------------------------------------------------- preview


def preview(study: Study, result: Result, option: str, wanted: Mapping[str, Any]) -> Preview:
    """What the changes would do, from a full run of the changed study."""
    try:
        changed = replace_all(study, wanted)
        after = MODEL.run(changed)
    except StudyError as error:
        return Preview(problems=error.problems)
    differences = tuple(
        Difference(path, old, new) for path in wanted if (old := get(study, path)) != (new := get(changed, path))
    )
    costs = tuple((line, result.options[option].number(line), after.options[option].number(line)) for line in COSTS)
    known = {(problem.path, problem.message) for problem in study.warnings}
    raised = tuple(problem for problem in changed.warnings if (problem.path, problem.message) not in known)
    return Preview(differences, costs, warnings=raised)
