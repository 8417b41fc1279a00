"""The files for running it for a team do what docs/team.md says: nginx keeps each person on a process, a backup comes
back. In a soak the processes are the app itself on one PostgreSQL; else stand-ins that say what reached them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from store import database, library, versions
from store.shelf import Shelf
from tests.browser.conftest import free_port, wait_until_healthy
from tests.soak import soaked
from tests.store import databases

ROOT = Path(__file__).parents[1]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
STUDY = library.template("deepseek_fleet").study


class _StandIn(BaseHTTPRequestHandler):
    """Says which process it is and what it was told of the request."""

    def do_GET(self) -> None:
        told = {name: self.headers.get(name, "") for name in ("Host", "Upgrade", "X-Forwarded-For")}
        content = json.dumps(told | {"process": self.connection.getsockname()[1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in(port: int) -> Generator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", port), _StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()


@contextmanager
def nginx(folder: Path, port: int, processes: list[int], *, tells: bool = True) -> Generator[str]:
    """nginx with the file that comes with the project: other ports, and no certificate.

    One that does not tell that it passes on is served as a page of this machine is: without sign-in.
    """
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in zip(("8501", "8502"), processes, strict=True):
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    if not tells:
        text = re.sub(r"\n *proxy_set_header X-Forwarded.*", "", text)
    text = re.sub(r"\n *ssl_certificate.*", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    text = text.replace("/var/log/nginx", str(folder)).replace("secure httponly", "httponly")
    whole = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off;"
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        whole += f" {kind}_temp_path {folder}/{kind};"
    (folder / "nginx.conf").write_text(f"{whole}\n{text}}}\n")
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


class Visitor:
    """Somebody with cookies of their own, who names the host that people use."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def asks(self, path: str, **headers: str) -> bytes:
        request = urllib.request.Request(self.address + path, headers={"Host": "tco.example.org", **headers})
        for _ in range(50):
            try:
                with self._opener.open(request, timeout=5) as answer:
                    return answer.read()
            except urllib.error.HTTPError:
                raise
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{self.address}{path} does not answer")


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[tuple[str, list[int]]]:
    """nginx before two stand-ins, and their ports."""
    processes = [free_port(), free_port()]
    with ExitStack() as stack:
        for port in processes:
            stack.enter_context(stand_in(port))
        yield stack.enter_context(nginx(tmp_path, free_port(), processes)), processes


def test_people_are_spread_and_each_stays_on_one_process(behind: tuple[str, list[int]], tmp_path: Path):
    address, processes = behind
    of = []
    for _ in range(12):
        visitor = Visitor(address)
        found = [json.loads(visitor.asks("/_stcore/stream?study=secret", Upgrade="websocket")) for _ in range(4)]
        assert len({each["process"] for each in found}) == 1, "the same process at every request"
        assert (found[0]["Host"], found[0]["Upgrade"]) == ("tco.example.org", "websocket")
        assert found[0]["X-Forwarded-For"] == "127.0.0.1"
        of.append(found[0]["process"])
    assert set(of) == set(processes)
    log = (tmp_path / "inference-tco.log").read_text()
    assert "/_stcore/stream" in log and "secret" not in log


SECRETS = """
[auth]
redirect_uri = "https://tco.example.org/oauth2callback"
cookie_secret = "a secret of these tests that is long enough"
client_id = "tco"
client_secret = "none"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
"""


@soaked("processes", [2])
def test_the_app_itself_runs_in_two_processes_on_one_library(processes: int, tmp_path: Path):
    """The command of the unit, in both processes, on a real PostgreSQL."""
    ports = [free_port() for _ in range(processes)]
    (tmp_path / "secrets.toml").write_text(SECRETS)
    unit = (ROOT / "deploy" / "inference-tco@.service").read_text(encoding="utf-8")
    command = re.search(r"ExecStart=\S+ (.*)", unit)
    assert command
    told = command[1].replace("/etc/inference-tco", str(tmp_path))
    with ExitStack() as stack:
        server = stack.enter_context(databases.postgresql())
        settings = os.environ | {database.DATABASE_SETTING: databases.fresh(server)}
        for port in ports:
            run = [sys.executable, *told.replace("%i", str(port)).split()]
            process = subprocess.Popen(run, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
            stack.callback(process.wait, 10)
            stack.callback(process.terminate)
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
        address = stack.enter_context(nginx(tmp_path, free_port(), ports))
        visitor = Visitor(address)
        assert visitor.asks("/readyz") == b"ready\n"
        assert b"<title>" in visitor.asks("/")
        for path, headers in (("/_stcore/metrics", {}), ("/", {"Origin": "https://evil.example"})):
            with pytest.raises(urllib.error.HTTPError, match=r"403|404"):
                visitor.asks(path, **headers)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path):
    """It starts the file that the project has, in the folder and with the settings that docs/team.md names."""
    unit = (ROOT / "deploy" / "inference-tco@.service").read_text(encoding="utf-8")
    told = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")
    command = re.search(r"streamlit run (\S+) (.*)", unit)
    assert command and (ROOT / command[1]).exists()
    for place in re.findall(r"/etc/inference-tco/\w+(?:\.\w+)?|/opt/inference-tco\b", unit):
        assert place in told
    if program := shutil.which("systemd-analyze"):
        (tmp_path / "app@.service").write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", unit))
        told = subprocess.run([program, "verify", f"{tmp_path}/app@8501.service"], capture_output=True, check=False)
        assert (told.returncode, told.stderr) == (0, b"")
    from streamlit import config

    assert {name.removeprefix("--") for name in re.findall(r"--\S+", command[2])} <= set(config.get_config_options())


def in_sqlite(folder: Path, kept: str) -> str:
    """The command of docs/team.md, run in the library's folder; where the copy is."""
    told = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")
    code = re.search(r'python -c "(.*VACUUM.*)"', told)
    assert code
    subprocess.run([sys.executable, "-c", code[1]], cwd=folder, check=True)
    return kept.replace("library.sqlite", "backup.sqlite")


def in_postgresql(server: str, kept: str) -> str:
    """Dumped and restored with PostgreSQL's own programs, as docs/team.md says; where the copy is."""
    other = databases.fresh(server)
    here, there = (url.replace("+psycopg", "") for url in (kept, other))
    dump = subprocess.run([databases.program("pg_dump"), "-Fc", here], capture_output=True, check=True)
    subprocess.run([databases.program("pg_restore"), "-d", there], input=dump.stdout, check=True)
    return other


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_comes_back_whole(kind: str, tmp_path: Path):
    with ExitStack() as stack:
        server = stack.enter_context(databases.postgresql()) if kind == "postgresql" else ""
        url = databases.fresh(server) if server else f"sqlite:///{tmp_path / 'library.sqlite'}"
        shelf = Shelf(database.of(url))
        entry = shelf.add(STUDY, "Chat", owner="team")
        versions.keep(shelf, entry.id, "To the board", seal="s")
        again = Shelf(database.of(in_postgresql(server, url) if server else in_sqlite(tmp_path, url)))
        assert again.read(entry.id).study == STUDY
        assert versions.versions(again, entry.id) == versions.versions(shelf, entry.id)
        for each in (shelf, again):
            each.engine.dispose()
