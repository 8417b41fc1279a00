"""A run as a readable table, for the command line."""

from __future__ import annotations

from models.analysis.decision.decision import ranking, recommendation
from models.analysis.metrics.flags import flags
from models.analysis.metrics.headlines import tokens_per_joule
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import line_texts
from models.notation import writer
from models.run.model import Result

HEADLINES: tuple[str, ...] = (
    RANKED_BY,
    "cost_per_meaningful_response",
    "lifetime_cost_per_million_output_tokens",
    "levelised_cost_per_million_output_tokens",
    "tokens_per_dollar",
    "cost_per_million_input_tokens",
    "cost_per_million_generated_tokens",
    "pv_cost",
    "lifetime_cost",
    "comparison_pv_cost",
    "idle_cost",
    "served_share",
    "joules_per_meaningful_response",
    "joules_per_output_token_facility",
    "output_tokens_per_kwh",
)


def table(result: Result) -> str:
    """The headline figures, one column an option, and the checks that fail."""
    options = list(result.options.values())
    currency = result.study.currency
    model = options[0].model
    rows = [["", *(o.name for o in options), "unit"]]
    for name in HEADLINES:
        line = model.lines[name]
        texts, unit = line_texts(name, [o.figure(name) for o in options], line.unit, currency)
        rows.append([line.label, *texts, unit])
    per_joule = [writer.physical(tokens_per_joule(o)) for o in options]
    rows.append(["Generated tokens per joule", *per_joule, "tokens per J"])
    limits = [", ".join(dict.fromkeys(b for b in o.figure("binding") if b)) or "n/a" for o in options]
    rows.append(["Limiting factor", *limits, ""])
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = [result.study.fields.text("title"), "", *_answer(result), ""]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:-1], widths[1:-1], strict=True)), row[-1]]
        lines.append("  ".join(cells).rstrip())
    failed = [c for c in result.checks if not c.holds]
    lines += ["", *(f"check fails: {c.name} ({c.detail})" for c in failed)]
    lines.append(f"{len(result.checks)} checks, {len(failed)} failed")
    lines += [f"note: {w}" for w in (*result.study.warnings, *flags(result))]
    return "\n".join(lines)


def _answer(result: Result) -> list[str]:
    """What to choose, by the rule that holds everywhere, what must be true for it, and what bars the others."""
    if len(result.options) == 1:
        return []
    found = recommendation(result)
    barred = [f"“{each.name}”: {each.why_not}." for each in ranking(result) if each.why_not and not each.missing]
    must = [f"must be true: {each}" for each in found.conditions] if found.winner else []
    return [*found.reasons, *must, *(f"not to be chosen: {each}" for each in barred)]
