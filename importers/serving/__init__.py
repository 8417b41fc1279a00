"""Result files of serving benchmarks, whatever tool wrote them, as records in one set of units.

`read` recognises a file's format by its content, never by its name. A file is imported whole or refused whole: every
reason at once, in BenchmarkError. To add a format: one file in the room of its kind, and its entry in FORMATS.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from files.limits import BENCHMARK, Refused, loaded
from importers.records.complete import completed
from importers.records.document import WORDS, Document, Unreadable, parsed
from importers.records.fields import one_line
from importers.records.format import Draft, Format
from importers.records.record import BenchmarkError, Latency, Record, as_json
from importers.serving import lookalikes
from importers.serving.clients import (
    aiperf,
    console,
    evalscope,
    genai_perf,
    guidellm,
    inference_benchmarker,
    inference_perf,
    llm_d,
    llmperf,
)
from importers.serving.engines import llama_bench, printed, sglang, sglang_offline, trtllm_bench, vllm
from importers.serving.nearest import nearest
from importers.serving.published import aiconfigurator, inferencex, mlperf

__all__ = ["FORMATS", "BenchmarkError", "Latency", "Record", "read", "read_file", "records_as_json"]

# In the order in which they are tried: what only one tool writes comes first.
FORMATS: tuple[Format, ...] = (
    inferencex.FORMAT,
    sglang.FORMAT,
    vllm.FORMAT,
    aiperf.FORMAT,
    genai_perf.FORMAT,
    guidellm.FORMAT,
    inference_perf.FORMAT,
    llmperf.FORMAT,
    trtllm_bench.FORMAT,
    llm_d.FORMAT,
    inference_benchmarker.FORMAT,
    evalscope.FORMAT,
    llama_bench.FORMAT,
    sglang_offline.FORMAT,
    mlperf.RESULTS,
    printed.FORMAT,
    trtllm_bench.PRINTED,
    console.FORMAT,
    mlperf.FORMAT,
    aiperf.TABLE,
    aiperf.SWEEP,
    genai_perf.TABLE,
    guidellm.TABLE,
    inferencex.TABLE,
    aiconfigurator.FORMAT,
    vllm.SWEEP,
    llama_bench.TABLE,
    llama_bench.PRINTED,
    llama_bench.BATCHED,
)


def read(data: bytes, name: str, accelerators: int | None = None) -> list[Record]:
    """The runs in a result file, in the order of the file.

    `name` is for messages and the records. `accelerators` is how many served, for files that do not say; without it
    their records give nothing per accelerator. Raises BenchmarkError for a file that is refused, and ValueError for a
    number of accelerators below 1.
    """
    if accelerators is not None and accelerators < 1:
        raise ValueError(f"{accelerators} accelerators: give the number that served, 1 or more")
    source = _source(name)
    try:
        document = parsed(data)
    except Unreadable as error:
        raise BenchmarkError(source, [f"the file {error}"]) from None
    drafts = list(_drafts(document, source))
    records = [completed(draft, source, accelerators) for draft in drafts]
    problems = [
        f"{draft.run}: {problem}" if draft.run else problem for draft in drafts for problem in draft.findings.problems
    ]
    if not problems and not records:
        problems.append("the file holds headings but no run; let the tool write it again")
    if problems:
        raise BenchmarkError(source, list(dict.fromkeys(problems)))
    return records


def read_file(path: str | os.PathLike[str], accelerators: int | None = None) -> list[Record]:
    """`read` for a file on disk; one above the limit is not loaded. Raises OSError for one that cannot be read."""
    try:
        data = loaded(path, BENCHMARK)
    except Refused as refused:
        raise BenchmarkError(_source(os.fspath(path)), [f"the file {refused.told(WORDS)}"]) from None
    return read(data, os.fspath(path), accelerators)


def _source(name: str) -> str:
    return one_line(PurePath(name).name) or "file"


def records_as_json(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Records as plain values ready for `json.dumps(..., allow_nan=False)`: every number in them is finite."""
    return [as_json(record) for record in records]


def _drafts(document: Document, source: str) -> Iterator[Draft]:
    rows = document.rows if document.kind == "json" else ()
    content = rows[0] if rows else document.table or document.text
    form = next((form for form in FORMATS if form.kind == document.kind and form.recognises(content)), None)
    if form is None:
        raise BenchmarkError(source, [_unknown(document)])
    if not rows:
        yield from form.read(content, "")
        return
    for number, row in enumerate(rows, start=1):
        if not form.recognises(row):
            told = f"run {number} is not of {form.name} as the first is: give one file for each tool, as it wrote it"
            raise BenchmarkError(source, [told])
        if not form.whole:
            yield from form.read(row, f"run {number}" if len(rows) > 1 else "")
    if form.whole:
        yield from form.read(rows, "")


def _unknown(document: Document) -> str:
    """Why a file of no known format is refused."""
    if document.rows and (message := lookalikes.told(document.rows[0])):
        return f"the file is {message}"
    if document.table and (message := lookalikes.told_of_table(document.table[0])):
        return f"the file is {message}"
    seen = document.rows[0].keys() if document.rows else document.table[0] if document.table else ()
    shown = ", ".join(f'"{one_line(str(name))[:30]}"' for name in list(seen)[:6]) or "nothing known"
    told = f"the file is of no benchmark known here (its first fields are {shown})"
    if form := nearest(document, FORMATS):
        return f"{told}; it looks most like {form.name}, of which {form.file} is read"
    tools = ", ".join(dict.fromkeys(form.name for form in FORMATS))
    return f"{told}; give the result of {tools}"
