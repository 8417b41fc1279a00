"""Files of tools and vendors that people who do this job reported, each with the figures that are right."""

from pathlib import Path

import pytest

from importers.quotes import read as read_quote
from importers.serving import read_file

CASES = Path(__file__).parents[1] / "cases" / "reported"


def test_a_block_as_the_tool_prints_it_is_read() -> None:
    [record] = read_file(CASES / "c28_console_block.txt")
    assert record.output_throughput_tok_s == 6312.36
    assert (record.input_tokens_mean, record.output_tokens_mean) == (pytest.approx(215.2, abs=0.05), 128.347)


def test_what_failed_is_no_throughput() -> None:
    [record] = read_file(CASES / "c29_vllm_failed.json")
    assert (record.output_throughput_tok_s, record.failed_share) == (1600, 0.2)


def test_what_the_prefix_cache_held_is_kept() -> None:
    [record] = read_file(CASES / "c30_vllm_prefix_hits.json")
    assert record.cached_input_share == 0.49


@pytest.mark.parametrize(("name", "total"), [("c33_quote_de", 1_149_625.02), ("c33b_quote_en", 1_210_131.60)])
def test_german_and_english_numbers_are_those_meant(name: str, total: float) -> None:
    file = CASES / f"{name}.csv"
    [quote] = read_quote(file.read_bytes(), file.name).quotes
    server = next(line for line in quote.counted if line.part == "systems")
    assert (server.quantity, server.net_price) == (4, 285_499.90)
    assert sum((line.net_price or 0) * (line.quantity or 1) for line in quote.counted) == pytest.approx(total)
