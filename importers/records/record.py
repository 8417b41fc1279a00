"""What every importer gives back: one run of a serving benchmark, in one set of units, whatever tool wrote it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from models.notation import writer


@dataclass(frozen=True, slots=True)
class Latency:
    """One kind of latency over the successful requests of a run; None = the file does not say."""

    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None

    @property
    def measured(self) -> bool:
        """Whether the file gives anything at all."""
        return any(getattr(self, name) is not None for name in STATISTICS)


STATISTICS: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(Latency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run (one load level) of a serving benchmark.

    Throughputs are those of the whole measured system. None means that the file does not say, never zero. Times to
    first token (`ttft`), between output tokens after the first (`tpot`: latency less TTFT, over output tokens less
    one), between streamed chunks (`itl`) and of whole requests (`e2e`) are in milliseconds.
    """

    source: str
    """Name of the file."""
    run: str
    """Which run in the file, as a person would find it: "line 2", "benchmarks[0]"; empty if it holds only one."""
    tool: str
    tool_version: str | None = None
    date: str | None = None
    model: str | None = None
    accelerator: str | None = None
    accelerators: int | None = None
    accelerators_basis: str | None = None
    """Who says how many: "stated in the file", "inferred from ...", "given"."""
    engine: str | None = None
    engine_version: str | None = None
    precision: str | None = None
    scenario: str | None = None
    predicted: bool = False
    """Whether the figures come from a performance model and nobody measured them."""
    concurrency: float | None = None
    """Requests in flight at most (the client's limit); None = no limit."""
    achieved_concurrency: float | None = None
    request_rate_per_s: float | None = None
    """Rate at which requests were offered; None = as fast as the limit allows, or not said."""
    duration_s: float | None = None
    successful_requests: int | None = None
    failed_requests: int | None = None
    input_tokens_total: float | None = None
    output_tokens_total: float | None = None
    input_tokens_mean: float | None = None
    output_tokens_mean: float | None = None
    cached_input_share: float | None = None
    """Share of the input tokens that the prefix cache held."""
    speculative: str | None = None
    """How tokens were guessed ahead, with how many were accepted where the file says it."""
    prefill_accelerators: int | None = None
    """Of the accelerators those that only read prompts, where reading and writing are apart."""
    decode_accelerators: int | None = None
    """Of the accelerators those that only write."""
    submission: str | None = None
    """Of a published result: who submitted which system, and the name of the result."""
    request_throughput_per_s: float | None = None
    input_throughput_tok_s: float | None = None
    output_throughput_tok_s: float | None = None
    total_throughput_tok_s: float | None = None
    request_goodput_per_s: float | None = None
    goodput_targets: str | None = None
    ttft_ms: Latency = Latency()
    tpot_ms: Latency = Latency()
    itl_ms: Latency = Latency()
    e2e_ms: Latency = Latency()
    power_w: float | None = None
    """Mean power during the run of what `power_scope` names."""
    power_p90_w: float | None = None
    """90th percentile of the power during the run, of the same; sums of accelerators add theirs up."""
    power_scope: str | None = None
    energy_j: float | None = None
    warnings: tuple[str, ...] = ()
    """What was repaired, derived or left out, and where the file contradicts itself."""

    @property
    def request_throughput_per_s_per_accelerator(self) -> float | None:
        """Requests per second of the system over its accelerators; None while their number is unknown."""
        return self._per_accelerator(self.request_throughput_per_s)

    @property
    def output_throughput_tok_s_per_accelerator(self) -> float | None:
        """Output tokens per second of the system over all its accelerators; None while their number is unknown."""
        return self._per_accelerator(self.output_throughput_tok_s)

    @property
    def total_throughput_tok_s_per_accelerator(self) -> float | None:
        """Input and output tokens per second over all accelerators; None while their number is unknown."""
        return self._per_accelerator(self.total_throughput_tok_s)

    @property
    def failed_share(self) -> float | None:
        """Share of the requests that failed; None if the file does not say."""
        if self.successful_requests is None or self.failed_requests is None:
            return None
        requests = self.successful_requests + self.failed_requests
        return self.failed_requests / requests if requests else None

    def _per_accelerator(self, throughput: float | None) -> float | None:
        return None if throughput is None or not self.accelerators else throughput / self.accelerators


def conditions(record: Record) -> tuple[str, ...]:
    """Under which conditions a run was measured that move its figures, each in words; none where the file is silent."""
    apart = record.prefill_accelerators is not None or record.decode_accelerators is not None
    cached = record.cached_input_share
    told = (
        record.submission and f"submission: {record.submission}",
        record.speculative and f"speculative decoding: {record.speculative}",
        cached is not None and f"the prefix cache held {writer.share(cached)} of the input",
        apart and _apart(record),
    )
    return tuple(each for each in told if each)


def _apart(record: Record) -> str:
    read, written = record.prefill_accelerators or "?", record.decode_accelerators or "?"
    return f"reading on {read} accelerators, writing on {written}"


LATENCIES = ("ttft_ms", "tpot_ms", "itl_ms", "e2e_ms")
DERIVED = (
    "request_throughput_per_s_per_accelerator",
    "output_throughput_tok_s_per_accelerator",
    "total_throughput_tok_s_per_accelerator",
    "failed_share",
)


def as_json(record: Record) -> dict[str, Any]:
    """A record as plain values ready for `json.dumps`, what is derived per accelerator included."""
    return {**dataclasses.asdict(record), **{name: getattr(record, name) for name in DERIVED}}


class BenchmarkError(Exception):
    """A benchmark file that is refused, whole: which file (`source`), and every reason with its remedy (`problems`)."""

    def __init__(self, source: str, problems: list[str] | tuple[str, ...]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))
