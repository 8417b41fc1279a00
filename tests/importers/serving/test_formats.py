"""Every format: the fixtures tell of one and the same run, each in its tool's names, units and definitions."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from importers.records.document import parsed
from importers.records.listing import listing
from importers.records.measurements import NotUsable, shape
from importers.records.record import STATISTICS, conditions
from importers.serving import FORMATS, BenchmarkError, Record, read, read_file, records_as_json
from tests.cpu import cpu_below

FIXTURES = Path(__file__).parent / "fixtures"

# The run: 200 requests of 1,000 + 200 tokens in 50 s on 8 accelerators, 17 in flight at most.
RUN = {
    "request_throughput_per_s": 4.0,
    "input_throughput_tok_s": 4000.0,
    "output_throughput_tok_s": 800.0,
    "total_throughput_tok_s": 4800.0,
    "input_tokens_mean": 1000.0,
    "output_tokens_mean": 200.0,
    "output_throughput_tok_s_per_accelerator": 100.0,
    "total_throughput_tok_s_per_accelerator": 600.0,
}
LATENCIES = {
    "ttft_ms": {"mean": 250.0, "median": 240.0, "p90": 400.0, "p95": 450.0, "p99": 600.0},
    "tpot_ms": {"mean": 20.0, "median": 19.5, "p90": 22.0, "p95": 23.0, "p99": 25.0},
    "itl_ms": {"mean": 20.5, "median": 18.0, "p90": 30.0, "p95": 40.0, "p99": 60.0},
    "e2e_ms": {"mean": 4230.0, "median": 4200.0, "p90": 4800.0, "p95": 5000.0, "p99": 5600.0},
}
ALL = " ".join(STATISTICS)
STREAMED = {"ttft_ms": ALL, "tpot_ms": ALL, "e2e_ms": ALL}
MEANS = {"ttft_ms": "mean", "tpot_ms": "mean", "e2e_ms": "mean"}
NO_P95 = "mean median p90 p99"
NO_TAILS = "mean median p99"

# File, number of the run in it: the tool, and the statistics that the format gives of each latency.
SAME_RUN: dict[tuple[str, int], tuple[str, dict[str, str]]] = {
    ("vllm.json", 0): ("vLLM bench serve", {**STREAMED, "itl_ms": ALL}),
    ("vllm_appended.json", 0): ("vLLM bench serve", {**STREAMED, "itl_ms": ALL}),
    ("vllm_2024.json", 0): ("vLLM bench serve", dict.fromkeys(LATENCIES, NO_TAILS)),
    ("vllm_seconds.json", 0): ("vLLM bench serve", dict.fromkeys(STREAMED, "median p99")),
    ("sglang.jsonl", 0): ("SGLang bench_serving", {**STREAMED, "itl_ms": ALL}),
    ("sglang_2024.jsonl", 0): (
        "SGLang bench_serving",
        {"ttft_ms": "median", "itl_ms": "median", "e2e_ms": "mean median"},
    ),
    ("genai_perf.json", 0): ("GenAI-Perf", STREAMED),
    ("genai_perf.csv", 0): ("GenAI-Perf", STREAMED),
    ("genai_perf_printed.log", 0): ("GenAI-Perf", dict.fromkeys(STREAMED, NO_P95)),
    ("aiperf.json", 0): ("AIPerf", {**STREAMED, "itl_ms": ALL}),
    ("aiperf.csv", 0): ("AIPerf", {**STREAMED, "itl_ms": ALL}),
    ("aiperf_sweep.csv", 1): ("AIPerf sweep", MEANS),
    ("guidellm.json", 0): ("GuideLLM", STREAMED),
    ("guidellm_v1.json", 0): ("GuideLLM", STREAMED),
    ("guidellm.csv", 0): ("GuideLLM", STREAMED),
    ("inferencex.json", 0): ("InferenceX", dict.fromkeys(LATENCIES, NO_P95)),
    ("inferencex_rows.json", 0): ("InferenceX", dict.fromkeys(LATENCIES, NO_P95)),
    ("inferencex_rows.json", 1): ("InferenceX", dict.fromkeys(LATENCIES, NO_P95)),
    ("inferencex_served.json", 0): ("InferenceX", dict.fromkeys(LATENCIES, NO_P95)),
    ("inferencex_dashboard.csv", 0): ("InferenceX", dict.fromkeys(LATENCIES, NO_TAILS)),
    ("inferencex_dashboard.csv", 1): ("InferenceX", dict.fromkeys(LATENCIES, NO_TAILS)),
    ("inferencex_agentic.json", 0): ("InferenceX", dict.fromkeys(STREAMED, "mean median p90 p95")),
    ("inference_perf.json", 0): ("inference-perf", {**STREAMED, "itl_ms": ALL}),
    ("llmperf.json", 0): ("LLMPerf", {"ttft_ms": ALL, "tpot_ms": "mean", "e2e_ms": ALL}),
    ("llmperf_wrapped.json", 0): ("LLMPerf (wrapper)", MEANS),
    ("mlperf_server.txt", 0): ("MLPerf LoadGen", STREAMED),
    ("mlperf_server_later.txt", 0): ("MLPerf LoadGen", STREAMED),
    ("mlperf_offline.txt", 0): ("MLPerf LoadGen", {}),
    ("mlperf_detail.txt", 0): ("MLPerf LoadGen", dict.fromkeys(STREAMED, "mean p99")),
    ("mlperf_results.json", 0): ("MLPerf results", {}),
    ("aiconfigurator.csv", 0): ("aiconfigurator", MEANS),
    ("trtllm_bench.json", 0): ("trtllm-bench", STREAMED),
    ("trtllm_bench_printed.log", 0): ("trtllm-bench", STREAMED),
    ("llm_d.yaml", 0): ("llm-d benchmark report", {**STREAMED, "itl_ms": ALL}),
    ("llm_d_later.json", 0): ("llm-d benchmark report", {**STREAMED, "itl_ms": ALL}),
    ("vllm_sweep.csv", 0): ("vLLM bench serve", {**STREAMED, "itl_ms": ALL}),
    ("vllm_printed.txt", 0): ("vLLM bench serve", {**STREAMED, "itl_ms": ALL}),
    ("sglang_printed.log", 0): (
        "SGLang bench_serving",
        {"ttft_ms": NO_TAILS, "itl_ms": "mean median p95 p99", "e2e_ms": "mean median"},
    ),
    ("sglang_offline.jsonl", 0): ("SGLang offline throughput", {}),
    ("inference_benchmarker.json", 0): ("inference-benchmarker", STREAMED),
    ("inference_benchmarker.json", 1): ("inference-benchmarker", STREAMED),
    ("evalscope.json", 0): ("EvalScope perf", {**MEANS, "itl_ms": "mean"}),
    ("evalscope_later.json", 0): ("EvalScope perf", {**MEANS, "itl_ms": "mean"}),
}
# One request at a time, so that it can be no run of 17 in flight.
ALONE = ("llama_bench.json", "llama_bench.csv", "llama_bench_printed.md")
# Batches that start and end together.
BATCHES = ("llama_batched_bench.md",)
NO_INPUT = ("MLPerf",)
WITHOUT_ITL_CHECK = ("inferencex_agentic.json",)  # its ITL is its TPOT again


def runs(name: str, accelerators: int | None = 8) -> list[Record]:
    return read_file(FIXTURES / name, accelerators)


@pytest.mark.parametrize(("name", "number"), SAME_RUN, ids=[f"{name}-{number}" for name, number in SAME_RUN])
def test_the_same_run_reads_the_same_from_every_tool(name: str, number: int):
    tool, statistics = SAME_RUN[name, number]
    record = runs(name)[number]
    assert (record.tool, record.accelerators) == (tool, 8)
    expected = {key: value for key, value in RUN.items() if not (tool.startswith(NO_INPUT) and "output" not in key)}
    expected |= {} if "input_throughput_tok_s" in expected else {"request_throughput_per_s": 4.0}
    assert {key: getattr(record, key) for key in expected} == pytest.approx(expected, rel=1e-6)
    for latency, values in LATENCIES.items():
        if latency == "itl_ms" and name in WITHOUT_ITL_CHECK:
            continue
        given = statistics.get(latency, "").split()
        read_in = {key: getattr(getattr(record, latency), key) for key in STATISTICS}
        read_in = {key: value for key, value in read_in.items() if value is not None}
        assert read_in == pytest.approx({key: values[key] for key in given}, rel=1e-6), latency
    assert not [words for words in record.warnings if "but" in words and "is" in words and "e2e_ms is" in words]


@pytest.mark.parametrize("name", ALONE)
def test_two_tests_of_llama_bench_make_one_request(name: str):
    """512 tokens read at 4,000 a second and 128 written at 100: 0.128 and 1.28 seconds."""
    (record,) = runs(name, 1)
    assert (record.tool, record.concurrency, record.run) == ("llama-bench", 1.0, "pp512 + tg128")
    assert (record.input_tokens_mean, record.output_tokens_mean) == (512, 128)
    assert record.request_throughput_per_s == pytest.approx(1 / 1.408)
    assert record.output_throughput_tok_s == pytest.approx(128 / 1.408)
    assert (record.ttft_ms.mean, record.tpot_ms.mean, record.e2e_ms.mean) == pytest.approx((138, 10, 1408))
    assert "one request at a time" in record.warnings[0] and len(record.warnings) == 1


def test_llama_bench_pairs_no_more_tests_than_anybody_runs():
    rows = [f"{n},0,100" for n in range(1, 5_001)] + [f"0,{n},100" for n in range(1, 5_001)]
    with cpu_below(5.0), pytest.raises(BenchmarkError, match="more than 1000 requests: give fewer at once"):
        read("\n".join(["n_prompt,n_gen,avg_ts", *rows]).encode(), "many.csv", 1)


@pytest.mark.parametrize("filling", ["a: b{0}c", "a{0}b: c", "a:{0}\n", "a{1}", "{2}x", "a: b\n"])
def test_a_printed_block_of_any_filling_takes_no_time(filling: str):
    head = "============ Serving Benchmark Result ============\n"
    body = filling.format(" " * 200_000, "b" * 200_000, "=" * 200_000)
    with cpu_below(2.0), contextlib.suppress(BenchmarkError):
        read(f"{head}{body}".encode(), "printed.txt", 1)


def test_a_printed_block_stands_in_a_log_too():
    block = (FIXTURES / "vllm_printed.txt").read_bytes()
    assert read(b"[2026-11-29 10:00:00] INFO starting\n" + block, "run.log", 1)[0].run == read(block, "a", 1)[0].run


BLOCK = (FIXTURES / "vllm_printed.txt").read_text(encoding="utf-8")
MARKED = {
    "Windows": lambda line: f"{line}\r",
    "colours": lambda line: f"\x1b[32m{line}\x1b[0m",
    "a log with times": lambda line: f"2026-11-29T10:00:0{len(line) % 10}.{len(line)}Z bench-{len(line)} {line}",
    "a quotation": lambda line: f"> {line}",
    "a name": lambda line: f"[bench] {line}",
}


@pytest.mark.parametrize("kept", MARKED)
def test_a_printed_block_is_read_as_terminals_and_logs_keep_it(kept: str):
    """A carriage return or a time before each line left a run without a figure, or none at all."""
    marked = "\n".join(map(MARKED[kept], BLOCK.splitlines()))
    assert read(marked.encode(), "run.log", 8) == read(BLOCK.encode(), "run.log", 8)


def test_the_tables_of_two_runs_of_aiperf_are_two_runs():
    table = (FIXTURES / "genai_perf_printed.log").read_text(encoding="utf-8").replace("GenAI-Perf |", "AIPerf |")
    one, two = read((table + table.replace("800.00", "900.00")).encode(), "run.log", 8)
    assert (one.tool, one.run, one.output_throughput_tok_s) == ("AIPerf", "table 1", 800)
    assert (two.tool, two.run, two.output_throughput_tok_s) == ("AIPerf", "table 2", 900)


def test_a_block_of_which_no_figure_can_be_read_is_refused():
    strange = "\n".join(
        line if "Result" in line else f"{number}) {line}" for number, line in enumerate(BLOCK.splitlines())
    )
    with pytest.raises(BenchmarkError, match="gives no throughput that can be read"):
        read(strange.encode(), "run.log", 8)


def test_speculative_decoding_and_the_limit_of_old_versions_are_read_from_what_is_printed():
    printed = (FIXTURES / "sglang_printed.log").read_text(encoding="utf-8")
    old = printed.replace("Max request concurrency:                 not set", "Max reqeuest concurrency:  17")
    (record,) = read(old.replace("Concurrency: ", "Accept length:  2.99\nConcurrency: ").encode(), "run.log", 8)
    assert (record.concurrency, record.speculative) == (17, "2.99 tokens accepted a step")
    drafted = BLOCK.replace("---------------Time to First", "Acceptance length:  2.88\n---------------Time to First")
    assert read(drafted.encode(), "run.log", 8)[0].speculative == "2.88 tokens accepted a step"


def test_sglang_tells_of_speculative_decoding_and_with_details_of_failures():
    """1,000 requests in the details, 900 completed: a tenth of the demand was not served."""
    row = json.loads((FIXTURES / "sglang.jsonl").read_text(encoding="utf-8").splitlines()[0])
    found = row["completed"]
    (record,) = read(
        json.dumps({**row, "accept_length": 2.7, "output_lens": [200] * found + [0] * 50}).encode(), "a", 8
    )
    assert (record.failed_requests, record.speculative) == (50, "2.70 tokens accepted a step")
    assert any("50 requests failed (20%)" in words for words in record.warnings)


def test_a_batch_of_llama_batched_bench_is_so_many_requests_at_once():
    """Four requests of 512 + 32 tokens in 1.248 + 0.570 seconds."""
    one, four = runs("llama_batched_bench.md", 1)
    assert (one.concurrency, four.concurrency, four.cached_input_share) == (1, 4, None)
    assert four.output_throughput_tok_s == pytest.approx(4 * 32 / 1.818)
    assert four.input_throughput_tok_s == pytest.approx(4 * 512 / 1.818)
    assert four.tpot_ms.mean == pytest.approx(570 / 32) and four.e2e_ms.mean == pytest.approx(1818)
    shared = (FIXTURES / "llama_batched_bench.md").read_text(encoding="utf-8").replace("1640.90", " 410.26")
    assert read(shared.encode(), "bench.md", 1)[1].cached_input_share == 0.75


def test_llama_bench_needs_a_test_that_reads_and_one_that_writes():
    tests = json.loads((FIXTURES / "llama_bench.json").read_bytes())
    for held in (tests[:1], [tests[0], {**tests[1], "n_gpu_layers": 10}]):
        with pytest.raises(BenchmarkError, match="run llama-bench with both -p and -n"):
            read(json.dumps(held).encode(), "bench.json", 1)
    printed = (FIXTURES / "llama_bench_printed.md").read_text(encoding="utf-8")
    other = printed.replace("|  1 |         tg128", "|  0 |         tg128")  # another setting
    for text in (other, printed.replace("tg128", "tg128 @ d4096"), printed.replace("tg128", "unheard-of")):
        with pytest.raises(BenchmarkError, match=r"run llama-bench with both -p and -n|this one does neither"):
            read(text.encode(), "bench.md", 1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("trtllm_bench.json", ("speculative decoding: Eagle3, 2.55 tokens accepted a step",)),
        ("llm_d.yaml", ("reading on 2 accelerators, writing on 6",)),
        ("llm_d_later.json", ()),
        ("mlperf_results.json", ("submission: ",)),
    ],
)
def test_the_conditions_of_a_run_are_kept_and_told(name: str, told: tuple[str, ...]):
    record = runs(name, None)[0]
    found = conditions(record)
    assert len(found) == len(told) and all(each.startswith(part) for each, part in zip(found, told, strict=True))
    assert all(each in listing([record]) for each in found)


def test_every_fixture_is_checked_above():
    assert {*ALONE, *BATCHES, *(name for name, _ in SAME_RUN)} == {path.name for path in FIXTURES.iterdir()}


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_a_fixture_is_recognised_by_its_content_alone_and_by_one_format(path: Path):
    document = parsed(path.read_bytes())
    content = document.rows[0] if document.rows else document.table or document.text
    assert len([form for form in FORMATS if form.kind == document.kind and form.recognises(content)]) == 1
    assert [record.run for record in read(path.read_bytes(), "anything.bin")] == [
        record.run for record in runs(path.name)
    ]


def test_every_format_has_a_fixture():
    read_in = set()
    for path in FIXTURES.iterdir():
        document = parsed(path.read_bytes())
        content = document.rows[0] if document.rows else document.table or document.text
        read_in |= {form for form in FORMATS if form.kind == document.kind and form.recognises(content)}
    assert read_in == set(FORMATS)


# What describes a run


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        (
            "vllm.json",
            0,
            {
                "model": "example/large-70b",
                "engine": "vllm",
                "concurrency": 17,
                "request_rate_per_s": None,
                "duration_s": 50,
                "successful_requests": 200,
                "failed_requests": 0,
                "request_goodput_per_s": 3.9,
            },
        ),
        ("vllm_2024.json", 0, {"concurrency": None, "failed_requests": 0, "request_goodput_per_s": 3.9}),
        ("vllm_appended.json", 1, {"run": "run 2", "concurrency": 34, "request_goodput_per_s": None}),
        (
            "sglang.jsonl",
            0,
            {"engine_version": "0.5.5", "precision": "fp8", "scenario": "base", "achieved_concurrency": 16.92},
        ),
        (
            "genai_perf.json",
            0,
            {
                "model": "example/large-70b",
                "power_w": 4800,
                "request_goodput_per_s": 3.9,
                "goodput_targets": "time_to_first_token <= 1000 ms, inter_token_latency <= 30 ms",
            },
        ),
        (
            "aiperf.json",
            0,
            {
                "tool_version": "0.11.0",
                "model": "example/large-70b",
                "accelerator": "NVIDIA H200",
                "concurrency": 17,
                "failed_requests": 2,
                "power_w": 4800,
                "request_goodput_per_s": 3.9,
            },
        ),
        ("aiperf.csv", 0, {"accelerator": "NVIDIA H200", "power_w": 4800, "duration_s": 50}),
        (
            "guidellm.json",
            0,
            {"tool_version": "0.8.1", "model": "example/large-70b", "successful_requests": 200, "failed_requests": 2},
        ),
        (
            "guidellm.json",
            1,
            {"run": "benchmarks[1]", "concurrency": None, "request_rate_per_s": 2, "scenario": "constant"},
        ),
        ("guidellm_v1.json", 0, {"concurrency": 17, "failed_requests": 2, "duration_s": 50}),
        ("guidellm.csv", 0, {"concurrency": 17, "tool_version": "0.8.1", "model": "example/large-70b"}),
        (
            "inferencex.json",
            0,
            {"accelerator": "h200", "precision": "fp8", "engine": "vllm", "power_w": 4800, "energy_j": 240000},
        ),
        ("inferencex_rows.json", 1, {"scenario": "disaggregated", "accelerators_basis": "stated in the file"}),
        ("inferencex_rows.json", 2, {"accelerators": 8, "input_tokens_mean": None, "output_throughput_tok_s": 800}),
        (
            "inferencex_agentic.json",
            0,
            {
                "failed_requests": 2,
                "cached_input_share": 0.96,
                "scenario": "agentic-coding",
                "speculative": "mtp",
            },
        ),
        (
            "mlperf_server.txt",
            0,
            {
                "scenario": "Server",
                "request_rate_per_s": 4.05,
                "goodput_targets": "TTFT p99 <= 2000 ms, TPOT p99 <= 200 ms (met: the run is VALID)",
            },
        ),
        (
            "mlperf_results.json",
            0,
            {"power_w": 6000, "power_scope": "whole system at the wall", "accelerators_basis": "stated in the file"},
        ),
        ("mlperf_results.json", 1, {"accelerators": 16, "output_throughput_tok_s": 1600, "power_w": None}),
        ("mlperf_results.json", 3, {"output_throughput_tok_s": None, "request_throughput_per_s": None}),
        ("inference_perf.json", 0, {"request_rate_per_s": 4.1, "failed_requests": 2, "request_goodput_per_s": 3.9}),
        ("llmperf.json", 0, {"concurrency": 17, "duration_s": 50, "failed_requests": 2, "engine": "vllm"}),
        ("llmperf_wrapped.json", 1, {"run": "concurrency 34", "request_throughput_per_s": 6.25}),
        ("aiconfigurator.csv", 0, {"predicted": True, "accelerator": "h200_sxm", "engine_version": "0.20.0"}),
    ],
)
def test_what_describes_a_run_is_read(name: str, number: int, expected: dict[str, Any]):
    record = runs(name)[number]
    assert {key: getattr(record, key) for key in expected} == expected


# The number of accelerators


def test_without_a_number_of_accelerators_nothing_is_given_per_accelerator():
    [record] = runs("vllm.json", None)
    assert record.accelerators is None
    assert record.output_throughput_tok_s == 800
    assert record.output_throughput_tok_s_per_accelerator is None
    assert any("--accelerators N" in words for words in record.warnings)
    told = records_as_json([record])[0]
    assert {value for key, value in told.items() if "per_accelerator" in key} == {None}


def test_a_file_that_states_its_accelerators_keeps_them():
    [record] = runs("inferencex.json", 16)
    assert (record.accelerators, record.accelerators_basis) == (8, "stated in the file")
    assert any("the 16 given are not used" in words for words in record.warnings)


def test_accelerators_that_were_only_inferred_give_way_to_those_stated_by_a_person():
    inferred, given = runs("sglang.jsonl", None)[0], runs("sglang.jsonl", 16)[0]
    assert inferred.accelerators == 8
    assert any("state the number" in words for words in inferred.warnings)
    assert (given.accelerators, given.accelerators_basis) == (16, "given")
    assert given.output_throughput_tok_s_per_accelerator == 50


def test_a_per_gpu_row_without_its_gpus_needs_the_number_for_its_system():
    row = json.loads((FIXTURES / "inferencex.json").read_text())
    data = json.dumps({key: value for key, value in row.items() if key not in ("tp", "pp", "pcp_size")}).encode()
    assert read(data, "row.json")[0].output_throughput_tok_s is None
    assert read(data, "row.json", 8)[0].output_throughput_tok_s == 800


def test_sglang_behind_a_router_does_not_show_how_many_servers_there_are():
    row = json.loads((FIXTURES / "sglang.jsonl").read_text().splitlines()[0])
    row["server_info"] = {"prefill": [row["server_info"]], "decode": [row["server_info"]]}
    assert read(json.dumps(row).encode(), "routed.jsonl")[0].accelerators is None


def test_data_parallel_attention_shares_the_ranks():
    row = json.loads((FIXTURES / "sglang.jsonl").read_text().splitlines()[0])
    row["server_info"] |= {"dp_size": 8}
    assert read(json.dumps(row).encode(), "copies.jsonl")[0].accelerators == 64
    row["server_info"] |= {"enable_dp_attention": True}
    assert read(json.dumps(row).encode(), "shared.jsonl")[0].accelerators == 8


# Traps


def changed(name: str, **fields: Any) -> Record:
    row = json.loads((FIXTURES / name).read_text())
    return read(json.dumps({**row, **fields}).encode(), name, 8)[0]


def told(record: Record) -> str:
    return "\n".join(record.warnings)


def test_no_limit_is_written_in_many_ways():
    for rate in ("inf", float("inf"), 1e9, 1000000000, None, "trace"):
        assert changed("vllm.json", request_rate=rate).request_rate_per_s is None
    assert changed("vllm.json", max_concurrency=1000000000).concurrency is None
    assert "left out" in told(changed("vllm.json", max_concurrency=0))


def test_a_tpot_of_zero_was_not_measured():
    zeros = {f"{statistic}_tpot_ms": 0.0 for statistic in ("mean", "median", "std", "p90", "p95", "p99")}
    record = changed("vllm.json", **zeros)
    assert not record.tpot_ms.measured
    assert "all 0: not measured" in told(record)


def test_what_the_prefix_cache_held_was_not_read():
    """Otherwise the run would pass for one that read all of its input."""
    assert changed("vllm.json", prefix_cache_queries=100_000, prefix_cache_hits=49_000).cached_input_share == 0.49
    record = changed("vllm.json", prefix_cache_hit_rate=0.49)
    assert conditions(record) == ("the prefix cache held 49% of the input",)
    with pytest.raises(NotUsable, match="which was not read"):
        shape(record)
    absurd = changed("vllm.json", prefix_cache_hit_rate=49.0)
    assert absurd.cached_input_share is None and "cannot have held 49.00 times the input" in told(absurd)


def test_requests_that_are_missing_failed():
    row = json.loads((FIXTURES / "vllm.json").read_text())
    del row["failed"]
    record = read(json.dumps({**row, "num_prompts": 250}).encode(), "v.json")[0]
    assert (record.failed_requests, record.failed_share) == (50, 0.2)
    assert "num_prompts (250) less completed (200)" in told(record)


def test_clients_merged_into_one_file_show_by_littles_law():
    record = changed("vllm.json", max_concurrency=8)
    assert "16.9 requests were in flight, above the limit of 8" in told(record)


def test_totals_that_contradict_a_throughput_are_told():
    assert "output_tokens_total / duration_s is 1,600" in told(changed("vllm.json", total_output_tokens=80000))
    assert "total_throughput_tok_s is 4,800, but" in told(changed("vllm.json", total_input_tokens=100000))


def test_a_tpot_of_another_definition_shows_in_the_whole_request():
    halved = {f"{statistic}_tpot_ms": LATENCIES["tpot_ms"][statistic] / 2 for statistic in ("mean", "median", "p99")}
    assert "mean e2e_ms is 4,230, but TTFT + TPOT x (output tokens - 1) is 2,240" in told(
        changed("vllm.json", **halved)
    )


def test_inference_perf_that_took_events_for_tokens_is_mended():
    row = json.loads((FIXTURES / "inference_perf.json").read_text())
    tpot = row["successes"]["latency"]["time_per_output_token"]
    row["successes"]["latency"]["time_per_output_token"] = {key: value / 2 for key, value in tpot.items()}
    record = read(json.dumps(row).encode(), "stage_1.json")[0]
    assert record.tpot_ms.mean == pytest.approx(20.0)
    assert record.tpot_ms.p99 is None
    assert not record.itl_ms.measured
    assert "took every stream event for a token" in told(record)


def test_a_summary_of_all_stages_is_no_operating_point():
    row = json.loads((FIXTURES / "inference_perf.json").read_text())
    del row["load_summary"]["requested_rate"]
    assert "no operating point" in told(read(json.dumps(row).encode(), "summary.json")[0])


def test_the_dashboard_writes_seconds_under_milliseconds_and_its_interactivity_tells():
    seconds, milliseconds = runs("inferencex_dashboard.csv")
    assert seconds.tpot_ms.mean == milliseconds.tpot_ms.mean == 20.0


def test_without_interactivity_littles_law_tells_the_unit():
    text = (FIXTURES / "inferencex_dashboard.csv").read_text().replace("Interactivity", "Something")
    seconds, milliseconds = read(text.encode(), "dashboard.csv")
    assert seconds.e2e_ms.mean == milliseconds.e2e_ms.mean == 4230.0


def test_power_of_an_old_schema_is_left_out():
    assert runs("inferencex_rows.json")[1].power_w is None
    assert "power is left out" in told(runs("inferencex_rows.json")[1])
    assert changed("inferencex.json", power_valid=0).power_w is None


def test_agents_that_read_from_the_cache_are_flagged():
    assert "is no reading rate" in told(runs("inferencex_agentic.json")[0])


def test_random_lengths_are_those_measured_not_those_asked_for():
    [record] = runs("sglang_2024.jsonl")
    assert record.input_tokens_mean == 1000
    assert "not the 2,000 of random_input_len" in told(record)


def test_a_run_without_streams_has_no_token_times():
    second = runs("sglang.jsonl")[1]
    assert not second.ttft_ms.measured
    assert not second.tpot_ms.measured
    assert second.e2e_ms.mean == 4230.0
    assert "NaN or infinite" in told(second)


def test_offline_latencies_of_mlperf_are_waits_in_a_batch():
    [record] = runs("mlperf_offline.txt")
    assert not record.e2e_ms.measured
    assert "wait in the one batch" in told(record)
    assert "inferred by LoadGen" in told(record)


def test_requests_without_output_are_counted_where_their_lengths_are_kept():
    assert "3 of 4 requests brought no output token" in told(changed("vllm.json", output_lens=[0, 7, 0, 0]))


def test_units_of_nvidia_metrics_are_read_not_assumed():
    row = json.loads((FIXTURES / "aiperf.json").read_text())
    row["time_to_first_token"] = {"unit": "ns", "avg": 250e6, "p50": 240e6, "p99": 600e6}
    assert read(json.dumps(row).encode(), "aiperf.json")[0].ttft_ms.mean == 250.0


def test_metadata_may_say_how_many_accelerators_served():
    row = json.loads((FIXTURES / "vllm.json").read_text())
    for noted, expected in (("8", 8), ("8xH200", None), ("-1", None)):
        assert read(json.dumps({**row, "num_gpus": noted}).encode(), "v.json")[0].accelerators == expected


# What is handed on


def test_texts_of_users_are_never_kept():
    for name in ("vllm_appended.json", "guidellm.json", "guidellm_v1.json", "aiperf.json"):
        assert "private" in (FIXTURES / name).read_text()
        assert "private" not in json.dumps(records_as_json(runs(name)))


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_records_are_plain_json_without_infinite_numbers(path: Path):
    rows = records_as_json(runs(path.name))
    assert json.loads(json.dumps(rows, allow_nan=False)) == json.loads(json.dumps(rows))
    assert {"source", "tool", "ttft_ms", "output_throughput_tok_s_per_accelerator", "warnings"} <= rows[0].keys()
    assert rows[0]["source"] == path.name
