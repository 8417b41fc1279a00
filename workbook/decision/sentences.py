"""The writer's forms as Excel formulas, and the sentences of `models.analysis.decision.WORDS` made of them.

Each form is that of `models.notation.writer`, with its bounds; a workbook's sentences then move with its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from models.analysis.decision.decision import WORDS
from models.notation import writer
from models.notation.writer import BEYOND, CENTS_FROM, LARGEST, MINUS, SENTENCE, SMALLEST, WHOLE_FROM
from workbook.writing.formula import literal

# What a cell holds that says nothing: a blank, since a formula's stored value cannot be an empty text.
SILENT = " "


def sentence(key: str, cells: Mapping[str, str]) -> str:
    """The expression, without an equals sign, that says the sentence with what stands in the cells of its slots."""
    parts: list[str] = []
    for text, slot, _, _ in Formatter().parse(WORDS[key]):
        if text:
            parts.append(literal(text))
        if slot:
            parts.append(cells[slot])
    return "&".join(parts)


def _fixed(number: str, decimals: str) -> str:
    """A number with so many decimals and a true minus, as `writer.fixed`."""
    sign = f'CHOOSE(1+(ROUND({number},{decimals})<0),"","{MINUS}")'
    beyond = ",".join(map(literal, BEYOND))
    return f"CHOOSE(1+{_is_beyond(number)},{sign}&FIXED(ABS({number}),{decimals}),{beyond})"


def _is_beyond(number: str) -> str:
    """1 for a number that is told as too large, 2 for one that is too far below 0, else 0."""
    return f"(({number}>{LARGEST:.0f})+2*({number}<-{LARGEST:.0f}))"


def _priced(text: str) -> str:
    """A written figure behind the currency; alone where the study gives none."""
    return f'TRIM(in_currency&" "&{text})'


def cost_decimals(number: str) -> str:
    """How many decimals a unit cost has, as `writer.cost_decimals`: what rounds up to 10 has one less."""
    size = f"ABS(SUM({number}))"
    some = f"MAX({size},{SMALLEST})"
    small = f"-INT(LOG10(ROUND({some},2-INT(LOG10({some})))))"
    return f"({size}>={SMALLEST})*({size}<{WHOLE_FROM})*(2+({size}<{CENTS_FROM})*{small})"


def decimals_more(one: str, its: str, other: str, others: str) -> str:
    """How many decimals more tell two unit costs apart that differ, as `writer.costs_decimals`: 0, 1 or 2."""
    both = f"ISNUMBER({one})*ISNUMBER({other})"
    differ = f"(ABS({one}-{other})>{SMALLEST}*ABS({one}))*({its}={others})"
    alike = [f"(ROUND({one},{its}+{more})=ROUND({other},{its}+{more}))" for more in (0, 1)]
    return f"IF({both},{differ}*{alike[0]}*(1+{alike[1]}),0)"


def unit_cost(number: str, decimals: str) -> str:
    """A unit cost with its currency, as `writer.unit_cost`, of a cell that holds its decimals."""
    return _priced(_fixed(number, decimals))


def share(number: str) -> str:
    """A share, as `writer.share`: a bound, one of the four texts beside a bound, or a figure."""
    points, few, most = f"(100*{number})", writer.SMALLEST_SHARE, writer.LARGEST_SHARE
    beside = f"ABS({points}-100)"
    bound = f"(({points}=0)+({beside}<{SMALLEST}))"
    near_0 = f"({points}<>0)*(ABS({points})<{few})*(1+({points}<0))"
    near_100 = f"({beside}>={SMALLEST})*(3*({points}>{most})*({points}<100)+4*({points}>100)*({points}<{100 + few}))"
    decimals = f"(1-{bound})*((ABS({points})<{writer.WHOLE_SHARE})+({beside}<=1))"
    texts = f'"<{few}%",">{MINUS}{few}%",">{most}%",">100%"'
    return f'CHOOSE(1+{near_0}+{near_100},{_fixed(points, decimals)}&"%",{texts})'


def scale(largest: str, part: str) -> str:
    """What the amounts of a sentence are divided by ("divisor"), their mark (or a blank), or their decimals."""
    scales = list(reversed(SENTENCE))
    place = "".join(f"+({largest}>={least!r})" for least, _ in scales)
    first = {"divisor": "1", "mark": f'"{SILENT}"', "decimals": cost_decimals(largest)}[part]
    rest = (f'"{each.mark or SILENT}"' if part == "mark" else f"{getattr(each, part):.0f}" for _, each in scales)
    return f"CHOOSE(1{place},{','.join((first, *rest))})"


def amount(number: str, divisor: str, mark: str, decimals: str) -> str:
    """Money of a sentence with its currency, as `writer.Scale.amount`, of cells that hold its scale."""
    some = f"(ABS({number})>={SMALLEST})"
    little = f"{some}*(ABS({number})<{divisor}*10^-{decimals}/2)"
    signs = f'CHOOSE(1+({number}<0)*{some},"","{MINUS}")&CHOOSE(1+{little},"","<")'
    told = f"{signs}&FIXED(MAX(ABS({number})/{divisor},{little}*10^-{decimals}),{decimals})"
    beyond = f'CHOOSE({_is_beyond(number)},">","<{MINUS}")&FIXED({LARGEST:.0f}/{divisor},0)'
    return _priced(f"CHOOSE(1+({_is_beyond(number)}>0),{told},{beyond})&{mark}")


def rate(number: str) -> str:
    """A rate a year, as `writer.rate`."""
    shown = f"ROUND(100*{number},2)"
    decimals = f"(ROUND({shown},0)<>{shown})+(ROUND({shown},1)<>{shown})"
    form = f"({shown}=0)*(({number}>0)+2*({number}<0))+3*({number}>{writer.LARGEST_RATE:.0f})"
    text = f'{_fixed(shown, decimals)}&"%"'
    return f'CHOOSE(1+{form},{text},"<0.01%",">{MINUS}0.01%","n/m: above 1,000%")&" p.a."'


def years(number: str) -> str:
    """A span of whole years, as `writer.years`."""
    words = ",".join(f'"{word}"' for word in writer.WORDS[1:])
    return f'IF({number}<={len(writer.WORDS) - 1},CHOOSE({number},{words}),{number})&IF({number}=1," year"," years")'
