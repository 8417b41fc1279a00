"""What is done to every run, whatever its format: settle the number of accelerators, fill what follows, check."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from importers.records.checks import contradictions
from importers.records.format import STATED, Draft
from importers.records.record import LATENCIES, Record, as_json
from models.notation import writer

MOST_ACCELERATORS = 1_000_000
ASK = (
    "the file does not say how many accelerators served: nothing per accelerator is given until you do "
    "(--accelerators N)"
)


def completed(draft: Draft, source: str, given: int | None) -> Record:
    """The record of a run. `given` is the number of accelerators a person states for files that do not.

    What makes the run unusable is added to the draft's problems; the record then counts for nothing.
    """
    values, findings = dict(draft.values), draft.findings
    accelerators, basis = _accelerators(draft, given)
    for name, throughput in draft.per_accelerator.items():
        values[name] = None if accelerators is None else throughput * accelerators
    _fill(values)
    _refuse_useless(values, draft)
    record = Record(source=source, run=draft.run, accelerators=accelerators, accelerators_basis=basis, **values)
    if too_far := _infinite(record):
        findings.problems.append(f"{too_far} comes out infinite: a duration or length is next to 0; give a real run")
        return record
    for contradiction in contradictions(record):
        findings.warn(contradiction)
    return dataclasses.replace(record, warnings=tuple(findings.warnings))


def _infinite(record: Record) -> str | None:
    """The first figure that is no finite number."""
    told = as_json(record)
    figures = {name: value for name, value in told.items() if isinstance(value, float)}
    figures |= {f"{name}.{key}": v for name in LATENCIES for key, v in told[name].items() if v is not None}
    return next((name for name, value in figures.items() if not math.isfinite(value)), None)


def _accelerators(draft: Draft, given: int | None) -> tuple[int | None, str | None]:
    found, basis = draft.accelerators, draft.accelerators_basis
    if found is not None and not 1 <= found <= MOST_ACCELERATORS:
        found = None
    if found is None:
        if given is None:
            draft.findings.warn(ASK)
        return given, None if given is None else "given"
    if basis == STATED:
        if given not in (None, found):
            draft.findings.warn(f"the file states {found} accelerators: the {given} given are not used")
        return found, basis
    if given is None:
        draft.findings.warn(f"{found} accelerators {basis}: state the number if more or fewer served")
        return found, basis
    if given != found:
        draft.findings.warn(f"{given} accelerators as given; {found} were {basis}")
    return given, "given"


def _fill(values: dict[str, Any]) -> None:
    """What follows from other figures of the same run, where the file leaves it out."""
    successes, duration = values.get("successful_requests"), values.get("duration_s")
    _follow(values, "request_throughput_per_s", _ratio(successes, duration))
    requests = values.get("request_throughput_per_s")
    for side in ("input", "output"):
        total, mean = values.get(f"{side}_tokens_total"), values.get(f"{side}_tokens_mean")
        _follow(values, f"{side}_tokens_mean", _ratio(total, successes))
        _follow(values, f"{side}_throughput_tok_s", _ratio(total, duration))
        if mean is not None and requests is not None:
            _follow(values, f"{side}_throughput_tok_s", mean * requests)
    read, written = values.get("input_throughput_tok_s"), values.get("output_throughput_tok_s")
    total = values.get("total_throughput_tok_s")
    if read is not None and written is not None:
        _follow(values, "total_throughput_tok_s", read + written)
    elif total is not None and written is not None and total >= written:
        _follow(values, "input_throughput_tok_s", total - written)


def _follow(values: dict[str, Any], name: str, value: float | None) -> None:
    if values.get(name) is None:
        values[name] = value


def _ratio(total: float | None, over: float | None) -> float | None:
    return None if total is None or not over else total / over


def _refuse_useless(values: dict[str, Any], draft: Draft) -> None:
    problems = draft.findings.problems
    failed = values.get("failed_requests")
    if values.get("successful_requests") == 0:
        told = "" if failed is None else f" ({failed} failed)"
        problems.append(f"no request succeeded{told}: there is nothing to measure; mend the run and give its new file")
    if values.get("duration_s") == 0:
        problems.append("the run lasted 0 seconds; give the file of a run that was measured")
    if values.get("output_throughput_tok_s") == 0:
        problems.append("the output throughput is 0: no token was measured; mend the run and give its new file")
    if failed:
        share = failed / (failed + (values.get("successful_requests") or 0))
        draft.findings.warn(
            f"{failed} requests failed ({writer.share(share)}): throughput and latencies are of the others"
        )
    if values.get("output_throughput_tok_s") is None:
        draft.findings.warn("the file holds no output throughput: it shows latencies, but no capacity or price")
