"""`measure`: files, folders and zips read at once, and their speeds put into the options and workloads they are for."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cli
from importers import serving
from importers.measuring import bundles
from importers.measuring.bundles import on_disk, unpacked
from importers.records.record import BenchmarkError
from models.studies.file.load import load
from models.studies.study import get
from tests.views.inputs.test_benchmarks import vllm_run

STUDY = Path(__file__).parents[3] / "templates" / "customer_service.toml"
LEVELS = {8: (400.0, 100.0, 10.0), 32: (1200.0, 180.0, 18.0), 128: (2400.0, 400.0, 34.0)}
LONG, SHORT = (2000, 100), (500, 400)


def level(concurrency: int, lengths: tuple[int, int]) -> str:
    """One level of a system that takes 1 s for 20,000 tokens read or for 2,500 written, fully loaded at 128."""
    _, ttft, tpot = LEVELS[concurrency]
    read, written = lengths
    requests = 8 * (concurrency / 128) / (read / 20_000 + written / 2_500)
    return vllm_run(concurrency, requests * written, ttft, tpot, lengths)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "sweep"
    for name, lengths in (("long", LONG), ("short", SHORT)):
        for concurrency in LEVELS:
            place = inside / f"{name}_{concurrency}" / "result.json"
            place.parent.mkdir(parents=True)
            place.write_text(level(concurrency, lengths))
    (inside / "report.html").write_text("<html>")
    (inside / ".hidden.json").write_text("{}")
    return inside


def zipped(folder: Path) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for each in sorted(folder.rglob("*")):
            archive.write(each, each.relative_to(folder).as_posix())
    return target.getvalue()


def test_a_folder_and_its_zip_hold_the_same_files_under_names_that_tell_them_apart(folder: Path):
    names = sorted(f"{name}_{concurrency} result.json" for name in ("long", "short") for concurrency in LEVELS)
    assert [name for name, _ in on_disk(str(folder))] == names
    assert sorted(unpacked("sweep.zip", zipped(folder))) == list(on_disk(str(folder)))


def test_what_holds_no_result_is_refused(tmp_path: Path):
    (tmp_path / "picture.png").write_bytes(b"")
    with pytest.raises(BenchmarkError, match=r"the folder holds no file that ends in \.csv"):
        list(on_disk(str(tmp_path)))
    with pytest.raises(BenchmarkError, match="the archive holds no file"):
        unpacked("empty.zip", zipped(tmp_path))
    with pytest.raises(BenchmarkError, match="no archive that can be opened"):
        unpacked("broken.zip", zipped(tmp_path)[:30])


def measured(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(["measure", *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


def test_the_speeds_of_a_folder_are_applied_to_several_options_and_workloads(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    new = tmp_path / "new.toml"
    aims = ("--for", "Rented fleet", "--for", "Lease, colocation/Live chat")
    asked = (str(folder), "--accelerators", "8", "--target", "ttft=900,tpot=90", "--apply", str(STUDY))
    code, out, err = measured(*asked, *aims, "--out", str(new), "--json", capsys=capsys)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [(each["option"], each["workload"]) for each in found["applied"]] == [
        ("Rented fleet", "Live chat"),
        ("Rented fleet", "Nightly summaries"),
        ("Lease, colocation", "Live chat"),
    ]
    study = load(new)
    for each in found["applied"]:
        path = f"option/{each['option']}/serving/{each['workload']}"
        assert get(study, f"{path}/prefill_rate").value == pytest.approx(20_000, rel=1e-5)
        assert get(study, f"{path}/decode_rate").value == pytest.approx(2_500, rel=1e-5)
        assert get(study, f"{path}/tpot_target_ms").value == 90
        assert "vLLM bench serve" in (get(study, f"{path}/decode_rate").source or "")
    assert get(study, "option/Lease, colocation/serving/Nightly summaries/decode_rate").value == 4633
    cost = found["costs"]["Rented fleet"]["cost_per_meaningful_response"]
    assert cost["before"] != cost["after"]


def test_a_pattern_takes_some_of_the_files_and_the_older_name_stays(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    new = tmp_path / "new.toml"
    asked = ("import-benchmark", str(folder), "--accelerators", "8", "--target", "ttft=900,tpot=90")
    aim = "Rented fleet/Live chat=short*"
    assert cli.main([*asked, "--apply", str(STUDY), "--for", aim, "--out", str(new)]) == 0
    assert "one shape gives one blended rate" in capsys.readouterr().out
    assert get(load(new), "option/Rented fleet/serving/Live chat/prefill_rate").blank


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the study has 3 options with hardware"),
        (("--for", "Rented flet"), 'is no option with hardware of this study; did you mean "Rented fleet"'),
        (("--for", "Rented fleet/Live chats"), 'is no workload of this study; did you mean "Live chat"'),
        (("--for", "Rented fleet/Live chat=*.csv"), 'no file is named "*.csv"'),
        (("--for", "Rented fleet", "--target", "tpot=0.1"), "has no operating point"),
    ],
)
def test_what_cannot_be_applied_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], message: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = tmp_path / "study.toml"
    study.write_bytes(STUDY.read_bytes())
    asked = (str(folder), "--accelerators", "8", "--apply", str(study))
    code, out, err = measured(*asked, *arguments, capsys=capsys)
    assert (code, out) == (2, "") and message in err
    assert study.read_bytes() == STUDY.read_bytes()


@pytest.mark.parametrize("text", ["ttft", "latency=5", "tpot=0", "tpot=fast"])
def test_a_target_that_is_none_is_refused(text: str, folder: Path):
    with pytest.raises(SystemExit):
        cli.main(["measure", str(folder), "--target", text])


# --------------------------------------------------------------------------- EvalScope writes one run as two files

PERCENTILES: list[dict[str, Any]] = [
    {"Percentiles": "50%", "TTFT (ms)": 240.0, "TPOT (ms)": 19.0, "ITL (ms)": 20.0, "Latency (s)": 4.1},
    {"Percentiles": "99%", "TTFT (ms)": 900.0, "TPOT (ms)": 31.0, "ITL (ms)": float("nan"), "Latency (s)": 7.5},
]


@pytest.mark.parametrize(("name", "unit", "factor"), [("evalscope_later", "ms", 1.0), ("evalscope", "s", 1e-3)])
def test_evalscopes_percentiles_are_joined_with_the_summary_beside_them(
    name: str, unit: str, factor: float, tmp_path: Path
):
    summary = (Path(__file__).parents[1] / "serving" / "fixtures" / f"{name}.json").read_bytes()
    rows = [
        {key.replace("(ms)", f"({unit})"): value * factor if "(ms)" in key else value for key, value in row.items()}
        for row in PERCENTILES
    ]
    for folder in ("parallel_1", "parallel_2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "benchmark_summary.json").write_bytes(summary)
        (tmp_path / folder / "benchmark_percentile.json").write_text(json.dumps(rows))
    parts = list(bundles.on_disk(str(tmp_path)))
    assert [name for name, _ in parts] == [f"parallel_{n} benchmark_summary.json" for n in (1, 2)]
    (record,) = serving.read(parts[0][1], parts[0][0], 8)
    ttft = record.ttft_ms
    assert (ttft.mean, ttft.median, ttft.p99) == pytest.approx((250.0, 240.0, 900.0))
    assert record.e2e_ms.p99 == pytest.approx(7500.0) and record.tpot_ms.p99 == pytest.approx(31.0)
    assert record.itl_ms.p99 is None and not any("means only" in each for each in record.warnings)


def test_files_that_only_bear_evalscopes_names_are_left_as_they_are():
    parts = [("benchmark_summary.json", b'{"other": 1}'), ("benchmark_percentile.json", b"[]")]
    assert bundles.joined(parts) == parts
    twice = [("benchmark_summary.json", b"{}"), ("benchmark_summary.json", b"{}"), ("benchmark_percentile.json", b"[]")]
    assert bundles.joined(twice) == twice
