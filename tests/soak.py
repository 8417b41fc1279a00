"""Tests that look a little in `make test` and further in `make soak`, and those that wait for it or for `make long`."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

SOAKING = os.environ.get("SOAK") == "1"
# How many times as many examples a soak draws: 1 fits into CI's half hour, 20 is a night, which leaves no case out.
TIMES = int(os.environ.get("SOAK_TIMES", "1"))
NIGHT = SOAKING and TIMES > 1
# What waits for `make long`: it takes long, and another test looks at the same in little.
long = pytest.mark.long


def later(cases: Sequence[tuple[Any, ...]], quick: Callable[[int], bool]) -> list[Any]:
    """The cases of a test for `parametrize`, those that are not `quick` by their position marked as long."""
    return [pytest.param(*case, marks=() if quick(at) else long) for at, case in enumerate(cases)]


def thorough(quick: int, soak: int, *, night: bool = False) -> Callable[[Any], Any]:
    """So many examples of a test that draws them: few where somebody waits for the answer, many in a soak; with `night`
    only in one of that length."""

    def marked(test: Any) -> Any:
        test.__test__ = NIGHT or not (SOAKING and night)
        return pytest.mark.soak(settings(max_examples=soak * TIMES if SOAKING else quick)(test))

    return marked


def sampled(
    name: str | tuple[str, ...], every: Iterable[Any], quick: Callable[[Any], bool], **how: Any
) -> Callable[[Any], Any]:
    """Those cases of a test that are `quick` where somebody waits, the others in a night's soak. Named as by
    `parametrize`."""
    cases = [case for case in every if bool(quick(case)) != SOAKING]
    assert cases, f"no {name} is left to test"

    def marked(test: Any) -> Any:
        test.__test__ = NIGHT or not SOAKING
        return pytest.mark.soak(pytest.mark.parametrize(name, cases, **how)(test))

    return marked


def soaked(name: str, cases: Iterable[Any]) -> Callable[[Any], Any]:
    """Cases of a test that nobody waits for: it is run in a soak alone, and a short twin stands beside it."""

    def marked(test: Any) -> Any:
        test.__test__ = SOAKING
        return pytest.mark.soak(pytest.mark.parametrize(name, list(cases))(test))

    return marked


def named(*stems: str) -> Callable[[Path], bool]:
    """Whether a study is one of those, by the name of its file."""
    return lambda path: path.stem in stems
