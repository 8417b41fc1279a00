"""The reading for people: every line of the model as Markdown, for the README and METHOD.md.

``python -m models.analysis.reporting.document`` writes both anew; a test fails while they are not current. Every figure
is one of `STUDY`, so that a reader can open the study and find it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models import chapters
from models.engine.constants import CONSTANTS
from models.engine.line import Line
from models.notation.writer import exact
from models.run.model import MODEL, Model
from models.run.opened import label_of, method_of, unit_text
from models.studies.file.load import load

METHOD, README = Path("METHOD.md"), Path("README.md")
STUDY, CURRENCY = Path("templates/customer_service.toml"), "USD"
BEGIN, END = "<!-- method: written by python -m models.analysis.reporting.document -->", "<!-- end of method -->"


@dataclass(frozen=True)
class Equation:
    """One step of the argument: what it says, in symbols, and the lines that the symbols stand for."""

    says: str
    symbols: str
    terms: tuple[tuple[str, str], ...]


# The argument in five steps; METHOD.md has every line. A workload is named after an @, a model year after a #.
OPTION, CHAT = "Buy, colocation", "Live chat"
EQUATIONS = (
    Equation(
        "How long a request keeps an accelerator busy: its attempts, each reading its input and writing its output",
        "t = t_read + t_write;  t_read = A × I / r_p;  t_write = A × G / r_d",
        (
            ("A", f"attempts@{CHAT}"),
            ("I", f"effective_input@{CHAT}"),
            ("t_read", f"prefill_seconds_at_start@{CHAT}"),
            ("t_write", f"decode_seconds_at_start@{CHAT}"),
        ),
    ),
    Equation(
        "How many systems the busiest hour needs, with headroom and downtime, in whole model replicas",
        "n = ⌈⌈a_peak / (u × v × c)⌉ × c / s⌉",
        (("a_peak", "peak_accelerators#5"), ("copies ⌈ ⌉", "replicas#5"), ("n", "systems_for_demand#5")),
    ),
    Equation(
        "What the meter sees: idle power all the time, the rest while busy, times PUE",
        "E = (n × P_idle + n × (P_load − P_idle) × b) × hours × PUE",
        (
            ("n", "installed#5"),
            ("P_idle", "idle_kw"),
            ("P_load", "load_kw"),
            ("b", "busy_share#5"),
            ("E", "facility_energy_kwh#5"),
        ),
    ),
    Equation(
        "Present value of cost: purchases at the start of a year, running costs in its middle, resale at the end",
        "PV = Σ capex_y × (1+r)^−(y−1) + Σ running_y × (1+r)^−(y−½) − resale",
        (
            ("Σ capex", "pv_capex"),
            ("Σ running", "pv_operating"),
            ("resale", "pv_disposals"),
            ("PV", "pv_cost"),
        ),
    ),
    Equation(
        "Cost per meaningful response, the same work for every option: that, and unserved requests at their "
        "fallback price, over all responses, discounted alike",
        "C = (PV + PV_unmet) / Σ (accepted_y + elsewhere_y) × (1+r)^−(y−½)",
        (
            ("PV + PV_unmet", "comparison_pv_cost"),
            ("Σ accepted", "pv_all_responses"),
            ("C", "comparison_cost_per_meaningful_response"),
        ),
    ),
)


def method(model: Model = MODEL) -> str:
    """Every line in reading order: label, unit, dimensions, meaning, formula, and its figure in the study."""
    found = [(chapter, [e for e in vars(chapter).values() if isinstance(e, Line)]) for chapter in chapters.CHAPTERS]
    parts = [
        "# The method, line by line",
        "Written from the formulas themselves; nothing here is typed by hand. "
        f"{len(model.lines)} lines in {len(chapters.CHAPTERS)} chapters, in the order of the workbook. In a formula a "
        "line is a link to where it stands, *an input is in italics*, and a constant stands as it is. Beside each line "
        f"is its figure in [{STUDY.name}]({STUDY.as_posix()}): of {OPTION}, or of the first option that has one, in "
        "model year 1 where it goes by year.",
        "## Contents",
        "\n".join(
            f"- [{chapters.title(chapter)}](#chapter-{_slug(chapters.title(chapter))}): "
            + ", ".join(f"[{each.name}](#{each.name})" for each in lines)
            for chapter, lines in found
        )
        + "\n- [Constants](#constants)",
    ]
    for chapter, lines in found:
        title = chapters.title(chapter)
        parts.append(f'<a id="chapter-{_slug(title)}"></a>\n\n## {title}')
        parts.append((chapter.__doc__ or "").split(":", 1)[1].strip().capitalize())
        parts += [_entry(each, model) for each in lines]
    parts.append("## Constants")
    parts.append(
        "\n".join(f"- {c.label}: {exact(float(c))} {unit_text(c.unit, '')}".rstrip() for c in CONSTANTS.values())
    )
    return "\n\n".join(parts) + "\n"


def _slug(title: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())


def _entry(each: Line, model: Model) -> str:
    unit = unit_text(each.unit, "")
    by = f", by {each.shape}" if each.shape.row or each.shape.column else ""
    formula = method_of(each, lambda name: _told(name, model))
    heading = f'<a id="{each.name}"></a>**{each.label}** `{each.name}`{f" ({unit})" if unit else ""}{by}'
    return f"{heading}  \n{each.meaning}  \n{'' if each.equality else '= '}{formula}  \n→ {_figure(each, model)}"


def _told(name: str, model: Model) -> str:
    """A name in a formula: a link where it is a line, italics where it is an input."""
    label = label_of(name, model)
    if name in model.lines:
        return f"[{label}](#{name})"
    return label if name in CONSTANTS or name == "year" else f"*{label}*"


@cache
def _options(model: Model) -> dict[str, dict[str, Any]]:
    """Every figure of the study's options by name, the option that the figures are of first."""
    options = model.run(load(STUDY)).options
    found = {name: {line: option.shown(line) for line in model.lines} for name, option in options.items()}
    return {OPTION: found.pop(OPTION), **found}


def _figure(each: Line, model: Model) -> str:
    """The line's figure in the study, with its unit, and of which option and row where that is not plain."""
    shown = [(option, *_first(figures[each.name])) for option, figures in _options(model).items()]
    option, row, value = next((found for found in shown if found[2]), shown[0])
    unit, text = unit_text(each.unit, CURRENCY), exact(value)
    if each.equality:
        sides = (_first(side)[1] for side in _options(model)[option][each.name].values())
        row, text = "", f" {each.equality.relation} ".join(map(exact, sides))
    of = [part for part in (row, "" if option == OPTION else option) if part]
    return f"{text} {unit}".strip() + (f" ({', '.join(of)})" if of else "")


def _first(figure: Any) -> tuple[str, Any]:
    """A figure of a line and the row it is of: of a block the first row with one, of years the first."""
    if isinstance(figure, dict):
        rows = [(str(key), _first(row)[1]) for key, row in figure.items()]
        return next((row for row in rows if row[1]), rows[0] if rows else ("", None))
    if isinstance(figure, list | tuple):
        return _first(figure[0]) if figure else ("", None)
    return "", figure


def summary(model: Model = MODEL) -> str:
    """The argument in five equations, each with its figures in the study."""
    parts = [
        f"Figures: [{STUDY.name}]({STUDY.as_posix()}), {OPTION}; requests of {CHAT}; fleet and energy in year 5.",
        "",
    ]
    for number, each in enumerate(EQUATIONS, start=1):
        parts += [f"{number}. {each.says}:", "", f"   `{each.symbols}`", "", f"   {', '.join(_terms(each, model))}", ""]
    return "\n".join(parts).rstrip()


def _terms(each: Equation, model: Model) -> Iterator[str]:
    figures = _options(model)[OPTION]
    for symbol, place in each.terms:
        name, _, year = place.partition("#")
        name, _, row = name.partition("@")
        figure: Any = figures[name]
        figure = figure[row] if row else figure
        value = figure[int(year) - 1] if year else figure
        unit = unit_text(model.lines[name].unit, CURRENCY)
        yield f"{symbol} = {exact(value)} {unit}".strip() + f" ([{name}](METHOD.md#{name}))"


def with_summary(readme: str) -> str:
    """The README with its equations written anew.

    Raises ValueError where the README lacks the markers.
    """
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the README needs the markers {BEGIN} and {END} around its equations")
    return f"{before}{BEGIN}\n{summary(MODEL)}\n{END}{after}"


def main() -> None:
    """Write METHOD.md and the README's equations."""
    METHOD.write_text(method(), encoding="utf-8")
    README.write_text(with_summary(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
