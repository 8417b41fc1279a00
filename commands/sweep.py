"""A portfolio of studies: a plan of sites, systems, prices and demand, simulated on all processors or a cluster."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from commands.given import BAD_INPUT, complain, count
from models.notation import writer
from models.studies.inputs.problem import StudyError


def add(jobs: Any) -> None:
    """Declare `sweep`."""
    sweep = jobs.add_parser("sweep", help="simulate a study at every point of a plan, into Parquet files")
    sweep.add_argument("plan", metavar="PLAN.toml")
    sweep.add_argument("--out", required=True, metavar="DIR", help="the folder of the files; taken up where it stood")
    sweep.add_argument("--workers", type=count, default=os.cpu_count() or 1, metavar="N", help="local processes")
    sweep.add_argument("--dask", metavar="ADDRESS", help="a Dask cluster instead, such as tcp://scheduler:8786")
    sweep.set_defaults(job=_sweep)


def _sweep(options: argparse.Namespace) -> int:
    from sweeps.plan import read
    from sweeps.running import run

    begun = time.monotonic()

    def progress(done: int, chunks: int) -> None:
        print(f"\r{done} of {chunks} chunks", end="", file=sys.stderr, flush=True)

    try:
        plan = read(Path(options.plan))
        run(plan, Path(options.out), options.workers, options.dask, progress)
    except StudyError as error:
        complain(options.plan, error)
        return BAD_INPUT
    except OSError as error:
        said = f"{error.filename or options.out}: {error.strerror or error}"
        print(f"\n{said}; make room or check the name, then start it again: what is done stays", file=sys.stderr)
        return BAD_INPUT
    finally:
        print(file=sys.stderr)
    taken, work = time.monotonic() - begun, plan.cells * len(plan.study.options) * plan.draws
    print(f"{plan.cells} cells in {plan.chunks} files, {writer.count(work)} evaluations, {writer.count(taken)} s")
    return 0
