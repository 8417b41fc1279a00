"""Databases to test against: a file of SQLite, and a real PostgreSQL of this test run's own."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

# initdb refuses the superuser; an account that owns nothing else runs the server then.
STAND_IN = "nobody"


def program(name: str) -> str:
    """The path of a program of PostgreSQL."""
    found = shutil.which(name) or next(
        iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    assert found, f"{name} of PostgreSQL is missing: install postgresql (make test does where apt is available)"
    return str(found)


@contextmanager
def postgresql() -> Generator[str]:
    """The URL of a server that lives as long as the block, reached through a socket in its own folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    account = pwd.getpwnam(STAND_IN) if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    user, group = (account.pw_uid, account.pw_gid) if account else (None, None)

    def run(*command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, user=user, group=group)
        assert not done.returncode, done.stderr or done.stdout

    run(program("initdb"), "-D", str(data), "-U", "tco", "-A", "trust", "-E", "UTF8", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run(program("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield f"postgresql+psycopg://tco@/postgres?host={folder}"
    finally:
        run(program("pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def fresh(server: str) -> str:
    """The URL of a new, empty database at a server."""
    import sqlalchemy as sa

    name = f"t{secrets.token_hex(6)}"
    with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")
