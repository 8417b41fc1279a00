"""Files that are refused: whole, with the reason, the field and the remedy; and hostile ones that do no harm."""

import contextlib
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from files.limits import BENCHMARK, MOST_JSON_VALUES
from importers.serving import BenchmarkError, read, read_file, records_as_json

FIXTURES = Path(__file__).parent / "fixtures"
VLLM = (FIXTURES / "vllm.json").read_bytes()


def vllm(**fields: object) -> bytes:
    return json.dumps({**json.loads(VLLM), **fields}).encode()


def refusal(data: bytes, name: str = "result.json") -> str:
    with pytest.raises(BenchmarkError) as caught:
        read(data, name, 8)
    assert all(problem for problem in caught.value.problems)
    assert str(caught.value).startswith(f"{caught.value.source}: ")
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (VLLM[: len(VLLM) // 2], "was cut off"),
        (VLLM.rstrip()[:-1], "was cut off"),
        (VLLM + VLLM[:100], "was cut off"),
        (VLLM.replace(b'"completed": 200', b'"completed": 200,,'), "is not valid JSON (line 1, column"),
        (VLLM.replace(b'"failed": 0', b'"failed": 0, "completed": 10'), 'names "completed" twice'),
        (b"[1, 2, 3]", "holds a int where run 1 should be"),
        (b"[]", "holds an empty list"),
        (b'[{"a": 1}]', 'its first fields are "a"'),
        (b"\x1f\x8b\x08\x00" + bytes(50), "is compressed (gzip)"),
        (b"PK\x03\x04" + bytes(50), "is compressed (zip)"),
        (VLLM.decode().encode("utf-16"), "is UTF-16 text"),
        (VLLM.replace(b"example", b"ex\xff\xfeample"), "is not UTF-8 text (line 1)"),
        (b"PAR1" + bytes(100), "is not text"),
        (b"<!doctype html><html></html>", "is HTML"),
        (b"version: 2\nmetrics:\n  - a: 1\n", "it looks most like llm-d benchmark report, of which"),
        (b"# comment\nbenchmark_time_seconds: 2.48\nfailures:\n  count: 0\n", "it looks most like inference-perf"),
        (b"---\nversion: 2\n", 'its first fields are "version"); give the result of'),
        (b"a: &x [1]\nb: *x\n", "is not valid YAML (line 2: a reference to another place)"),
        (b"a: 1\na: 2\n", 'names "a" twice'),
        (b"a: !!python/object:os.system x\n", "is not valid YAML"),
        (b"a: [1, 2\n", "is not valid YAML"),
        (b"a: " + b"[" * 10_000, "nests lists or objects far deeper"),
        (b"a:\n" + b"- 1\n" * (2 * MOST_JSON_VALUES + 1), "per-request records?"),
        (b'[{"Percentiles": "50%", "TTFT (ms)": 1}]', "give benchmark_summary.json with it"),
        (b"just some words", "is neither JSON, nor CSV"),
        (
            b"INFO\nThroughput: 25.16 requests/s, 28983.75 total tokens/s, 3220.42 output tokens/s\n",
            "which has no latencies; give the result of `vllm bench serve`",
        ),
        (
            b"timestamp, index, power.draw [W]\n2026/11/29 10:00:00, 0, 95.1 W\n",
            "is a power log, which `measure-power`",
        ),
        (b"name,price\nserver,1\n", 'its first fields are "name", "price"'),
        (b'a,b\n"unclosed', "is not a valid CSV"),
        (b"[" * 100_000, "nests lists or objects far deeper"),
        (b'{"a":' * 100_000, "nests lists or objects far deeper"),
        (VLLM.replace(b"50.0", b"9" * 5000, 1), "thousands of digits"),
        (b'{"a": 1}\n' * (MOST_JSON_VALUES + 1), "per-request records?"),
        (b'{"a": "' + b"x" * BENCHMARK.text + b'"}', "beside its per-request details"),
    ],
    ids=range(36),
)
def test_a_file_that_cannot_be_read_is_refused_with_a_remedy(data: bytes, words: str):
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (vllm(completed=0), "no request succeeded (0 failed)"),
        (vllm(completed=0, failed=20), "no request succeeded (20 failed)"),
        (vllm(duration=0), "lasted 0 seconds"),
        (vllm(duration=-1), 'field "duration" is "-1.0": a measurement is not negative'),
        (vllm(output_throughput=1e300), "a measurement is not above 1,000,000,000,000,000,000"),
        (vllm(duration=1e-320, request_throughput=None), "request_throughput_per_s comes out infinite"),
        (vllm(completed=1.5), "counted in whole numbers"),
        (vllm(total_output_tokens="40,000"), 'field "total_output_tokens" is "40,000"'),
        (vllm(total_output_tokens="1.234,5"), "without separators"),
        (vllm(total_output_tokens=True), 'field "total_output_tokens" is "True": a number belongs here'),
        (vllm(total_output_tokens=[1]), "a number belongs here"),
        (vllm(mean_ttft_ms={"a": 1}), 'field "mean_ttft_ms"'),
        (vllm(output_throughput=0), "the output throughput is 0"),
        (vllm(total_input_sequences=200), "measured embeddings"),
    ],
)
def test_a_field_that_is_wrong_is_named(data: bytes, words: str):
    assert words in refusal(data)


def test_every_reason_is_told_at_once_and_nothing_is_half_imported():
    row = {**json.loads(VLLM), "duration": -1, "completed": "many"}
    told = refusal(VLLM + json.dumps(row).encode())
    assert 'run 2: field "duration" is "-1.0"' in told
    assert 'run 2: field "completed" is "many"' in told


def test_runs_of_two_tools_in_one_file_are_refused():
    assert "run 2 is not of vLLM bench serve" in refusal(VLLM + (FIXTURES / "sglang.jsonl").read_bytes())


def test_several_objects_on_a_line_are_several_runs():
    assert len(read(VLLM.strip() * 3, "appended.json")) == 3
    assert len(read(b"\xef\xbb\xbf" + VLLM, "marked.json")) == 1
    assert "is not valid JSON" in refusal(VLLM.strip() + b"," + VLLM)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"benchmark": {}, "metric": {"name": "x"}, "model": {}}, "give the .json beside the .pytorch.json"),
        ({"elapsed_time": 1, "num_requests": 2, "total_num_tokens": 3, "tokens_per_second": 4}, "`vllm bench serve`"),
        ({"avg_latency": 1, "latencies": [1], "percentiles": {}}, "`vllm bench serve`"),
        ({"service_kind": "openai", "experiments": [1]}, "profile_export_genai_perf.json"),
        ({"metadata": {"request_start_ns": 1}, "metrics": {}}, "profile_export_aiperf.json"),
        ({"summary": {"endpoints_configured": []}, "metrics": {}}, "profile_export_aiperf.json"),
        ({"start_time": 1, "end_time": 2, "info": {}}, "lifecycle_metrics.json"),
        ({"error_code": None, "ttft_s": 0.1}, "_summary.json"),
    ],
)
def test_files_beside_the_result_are_known_by_name_of_the_right_one(row: dict[str, object], words: str):
    assert words in refusal(json.dumps(row).encode())
    assert words in refusal(json.dumps([row, row]).encode())


@pytest.mark.parametrize(
    "name", ["genai_perf.csv", "aiperf.csv", "aiperf_sweep.csv", "guidellm.csv", "aiconfigurator.csv"]
)
def test_a_table_that_was_cut_off_is_refused(name: str):
    lines = (FIXTURES / name).read_text().rstrip("\n").split("\n")
    last = max(number for number, line in enumerate(lines) if line.count(",") > 4 and "GPU" not in line)
    cut = "\n".join([*lines[:last], lines[last][: len(lines[last]) // 2]])
    assert "was cut off" in refusal(cut.encode(), name) or "not a valid CSV" in refusal(cut.encode(), name)


def test_numbers_of_a_table_are_read_or_refused():
    text = (FIXTURES / "genai_perf.csv").read_text()
    assert read(text.replace(",240.00,", ',"1,240.00",').encode(), "g.csv")[0].ttft_ms.median == 1240.0
    assert read(text.replace(",240.00,", ",N/A,").encode(), "g.csv")[0].ttft_ms.median is None
    assert 'field "Time To First Token (ms): p50" is "1.240,00"' in refusal(
        text.replace(",240.00,", ',"1.240,00",').encode()
    )
    assert 'the unit "miles"' in refusal(
        text.replace("Time To First Token (ms)", "Time To First Token (miles)").encode()
    )


def test_not_a_number_is_missing_and_said_so():
    record = read(VLLM.replace(b'"p99_ttft_ms": 600.0', b'"p99_ttft_ms": NaN'), "v.json")[0]
    assert record.ttft_ms.p99 is None
    assert any("p99_ttft_ms" in words for words in record.warnings)
    record = read(VLLM.replace(b'"request_throughput": 4.0', b'"request_throughput": Infinity'), "v.json")[0]
    assert record.request_throughput_per_s == 4.0  # completed / duration
    assert any('"request_throughput" is inf' in words for words in record.warnings)


def test_a_run_of_mlperf_that_missed_its_limits_is_refused():
    text = (FIXTURES / "mlperf_server.txt").read_text()
    assert 'field "Result is" is "INVALID"' in refusal(text.replace("is : VALID", "is : INVALID").encode())
    assert 'field "Result is" is missing (the log is cut off)' in refusal(text[:200].encode())
    assert '"Test Parameters Used" is missing: the log is cut off' in refusal(text[:900].encode())
    assert 'field "Mode" is AccuracyOnly' in refusal(text.replace("PerformanceOnly", "AccuracyOnly").encode())


def test_a_disaggregated_row_needs_the_gpus_of_each_role():
    rows = json.loads((FIXTURES / "inferencex_rows.json").read_text())
    del rows[1]["num_prefill_gpu"]
    assert 'run 2: a disaggregated row without "num_prefill_gpu"' in refusal(json.dumps(rows).encode())


def test_a_report_without_runs_is_refused():
    report = json.loads((FIXTURES / "guidellm.json").read_text())
    assert 'the list "benchmarks" is empty' in refusal(json.dumps({**report, "benchmarks": []}).encode())
    assert "benchmarks[0] has no metrics" in refusal(
        json.dumps({**report, "benchmarks": [{}, report["benchmarks"][0]]}).encode()
    )
    assert "holds headings but no run" in refusal((FIXTURES / "aiconfigurator.csv").read_bytes().split(b"\n")[0])


def test_the_number_of_accelerators_is_checked():
    with pytest.raises(ValueError, match="1 or more"):
        read(VLLM, "v.json", 0)


# Hostile content


def test_hostile_texts_stay_text_on_one_line():
    record = read(
        vllm(model_id="=cmd|'/c calc'!A1\r\n\x00\x1b[31m\u202e evil", backend="x" * 1_000_000), "../../etc/x\n.json"
    )[0]
    assert record.model == "=cmd|'/c calc'!A1 [31m  evil"
    assert record.engine == "x" * 200
    assert record.source == "x .json"
    assert any("1,000,000 characters long: cut" in words for words in record.warnings)
    told = refusal(vllm(duration="\x1b[31m=1+1\n" * 1000))
    assert "\x1b" not in told
    assert len(told) < 1000


def test_a_megabyte_of_text_in_a_number_or_a_name_is_told_in_a_line():
    assert len(refusal(vllm(duration="nine" * 1_000_000))) < 300
    assert len(refusal(b'{"' + b"k" * 1_000_000 + b'": 1}')) < 2_000


def test_detail_arrays_cost_no_memory_beyond_the_file_and_are_not_kept():
    times = json.dumps([[0.0123456789] * 500] * 400)
    answers = json.dumps(['an "answer" with [brackets], {braces} and \\ in it, secret'] * 2000)
    detailed = (
        VLLM.strip()[:-1] + f', "itls": {times}, "generated_texts": {answers}, "unknown_details": {times}}}'.encode()
    )
    detailed = detailed + b"\n" + detailed
    assert len(detailed) > 10_000_000
    tracemalloc.start()
    records = read(detailed, "detailed.json", 8)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert [record.output_throughput_tok_s for record in records] == [800.0, 800.0]
    assert "secret" not in json.dumps(records_as_json(records))


def test_quotes_that_never_end_do_not_take_for_ever():
    assert "was cut off" in refusal(b'{"a":"' + b'\\"' * 2_000_000)
    assert "was cut off" in refusal(b'{"itls":[' + b"[1," * 100)


def test_a_file_above_the_limit_is_not_loaded(tmp_path: Path):
    path = tmp_path / "huge.json"
    path.touch()
    assert "is empty" in refusal_of_file(path)
    with path.open("wb") as file:
        file.truncate(BENCHMARK.bytes + 10)
    tracemalloc.start()
    assert "huge.json: the file is larger than 512 MB" in refusal_of_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def refusal_of_file(path: Path) -> str:
    with pytest.raises(BenchmarkError) as caught:
        read_file(path)
    return str(caught.value)


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(path.name for path in FIXTURES.iterdir())),
    st.integers(0, 30_000),
    st.one_of(st.none(), st.binary(max_size=6), st.sampled_from([b"null", b"NaN", b'"', b"-", b"1e999", b"[]", b"{}"])),
)
def test_a_damaged_file_is_read_or_refused_and_never_breaks(name: str, place: int, damage: bytes | None):
    data = (FIXTURES / name).read_bytes()
    place %= len(data)
    damaged = data[:place] if damage is None else data[:place] + damage + data[place + len(damage) :]
    with contextlib.suppress(BenchmarkError):
        json.dumps(records_as_json(read(damaged, name, 8)), allow_nan=False)


JUNK = [
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    float("inf"),
    10**400,
    "",
    "x",
    "inf",
    "1,2",
    "=1+1",
    [],
    [1],
    {},
    {"a": 1},
]


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    return [place for key, inner in entries for place in ((*path, key), *places(inner, (*path, key)))]


TREES = {
    path.name: json.loads(path.read_text()) for path in FIXTURES.glob("*.json") if path.name != "vllm_appended.json"
}
PLACES = {name: places(tree) for name, tree in TREES.items()}


@settings(max_examples=400)
@given(st.data())
def test_junk_in_any_field_is_read_or_refused_and_never_breaks(data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(TREES)))
    tree = json.loads(json.dumps(TREES[name]))
    *way, last = data.draw(st.sampled_from(PLACES[name]))
    inner = tree
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(st.sampled_from(JUNK))
    with contextlib.suppress(BenchmarkError):
        json.dumps(records_as_json(read(json.dumps(tree).encode(), name, 8)), allow_nan=False)
