"""Published comparisons: the printed figure out of the model, then what it left out, one step after the other.

A claim is a study in templates/claims/ that gives the printed figures, and a file of the same name in its folder steps/
that says which figures those are and what each step changes, with the source of every number. Each step changes the
study that the steps before it left behind, and every figure is read from a full run of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.analysis.decision.difference import difference
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import comparability
from models.engine.constants import HOURS_PER_YEAR, TOKENS_PER_MILLION
from models.run.model import MODEL, OptionResult, Result
from models.studies.change import replace_all
from models.studies.file import load as study
from models.studies.file import toml
from models.studies.inputs import value
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.inputs.value import Value
from models.studies.study import Study, get

FOLDER = Path(__file__).parents[3] / "templates" / "claims"
STEPS = "steps"


@dataclass(frozen=True)
class Figure:
    """A figure of the claim: of which option, against which, in which unit ("1" is a plain ratio).

    `printed` is what the publication says, None where it prints no such figure; `within` is how far its rounding may
    lie from what is computed.
    """

    label: str
    kind: str
    option: str
    against: str
    unit: str
    printed: float | None
    within: float


@dataclass(frozen=True)
class Step:
    """Something left out: what, why it matters, and the inputs it sets, by path, each with its provenance."""

    title: str
    why: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Claim:
    """A published comparison. `inside` says what its prices contain already, so that no step adds it again."""

    name: str
    claim: str
    source: str
    url: str
    as_of: str
    inside: str
    study: Study
    figures: tuple[Figure, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Change:
    """One input that a step sets: its label, what it was and what it is, both with their provenance."""

    path: str
    label: str
    before: Value
    after: Value

    @property
    def source(self) -> str:
        """Where the new value is from, in one line: its source and date, or that it is assumed and why."""
        said = ", ".join(part for part in (self.after.source, self.after.as_of) if part)
        if self.after.confidence == "assumed":
            note = self.after.note or "no reason given"
            return f"assumed, after {said}: {note}" if said else f"assumed: {note}"
        return said or "no source"


@dataclass(frozen=True)
class Row:
    """A step taken: what it changed, the study it leaves, and each figure of the claim before and after.

    None stands for no figure: a break-even that is never reached, or options that do not compare.
    """

    step: Step
    changes: tuple[Change, ...]
    study: Study
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]

    @property
    def moves(self) -> bool:
        """Whether the step moves any figure, beyond what rounding leaves."""
        return any(
            (old is None) != (new is None) or (old is not None and new is not None and not math.isclose(old, new))
            for old, new in zip(self.before, self.after, strict=True)
        )


def names() -> tuple[str, ...]:
    """The names of the claims that come with the project."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(name: str) -> Claim:
    """The claim of that name, one of `names`. Raises StudyError for another name or a faulty file."""
    if name not in names():
        raise StudyError([Problem("", name, f"there is no claim of this name{did_you_mean(name, names())}")])
    made = study.load(FOLDER / f"{name}.toml")
    tables = toml.parsed(toml.read_bytes(FOLDER / STEPS / f"{name}.toml"))
    return read(name, made, tables)


def read(name: str, made: Study, tables: Mapping[str, Any]) -> Claim:
    """The claim that a study and the plain tables of its steps describe.

    Raises StudyError where a text is missing, a figure is of an unknown kind, or a figure or step names what the study
    does not have.
    """
    texts = {key: _text(tables, key) for key in ("claim", "source", "url", "as_of", "inside")}
    figures = tuple(_figure(raw, made) for raw in tables.get("figure", ()))
    steps = tuple(_step(raw) for raw in tables.get("step", ()))
    claim = Claim(name, study=made, figures=figures, steps=steps, **texts)
    for step in steps:
        replace_all(made, step.changes)
    return claim


def _text(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found:
        raise StudyError([Problem(key, found, f"is missing or no text: a claim says its {key}")])
    return found


def _step(raw: Mapping[str, Any]) -> Step:
    """A step; what it says of an input takes the place of all that was said of it before."""
    unsaid = dict.fromkeys(value.DESCRIPTION_KEYS)
    changes = {path: unsaid | change for path, change in raw.get("set", {}).items()}
    return Step(_text(raw, "title"), _text(raw, "why"), changes)


def _figure(raw: Mapping[str, Any], made: Study) -> Figure:
    kind, against = _text(raw, "kind"), raw.get("against", "")
    if kind not in KINDS:
        raise StudyError([Problem("figure/kind", kind, f"is no kind of figure{did_you_mean(kind, KINDS)}")])
    for name in (_text(raw, "option"), *([against] if against else [])):
        made.option(name)
    within = float(raw.get("within", 0.0))
    return Figure(_text(raw, "label"), kind, raw["option"], against, _text(raw, "unit"), raw.get("printed"), within)


def figures(claim: Claim, changed: Study | None = None) -> tuple[float | None, ...]:
    """The figures of the claim by a full run of its study, or of one that was changed."""
    result = MODEL.run(claim.study if changed is None else changed)
    return tuple(KINDS[figure.kind](result, figure) for figure in claim.figures)


def reproduces(claim: Claim) -> tuple[bool | None, ...]:
    """Whether each figure comes out as printed, within its rounding; None where nothing is printed."""
    return tuple(
        None if f.printed is None else found is not None and abs(found - f.printed) <= f.within
        for f, found in zip(claim.figures, figures(claim), strict=True)
    )


def table(claim: Claim) -> tuple[Row, ...]:
    """Every step in order, each on top of those before it. Raises StudyError where a step leaves no valid study."""
    return tuple(_rows(claim))


def _rows(claim: Claim) -> Iterator[Row]:
    held, before = claim.study, figures(claim)
    for step in claim.steps:
        changed = replace_all(held, step.changes)
        after = figures(claim, changed)
        changes = tuple(_change(held, changed, path) for path in step.changes)
        yield Row(step, changes, changed, before, after)
        held, before = changed, after


def _change(held: Study, changed: Study, path: str) -> Change:
    found = changed.input(path)
    return Change(path, found.entry.label, get(held, path), found.value)


# ---------------------------------------------------------------------------------------------------------------- kinds


def _break_even_hours(result: Result, figure: Figure) -> float | None:
    """Hours from the purchase until the option has paid back against the other, discounted; None for never.

    Calendar hours of 8,760 a year, linear inside a year. Without discounting and with steady costs it is the hardware
    price over the difference of the hourly costs, the white papers' formula.
    """
    ours, theirs = result.options[figure.option], result.options[figure.against]
    if not comparability(ours, theirs).holds:
        return None
    years = difference(ours, theirs).discounted_payback.years
    return None if years is None else years * float(HOURS_PER_YEAR)


def _cost_share(result: Result, figure: Figure) -> float | None:
    """Present value of the option's cost over that of the other; None where the totals do not compare."""
    ours, theirs = result.options[figure.option], result.options[figure.against]
    if not comparability(ours, theirs).holds:
        return None
    return _ratio(ours.number("comparison_pv_cost"), theirs.number("comparison_pv_cost"))


def _cost_per_million_accepted(result: Result, figure: Figure) -> float | None:
    """Money per million tokens of accepted answers, discounted; with every try accepted, per million tokens."""
    return _accepted(result.options[figure.option])


def _accepted(option: OptionResult) -> float | None:
    """Levelised cost of a response over the tokens of one try; None without a response or with several workloads."""
    cost = option.number(RANKED_BY)
    tokens, accepted = option.number("pv_output_tokens"), option.number("pv_responses")
    attempts = option.figure("attempts")
    if cost is None or not tokens or not accepted or len(attempts) != 1:
        return None
    per_response = tokens / accepted / attempts[0] * option.figure("accepted_share")[0]
    return cost / per_response * float(TOKENS_PER_MILLION)


def _cost_ratio(result: Result, figure: Figure) -> float | None:
    """How many times dearer a million accepted tokens are at the option than at the other."""
    return _ratio(_accepted(result.options[figure.option]), _accepted(result.options[figure.against]))


def _ratio(top: float | None, bottom: float | None) -> float | None:
    return None if top is None or not bottom else top / bottom


KINDS: Mapping[str, Callable[[Result, Figure], float | None]] = {
    "break_even_hours": _break_even_hours,
    "cost_share": _cost_share,
    "cost_per_million_accepted": _cost_per_million_accepted,
    "cost_ratio": _cost_ratio,
}
