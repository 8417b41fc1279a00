"""Lists, spans of years and units as people write them; figures are written by `models.notation.writer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.studies.study import Study


def listing(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """A text with its full stop, which a figure may bring along ("5% p.a.")."""
    return text if text.endswith(".") else f"{text}."


def named(names: Sequence[str]) -> str:
    """A listing of names that people gave; in quotation marks where a comma in one would tear it apart."""
    marked = [f"\u201c{name}\u201d" if "," in name or " and " in name else name for name in names]
    return listing(marked)


def study_years(study: Study) -> str:
    """The years that a study covers: "2027–2031", or how many where it says no first one: "five years"."""
    if not study.fields.given("start_year"):
        return writer.years(study.horizon)
    first, number = int(study.fields.number("start_year")), int(study.horizon)
    return str(first) if number == 1 else f"{first}–{first + number - 1}"


def basis_words(study: Study, *, after_tax: bool = False, without_staff: bool = False) -> str:
    """What figures of a study are counted in: "USD · before tax · PV at 7.23% · 2027–2031 · per 1,000 responses"."""
    parts = (
        study.currency or "no currency",
        "after tax" if after_tax else "before tax",
        f"PV at {writer.plain_rate(study.discount_rate)}",
        study_years(study),
        "staff excluded" if without_staff else "",
        "per 1,000 responses",
    )
    return " · ".join(filter(None, parts))


def spans(values: Sequence[str]) -> list[tuple[str, int, int]]:
    """Runs of the same value, each with its first and last year, from 1."""
    found: list[tuple[str, int, int]] = []
    for year, value in enumerate(values, start=1):
        if found and found[-1][0] == value:
            found[-1] = (value, found[-1][1], year)
        else:
            found.append((value, year, year))
    return found


def by_years(values: Sequence[str]) -> str:
    """Runs in words: the value alone where it never changes, else "demand in years 1 to 3, power in year 4"."""
    runs = spans(values)
    if len(runs) == 1:
        return runs[0][0]
    return ", ".join(
        f"{value} in year {first}" if first == last else f"{value} in years {first} to {last}"
        for value, first, last in runs
    )


# --------------------------------------------------------------------------------------------------------------- units

_PLURAL: Mapping[str, str] = {
    "token": "tokens",
    "ktoken": "1,000 tokens",
    "Mtoken": "million tokens",
    "request": "requests",
    "krequest": "1,000 requests",
    "response": "responses",
    "system": "systems",
    "accelerator": "accelerators",
    "replica": "replicas",
    "t": "tonnes",
    "s": "seconds",
    "h": "hours",
    "yr": "years",
    "m3": "m³",
}
_SINGULAR: Mapping[str, str] = {
    "ktoken": "1,000 tokens",
    "Mtoken": "million tokens",
    "krequest": "1,000 requests",
    "t": "tonne",
    "s": "second",
    "h": "hour",
    "yr": "year",
    "m3": "m³",
    "@capex": "unit of its basis",
    "@opex": "unit of its basis",
    "@basis": "unit of its basis",
}


def unit_words(unit: str, currency: str) -> str:
    """A unit as people say it: "USD per million tokens", "tokens per second and accelerator"; "" for a plain number."""
    if unit in ("", "1", "text"):
        return ""
    above, *below = unit.split("/")
    money_word = currency or "money"
    top = "-".join(_top(above.split("*"), money_word))
    under = [money_word if part == "money" else _SINGULAR.get(part, part) for part in below]
    if not under:
        return top
    # An hour of an accelerator is one thing, not two.
    joined = "accelerator-hour" if under == ["accelerator", "hour"] else " and ".join(under)
    return f"{top} per {joined}" if top else f"per {joined}"


def _top(factors: Sequence[str], money_word: str) -> list[str]:
    words = [money_word if f == "money" else "" if f == "1" else f for f in factors]
    return [*words[:-1], _PLURAL.get(words[-1], words[-1])]


PER_RESPONSE = "money/response"
# Lines of plain numbers that are shares of something; other plain numbers are counts or factors.
SHARES = frozenset(
    "utilisation power_share peak_served_share production_share busy_share used_share unused_share served_share "
    "accepted_share cost_share cached_share margin_on_revenue margin_on_cost".split()
)


def of_thousand(figure: float | None) -> float | None:
    """A figure of one response as that of 1,000; None without one."""
    return None if figure is None else figure * REQUESTS_PER_THOUSAND


def line_text(name: str, value: float | None, unit: str, currency: str) -> tuple[str, str]:
    """A line's figure as it stands alone, and its unit in words: what a response costs is told for 1,000 of them."""
    if name in SHARES:
        return (writer.of_demand if name == "served_share" else writer.share)(value), ""
    if unit == PER_RESPONSE:
        return writer.unit_cost(of_thousand(value)), f"{currency or 'money'} per 1,000 responses"
    write = writer.money if unit == "money" else writer.unit_cost if unit.startswith("money") else writer.physical
    return write(value), unit_words(unit, currency)


def line_texts(name: str, values: Sequence[float | None], unit: str, currency: str) -> tuple[list[str], str]:
    """A line's figures side by side, each as alone, and their unit: unit costs that differ do not look alike."""
    told = [line_text(name, value, unit, currency) for value in values]
    if not unit.startswith("money/"):
        return [text for text, _ in told], told[0][1]
    times = REQUESTS_PER_THOUSAND if unit == PER_RESPONSE else 1.0
    return writer.unit_costs([None if value is None else times * value for value in values]), told[0][1]
