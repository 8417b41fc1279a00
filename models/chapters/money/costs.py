"""The kinds of cost: a row each, in the order of the cost tree; no lines of its own.

The tree stacks these rows, and whatever tells costs apart (colours, headlines, quotes, evidence, bridges, sheets) reads
them. A cost is added by its line in a chapter and its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# When a year's money falls, as what its line is multiplied by.
AT_START, RUNNING = "{} * start_factor", "{} * flow_factor"
# Resale is dated by its parts: when a year begins, and what is left when the horizon ends.
RESALE = "-(early_disposals * start_factor) - final_disposal_in_year * end_factor"


@dataclass(frozen=True)
class Cost:
    """One kind of cost.

    `line` is its money by year and `dated` when in the year that falls. `items` is the table whose amounts it adds up,
    if it does; `prices` are the other inputs that its money is in proportion to ("table/name"), each with the line of
    the money that rests on it. `offers` are the acquisitions whose offers quote it. A cost without `makes_tokens`
    is left out of the cost of a token. `family` is the name of one of `FAMILIES`.
    """

    name: str
    label: str
    family: str
    line: str
    dated: str
    items: str = ""
    prices: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    makes_tokens: bool = True

    @property
    def flow(self) -> str:
        """Its money by year as a formula; what resale brings is taken off."""
        return f"-{self.line}" if self.dated == RESALE else self.line

    @property
    def discounted(self) -> str:
        """Its present value by year as a formula."""
        return self.dated.format(self.line)


ROWS: tuple[Cost, ...] = (
    Cost("equipment", "Equipment", "hardware", "equipment_capex", AT_START, "capex", offers=("purchase", "loan")),
    Cost("facility", "Facility", "hardware", "facility_capex", AT_START, "capex"),
    Cost("other_assets", "Other assets", "hardware", "other_capex", AT_START, "capex"),
    Cost(
        *("energy_charge", "Energy", "site", "energy_charge", RUNNING),
        prices={"option/electricity_price": "energy_charge"},
    ),
    Cost(
        *("demand_charge", "Demand charge", "site", "demand_charge_cost", RUNNING),
        prices={"option/demand_charge": "demand_charge_cost"},
    ),
    Cost(
        *("carbon", "Carbon, paid", "site", "carbon_charged", RUNNING),
        prices={"option/carbon_price": "carbon_charged"},
    ),
    Cost("water", "Water", "site", "water_cost", RUNNING, prices={"option/water_price": "water_cost"}),
    Cost("staff", "Staff", "staff", "staff", RUNNING, "opex"),
    Cost("colocation", "Colocation", "site", "colocation", RUNNING, "opex"),
    Cost("support", "Support", "support", "support", RUNNING, "opex"),
    Cost("software", "Software", "support", "software", RUNNING, "opex"),
    Cost("other_opex", "Other running costs", "support", "other_opex", RUNNING, "opex"),
    Cost("credit", "Credits", "resale", "credit", RUNNING, "opex"),
    Cost("grant", "Grants", "resale", "grant", AT_START, "capex"),
    Cost(
        *("rental", "Rental", "supplier", "rental", RUNNING),
        prices={
            "rental/committed_price": "committed_rental",
            "rental/on_demand_price": "on_demand_rental",
            "rental/exit_fee_share": "exit_fee",
        },
        offers=("rental",),
    ),
    Cost(
        *("lease", "Lease", "supplier", "lease", RUNNING),
        prices={"lease/payment_per_system_month": "lease"},
        offers=("lease",),
    ),
    # The list prices of tokens share the spend by use; models.analysis.metrics.coverage tells how.
    Cost(
        *("api", "API", "supplier", "api", RUNNING),
        prices={"api/minimum_commitment": "lifetime_top_up"},
        offers=("api",),
    ),
    Cost("overflow", "Peaks served by an API", "supplier", "overflow", RUNNING),
    Cost(
        *("processing", "Guardrails and retrieval", "quality", "processing", RUNNING),
        prices={"workload/processing_price": "workload_processing_cost"},
        makes_tokens=False,
    ),
    Cost(
        *("escalation", "Escalation to staff", "quality", "escalation", RUNNING),
        prices={"workload/escalation_cost": "workload_escalation_spend"},
        makes_tokens=False,
    ),
    Cost("disposals", "Resale", "resale", "disposals_in_year", RESALE),
)
COSTS: Mapping[str, Cost] = {cost.name: cost for cost in ROWS}


@dataclass(frozen=True)
class Family:
    """Kinds of cost that belong together and share a colour, so that a statement or a chart is read at a glance."""

    name: str
    label: str
    colour: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """Its kinds of cost, in the order of the tree."""
        return tuple(cost.name for cost in ROWS if cost.family == self.name)


# What unserved requests cost at the fallback price: in comparisons only, a family without kinds.
FALLBACK = Family("fallback", "Fallback for unserved requests", "#e6eaef")
FAMILIES: tuple[Family, ...] = (
    Family("hardware", "Hardware", "#23476c"),
    Family("supplier", "Rental, lease and API", "#29c3cb"),
    Family("staff", "Staff", "#8e669d"),
    Family("site", "Site and energy", "#dca038"),
    Family("support", "Support and software", "#729cd2"),
    Family("quality", "Guardrails and escalation", "#72402a"),
    FALLBACK,
    Family("resale", "Resale, grants and credits", "#afbf9a"),
)
