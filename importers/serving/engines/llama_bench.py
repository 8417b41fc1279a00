"""llama-bench of llama.cpp: `-o json`, `-o jsonl`, `-o csv` and the table that it prints; one request at a time,
reading and writing apart.

Fields as in ggml-org/llama.cpp `tools/llama-bench/llama-bench.cpp`. A test reads `n_prompt` tokens, writes `n_gen`, or
does both; `avg_ts` is its tokens per second. A test that reads and one that writes make one request. The table of
llama-batched-bench has a batch a row: `B` requests of `PP` and `TG` tokens at once, in `T` seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row, Table
from importers.records.record import Latency
from importers.records.rows import below
from models.notation import writer

TOOL, BATCHED_TOOL = "llama-bench", "llama-batched-bench"
# How near PP / T_PP is to the printed speed of reading where all requests of a batch share one prompt.
SHARED_CLOSE = 0.05
# What must agree for two tests to be of one system.
_SYSTEM = ("model_filename", "model_type", "gpu_info", "backends", "n_gpu_layers", "n_threads", "n_depth", "settings")
# The test of a printed row ("pp512", "tg128 @ d4096", "pp512+tg64"), and what its columns are called in the JSON.
_TEST = re.compile(r"(?:pp(?P<read>\d+))?\+?(?:tg(?P<written>\d+))?(?: @ d(?P<depth>\d+))?")
_PRINTED = {"model": "model_type", "backend": "backends", "ngl": "n_gpu_layers", "threads": "n_threads"}
# Every test that reads goes with every one that writes: lengths of a sweep in both, and no more.
MOST_PAIRS = 1_000
ALONE = "one request at a time: a server with many requests in flight reaches more, at other latencies"
MADE = "made of a test that reads and one that writes"


def recognises(row: Row) -> bool:
    """Tokens read and written, and the mean speed of a test."""
    return {"n_prompt", "n_gen", "avg_ts"} <= row.keys()


def recognises_table(table: Table) -> bool:
    """The same names as headings."""
    return {"n_prompt", "n_gen", "avg_ts"} <= set(table[0])


def read(found: Sequence[Row], run: str) -> Iterator[Draft]:
    """A run for each request that the tests of the file make."""
    yield from _runs([Fields(row, Findings(), f"test {number}: ") for number, row in enumerate(found, start=1)])


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """The same, from a table."""
    header = [cell.strip() for cell in table[0]]
    yield from _runs([fields for _, fields in below(header, table, first=2)])


def recognises_printed(table: Table) -> bool:
    """The headings of the table that it prints."""
    return {"model", "test", "t/s"} <= set(table[0])


def read_printed(table: Table, run: str) -> Iterator[Draft]:
    """The same, from the table that it prints: no file of the model, no accelerator, two decimals."""
    header, *lines = table
    rows = [dict(zip(header, line, strict=True)) for line in lines if len(line) == len(header) and line != header]
    yield from _runs([Fields(_as_saved(row), Findings(), f"test {n}: ") for n, row in enumerate(rows, start=1)])


def _as_saved(row: Row) -> Row:
    test = _TEST.fullmatch(row["test"])
    sizes = (0, 0, 0) if test is None else tuple(float(test[name] or 0) for name in ("read", "written", "depth"))
    names = ("size", "params", "test", "t/s", *_PRINTED)
    return {
        **{saved: row[name] for name, saved in _PRINTED.items() if name in row},
        **dict(zip(("n_prompt", "n_gen", "n_depth"), sizes, strict=True)),
        "avg_ts": row["t/s"].partition("±")[0].strip(),
        "settings": {name: value for name, value in row.items() if name not in names},
    }


def _runs(tests: Sequence[Fields]) -> Iterator[Draft]:
    sized = [
        (test, test.number("n_prompt") or 0.0, test.number("n_gen") or 0.0, test.number("avg_ts")) for test in tests
    ]
    for test, read_in, written, _ in sized:
        if not read_in and not written:
            test.findings.problems.append("a test reads n_prompt tokens or writes n_gen: this one does neither")
    faults = [problem for test in tests for problem in test.findings.problems]
    reading = [each for each in sized if each[1] and not each[2]]
    writing = [each for each in sized if each[2] and not each[1]]
    if len(reading) * len(writing) > MOST_PAIRS:
        pairs = f"{len(reading)} tests that read and {len(writing)} that write"
        told = f"{pairs} make more than {MOST_PAIRS} requests: give fewer at once"
        yield Draft("", Findings(problems=[told]), {"tool": TOOL})
        return
    found = [
        _draft(one[0], one[1], other[2], one[1] / one[3], other[2] / other[3])
        for one, other in product(reading, writing)
        if one[3] and other[3] and _same(one[0], other[0])
    ]
    if found and not faults:
        yield from found
        return
    findings = Findings(problems=[*faults])
    if not faults:
        findings.problems.append(
            "no two tests make a request: run llama-bench with both -p and -n, for one model and one setting"
        )
    yield Draft("", findings, {"tool": TOOL})


def _same(one: Fields, other: Fields) -> bool:
    return all(one.table.get(name) == other.table.get(name) for name in _SYSTEM)


def _draft(test: Fields, read_in: float, written: float, reading_s: float, writing_s: float) -> Draft:
    findings = Findings()
    findings.warn(f"{MADE}, {ALONE}")
    whole = reading_s + writing_s
    # The first token comes with the reading of the prompt.
    per_token = writing_s / written * 1000
    values: dict[str, Any] = {
        "tool": TOOL,
        "tool_version": test.text("build_commit"),
        "date": test.text("test_time"),
        "model": test.text("model_filename", "model_type"),
        "accelerator": test.text("gpu_info"),
        "engine": "llama.cpp",
        "concurrency": 1.0,
        "input_tokens_mean": read_in,
        "output_tokens_mean": written,
        "request_throughput_per_s": 1 / whole,
        "input_throughput_tok_s": read_in / whole,
        "output_throughput_tok_s": written / whole,
        "ttft_ms": Latency(mean=reading_s * 1000 + per_token),
        "tpot_ms": Latency(mean=per_token),
        "e2e_ms": Latency(mean=whole * 1000),
    }
    return Draft(f"pp{writer.as_typed(read_in)} + tg{writer.as_typed(written)}", findings, values)


def recognises_batched(table: Table) -> bool:
    """The headings of llama-batched-bench."""
    return {"PP", "TG", "B", "T_PP s", "S_PP t/s", "T_TG s"} <= set(table[0])


def read_batched(table: Table, run: str) -> Iterator[Draft]:
    """A run for each batch."""
    header, *lines = table
    rows = [dict(zip(header, line, strict=True)) for line in lines if len(line) == len(header) and line != header]
    for number, row in enumerate(rows, start=1):
        yield _batch(Fields(row, Findings(), f"row {number}: ", words=True), f"row {number}")


def _batch(row: Fields, run: str) -> Draft:
    findings = row.findings
    read_in, written, requests = (row.number(name) for name in ("PP", "TG", "B"))
    reading_s, writing_s, rate = row.number("T_PP s"), row.number("T_TG s"), row.number("S_PP t/s")
    if not (read_in and written and requests and reading_s and writing_s):
        findings.problems.append("a batch reads PP tokens and writes TG in times above 0: give the rows that do both")
        return Draft(run, findings, {"tool": BATCHED_TOOL})
    whole, per_token = reading_s + writing_s, writing_s / written * 1000
    # With a shared prompt its tokens are read once for all.
    shared = rate is not None and requests > 1 and abs(rate * reading_s / read_in - 1) < SHARED_CLOSE
    findings.warn(
        "a batch that starts and ends together: a server takes requests as they come, and reads while it writes"
    )
    values: dict[str, Any] = {
        "tool": BATCHED_TOOL,
        "engine": "llama.cpp",
        "concurrency": requests,
        "cached_input_share": 1 - 1 / requests if shared else None,
        "input_tokens_mean": read_in,
        "output_tokens_mean": written,
        "request_throughput_per_s": requests / whole,
        "input_throughput_tok_s": requests * read_in / whole,
        "output_throughput_tok_s": requests * written / whole,
        "ttft_ms": Latency(mean=reading_s * 1000 + per_token),
        "tpot_ms": Latency(mean=per_token),
        "e2e_ms": Latency(mean=whole * 1000),
    }
    return Draft(run, findings, values)


BATCHED = Format(BATCHED_TOOL, "the table that llama-batched-bench prints", "table", recognises_batched, read_batched)
WORDS = "n_prompt n_gen avg_ts build_commit model_type n_gpu_layers test t/s"
FORMAT = Format(TOOL, "the JSON of `llama-bench -o json`", "json", recognises, read, words=WORDS, whole=True)
PRINTED = Format(TOOL, "the table that llama-bench prints", "table", recognises_printed, read_printed)
TABLE = Format(TOOL, "the CSV of `llama-bench -o csv`", "table", recognises_table, read_table)
