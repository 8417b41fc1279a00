"""The upload of result files: which tools' files work, what each file holds, its remarks, and its runs as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from files.limits import BENCHMARK_ON_A_PAGE
from importers.measuring import files
from importers.measuring.files import MOST_FILES, Reading, Upload
from importers.records.complete import MOST_ACCELERATORS
from importers.records.record import Record
from models.analysis.words import listing
from models.notation import writer
from views import session
from views.fields import numbers
from views.fields.remembered import tick
from views.figures import drawing, wording

MOST_REMARKS_OPEN = 6
UPLOADS, REFUSED, READINGS, FIELD = "measure uploads", "measure refused", "measure readings", "measure files"
COMMON, FOLDER = "measure accelerators", "measure folder"
_number = partial(numbers.above_zero, whole=True, most=MOST_ACCELERATORS)
TOOLS = (
    "Give the result file of vLLM bench serve, SGLang bench_serving, GenAI-Perf, AIPerf, GuideLLM, inference-perf, "
    "InferenceX, LLMPerf, MLPerf, trtllm-bench, llm-d, inference-benchmarker, EvalScope, llama-bench or "
    "aiconfigurator, as the tool wrote it (JSON, YAML, CSV, or what it printed), or a zip of them.  \n"
    "Several loads of one shape make a sweep, from which the latency targets choose the operating point; two or more "
    "shapes give input and output speed apart."
)


def draw() -> list[Reading]:
    """The files that were read, after the fields in which more are given and told about."""
    st.header("Result files", anchor=False)
    uploads: tuple[Upload, ...] = session.kept(UPLOADS, ())
    if not uploads:
        st.markdown(TOOLS)
    key = session.seed(FIELD, None)
    st.file_uploader(
        f"Benchmark result files or a zip of them (up to {BENCHMARK_ON_A_PAGE.megabytes} MB each, {MOST_FILES} files)",
        accept_multiple_files="directory" if tick(FOLDER, "Give a whole folder") else True,
        max_upload_size=BENCHMARK_ON_A_PAGE.megabytes,
        key=key,
        on_change=_given,
        args=(key,),
        help="Recognised by content. Read in memory; nothing is stored or sent anywhere.",
    )
    for told in session.kept(REFUSED, ()):
        st.warning(wording.escaped(told), icon=":material/info:")
    if not uploads:
        st.button("Try a made-up example", icon=":material/science:", on_click=_sample, key="measure sample")
        return []
    found = _read(uploads)
    good = [reading for reading in found if not reading.problems]
    if any(upload.made_up for upload in uploads):
        st.info(
            "The example is made up, nobody measured it: what it sets counts as assumed.", icon=":material/science:"
        )
    for reading in found:
        if reading.problems:
            _refused(reading)
    _ask(good)
    _remarks(good)
    if good:
        _files(good)
        _table([record for reading in good for record in reading.records])
    return good


def _given(key: str) -> None:
    """Takes the files that were just uploaded; the field is emptied for the next."""
    uploaded = session.entered(key) or []
    held, refused = files.added(session.kept(UPLOADS, ()), [(each.name, each.getvalue()) for each in uploaded])
    session.keep(UPLOADS, held)
    session.keep(REFUSED, refused)
    session.renew(FIELD)


def _sample() -> None:
    session.keep(UPLOADS, (files.sample(),))
    session.keep(REFUSED, ())


def _removed(name: str) -> None:
    session.keep(UPLOADS, tuple(upload for upload in session.kept(UPLOADS, ()) if upload.name != name))
    session.keep(_own(name), None)
    session.keep(REFUSED, ())


def _own(name: str) -> str:
    """Where the number of accelerators typed for one file is kept."""
    return f"{COMMON} of {name}"


def _read(uploads: Sequence[Upload]) -> list[Reading]:
    """All files, read once for each number of accelerators."""
    own = {upload.name: count for upload in uploads if (count := _count(_own(upload.name))) is not None}
    found = files.readings(uploads, _count(COMMON), own, session.kept(READINGS, {}))
    session.keep(READINGS, found)
    return files.in_use(found)


def _count(entry: str) -> int | None:
    return _number(session.kept(entry, "")).value


# ---------------------------------------------------------------------------------------------------- what files hold


def _ask(good: Sequence[Reading]) -> None:
    """Asks how many accelerators served where files do not say; stays as long as its answer counts."""
    own = [reading for reading in good if _count(_own(reading.upload.name)) is None]
    asked = [reading for reading in own if reading.lacks_accelerators]
    answered = [r for r in own if any(record.accelerators_basis == "given" for record in r.records)]
    if not asked and not answered:
        return
    if asked:
        names = listing([wording.escaped(reading.upload.name) for reading in asked])
        verb = "does" if len(asked) == 1 else "do"
        st.warning(f"{names} {verb} not say how many accelerators served. Nothing is priced until you do.")
    with st.container(width=420):
        numbers.asked(
            COMMON,
            "Accelerators that served, for files that do not say",
            None,
            help="All accelerators (GPUs) of the measured deployment together: every tensor- and data-parallel rank.",
            read=_number,
            placeholder="for example 8",
        )


def _refused(reading: Reading) -> None:
    name = wording.escaped(reading.upload.name)
    reasons = "\n".join(f"- {wording.escaped(problem)}" for problem in reading.problems[:12])
    more = len(reading.problems) - 12
    rest = f"\n- and {more} more" if more > 0 else ""
    with st.container(key=f"measure refused {reading.upload.digest[:12]} {reading.upload.name}"):
        st.error(f"**{name}** was rejected:\n{reasons}{rest}", icon=":material/error:")
        _remove(reading)


def _remove(reading: Reading) -> None:
    name = reading.upload.name
    st.button(
        f"Remove {wording.escaped(name)}",
        icon=":material/delete:",
        type="tertiary",
        key=f"measure remove {name}",
        on_click=_removed,
        args=(name,),
    )


def _remarks(good: Sequence[Reading]) -> None:
    """What was noticed in the files, each remark once with the files that it is about."""
    about: dict[str, list[str]] = {}
    for reading in good:
        for remark in reading.remarks():
            about.setdefault(remark, []).append(reading.upload.name)
    if not about:
        return
    count = f"{len(about)} {'remark' if len(about) == 1 else 'remarks'} on the files"
    with st.expander(count, expanded=len(about) <= MOST_REMARKS_OPEN, icon=":material/info:", key="measure remarks"):
        lines = [f"- **{wording.escaped(listing(names))}**: {wording.escaped(each)}" for each, names in about.items()]
        st.markdown("\n".join(lines))


def _files(good: Sequence[Reading]) -> None:
    """The files, folded: what each holds, how many accelerators served for it, and its removal."""
    count = f"{len(good)} {'file' if len(good) == 1 else 'files'}"
    with st.expander(f"{count}: remove one, or give it an accelerator count of its own", key="measure file list"):
        for reading in good:
            runs = f"{len(reading.records)} {'run' if len(reading.records) == 1 else 'runs'}"
            tool = wording.escaped(reading.records[0].tool)
            st.markdown(f"**{wording.escaped(reading.upload.name)}** \u00b7 {tool} \u00b7 {runs}")
            if not reading.states_accelerators:
                _own_count(reading, reading.records[0])
            _remove(reading)


def _own_count(reading: Reading, first: Record) -> None:
    with st.container(width=420):
        numbers.asked(
            _own(reading.upload.name),
            "Accelerators that served, for this file alone",
            None,
            help="Counts instead of what the file lets suppose, and of the number for all files.",
            read=_number,
            placeholder=f"{first.accelerators} {first.accelerators_basis}" if first.accelerators else "not known",
        )


# -------------------------------------------------------------------------------------------------------------- table


# Of each column the decimals, the same in every row so that figures line up.
_FIGURES: dict[str, tuple[int, Callable[[Record], float | None]]] = {
    "Input, tokens per request": (0, lambda record: record.input_tokens_mean),
    "Output, tokens per request": (0, lambda record: record.output_tokens_mean),
    "Output tokens/s per accelerator": (1, lambda record: record.output_throughput_tok_s_per_accelerator),
    "Total tokens/s per accelerator": (1, lambda record: record.total_throughput_tok_s_per_accelerator),
    "TTFT mean, ms": (0, lambda record: record.ttft_ms.mean),
    "TTFT p99, ms": (0, lambda record: record.ttft_ms.p99),
    "TPOT mean, ms": (1, lambda record: record.tpot_ms.mean),
    "TPOT p99, ms": (1, lambda record: record.tpot_ms.p99),
    "Power, W": (0, lambda record: record.power_w),
}


def _table(records: Sequence[Record]) -> None:
    """The runs, a row each; figures of a column share their decimals, so that they line up."""
    texts = {
        "File": [record.source for record in records],
        "Run": [record.run or "the only one" for record in records],
        "Model": [record.model or writer.NONE for record in records],
        "Accelerators": [str(record.accelerators or writer.NONE) for record in records],
        "Load": [_load(record) for record in records],
    }
    columns: dict[str, list[str]] = dict(texts)
    for heading, (decimals, of) in _FIGURES.items():
        values = [of(record) for record in records]
        if any(value is not None for value in values):
            columns[heading] = [writer.NONE if value is None else writer.fixed(value, decimals) for value in values]
    columns["Failed"] = [writer.share(record.failed_share) for record in records]
    right = [name for name in columns if name not in ("File", "Run", "Model", "Load")]
    height = "content" if len(records) <= 9 else 350
    drawing.grid(columns, "The runs in the files, a row each", right=right, height=height, key="measure runs")
    st.caption(
        "TTFT: time to the first token. TPOT: time per token after it. Power is of what the file says it covers."
    )


def _load(record: Record) -> str:
    if record.concurrency is not None:
        return f"{writer.as_typed(record.concurrency)} in flight"
    return (
        writer.NONE if record.request_rate_per_s is None else f"{writer.as_typed(record.request_rate_per_s)} requests/s"
    )
