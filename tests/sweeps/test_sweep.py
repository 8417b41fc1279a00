"""Sweeps: the same bits from any number of workers, after a restart, after a lost worker and from a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import distributed
import pyarrow.parquet as pq
import pytest
from distributed import KilledWorker, LocalCluster

import cli
from models.analysis.risk import summary
from models.analysis.risk.simulation import simulate
from models.studies.file.load import dumps
from models.studies.inputs.problem import StudyError
from sweeps import running
from sweeps.plan import Plan, read
from sweeps.running import file_of, run
from tests.models.analysis.risk.made import amount, api, study
from tests.soak import long

PLAN = """
[sweep]
study = "study.toml"
draws = 300
seed = 7
chunk = 1

[[axis]]
name = "site"
[[axis.point]]
name = "near"
"option/A/opex/cost 1/amount" = 90
[[axis.point]]
name = "far"
"option/A/opex/cost 1/amount" = 120

[[axis]]
name = "load"
path = "workload/chat/requests_per_day"
values = [500, 1000, 2000]
"""


_WORKER: Any = SimpleNamespace(address="tcp://a")
LOST = (KilledWorker("computed", _WORKER, 3), CancelledError(), OSError("closed"))


def planned(folder: Path, text: str = PLAN) -> Plan:
    held = study(api("A", amount(100, 80, 120), amount(10, 5, 20)), api("B", amount(110, 70, 150)))
    (folder / "study.toml").write_text(dumps(held), encoding="utf-8")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return read(folder / "plan.toml")


def quiet(done: int, chunks: int) -> None:
    """Progress nobody looks at."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A folder with the plan, and the files of one process."""
    folder = tmp_path_factory.mktemp("alone")
    run(planned(folder), folder / "out", 1, None, quiet)
    return folder, files(folder / "out")


def test_every_cell_is_a_simulation_of_its_own(alone: tuple[Path, dict[str, bytes]]):
    plan = read(alone[0] / "plan.toml")
    rows: list[dict[str, Any]] = pq.read_table(alone[0] / "out").to_pylist()
    assert len(rows) == plan.cells * 2 == 12
    for row in rows:
        made = simulate(plan.at(row["cell"]), 300, 7)
        found = summary.summary(made.figures[row["option"]]["pv_cost"])
        assert found is not None and found.percentiles[90] == row["pv_cost_p90"] and found.sd == row["pv_cost_sd"]
        assert row["cheapest"] == summary.cheapest(made)[row["option"]]
    assert [(row["site"], row["load"]) for row in rows[::2]][:4] == [
        *(("near", load) for load in ("500", "1000", "2000")),
        ("far", "500"),
    ]


@long
def test_it_goes_on_where_it_stood_with_other_workers(alone: tuple[Path, dict[str, bytes]], tmp_path: Path):
    plan, seen = planned(tmp_path), []

    class Killed(Exception):
        pass

    def stop(done: int, chunks: int) -> None:
        seen.append(done)
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run(plan, tmp_path / "out", 1, None, stop)
    assert len(files(tmp_path / "out")) == 2
    run(plan, tmp_path / "out", 2, None, lambda done, chunks: seen.append(done))
    assert files(tmp_path / "out") == alone[1] and seen == [0, 1, 2, 2, 3, 4, 5, 6]


@long
def test_a_lost_worker_is_replaced(alone: tuple[Path, dict[str, bytes]], tmp_path: Path):
    killed: list[int] = []

    def kill(done: int, chunks: int) -> None:
        if done == 1 and not killed:
            worker = multiprocessing.active_children()[0].pid
            assert worker is not None
            killed.append(worker)
            os.kill(worker, signal.SIGKILL)

    run(planned(tmp_path), tmp_path / "out", 1, None, kill)
    assert killed and files(tmp_path / "out") == alone[1]


def test_workers_lost_again_and_again_are_told_and_what_is_done_stays(
    alone: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def lost(plan: Plan, chunks: Sequence[int], workers: int) -> Iterator[tuple[int, bytes]]:
        if 0 in chunks:
            yield 0, alone[1]["part-0000000.parquet"]
        raise BrokenProcessPool

    monkeypatch.setattr(running, "_pooled", lost)
    with pytest.raises(StudyError, match=r"workers were lost 6 times.*start it again with fewer workers"):
        run(planned(tmp_path), tmp_path / "out", 1, None, quiet)
    assert files(tmp_path / "out") == {"part-0000000.parquet": alone[1]["part-0000000.parquet"]}


@pytest.mark.parametrize("lost", LOST, ids=lambda lost: type(lost).__name__)
def test_a_lost_cluster_is_told_and_what_is_done_stays(
    lost: Exception, alone: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Client:
        def __init__(self, *given: Any, **more: Any) -> None:
            self.chunks: list[int] = []

        def __enter__(self) -> Client:
            return self

        def __exit__(self, *given: Any) -> None: ...

        def scatter(self, plan: Plan, **more: Any) -> Plan:
            return plan

        def submit(self, computed: Any, plan: Plan, chunk: int, **more: Any) -> Future[bytes]:
            made: Future[bytes] = Future()
            if chunk < 2:
                made.set_result(alone[1][f"part-{chunk:07d}.parquet"])
            else:
                made.set_exception(lost)
            return made

    monkeypatch.setattr(distributed, "Client", Client)
    monkeypatch.setattr(distributed, "as_completed", iter)
    with pytest.raises(StudyError, match="what is done is kept; start it again"):
        run(planned(tmp_path), tmp_path / "out", 1, "tcp://cluster", quiet)
    assert len(files(tmp_path / "out")) == 2


@long
def test_a_full_disk_keeps_what_is_done(
    alone: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = running.replaced

    def full(target: Path, content: bytes) -> None:
        if target == file_of(tmp_path / "out", 2):
            raise OSError(28, "No space left on device", str(target))
        write(target, content)

    plan = planned(tmp_path)
    monkeypatch.setattr(running, "replaced", full)
    assert cli.main(["sweep", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out"), "--workers", "1"]) == 2
    monkeypatch.undo()
    assert 2 <= len(files(tmp_path / "out")) < 6
    run(plan, tmp_path / "out", 1, None, quiet)
    assert files(tmp_path / "out") == alone[1]


@long
def test_a_cluster_that_loses_a_worker_gives_the_same_bits(alone: tuple[Path, dict[str, bytes]], tmp_path: Path):
    killed: list[int] = []
    local: Any = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0")
    with local as cluster:

        def kill(done: int, chunks: int) -> None:
            if done == 1 and not killed:
                worker = next(iter(cluster.workers.values())).process.process.pid
                killed.append(worker)
                os.kill(worker, signal.SIGKILL)

        run(planned(tmp_path), tmp_path / "out", 1, cluster.scheduler_address, kill)
    assert killed and files(tmp_path / "out") == alone[1]


def test_a_folder_of_another_sweep_is_left_alone(alone: tuple[Path, dict[str, bytes]], tmp_path: Path):
    other = planned(tmp_path, PLAN.replace("seed = 7", "seed = 8"))
    with pytest.raises(StudyError, match="holds another sweep"):
        run(other, alone[0] / "out", 1, None, quiet)
    with pytest.raises(StudyError, match="holds no sweep"):
        run(other, tmp_path, 1, None, quiet)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sweep]\n", "needs study"),
        (PLAN.replace("draws = 300", "draws = 0"), "sweep/draws = 0: must be a whole number from 1"),
        (PLAN.replace("chunk = 1", "chonk = 1"), 'did you mean chunk|did you mean "chunk"'),
        (PLAN.replace('cost 1/amount" = 90', 'cost 9/amount" = 90'), "site = near: option/A/opex/cost 9"),
        (PLAN.replace("[500, 1000, 2000]", "[500, -1]"), "load = -1"),
        (PLAN.replace("values = [500, 1000, 2000]", "values = []"), "needs values"),
        (PLAN.split("[[axis]]")[0], "a plan needs"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_before_it_starts(tmp_path: Path, text: str, message: str):
    with pytest.raises(StudyError, match=message):
        planned(tmp_path, text)


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    planned(tmp_path)
    asked = ["sweep", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out"), "--dask", "nonsense://x"]
    assert cli.main(asked) == 2
    assert "check the address" in capsys.readouterr().err
