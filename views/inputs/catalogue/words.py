"""A row of the catalogue in words: its figure with the unit, when it holds, where it is from."""

from __future__ import annotations

import datetime

from models.analysis.words import unit_words
from models.catalogue import fill as catalogues
from models.catalogue.fill import Entry
from models.notation import writer
from views.figures import written

# Columns that say when a figure holds, shown beside it.
CONDITIONS: dict[str, tuple[str, ...]] = {
    "systems": ("quantity", "method"),
    "serving": ("engine", "scenario", "latency_limit", "input_tokens", "output_tokens"),
    "rental_prices": ("terms", "commitment_years", "region"),
    "api_prices": ("listed_as",),
    "electricity": ("quantity", "customer"),
    "facility": ("scope",),
    "finance": ("condition",),
    "tax_schedules": ("known_as",),
    "workloads": ("dataset",),
    "latency_targets": (),
}


def figure_of(row: Entry) -> str:
    """A row's figure with its unit, in a few words."""
    if row.table == "serving":
        return f"{_number(row, 'output_tokens_per_s_per_accelerator')} tokens/s per accelerator"
    if row.table == "rental_prices":
        return f"USD {_number(row, 'usd_per_accelerator_hour')} per accelerator-hour"
    if row.table == "api_prices":
        parts = [_number(row, f"{name}_usd_per_mtoken") for name in ("input", "output")]
        return f"USD {parts[0]} in, USD {parts[1]} out, per million tokens"
    if row.table == "workloads":
        parts = [_number(row, f"{name}_tokens") for name in ("input", "output")]
        return f"{parts[0]} tokens in, {parts[1]} out"
    if row.table == "latency_targets":
        return f"{_number(row, 'ttft_ms')} ms to the first token, {_number(row, 'tpot_ms')} ms per token"
    if row.table == "tax_schedules":
        return "; ".join(writer.as_typed(share, percent=True) for share in row.shares)
    return _with_unit(row)


def _with_unit(row: Entry) -> str:
    unit = row.text("unit")
    currency = unit[:3] if unit[:3].isupper() else ""
    words = unit_words(unit.replace(currency, "money", 1) if currency else unit, currency)
    low, high = (_number(row, name) if name in row.cells else "" for name in ("low", "high"))
    value = _number(row, "value") or " to ".join(part for part in (low, high) if part)
    return writer.quantity(value, words, currency)


def _number(row: Entry, name: str) -> str:
    value = row.number(name)
    if value is None:
        return ""
    return writer.as_typed(value, percent=row.cells.get("unit") == "1/yr")


def condition(row: Entry) -> str:
    """When the figure holds: scope, terms, lengths."""
    parts = []
    for name in CONDITIONS[row.table]:
        text = row.text(name)
        if text and name in ("input_tokens", "output_tokens"):
            text = f"{text} tokens {'in' if name == 'input_tokens' else 'out'}"
        elif text and name == "commitment_years":
            text = f"{text} year{'' if text == '1' else 's'}"
        elif name == "latency_limit" and text == "none":
            text = "no latency limit"
        is_said = text in row.title
        parts += [text.replace("_", " ")] if text and not is_said else []
    return ", ".join(parts)


def about(row: Entry) -> str:
    """The row's source and note."""
    link, source = written.safe_link(row.text("url")), written.plain(row.text("source") or "no source")
    flag = catalogues.age_flag(row, datetime.date.today())
    said = [f"**{written.plain(row.title)}**: {written.plain(figure_of(row))}"]
    said.append(f"[{source}](<{link}>)" if link else source)
    said += [written.plain(part) for part in (row.text("as_of"), row.text("confidence")) if part]
    said += [f":orange[{flag}]"] if flag else []
    note = row.text("note")
    return ", ".join(said) + (f". {written.plain(note)}" if note else "")
