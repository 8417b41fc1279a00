"""What alone would make another option cheaper than the recommended: the nearest of the inputs searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from models.analysis.decision.decision import contenders, ranking, same
from models.analysis.sensitivity.targets import Target
from models.run.model import Result


@dataclass(frozen=True)
class Rivals:
    """The options beside the recommended. `dearer` do the same work and cost more, each with what bars it, if anything;
    `alike` cost the same; `barred` are not eligible at any cost, or cost less and still are not."""

    winner: str
    dearer: Mapping[str, str]
    alike: tuple[str, ...]
    barred: tuple[str, ...]


def rivals(result: Result) -> Rivals | None:
    """Every other option of a run, by what may make it the choice; None where none is recommended."""
    best, _ = contenders(result)
    if best is None or best.figure is None:
        return None
    others = [each for each in ranking(result) if each.name != best.name]
    alike = [each.name for each in others if each.qualifies and same(each.figure, best.figure)]
    dearer = {each.name: each.why_not for each in others if each.compares and not same(each.figure, best.figure)}
    return Rivals(
        best.name, dearer, tuple(alike), tuple(each.name for each in others if each.name not in (*alike, *dearer))
    )


def nearest(found: Iterable[Target]) -> Target | None:
    """Of break-evens of one option against one other, the nearest beyond which the option is no longer ahead.

    One within the range of its input goes before all others. None where no input searched has one.
    """
    turning = [each for each in found if each.crossings and each.beyond != each.option]
    return min(turning, key=attrgetter("rank"), default=None)
