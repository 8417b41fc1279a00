"""The writer's forms as Excel formulas, and the sentences of `models.analysis.decision.WORDS` made of them.

Each form is that of `models.notation.writer`, with its bounds; a workbook's sentences then move with its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from models.analysis.decision.decision import WORDS
from models.notation import writer
from models.notation.writer import CENTS_FROM, MINUS, SENTENCE, SMALLEST, WHOLE_FROM
from workbook.writing.formula import literal


def sentence(key: str, cells: Mapping[str, str]) -> str:
    """The expression, without an equals sign, that says the sentence with what stands in the cells of its slots."""
    parts: list[str] = []
    for text, slot, _, _ in Formatter().parse(WORDS[key]):
        if text:
            parts.append(literal(text))
        if slot:
            parts.append(cells[slot])
    return "&".join(parts)


def currency() -> str:
    """What stands before a figure: the currency and a space, nothing where the study gives none."""
    return 'IF(ISBLANK(in_currency),"",in_currency&" ")'


def _fixed(number: str, decimals: str) -> str:
    """A cell's number with so many decimals and a true minus, as `writer.fixed`."""
    return f'IF(ROUND({number},{decimals})<0,"{MINUS}","")&FIXED(ABS({number}),{decimals})'


def cost_decimals(number: str) -> str:
    """How many decimals a unit cost has, as `writer.cost_decimals`: what rounds up to 10 has one less."""
    size = f"ABS(N({number}))"
    first = f"(2-INT(LOG10(MAX({size},{SMALLEST}))))"
    small = f"MAX(2,2-INT(LOG10(ROUND(MAX({size},{SMALLEST}),{first}))))"
    return f"IF(({size}<{SMALLEST})+({size}>={WHOLE_FROM})>0,0,IF({size}>={CENTS_FROM},2,{small}))"


def unit_cost(number: str, decimals: str) -> str:
    """A unit cost with its currency, as `writer.unit_cost`, of a cell that holds its decimals."""
    return f"{currency()}&{_fixed(number, decimals)}"


def share(number: str) -> str:
    """A share that is not below 0, as `writer.share`."""
    points = f"(100*{number})"
    few, most = writer.SMALLEST_SHARE, writer.LARGEST_SHARE
    decimals = f"IF(({points}<{writer.WHOLE_SHARE})+(ABS({points}-100)<=1)>0,1,0)"
    bound = f"IF({points}=0,0,IF(ABS({points}-100)<{SMALLEST},1,IF({points}<{few},2,IF({points}<=100,3,4))))"
    beside = f'IF({points}>{most},">{most}%",FIXED({points},{decimals})&"%")'
    above = f'IF({points}<{100 + few},">100%",FIXED({points},{decimals})&"%")'
    return f'CHOOSE(1+{bound},"0%","100%","<{few}%",{beside},{above})'


def scale(largest: str, part: str) -> str:
    """What the amounts of a sentence are divided by ("divisor"), what stands behind them, or their decimals."""
    text = {"divisor": "1", "mark": '""', "decimals": cost_decimals(largest)}[part]
    for least, each in reversed(SENTENCE):
        here = f'"{each.mark}"' if part == "mark" else f"{getattr(each, part):g}"
        text = f"IF(N({largest})>={least!r},{here},{text})"
    return text


def amount(number: str, divisor: str, mark: str, decimals: str) -> str:
    """Money of a sentence with its currency, as `writer.Scale.amount`, of cells that hold its scale."""
    little = f"(ABS({number})>={SMALLEST})*(ABS({number})<{divisor}*10^-{decimals}/2)"
    text = f'IF({number}<0,"{MINUS}","")&"<"&FIXED(10^-{decimals},{decimals})'
    return f"{currency()}&IF({little}=1,{text},{_fixed(f'({number}/{divisor})', decimals)})&{mark}"


def rate(number: str) -> str:
    """A rate a year, as `writer.rate`."""
    shown = f"ROUND(100*ABS({number}),2)"
    little = f'IF({number}=0,"0%",IF({number}>0,"<0.01%",">{MINUS}0.01%"))'
    return f'IF({shown}=0,{little},IF({number}<0,"{MINUS}","")&{shown}&"%")&" p.a."'


def years(number: str) -> str:
    """A span of whole years, as `writer.years`."""
    words = ",".join(f'"{word}"' for word in writer.WORDS[1:])
    return f'IF({number}<={len(writer.WORDS) - 1},CHOOSE({number},{words}),{number})&IF({number}=1," year"," years")'
