"""What all tests share: what counts as a failure, how examples are drawn, in which order tests run."""

import logging
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from serving import memory

TESTS = Path(__file__).parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
BENCHMARKS = TESTS.parent.parent / "shared" / "data" / "benchmarks"
TURN = {"models": 0, "views": 2}  # all other tests: 1

# In CI the same examples every time: a failure there is a failure everywhere. A person's run looks for new ones.
settings.register_profile("person", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if IN_CI else "person")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session")
def shared_benchmarks() -> Path | None:
    """The folder of benchmark files as tools really wrote them, or None where this checkout stands alone.

    They are not ours to distribute. Importer tests always read their own small fixtures, and these too where they are.
    """
    return BENCHMARKS if BENCHMARKS.is_dir() else None


@pytest.fixture(autouse=True)
def no_deprecated_streamlit() -> Iterator[None]:
    """Fail a test in which Streamlit logs that something is deprecated (it logs, where others raise a warning)."""
    messages: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: messages.append(record.getMessage())
    logger = logging.getLogger("streamlit.deprecation_util")
    logger.addHandler(listener)
    yield
    logger.removeHandler(listener)
    assert not messages, f"Streamlit says this is deprecated: {messages}"


def pytest_report_header() -> str:
    found = "read too" if BENCHMARKS.is_dir() else "not beside this checkout, the tests' own fixtures are read"
    return f"benchmark files as tools wrote them: {found}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is long until it is asked for; the quick come first, so that a mistake in the model shows early."""
    if not config.option.markexpr:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking through it again and again took a seventh of a run's time."""
    memory.settle()


def _turn(item: pytest.Item) -> int:
    return TURN.get(item.path.relative_to(TESTS).parts[0], 1)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refuse_skip_in_ci((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refuse_skip_in_ci((yield))


def refuse_skip_in_ci(report: Report) -> Report:
    """Turn a skip, or an expected failure, into a failure where the run decides whether a change is good."""
    if IN_CI and report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
        report.longrepr = f"Did not run, so it proves nothing; make it run or remove it. It said: {report.longrepr}"
    return report
