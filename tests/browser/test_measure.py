"""The measure page in a browser: a file uploaded, a target changed, the measurement applied and taken back."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled
from tests.soak import long

TO_APPLY = re.compile(r"Apply \d+ changes? to")


def sweep() -> bytes:
    rows = []
    for load, output, ttft, tpot in ((50, 4000, 100, 12), (250, 12000, 150, 20), (660, 16000, 300, 40)):
        rows.append(
            {
                "date": "20260301-101500",
                "backend": "vllm",
                "model_id": "example/large-70b",
                "max_concurrency": load,
                "duration": 40_000 / output,
                "completed": 200,
                "failed": 0,
                "total_input_tokens": 200_000,
                "total_output_tokens": 40_000,
                "request_throughput": output / 200,
                "output_throughput": output,
                "total_token_throughput": output * 6,
                "mean_ttft_ms": ttft,
                "p99_ttft_ms": 2 * ttft,
                "mean_tpot_ms": tpot,
                "p99_tpot_ms": 1.2 * tpot,
            }
        )
    return "\n".join(json.dumps(row) for row in rows).encode()


@long
def test_a_file_becomes_an_operating_point_and_is_applied(visit: Callable[..., Page]) -> None:
    page = visit("measure")
    upload = {"name": "../../sweep.jsonl", "mimeType": "application/json", "buffer": sweep()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([upload])  # type: ignore[list-item]
    expect(page.get_by_text("sweep.jsonl does not say how many accelerators served")).to_be_visible()
    count = page.get_by_role("textbox", name="Accelerators that served, for files that do not say")
    count.fill("8")
    count.press("Enter")
    point = page.get_by_text("Operating point: sweep.jsonl")
    expect(point).to_contain_text("concurrency 250")
    target = page.get_by_role("textbox", name="Target for TPOT, ms")
    target.fill("15")
    target.press("Enter")
    expect(point).to_contain_text("concurrency 50")
    page.get_by_role("button", name=TO_APPLY).click()
    expect(page.get_by_text("Applied to Buy, colocation")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name=TO_APPLY)).to_be_visible()


@long
@pytest.mark.parametrize(("narrow", "dark"), [(False, False), (True, True)])
def test_the_example_fits_the_screen_and_charts_are_described(visit: Callable[..., Page], narrow: bool, dark: bool):
    page = visit("measure", narrow=narrow, dark=dark)
    page.get_by_role("button", name="Try a made-up example").click()
    page.get_by_role("button", name="Apply").wait_for()
    settled(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(2)
    for latency, chart in zip(("TTFT", "TPOT"), charts.all(), strict=True):
        expect(chart).to_have_attribute(
            "aria-label", re.compile(f"against {latency}.*operating point.*target {latency}")
        )
