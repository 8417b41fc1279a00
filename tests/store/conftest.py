"""Each test of the library runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import database
from store.shelf import Shelf
from tests.store import databases


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with databases.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'library.sqlite'}"
    else:
        found = databases.fresh(request.getfixturevalue("server"))
    monkeypatch.setenv(database.DATABASE_SETTING, found)
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(url: str, clock: Clock) -> Iterator[Shelf]:
    found = Shelf(clock=clock)
    yield found
    found.engine.dispose()
