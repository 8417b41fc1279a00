"""What the rows of the sheet Decision are called, in which unit they stand, and why they are there.

A row is found by its name everywhere else; the words stand here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.analysis.decision.decision import CLOSE
from models.notation import writer
from workbook.writing.book import YES

NUMBER, TEXT, DIGITS, COLUMN, NO_UNIT = "number", "text", "decimals", "column", "-"
PER_THOUSAND = "money per 1,000 responses"
SHARE = "share"
# Where a row tells how a figure of another row is written.
AMOUNT, WRITTEN, SHOWN = "amount", "as written", "decimals shown"


@dataclass(frozen=True)
class Row:
    """The label of a row, why it is there, and its unit, in which "money" stands for the currency."""

    label: str
    why: str
    unit: str = NO_UNIT


def _written(slot: str, label: str, why: str, unit: str) -> dict[str, Row]:
    """A figure, and how a sentence writes it."""
    name = "share" if unit == SHARE else "figure"
    return {
        f"{name} {slot}": Row(f"{label}, {AMOUNT if name == 'figure' else SHARE}", why, unit),
        f"slot {slot}": Row(f"{label}, {WRITTEN}", "The figure in words, as the sentences have it.", TEXT),
    }


def _cost(slot: str, label: str, why: str) -> dict[str, Row]:
    """A cost per 1,000 responses, with how many decimals it is written."""
    decimals = Row(f"{label}, {SHOWN}", "Decimals that give the cost three significant digits.", DIGITS)
    return {**_written(slot, label, why, PER_THOUSAND), f"decimals {slot}": decimals}


def _scale(name: str, label: str) -> dict[str, Row]:
    """The scale in which a sentence tells its amounts."""
    return {
        f"largest {name}": Row(f"{label}: largest amount", "All amounts of a sentence are told in one scale.", "money"),
        f"divisor {name}": Row(f"{label}: divisor", "1,000 tells them in thousands, 1,000,000 in millions.", NUMBER),
        f"mark {name}": Row(f"{label}: letter of the scale", "k for thousands, m for millions; blank for none.", TEXT),
        f"decimals {name}": Row(f"{label}: {SHOWN}", "By the scale.", DIGITS),
    }


_IS_CLOSE = f"The lower of the two costs is less than {writer.share(CLOSE)} below the other."
_BEST, _NEXT = "Recommended option", "Next best option"
ROWS: Mapping[str, Row] = {
    # The choice
    "best": Row(
        "Lowest cost per meaningful response, eligible options", "The lowest cost of those eligible.",
        "money per response",
    ),
    "second": Row(
        "Second-lowest cost per meaningful response", "What the recommendation is compared with: the lowest that is "
        "not equal to it.", "money per response",
    ),
    # What fills the sentences
    "slot money": Row("Currency", "The currency of the study.", TEXT),
    "slot years": Row("Study period", "Years covered, in words.", TEXT),
    "slot reference": Row("Reference option, name", "The option that savings are counted from.", TEXT),
    "place winner": Row(
        f"{_BEST}, column", "1 for the first option. None is recommended where none is eligible or a check fails.",
        COLUMN,
    ),
    "slot winner": Row(f"{_BEST}, name", "Its name in the sentences.", TEXT),
    "place runner_up": Row(f"{_NEXT}, column", "1 for the first option.", COLUMN),
    "slot runner_up": Row(f"{_NEXT}, name", "Its name in the sentences.", TEXT),
    "slot phrase": Row(f"{_BEST}, action", "How the recommendation begins.", TEXT),
    **_cost("cost", f"{_BEST}, cost per 1,000 responses", "The cost that ranks the options, discounted."),
    **_cost("next_cost", f"{_NEXT}, cost per 1,000 responses", "The cost that ranks the options, discounted."),
    "decimals more": Row(
        "Extra decimals for the two costs above", "So that two costs that differ do not look alike.", DIGITS
    ),
    "slot lowest": Row(
        "Lowest cost of options with all prices, name", "Tells whether any option can be ranked at all.", TEXT
    ),
    **_cost(
        "cheapest_cost", "Lowest undiscounted cost per 1,000 responses", "Tells whether discounting decides the order."
    ),
    "slot cheapest": Row("Lowest undiscounted cost, name of the option", "The option of the row above.", TEXT),
    **_written("gap", f"{_NEXT}, extra cost", "How much more than the recommended option.", SHARE),
    **_written("fall", f"{_NEXT}, fall in cost to break even", "Where the recommendation turns.", SHARE),
    "winner's largest": Row(f"{_BEST}, largest kind of cost, amount", "The cost on which most depends.", "money"),
    "winner's responses": Row(
        f"{_BEST}, responses, discounted", "Turns a margin per response into an amount of money.", "responses"
    ),
    **_written(
        "rise", f"{_BEST}, rise in its largest kind of cost to break even", "Where the recommendation turns.", SHARE
    ),
    "slot driver": Row(f"{_BEST}, largest kind of cost, name", "Named in the first condition.", TEXT),
    "slot quality": Row(f"{_BEST}, quality target met", "Named in the third condition.", TEXT),
    "slot latency": Row(f"{_BEST}, latency targets met", "Named in the third condition.", TEXT),
    **_written("cash", f"{_BEST}, cash needed in year 1", "The amount asked for.", "money"),
    **_written("pv", f"{_BEST}, present value of cost", "The amount that decides, incl. fallback.", "money"),
    **_scale("the winner's amounts", "Scale of the two amounts"),
    **_written("assumed", f"{_BEST}, cost that rests on assumptions", "By the evidence behind each price.", SHARE),
    **_written("saving", "Saving against the reference", "Negative: costs more.", "money"),
    "saving counts": Row(
        "Saving is stated", "The study names a reference, and it is not the recommended option.", YES
    ),
    **_scale("the saving", "Scale of the saving"),
    "slot direction": Row("Saving against the reference, direction", "Less or more.", TEXT),
    # The sentences, each as if it applied
    "words chosen": Row("Sentence: clear recommendation", "The lower cost is further below the next.", TEXT),
    "words close": Row("Sentence: close recommendation", _IS_CLOSE, TEXT),
    "words only": Row("Sentence: recommendation without a margin", "No next best option, or no share of it.", TEXT),
    "words next": Row("Sentence: next best option", "Follows a clear recommendation.", TEXT),
    "words next_close": Row("Sentence: both costs", "Follows a close recommendation.", TEXT),
    "words next_only": Row("Sentence: next best option without a share", "The share is not meaningful.", TEXT),
    "words alone": Row("Sentence: no next best option", "Only one option is eligible.", TEXT),
    "words nobody": Row("Sentence: no eligible option", "Options have prices, yet none is eligible.", TEXT),
    "words nothing": Row("Sentence: no responses", "No option can be ranked.", TEXT),
    "words undiscounted": Row("Sentence: undiscounted cost", "Says whether discounting decides the order.", TEXT),
    "words driver": Row("Sentence: largest kind of cost", "First condition.", TEXT),
    "words cut": Row("Sentence: lead over the next best option", "Second condition.", TEXT),
    "words targets": Row("Sentence: targets", "Third condition.", TEXT),
    "words no_choice": Row("Sentence: no conditions", "First condition where none is recommended.", TEXT),
    "words no_turn": Row("Sentence: no margin", "First condition where there is no next best option.", TEXT),
    "words amount": Row("Sentence: amounts", "The amount asked for.", TEXT),
    "words against": Row("Sentence: against the reference", "Said where a saving is stated.", TEXT),
    "words assumed": Row("Sentence: assumptions", "Said where the share is known.", TEXT),
    # The sentences that are shown
    "say otherwise": Row("Shown where none is recommended", "Names the reason; a failing check comes first.", TEXT),
    "close": Row("Recommendation is close", _IS_CLOSE, YES),
    "say recommended": Row("Shown as recommendation", "On Cover and Summary.", TEXT),
    "say runner_up": Row("Shown as next best option", "On Summary.", TEXT),
    "say amount": Row("Shown as amount asked for", "On Summary.", TEXT),
    "say against": Row("Shown against the reference", "On Summary, where the study names a reference.", TEXT),
    "say first": Row("Shown as first condition", "On Summary.", TEXT),
    "say second": Row("Shown as second condition", "On Summary.", TEXT),
    "say third": Row("Shown as third condition", "On Summary.", TEXT),
    "say assumed": Row("Shown on assumptions", "On Summary.", TEXT),
    "say undiscounted": Row("Shown on undiscounted cost", "On Summary.", TEXT),
}  # fmt: skip
