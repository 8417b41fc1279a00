"""Result files of serving benchmarks."""

from __future__ import annotations

import argparse
import json
from typing import Any

from commands.given import BAD_INPUT, complain, count, unreadable


def add(jobs: Any) -> None:
    """Declare `import-benchmark`."""
    bench = jobs.add_parser("import-benchmark", help="read result files of serving benchmarks in one set of units")
    bench.add_argument("files", nargs="+", metavar="FILE")
    bench.add_argument("--accelerators", type=count, metavar="N", help="how many served, for files that do not say")
    bench.add_argument("--json", action="store_true", help="print one JSON object keyed by path")
    bench.set_defaults(job=_import_benchmark)


def _import_benchmark(options: argparse.Namespace) -> int:
    from importers.records.listing import listing
    from importers.serving import BenchmarkError, read_file, records_as_json

    found: dict[str, Any] = {}
    bad = False
    for path in options.files:
        try:
            records = read_file(path, options.accelerators)
        except BenchmarkError as error:
            complain(path, error)
            bad = True
            continue
        except OSError as error:
            unreadable(path, error)
            bad = True
            continue
        found[path] = records_as_json(records)
        if not options.json:
            print(listing(records))
    if options.json:
        print(json.dumps(found, allow_nan=False))
    return BAD_INPUT if bad else 0
