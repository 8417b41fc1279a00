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
    is left out of the cost of a token.
    """

    name: str
    label: str
    colour: str
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
    Cost("equipment", "Equipment", "#204971", "equipment_capex", AT_START, "capex", offers=("purchase", "loan")),
    Cost("facility", "Facility", "#459cf4", "facility_capex", AT_START, "capex"),
    Cost("other_assets", "Other assets", "#6266ae", "other_capex", AT_START, "capex"),
    Cost(
        *("energy_charge", "Energy", "#eeaf46", "energy_charge", RUNNING),
        prices={"option/electricity_price": "energy_charge"},
    ),
    Cost(
        *("demand_charge", "Demand charge", "#953e00", "demand_charge_cost", RUNNING),
        prices={"option/demand_charge": "demand_charge_cost"},
    ),
    Cost(
        *("carbon", "Carbon, paid", "#484f53", "carbon_charged", RUNNING),
        prices={"option/carbon_price": "carbon_charged"},
    ),
    Cost("water", "Water", "#8cbcbc", "water_cost", RUNNING, prices={"option/water_price": "water_cost"}),
    Cost("staff", "Staff", "#910023", "staff", RUNNING, "opex"),
    Cost("colocation", "Colocation", "#34bf7a", "colocation", RUNNING, "opex"),
    Cost("support", "Support", "#038d6a", "support", RUNNING, "opex"),
    Cost("software", "Software", "#d4de82", "software", RUNNING, "opex"),
    Cost("other_opex", "Other running costs", "#938600", "other_opex", RUNNING, "opex"),
    Cost("credit", "Credits", "#965982", "credit", RUNNING, "opex"),
    Cost("grant", "Grants", "#92ba5d", "grant", AT_START, "capex"),
    Cost(
        *("rental", "Rental", "#9e9bd0", "rental", RUNNING),
        prices={
            "rental/committed_price": "committed_rental",
            "rental/on_demand_price": "on_demand_rental",
            "rental/exit_fee_share": "exit_fee",
        },
        offers=("rental",),
    ),
    Cost(
        *("lease", "Lease", "#542d8d", "lease", RUNNING),
        prices={"lease/payment_per_system_month": "lease"},
        offers=("lease",),
    ),
    # The list prices of tokens share the spend by use; models.analysis.metrics.coverage tells how.
    Cost(
        *("api", "API", "#b87b95", "api", RUNNING),
        prices={"api/minimum_commitment": "lifetime_top_up"},
        offers=("api",),
    ),
    Cost("overflow", "Peaks served by an API", "#0065ca", "overflow", RUNNING),
    Cost(
        *("processing", "Guardrails and retrieval", "#a86243", "processing", RUNNING),
        prices={"workload/processing_price": "workload_processing_cost"},
        makes_tokens=False,
    ),
    Cost(
        *("escalation", "Escalation to staff", "#f7d1ba", "escalation", RUNNING),
        prices={"workload/escalation_cost": "workload_escalation_spend"},
        makes_tokens=False,
    ),
    Cost("disposals", "Resale", "#bcc5ff", "disposals_in_year", RESALE),
)
COSTS: Mapping[str, Cost] = {cost.name: cost for cost in ROWS}


@dataclass(frozen=True)
class Family:
    """Kinds of cost that belong together, for a statement and a chart that can be read at a glance."""

    name: str
    label: str
    colour: str
    kinds: tuple[str, ...]


# What unserved requests cost at the fallback price: in comparisons only, a family of its own.
FALLBACK = Family("fallback", "Fallback for unserved requests", "#e6eaef", ())
FAMILIES: tuple[Family, ...] = (
    Family("hardware", "Hardware", "#23476c", ("equipment", "facility", "other_assets")),
    Family("supplier", "Rental, lease and API", "#29c3cb", ("rental", "lease", "api", "overflow")),
    Family("staff", "Staff", "#8e669d", ("staff",)),
    Family(
        *("site", "Site and energy", "#dca038"),
        ("colocation", "energy_charge", "demand_charge", "carbon", "water"),
    ),
    Family("support", "Support and software", "#729cd2", ("support", "software", "other_opex")),
    Family("quality", "Guardrails and escalation", "#72402a", ("processing", "escalation")),
    FALLBACK,
    Family("resale", "Resale, grants and credits", "#afbf9a", ("disposals", "grant", "credit")),
)
