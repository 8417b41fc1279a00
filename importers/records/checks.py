"""Where a record contradicts itself: totals against duration, Little's law, a request against its parts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from importers.records.fields import MS_PER_S
from importers.records.record import LATENCIES, STATISTICS, Latency, Record
from models.notation import writer

# Tools print two decimals and count tokens in two ways: this much is no contradiction.
CLOSE = 0.05
# The mean of a product is not the product of the means: TPOT varies with the length of the answer.
PARTS_CLOSE = 0.15
# Medians do not even add up; half or double still shows.
MEDIAN_PARTS_CLOSE = 0.3
# The shortest time between two tokens of one request that is believed, in milliseconds.
QUICKEST_TPOT_MS = 0.1
# By how much requests in flight may exceed the client's limit, of which a tool counts every moment.
LIMIT_CLOSE = 0.10


def contradictions(record: Record) -> Iterator[str]:
    """Every contradiction between figures of one record, in words with both figures."""
    yield from _totals(record)
    yield from _parts_of_a_request(record)
    yield from _in_flight(record)
    yield from _unit(record)
    for name in LATENCIES:
        yield from _order(name, getattr(record, name))


def _totals(record: Record) -> Iterator[str]:
    requests = record.request_throughput_per_s
    # A window of measurement cuts a request at either end: of few requests, one is much.
    close = CLOSE + (1 / record.successful_requests if record.successful_requests else 0)
    for side in ("input", "output"):
        throughput = getattr(record, f"{side}_throughput_tok_s")
        expected = [
            (f"{side}_tokens_total / duration_s", _over(getattr(record, f"{side}_tokens_total"), record.duration_s)),
            (
                f"{side}_tokens_mean x request_throughput_per_s",
                _times(getattr(record, f"{side}_tokens_mean"), requests),
            ),
        ]
        for formula, value in expected:
            if _differ(throughput, value, close):
                yield (
                    f"{side}_throughput_tok_s is {writer.exact(throughput)}, but {formula} is "
                    f"{writer.exact(value)}: find out which holds "
                    "before you use either"
                )
    served = _over(record.successful_requests, record.duration_s)
    if _differ(requests, served, close):
        yield (
            f"request_throughput_per_s is {writer.exact(requests)}, but successful_requests / duration_s is "
            f"{writer.exact(served)}"
        )
    total = _plus(record.input_throughput_tok_s, record.output_throughput_tok_s)
    if _differ(record.total_throughput_tok_s, total, CLOSE):
        yield (
            f"total_throughput_tok_s is {writer.exact(record.total_throughput_tok_s)}, but input and output "
            f"sum to {writer.exact(total)}"
        )


def _parts_of_a_request(record: Record) -> Iterator[str]:
    """E2E = TTFT + TPOT x (output tokens - 1): a TPOT of another definition or unit shows here."""
    for statistic, close in (("mean", PARTS_CLOSE), ("median", MEDIAN_PARTS_CLOSE)):
        whole = getattr(record.e2e_ms, statistic)
        parts = request_ms(record, statistic)
        if whole is None or parts is None:
            continue
        if _differ(whole, parts, close):
            yield (
                f"{statistic} e2e_ms is {writer.exact(whole)}, but TTFT + TPOT x (output tokens - 1) is "
                f"{writer.exact(parts)}: one of them "
                "has another unit or definition, or the lengths are not those measured"
            )
        return


def request_ms(record: Record, statistic: str = "mean") -> float | None:
    """Time of a whole request by its parts, TTFT + TPOT x (output tokens - 1), in milliseconds; None if one lacks."""
    first, rest = getattr(record.ttft_ms, statistic), getattr(record.tpot_ms, statistic)
    if first is None or rest is None or record.output_tokens_mean is None:
        return None
    return first + rest * max(record.output_tokens_mean - 1, 0)


def in_flight(record: Record) -> float | None:
    """Mean requests in flight by Little's law: requests per second x mean seconds in the system."""
    whole = record.e2e_ms.mean
    if whole is None:
        whole = request_ms(record)
    if whole is None:
        whole = record.e2e_ms.median
    return None if whole is None else _times(record.request_throughput_per_s, whole / MS_PER_S)


def _in_flight(record: Record) -> Iterator[str]:
    by_law = in_flight(record)
    if by_law is None:
        return
    if record.achieved_concurrency is not None and _differ(by_law, record.achieved_concurrency, PARTS_CLOSE):
        yield (
            f"achieved_concurrency is {writer.exact(record.achieved_concurrency)}, but by Little's law (requests "
            "per second x "
            f"mean time of a request) {writer.physical(by_law)} requests were in flight"
        )
    if record.concurrency is not None and by_law > record.concurrency * (1 + LIMIT_CLOSE):
        yield (
            f"by Little's law {writer.physical(by_law)} requests were in flight, above the limit of "
            f"{writer.exact(record.concurrency)}: several "
            "clients merged into one file (do not import their own files beside it), or times in another unit"
        )


def _unit(record: Record) -> Iterator[str]:
    """No system writes ten thousand tokens a second to one user: seconds that are called milliseconds are so quick."""
    each = record.tpot_ms.mean if record.tpot_ms.mean is not None else record.tpot_ms.median
    if each is not None and 0 < each < QUICKEST_TPOT_MS:
        yield f"TPOT is {writer.physical(each)} ms, quicker than any system: the times are in another unit (seconds?)"


def _order(name: str, latency: Latency) -> Iterator[str]:
    """The median is not above the 90th percentile, and so on."""
    known = [(key, value) for key in STATISTICS[1:] if (value := getattr(latency, key)) is not None]
    for (low, lower), (high, higher) in pairwise(known):
        if lower > higher * (1 + 1e-9):
            yield f"{low} of {name} ({writer.exact(lower)}) is above its {high} ({writer.exact(higher)})"


def _over(total: float | None, duration: float | None) -> float | None:
    return None if total is None or not duration else total / duration


def _times(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left * right


def _plus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left + right


def _differ(stated: float | None, expected: float | None, tolerance: float) -> bool:
    if stated is None or expected is None:
        return False
    return abs(stated - expected) > tolerance * max(abs(stated), abs(expected))
