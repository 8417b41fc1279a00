"""The switch between money before tax and after it, so that the two never stand in one table."""

from __future__ import annotations

from models.studies.study import Study
from views.fields.remembered import switch

BEFORE, AFTER = "before", "after"


def is_after_tax(study: Study, entry: str) -> bool:
    """Draw the switch and tell what is chosen; without a tax rate there is nothing to switch."""
    if not study.fields.number("tax_rate"):
        return False
    return switch(entry, "Money and rates", {BEFORE: "Before tax", AFTER: "After tax"}, BEFORE) == AFTER
