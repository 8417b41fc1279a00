"""How long an edit takes while many people edit: p50 and p95 over sessions, and what a session holds in memory.

    python -m bench.latency                       1, 10 and 50 sessions on one process
    python -m bench.latency --processes 2         50 and 100 sessions on two behind nginx that share PostgreSQL
    python -m bench.latency --sessions 5 --seconds 60

Starts the app with a library of its own, and speaks to it as a browser does: each session opens Inputs over a websocket
of its own and changes the requests a day once every ten seconds. An edit takes from the message that is sent to the end
of the script's run that answers it. The clients take processor time on the same machine: leave it alone meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from store.database import DATABASE_SETTING
from store.folder import FOLDER_SETTING
from tests.browser.conftest import APART_SETTING, free_port, wait_until_healthy
from tests.store import databases
from tests.test_team import nginx

ROOT = Path(__file__).parents[1]
EVERY_S, SECONDS = 10.0, 60.0
FIELD = "Requests per day"


class Session:
    """One person at one page: what was drawn last is known by its field."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket, self._field = socket, ""

    async def run(self, typed: str = "") -> float:
        """Run the page, with something typed into the field; the seconds until the run is over."""
        asked = BackMsg()
        asked.rerun_script.page_name = "inputs"
        if typed:
            widget = asked.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = self._field, typed
        start = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        while True:
            told, content = ForwardMsg(), await self._socket.recv()
            assert isinstance(content, bytes)
            told.ParseFromString(content)
            drawn = told.delta.new_element.text_input
            if told.WhichOneof("type") == "delta" and drawn.label == FIELD:
                self._field = drawn.id
            if told.WhichOneof("type") == "script_finished":
                assert told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY and self._field
                return time.perf_counter() - start


async def _edits(address: str, number: int, sessions: int, seconds: float, start: asyncio.Barrier) -> list[float]:
    """The seconds of each edit of one session; sessions begin one after the other within the first ten seconds."""
    host = urlsplit(address).netloc
    async with websockets.connect(
        f"ws://{host}/_stcore/stream",
        origin=websockets.Origin(address),
        subprotocols=[websockets.Subprotocol("streamlit")],
        additional_headers={"Cookie": await asyncio.to_thread(_cookies, address)},
        max_size=None,
        open_timeout=60,
        ping_timeout=None,
    ) as socket:
        session = Session(socket)
        await session.run()
        await start.wait()
        began, found = time.perf_counter(), list[float]()
        for turn in range(int(seconds / EVERY_S)):
            due = began + (turn + number / sessions) * EVERY_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            found.append(await session.run(f"{100_000 + 1_000 * turn + number}"))
        return found


def _cookies(address: str) -> str:
    """The cookies of somebody who opened the page: by them nginx keeps each on one process."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return "; ".join(each.split(";")[0] for each in answer.headers.get_all("Set-Cookie") or ())


async def _together(address: str, sessions: int, seconds: float) -> list[float]:
    start = asyncio.Barrier(sessions)
    each = await asyncio.gather(*(_edits(address, n, sessions, seconds, start) for n in range(sessions)))
    return [edit for edits in each for edit in edits]


def measured(address: str, sessions: int, seconds: float, processes: list[int]) -> str:
    """A line on so many sessions at once: how long their edits took, and what each added to the memory held."""
    before = sum(map(_held_mb, processes))
    found = np.array(asyncio.run(_together(address, sessions, seconds))) * 1000
    added = (sum(map(_held_mb, processes)) - before) / sessions
    middle, most = np.percentile(found, [50, 95])
    return f"{sessions:4} sessions, {len(found):4} edits: p50 {middle:5.0f} ms, p95 {most:5.0f} ms; {added:.1f} MB each"


def _held_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000


@contextmanager
def started(processes: int) -> Generator[tuple[str, list[int]]]:
    """The address of the app in so many processes, and their ids; several stand behind nginx on one PostgreSQL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        settings = os.environ | {FOLDER_SETTING: str(folder), APART_SETTING: "1"}
        if processes > 1:
            settings[DATABASE_SETTING] = databases.fresh(stack.enter_context(databases.postgresql()))
        ports, ids = [free_port() for _ in range(processes)], list[int]()
        for port in ports:
            command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
            process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
            stack.callback(process.wait, 10)
            stack.callback(process.terminate)
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            ids.append(process.pid)
        alone = f"http://127.0.0.1:{ports[0]}"
        # Whoever comes through a proxy is served with sign-in alone: this one does not tell that it is one.
        yield alone if processes == 1 else stack.enter_context(nginx(folder, free_port(), ports, tells=False)), ids


def main() -> None:
    """Measure and print, a line for each number of sessions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    parser.add_argument("--sessions", type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    with started(given.processes) as (address, processes):
        asyncio.run(_together(address, 2 * given.processes, 0))  # what the first visit loads is no session's
        for sessions in given.sessions or ([1, 10, 50] if given.processes == 1 else [50, 100]):
            sys.stdout.write(f"{measured(address, sessions, given.seconds, processes)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
