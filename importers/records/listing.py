"""Records as readable lines, for the command line."""

from __future__ import annotations

from collections.abc import Iterable

from importers.records.record import Record, conditions
from models.notation import writer


def listing(records: Iterable[Record]) -> str:
    """A few lines a record: what was measured, per system and per accelerator, and what was noticed."""
    return "\n".join(line for record in records for line in _lines(record))


def _lines(r: Record) -> list[str]:
    where = f"{r.source}, {r.run}" if r.run else r.source
    lines = [f"{where}: {r.tool}, {r.model or 'model not said'}"]
    lines.append(
        f"  lengths: {_number(r.input_tokens_mean)} in, {_number(r.output_tokens_mean)} out, tokens per request"
    )
    lines.append(
        f"  output {_number(r.output_throughput_tok_s)} tokens/s of the system, "
        f"{_number(r.output_throughput_tok_s_per_accelerator)} per accelerator ({r.accelerators or 'number not said'})"
    )
    lines.append(f"  mean TTFT {_number(r.ttft_ms.mean)} ms, mean TPOT {_number(r.tpot_ms.mean)} ms")
    lines += [f"  {condition}" for condition in conditions(r)]
    lines += [f"  note: {warning}" for warning in r.warnings]
    return lines


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{writer.exact(value)}" if abs(value) < 1e4 else f"{writer.count(value)}"
