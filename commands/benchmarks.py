"""Result files of serving benchmarks: read, held against latency targets, and put into a study."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from commands.given import BAD_INPUT, bound, complain, count, loaded, unreadable, unwritable

TARGETS = ("ttft", "tpot")


def add(jobs: Any) -> None:
    """Declare `measure`, by its older name `import-benchmark` too."""
    bench = jobs.add_parser(
        "measure",
        aliases=["import-benchmark"],
        help="read result files of serving benchmarks; with --apply set the speeds of a study from them",
    )
    bench.add_argument("files", nargs="+", metavar="FILE", help="result files, folders of them, or zips")
    bench.add_argument("--accelerators", type=count, metavar="N", help="how many served, for files that do not say")
    bench.add_argument("--target", type=_targets, metavar="ttft=450,tpot=40", help="latency targets in ms")
    bench.add_argument("--statistic", choices=("mean", "median", "p90", "p95", "p99"), help="which the targets are of")
    bench.add_argument("--apply", metavar="STUDY.toml", help="set the speeds of this study")
    bench.add_argument(
        "--for",
        dest="aims",
        action="append",
        default=[],
        metavar="OPTION[/WORKLOAD[=PATTERN]]",
        help="what the files are for, and which of them; several times for several options and workloads",
    )
    bench.add_argument("--take-miss", action="store_true", help="take two speeds that miss a shape by more than 20%%")
    bench.add_argument("--out", metavar="NEW.toml", help="write the changed study there, not over the one given")
    bench.add_argument("--json", action="store_true", help="print one JSON object")
    bench.set_defaults(job=_measure)


def _targets(text: str) -> Any:
    from models.analysis.measured.operating_point import Targets

    found: dict[str, float] = {}
    for part in text.split(","):
        name, equals, figure = part.strip().partition("=")
        if name not in TARGETS or not equals:
            raise argparse.ArgumentTypeError(f"{part!r} is no target; write ttft=450,tpot=40, in milliseconds")
        found[f"{name}_ms"] = bound(figure)
        if found[f"{name}_ms"] <= 0:
            raise argparse.ArgumentTypeError(f"{part!r}: give milliseconds above 0")
    return Targets(**found)


def _measure(options: argparse.Namespace) -> int:
    from importers.records.listing import listing
    from importers.serving import records_as_json

    found, code = _read(options.files, options.accelerators)
    records = [record for runs in found.values() for record in runs]
    if not options.json and not options.apply:
        for runs in found.values():
            print(listing(runs))
        if options.target:
            _print_points(records, options)
    told: dict[str, Any] = {name: records_as_json(runs) for name, runs in found.items()}
    if options.apply:
        if code:
            return code
        applied = _apply(records, options)
        if applied is None:
            return BAD_INPUT
        told = {"files": told, **applied}
    if options.json:
        print(json.dumps(told, allow_nan=False))
    return code


def _read(paths: Sequence[str], accelerators: int | None) -> tuple[dict[str, list[Any]], int]:
    """The runs by file, as named on the command line or inside what was named; and the exit code."""
    from importers.measuring.bundles import on_disk
    from importers.serving import BenchmarkError, read

    found: dict[str, list[Any]] = {}
    code = 0
    for path in paths:
        try:
            parts = list(on_disk(path))
        except BenchmarkError as error:
            code = complain(path, error)
            continue
        except OSError as error:
            code = unreadable(path, error)
            continue
        for name, data in parts:
            key = path if len(parts) == 1 else f"{path}: {name}"
            try:
                found[key] = read(data, name, accelerators)
            except BenchmarkError as error:
                code = complain(key, error)
    return found, code


def _print_points(records: Sequence[Any], options: argparse.Namespace) -> None:
    """The operating point of every sweep in the files."""
    from importers.measuring import sweeps

    known = [record for record in records if record.accelerators is not None]
    statistic = options.statistic or sweeps.statistics(known)[1]
    for sweep in sweeps.found(known, statistic):
        chosen = sweeps.chosen(sweep, options.target)
        print(f"{sweep.name}, {statistic}: {chosen.found.statement if chosen.found else chosen.refused}")


def _apply(records: Sequence[Any], options: argparse.Namespace) -> dict[str, Any] | None:
    """The study changed and written, and what changed as plain data; None where it is refused."""
    from importers.measuring import aims, change
    from models.run.model import MODEL
    from models.studies.change import replace_all
    from models.studies.file.load import save
    from models.studies.inputs.problem import StudyError

    study = loaded(options.apply)
    if study is None:
        return None
    try:
        found = [
            aims.applied(study, aim, records, options.target, options.statistic, takes_miss=options.take_miss)
            for aim in aims.aims(study, options.aims)
        ]
        wanted = {path: new for each in found for path, new in each.changes.items()}
        changed, before = replace_all(study, wanted), MODEL.run(study)
        previews = {each.aim.option: change.preview(study, before, each.aim.option, wanted) for each in found}
    except StudyError as error:
        complain(options.apply, error)
        return None
    target = options.out or options.apply
    try:
        save(changed, target)
    except OSError as error:
        unwritable(target, error)
        return None
    if not options.json:
        _print_applied(found, previews, target)
    return {"written": target, "applied": [_plain(each) for each in found], "costs": _costs(previews)}


def _print_applied(found: Sequence[Any], previews: dict[str, Any], target: str) -> None:
    for each in found:
        print(f"{each.aim.option}, {each.aim.workload}: {each.measured.rates.statement}")
        for note in each.notes:
            print(f"  note: {note}")
    for option, preview in previews.items():
        for difference in preview.differences:
            if difference.path.startswith(f"option/{option}/"):
                old, new = (each.value for each in (difference.old, difference.new))
                print(f"  {difference.path}: {_shown(old)} -> {_shown(new)}")
    print(f"written: {target}")


def _shown(content: Any) -> str:
    from models.notation import writer

    return "blank" if content is None else writer.exact(content)


def _plain(each: Any) -> dict[str, Any]:
    rates = each.measured.rates
    return {
        "option": each.aim.option,
        "workload": each.aim.workload,
        "statistic": each.measured.statistic,
        "decode_rate": rates.decode_rate,
        "prefill_rate": rates.prefill_rate,
        "statement": rates.statement,
        "shapes": list(rates.shapes),
        "notes": list(each.notes),
        "changes": {path: new["value"] for path, new in each.changes.items()},
    }


def _costs(previews: dict[str, Any]) -> dict[str, Any]:
    return {
        option: {line: {"before": before, "after": after} for line, before, after in preview.costs}
        for option, preview in previews.items()
    }
