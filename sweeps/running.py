"""A sweep under way: chunks handed to processes or a cluster, each kept as a file when it is done, and taken up again.

A chunk's file is written whole or not at all. What is there when a sweep starts is not computed again, so a sweep that
was killed, lost a worker or ran out of disk goes on where it stood.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from models.studies.file.toml import replaced
from models.studies.inputs.problem import Problem, StudyError
from sweeps.chunks import computed
from sweeps.plan import Plan

# Its name begins so that readers of Parquet folders leave it out.
MANIFEST = "_sweep.json"
# How often lost workers are replaced before the sweep gives up; chunks handed out beyond those being computed.
MOST_LOST, AHEAD = 5, 2
Progress = Callable[[int, int], None]


def run(plan: Plan, folder: Path, workers: int, cluster: str | None, progress: Progress) -> None:
    """Compute what is missing of a sweep into a folder, on local processes, or on the Dask cluster at an address.

    `progress` is told chunks done and chunks in all. Raises StudyError where the folder holds another sweep, workers
    are lost again and again or the cluster is, OSError where a file cannot be written.
    """
    claim(plan, folder)
    missing = [chunk for chunk in range(plan.chunks) if not file_of(folder, chunk).exists()]
    done = plan.chunks - len(missing)
    progress(done, plan.chunks)
    for chunk, content in _on_cluster(plan, missing, cluster) if cluster else _on_processes(plan, missing, workers):
        replaced(file_of(folder, chunk), content)
        done += 1
        progress(done, plan.chunks)


def file_of(folder: Path, chunk: int) -> Path:
    """Where a chunk is kept."""
    return folder / f"part-{chunk:07d}.parquet"


def claim(plan: Plan, folder: Path) -> None:
    """Mark a folder as that of a plan; raises StudyError where it is that of another, or holds something else."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    if manifest.exists():
        held = json.loads(manifest.read_text(encoding="utf-8")).get("mark")
        if held != plan.mark:
            raise StudyError(
                [Problem(str(folder), None, "holds another sweep, or one of another study: choose another")]
            )
        return
    if any(folder.iterdir()):
        raise StudyError([Problem(str(folder), None, "is not empty and holds no sweep: choose another folder")])
    told = {"mark": plan.mark, "cells": plan.cells, "chunks": plan.chunks, "draws": plan.draws, "seed": plan.seed}
    replaced(manifest, json.dumps(told, indent=1).encode())


def _on_processes(plan: Plan, missing: Sequence[int], workers: int) -> Iterator[tuple[int, bytes]]:
    """Each missing chunk as it is done; those of a lost worker are handed out again."""
    left, lost = list(missing), 0
    while left:
        try:
            for chunk, content in _pooled(plan, tuple(left), workers):
                left.remove(chunk)
                yield chunk, content
        except BrokenProcessPool:
            lost += 1
            if lost > MOST_LOST:
                message = f"workers were lost {lost} times (out of memory?): start it again with fewer workers"
                raise StudyError([Problem("sweep", None, message)]) from None


def _pooled(plan: Plan, chunks: Sequence[int], workers: int) -> Iterator[tuple[int, bytes]]:
    running: dict[Future[bytes], int] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for chunk in chunks:
            running[pool.submit(computed, plan, chunk)] = chunk
            if len(running) >= workers * AHEAD:
                yield from _finished(running)
        while running:
            yield from _finished(running)


def _finished(running: dict[Future[bytes], int]) -> Iterator[tuple[int, bytes]]:
    for each in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(each), each.result()


def _on_cluster(plan: Plan, missing: Sequence[int], address: str) -> Iterator[tuple[int, bytes]]:
    """Each missing chunk as the cluster brings it; Dask hands out again what a lost worker had."""
    try:
        from distributed import Client, KilledWorker, as_completed
    except ModuleNotFoundError:
        remedy = "a cluster needs Dask: pip install -r requirements-cluster.txt"
        raise StudyError([Problem("--dask", address, remedy)]) from None
    try:
        client: Any = Client(address, timeout="20s")
    except (OSError, ValueError) as error:
        raise StudyError([Problem("--dask", address, f"cannot be reached ({error}): check the address")]) from None
    with client:
        held = client.scatter(plan, broadcast=True, hash=False)
        futures = {client.submit(computed, held, chunk, pure=False, retries=MOST_LOST): chunk for chunk in missing}
        done = as_completed(list(futures))
        while futures:
            try:
                future = next(done)
                content = future.result()
            except (KilledWorker, CancelledError, OSError) as error:
                said = f"lost its scheduler or worker after worker ({error}): what is done is kept; start it again"
                raise StudyError([Problem("--dask", address, said)]) from None
            yield futures.pop(future), content
