"""What an input is: a field with its bounds and facts, the table it stands in, and the kinds of input there are.

Everything that is known of an input and not of a study stands here as an attribute, so that whoever needs it reads it
instead of keeping a list of names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "whole", "boolean", "text", "choice", "schedule", "path", "day", "hours"]
# Kinds whose value is a number, or may be one: a path is one, or a list of them by year (or by try).
NUMERIC: tuple[Kind, ...] = ("number", "whole", "path")
Who = Literal["finance", "procurement", "engineering"]
Section = Literal["workload", "serving", "capex", "opex", "energy", "finance", "about"]
Default = float | int | bool | str | None
# Other ways to say a number: requests of a month, tries for an answer, words for tokens, a benchmark for a speed.
Way = Literal["volume", "tries", "words", "benchmark"]
# What a text names: an option of the study, one that is an API, or a load shape.
Named = Literal["", "option", "api", "load_shape"]
# Trends of hardware bought later, by the names of the catalogue: its price, and the work it does for a joule.
HARDWARE_PRICE, ENERGY_EFFICIENCY = "hardware_price", "energy_efficiency"


@dataclass(frozen=True)
class Field:
    """One input: what it means, what it may be, and what stands for it when it is left blank.

    `unit` is a product or quotient of `schema.SYMBOLS` ("money/kWh", "token/s/accelerator"), "1" for a plain ratio or
    count, "" for text, and "@basis" where the item's basis decides (`schema.BASIS_UNITS`). `default` is what a blank
    means; None means that the input is required or that the model resolves the blank (a blank `opex.escalation` is
    inflation). Beyond `minimum` and `maximum` a value is refused; outside `usual` it is only flagged, with
    `usual_source` as the reason. `choices` of a text are proposals, of a choice
    the only ones. A `path` is a number, or a list of numbers by year or by try; a `day` is 24 of them, the load by the
    hour; `hours` are windows of the week.

    What else is known of it: `blank` says what a blank stands for where it is not that something is missing. `read_by`
    are the acquisitions whose options read it (none named: all), `fixed_only` that they do only while the systems are
    given. `driver` is the bar of a bridge that it belongs to; `moved_by` is the input, or the trend of
    hardware, by whose yearly change it moves when a study starts later. `structural` inputs decide how many rows and
    columns there are and which formulas hold. `alike` tells whether options may share it, `sourced` whether a source
    may stand behind it, `ranged` that it always has a range, `is_year` that it counts calendar years, and `said_as`
    how else people put it. `names` says of a text which of the study's own names it holds; `replaces` is the table
    whose input of the same name it stands in for where it is given, `target` the input with what it is held against.
    `formerly` is the label that it had once: a table
    copied then is still read. `in_bar` is chosen in the bar above every page of the app, and so stands in no section of
    its inputs.
    """

    table: str
    name: str
    label: str
    unit: str
    kind: Kind
    default: Default
    minimum: float | None
    maximum: float | None
    exclusive_minimum: bool
    exclusive_maximum: bool
    choices: tuple[str, ...]
    usual: tuple[float, float] | None
    usual_source: str
    help: str
    who: Who
    section: Section
    basic: bool
    required: bool
    blank: str = ""
    read_by: tuple[str, ...] = ()
    fixed_only: bool = False
    driver: str = ""
    moved_by: str = ""
    structural: bool = False
    alike: bool = True
    sourced: bool = True
    ranged: bool = False
    is_year: bool = False
    said_as: Way | None = None
    names: Named = ""
    replaces: str = ""
    target: str = ""
    formerly: str = ""
    in_bar: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it holds a number, or (a path) may hold a list of them."""
        return self.kind in NUMERIC

    @property
    def is_price_path(self) -> bool:
        """Whether it is a yearly change of a price that may be given as its level by year, year 1 = 1."""
        return self.kind == "path" and self.unit == "1/yr"

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures, which somebody stands behind: a number, yearly shares, or the hours of a day."""
        return self.is_number or self.kind in ("schedule", "day")

    def is_read_by(self, acquisition: str) -> bool:
        """Whether an option that is acquired so reads it."""
        return not self.read_by or acquisition in self.read_by


@dataclass(frozen=True)
class Confidence:
    """How far a value can be relied on: what people call it, and the range it has where nobody states one.

    `spread` is the share of the value that this range lies to either side of it; 0 is as good as known. It is wider for
    a value that `ages`, as all do but what a contract fixes.
    """

    label: str
    spread: float
    ages: bool = True


@dataclass(frozen=True)
class Table:
    """A table of the study file. `many` tables repeat (`[[option.capex]]`); `parent` is "" at the top level.

    `key` is the field that names a row in messages and paths; `unique` tells whether two rows may share it. `read_by`
    and `driver` are those of all its inputs. `modelled` tables hold inputs of the formulas; the others say what is
    asked of the study.
    """

    name: str
    parent: str
    many: bool
    key: str
    unique: bool
    label: str
    read_by: tuple[str, ...] = ()
    driver: str = ""
    modelled: bool = True

    def is_read_by(self, acquisition: str) -> bool:
        """Whether an option that is acquired so reads the table."""
        return not self.read_by or acquisition in self.read_by


# Technical ceilings, far beyond any real input, so that sums and powers of what is admitted stay numbers.
LARGEST = 1e15
LARGEST_COUNT = 1e9
LARGEST_YEARLY_CHANGE = 100.0
# Below it, 1 - (1 - p)^k and the like lose their figures to rounding.
SMALLEST_DIVISOR = 1e-6


@dataclass(frozen=True)
class Inputs:
    """Declares the inputs of one table in one section of the forms, each kind with the bounds it always has.

    `who` knows them, `read_by` and `driver` are theirs too, where an input does not say otherwise.
    """

    table: str
    section: Section
    who: Who
    read_by: tuple[str, ...] = ()
    driver: str = ""

    def number(
        self,
        name: str,
        label: str,
        unit: str,
        help: str,
        *,
        kind: Kind = "number",
        default: Default = None,
        minimum: float | None = None,
        maximum: float | None = None,
        above: float | None = None,
        below: float | None = None,
        choices: tuple[str, ...] = (),
        usual: tuple[float, float] | None = None,
        usual_source: str = "",
        basic: bool = False,
        required: bool = False,
        blank: str = "",
        **facts: Any,
    ) -> Field:
        """An input with its own bounds: `above` and `below` exclude their end, `minimum` and `maximum` include it.

        The help ends with what a blank means; `facts` are the further attributes of `Field`.
        """
        return Field(
            table=self.table,
            name=name,
            label=label,
            unit=unit,
            kind=kind,
            default=default,
            minimum=minimum if above is None else above,
            maximum=maximum if below is None else below,
            exclusive_minimum=above is not None,
            exclusive_maximum=below is not None,
            choices=choices,
            usual=usual,
            usual_source=usual_source,
            help=_with_blank(help, blank),
            section=self.section,
            basic=basic,
            required=required,
            blank=blank,
            **(dict[str, Any](who=self.who, read_by=self.read_by, driver=self.driver) | facts),
        )

    def text(self, name: str, label: str, help: str, **rest: Any) -> Field:
        """Free text; `choices`, if any, are only proposals."""
        return self.number(name, label, "", help, kind="text", **rest)

    def choice(self, name: str, label: str, choices: tuple[str, ...], help: str, **rest: Any) -> Field:
        """One of a closed list."""
        return self.number(name, label, "", help, kind="choice", choices=choices, **rest)

    def schedule(self, name: str, label: str, choices: tuple[str, ...], help: str, **rest: Any) -> Field:
        """One of a closed list, or a list of yearly shares."""
        default = choices[0]
        return self.number(name, label, "1", help, kind="schedule", choices=choices, default=default, **rest)

    def day(self, name: str, label: str, help: str, **rest: Any) -> Field:
        """The load in each hour of a day, from 0:00: 24 numbers of which only the proportions count."""
        return self.number(name, label, "", help, kind="day", minimum=0.0, maximum=LARGEST, **rest)

    def hours(self, name: str, label: str, help: str, **rest: Any) -> Field:
        """Windows of the week, such as `weekday 8-20`."""
        return self.number(name, label, "", help, kind="hours", **rest)

    def boolean(self, name: str, label: str, default: bool, help: str, **rest: Any) -> Field:
        """Yes or no."""
        return self.number(name, label, "", help, kind="boolean", default=default, **rest)

    def share(self, name: str, label: str, help: str, *, default: float | None = 0.0, **rest: Any) -> Field:
        """A fraction from 0 to 1."""
        return self.number(name, label, "1", help, default=default, minimum=0.0, maximum=1.0, **rest)

    def efficiency(self, name: str, label: str, help: str, *, default: float | None = 1.0, **rest: Any) -> Field:
        """A fraction above 0, up to 1: something is divided by it, so it stays clear of 0."""
        return self.number(name, label, "1", help, default=default, minimum=SMALLEST_DIVISOR, maximum=1.0, **rest)

    def growth(self, name: str, label: str, help: str, *, default: float | None = 0.0, **rest: Any) -> Field:
        """A yearly change: -0.1 is 10 % less each year."""
        bounds: dict[str, Any] = {"above": -1.0, "maximum": LARGEST_YEARLY_CHANGE}
        return self.number(name, label, "1/yr", help, default=default, **bounds, **rest)

    def amount(self, name: str, label: str, unit: str, help: str, *, default: float | None = 0.0, **rest: Any) -> Field:
        """A quantity or price, not negative unless `minimum` says otherwise."""
        bounds: dict[str, Any] = {"minimum": 0.0, "maximum": LARGEST}
        return self.number(name, label, unit, help, default=default, **(bounds | rest))

    def rate(self, name: str, label: str, unit: str, help: str, **rest: Any) -> Field:
        """A positive quantity that something is divided by; blank where it does not apply."""
        return self.number(name, label, unit, help, above=0.0, maximum=LARGEST, **rest)

    def count(self, name: str, label: str, unit: str, help: str, **rest: Any) -> Field:
        """A whole number, at least 1 unless `minimum` says otherwise."""
        bounds: dict[str, Any] = {"minimum": 1, "maximum": LARGEST_COUNT}
        return self.number(name, label, unit, help, kind="whole", **(bounds | rest))


def _with_blank(help: str, blank: str) -> str:
    """The help with what a blank means, in the same sentence where that begins small."""
    if not blank:
        return help
    return f"{help.removesuffix('.')}; {blank}." if blank[0].islower() else f"{help} {blank}.".strip()
