"""The reading for people: every line of the model as Markdown, for the README and METHOD.md.

``python -m models.analysis.reporting.document`` writes both anew; a test fails while they are not current.
"""

from __future__ import annotations

from pathlib import Path

from models import chapters
from models.engine.constants import CONSTANTS
from models.engine.line import Line
from models.run.model import MODEL, Model
from models.run.opened import in_words, label_of, unit_text

METHOD = Path("METHOD.md")
README = Path("README.md")
BEGIN, END = "<!-- method: written by python -m models.analysis.reporting.document -->", "<!-- end of method -->"
# The lines a reader needs to follow the argument; METHOD.md has all of them.
KEY_LINES = (
    *("production_share", "attempts", "accepted_share", "effective_input", "prefill_seconds_at_start"),
    *("decode_seconds_at_start", "requests_asked", "peak_accelerators", "replicas", "systems_for_demand", "purchases"),
    *("power_share", "capacity_seconds", "served_fraction", "average_it_kw", "facility_energy_kwh", "energy_charge"),
    *("demand_charge_cost", "asset_spend", "end_worth", "asset_depreciation", "opex_cost", "committed_rental"),
    *("on_demand_rental", "new_lease", "api_reading", "api_writing", "processing_cost", "escalation_spend"),
    *("operating", "cash_cost", "pv_cost", "pv_after_tax_cost", "infrastructure_cost"),
    *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens"),
    *("cost_per_meaningful_response", "levelised_cost_per_meaningful_response", "joules_per_meaningful_response"),
    *("idle_cost", "margin_npv"),
)


def method(model: Model = MODEL) -> str:
    """Every line in reading order: label, unit, dimensions, meaning, formula."""
    parts = [
        "# The method, line by line",
        "Written from the formulas themselves; nothing here is typed by hand. "
        f"{len(model.lines)} lines in {len(chapters.CHAPTERS)} chapters, in the order of the workbook.",
    ]
    for chapter in chapters.CHAPTERS:
        parts.append(f"## {chapters.title(chapter)}")
        parts.append((chapter.__doc__ or "").split(":", 1)[1].strip().capitalize())
        parts += [_entry(each, model) for each in vars(chapter).values() if isinstance(each, Line)]
    parts.append("## Constants")
    parts += [f"- {c.label}: {float(c):,g} {unit_text(c.unit, '')}".rstrip() for c in CONSTANTS.values()]
    return "\n\n".join(parts) + "\n"


def _entry(each: Line, model: Model) -> str:
    unit = unit_text(each.unit, "")
    by = f", by {each.shape}" if each.shape.row or each.shape.column else ""
    formula = in_words(each.formula, lambda n: label_of(n, model))
    return f"**{each.label}** `{each.name}`{f' ({unit})' if unit else ''}{by}  \n{each.meaning}  \n= {formula}"


def summary(model: Model = MODEL) -> str:
    """The key lines as a table, by chapter."""
    rows = ["| line | unit | formula |", "|---|---|---|"]
    for name in KEY_LINES:
        each = model.lines[name]
        formula = in_words(each.formula, lambda n: label_of(n, model)).replace("|", "\\|")
        rows.append(f"| {each.label} | {unit_text(each.unit, '')} | {formula} |")
    return "\n".join(rows)


def with_summary(readme: str, model: Model = MODEL) -> str:
    """The README with its method table written anew.

    Raises ValueError where the README lacks the markers.
    """
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the README needs the markers {BEGIN} and {END} around its method table")
    return f"{before}{BEGIN}\n{summary(model)}\n{END}{after}"


def main() -> None:
    """Write METHOD.md and the README's table."""
    METHOD.write_text(method(), encoding="utf-8")
    README.write_text(with_summary(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
