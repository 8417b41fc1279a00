"""The database of the library: a file of this person, made on first use, or the one that a URL names.

SQLite needs nothing set up and is enough for one person; PostgreSQL serves several. Either is brought to the present
form by the migrations beside this file, and one that a newer version made is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from store.folder import FOLDER_SETTING, folder

DATABASE_SETTING = "INFERENCE_TCO_DATABASE"
FILE = "library.sqlite"
MIGRATIONS = Path(__file__).parent / "migrations"
# The last of the migrations; a test holds it against the folder.
PRESENT = "0001"
BUSY_SECONDS = 5.0


class StoreError(Exception):
    """The library could not do what was asked: what happened, and the remedy. Nothing was changed."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


def place() -> str:
    """Where the library is, as a person may be told: the file, or the database without its password."""
    url = address()
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def address() -> sa.URL:
    """The file of this person, or the database that the setting names. Raises StoreError where there is neither."""
    if chosen := os.environ.get(DATABASE_SETTING):
        try:
            url = sa.make_url(chosen)
        except ArgumentError:
            raise StoreError(f"{DATABASE_SETTING} is no database URL", "write postgresql://user@host/name") from None
        return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    try:
        return sa.URL.create("sqlite", database=str(folder() / FILE))
    except OSError as error:
        raise StoreError("the library has no place", str(error)) from None


def exists() -> bool:
    """Whether there is a library to ask; asking makes none. Raises StoreError where its place cannot be told."""
    url = address()
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()


def identity(address: sa.URL) -> object:
    """What tells the file at an address from another put in its place; None without a file."""
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    try:
        found = Path(address.database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def opened() -> sa.Engine:
    """The database, in its present form. Raises StoreError where it cannot be reached, read or brought there."""
    return of(address())


def of(named: str | sa.URL) -> sa.Engine:
    """The database at an address; as `opened`."""
    url = sa.make_url(named)
    is_file = url.get_backend_name() == "sqlite"
    try:
        if is_file and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS} if is_file else {"connect_timeout": 5})
        if is_file:
            event.listen(engine, "connect", _as_sqlite)
        with faults():
            _migrate(engine)
    except (OSError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(f"the library at {place()} cannot be opened ({error})", _remedy(is_file)) from None
    return engine


def _remedy(is_file: bool) -> str:
    other = f"or name another folder in {FOLDER_SETTING}"
    return f"make room or allow writing there, {other}" if is_file else "install requirements-team.txt, check the URL"


def _as_sqlite(connection: Any, _: object) -> None:
    """Readers and a writer do not wait for each other, a committed save survives, references are kept, and a text that
    is damaged is still a text: it hides no other."""
    connection.text_factory = lambda held: held.decode(errors="replace")
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")


def _migrate(engine: sa.Engine) -> None:
    if _form(engine) == PRESENT:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    except CommandError:
        raise _newer() from None
    except DBAPIError:
        if _form(engine) != PRESENT:  # else another process brought it there at the same moment
            raise


def _newer() -> StoreError:
    return StoreError("the library was made by a newer version of this app", "update the app, or name another library")


def _form(engine: sa.Engine) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def faults() -> Generator[None]:
    """Faults of the database as `StoreError`s that say what to do."""
    try:
        yield
    except DBAPIError as error:
        raise _told(str(error.orig)) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the library answered with a fault ({type(error).__name__})", "try again") from error


_FAULTS = (
    ("database is locked", "the library is in use by another program", "it is tried again with the next edit"),
    ("readonly", "the library may not be written to", "allow writing to its file and folder"),
    ("read-only", "the library may not be written to", "allow writing to its file and folder"),
    ("disk is full", "the disk is full", "make room; it is tried again with the next edit"),
    ("no space left", "the disk is full", "make room; it is tried again with the next edit"),
    ("disk i/o error", "the disk does not take it", "check the disk; it is tried again with the next edit"),
    ("malformed", "the library's file is damaged", "put back its last backup"),
    ("not a database", "the library's file is no database", "put back its last backup, or move the file away"),
    ("unable to open", "the library's file cannot be opened", "allow writing to its folder, or name another"),
    ("foreign key", "the study was deleted elsewhere meanwhile", "save it under a new name to keep it"),
    ("connection", "the database does not answer", "check that it runs and can be reached"),
)


def _told(fault: str) -> StoreError:
    known = next((each for each in _FAULTS if each[0] in fault.lower()), None)
    return StoreError(*known[1:]) if known else StoreError("the library could not be used", f"it said: {fault[:200]}")
