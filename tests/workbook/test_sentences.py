"""A figure in a live sentence is written as `models.notation.writer` writes it, whatever the inputs become."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import ironcalc
import pytest
from xlsxwriter import Workbook

from models.notation import writer
from tests.workbook import judge
from workbook.decision import sentences
from workbook.writing import formula

# Bounds of every form from both sides, halves (those that a float holds exactly: programs differ in 1.005), what rounds
# up to one digit more, and the size of each scale.
SIZES = (
    *(0.0, 1e-12, 9e-10, 1e-9, 1e-7, 0.0004, 0.00049996, 0.0009996, 0.001, 0.0036, 0.0099949, 0.00999501, 0.00123456),
    *(0.005, 0.0499, 0.0994, 0.0995, 0.09949, 0.0999, 0.09994, 0.09995, 0.0996, 0.1, 0.125, 0.5, 0.71, 0.989, 0.99),
    *(0.994, 0.9949, 0.9989, 0.999, 0.9991, 0.9996, 0.99999, 1.0, 1.0004, 1.001, 1.0011, 1.0051, 1.25, 2.5, 3.9, 7.4),
    *(9.94, 9.95, 9.996, 10.0, 10.5, 12.345, 99.5, 99.99, 99.995, 100.0, 100.5, 405.5, 999.4, 999.5, 999.99, 999.995),
    *(1000.0, 1234.5, 99_999.4, 99_999.5, 100_000.0, 404_500.0, 999_499.9, 999_500.0, 1e6, 2_725_000.0, 2_735_000.0),
    *(
        999_994_999.0,
        999_995_000.0,
        1e9,
        1.235e9,
        999_994_999_999.0,
        999_995_000_000.0,
        4.5e12,
        1e15,
        1.1e15,
        3e18,
        1e30,
    ),
)
VALUES = (*SIZES, *(-size for size in SIZES if size))


def written(texts: Sequence[str], currency: str = "USD", values: Sequence[float] = VALUES) -> bytes:
    """A workbook with a row a value: it in A, then cells that are each made of it and of those before them.

    `texts` are formulas without their equals sign, in which {A}, {B} ... are the cells of the row.
    """
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("S")
    sheet.write_string("Z1", currency) if currency else sheet.write_blank("Z1", None, book.add_format({"bold": True}))
    book.define_name("in_currency", "=S!$Z$1")
    for row, value in enumerate(values, start=1):
        sheet.write_number(f"A{row}", value)
        cells = {letter: f"${letter}${row}" for letter in "ABCDEF"}
        for letter, text in zip("BCDEF", texts, strict=False):
            made = "=" + text.format(**cells)
            formula.check(made, f"{letter}{row}")
            sheet.write_formula(f"{letter}{row}", made, None, judge.POISON)
    book.close()
    return target.getvalue()


def computed(texts: Sequence[str], currency: str = "USD", values: Sequence[float] = VALUES) -> list[object]:
    """What another program finds in the last cell of each row of what is `written`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.xlsx"
        path.write_bytes(written(texts, currency, values))
        model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    return [model.get_cell_value(0, row, 1 + len(texts)) for row in range(1, 1 + len(values))]


def departures(
    found: Sequence[object], wanted: Sequence[str], values: Sequence[float] = VALUES
) -> list[tuple[float, object, str]]:
    """The values that are not written as wanted, with what was found."""
    return [(v, f, w) for v, f, w in zip(values, found, wanted, strict=True) if f != w]


SCALE = tuple(sentences.scale("ABS({A})", part) for part in ("divisor", "mark", "decimals"))
# Each form with the cells that make it, and what the writer writes.
FORMS: dict[str, tuple[Sequence[str], Callable[[float], str]]] = {
    "cost": (
        [sentences.cost_decimals("{A}"), sentences.unit_cost("{A}", "{B}")],
        lambda v: f"USD {writer.unit_cost(v)}",
    ),
    "share": ([sentences.share("{A}")], writer.share),
    "rate": ([sentences.rate("{A}")], writer.rate),
    "amount": ([*SCALE, sentences.amount("{A}", "{B}", "{C}", "{D}")], lambda v: writer.money(v, "USD")),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_the_writers(form: str) -> None:
    texts, wanted = FORMS[form]
    assert departures(computed(texts), [wanted(v) for v in VALUES]) == []


@pytest.mark.parametrize("form", ["cost", "amount"])
def test_without_a_currency_the_figure_stands_alone(form: str) -> None:
    texts, wanted = FORMS[form]
    assert departures(computed(texts, ""), [wanted(v).removeprefix("USD ") for v in VALUES]) == []


@pytest.mark.parametrize("other", [0.9921, 0.9871, 1234.4, 0.000123461, 9.9951])
def test_two_costs_that_would_look_alike_have_decimals_more(other: float) -> None:
    values = [0.9868, 0.9871, 0.98712, 1234.2, 1235.0, 0.00012346, 0.0001236, 9.9949, 12.0, 0.0]
    pair = [sentences.cost_decimals("{A}"), sentences.cost_decimals(repr(other))]
    parts = [*pair, sentences.decimals_more("{A}", "{B}", repr(other), "{C}"), sentences.unit_cost("{A}", "({B}+{D})")]
    wanted = [f"USD {writer.unit_costs([value, other])[0]}" for value in values]
    assert departures(computed(parts, values=values), wanted, values) == []


@pytest.mark.parametrize("largest", [50.0, 12_000.0, 405_000.0, 2.7e6, 3e9, 2e16])
def test_an_amount_beside_a_larger_one_has_its_scale(largest: float) -> None:
    values = [v for v in VALUES if abs(v) <= largest]
    parts = [sentences.scale(repr(largest), part) for part in ("divisor", "mark", "decimals")]
    found = computed([*parts, sentences.amount("{A}", "{B}", "{C}", "{D}")], values=values)
    assert departures(found, [writer.amounts([v, largest], "USD")[0] for v in values], values) == []


def test_years_are_written_as_the_writer_does() -> None:
    values = [float(v) for v in range(1, 41)]
    found = computed([sentences.years("{A}")], values=values)
    assert departures(found, [writer.years(v) for v in values], values) == []
