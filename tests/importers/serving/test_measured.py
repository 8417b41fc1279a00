"""Files as tools really wrote them, where they lie beside this checkout: a few figures of each, typed here.

The files themselves are not distributed with the project; the figures are facts. Where the folder is absent these
tests have nothing to read, and the fixtures in `test_formats.py` alone are checked.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from importers.records.measurements import label, points, shape, sweeps
from importers.serving import BenchmarkError, Record, read_file, records_as_json
from models.analysis.measured.operating_point import NoOperatingPoint, Targets, operating_point
from models.analysis.measured.rates import RatesError, rates

# File, run in it, and figures: a field, a latency with its statistic, or words of a warning.
FIGURES: list[tuple[str, int, dict[str, Any]]] = [
    (
        "vllm/heyram74_gptoss120b_h200_tp8_conc16.json",
        0,
        {
            "concurrency": 16,
            "request_rate_per_s": None,
            "input_tokens_mean": 148103 / 160,
            "output_throughput_tok_s": 1108.9250981663968,
            "request_goodput_per_s": None,
            "ttft_ms.p90": 530.3537067142315,
            "e2e_ms.mean": 12900.811386660644,
        },
    ),
    (
        "vllm/anyscale_gptoss_prefill-only_osl1_conc32.json",
        0,
        {"request_rate_per_s": None, "tpot_ms.p99": None, "itl_ms.mean": None, "output_tokens_mean": 1},
    ),
    (
        "vllm/anyscale_hscale_x2_all-parts_conc128.json",
        0,
        {"failed_requests": 675, "warning": "by Little's law 248 requests were in flight"},
    ),
    (
        "vllm/llm-d_llama8b_h100_2replicas_rate3.6.json",
        0,
        {"request_rate_per_s": 3.6, "ttft_ms.p95": 257.0488001947524},
    ),
    (
        "vllm/lambdalabs_llama31_8b_fp8_h100_len2048_2024.json",
        0,
        {
            "input_throughput_tok_s": 1281.9486152410154,
            "total_throughput_tok_s": 1695.8429088396,
            "e2e_ms.mean": 290.35341650014743,
            "warning": "3 of 10 requests brought no output token",
        },
    ),
    (
        "vllm/inferencex_experimental_seconds_qwen35_isl16384_c64.json",
        0,
        {"ttft_ms.median": 8310.522692278028, "tpot_ms.p99": 1376.7038716966888, "ttft_ms.mean": None},
    ),
    (
        "vllm/big-yellow-duck_multiturn_c8_specdecode.json",
        0,
        {"concurrency": 8, "successful_requests": 64, "tpot_ms.p95": 57.7018395962818, "warning": "several turns"},
    ),
    (
        "vllm/nv-action_llama8b_ascend_rate1.json",
        0,
        {"output_throughput_tok_s": None, "ttft_ms.p99": 165.47399744391114},
    ),
    (
        "sglang/tonyli15_agg_in512_out128_c32.jsonl",
        0,
        {
            "engine_version": "0.5.5.post3",
            "accelerators": 1,
            "input_tokens_mean": 264.97,
            "achieved_concurrency": 28.450295820896617,
            "e2e_ms.p99": 1181.2900166865443,
        },
    ),
    ("sglang/tonyli15_pd_1p4d_in2048_out512_c128.jsonl", 0, {"accelerators": None, "input_tokens_mean": 1089.29}),
    (
        "sglang/datacrunch_llama33_70b_offline_2024.jsonl",
        0,
        {"request_throughput_per_s": 8.779089958793994, "ttft_ms.median": 91282.20983641222, "tpot_ms.median": None},
    ),
    (
        "genai_perf/made_here_c8_goodput_profile_export_genai_perf.json",
        0,
        {"concurrency": 8, "request_goodput_per_s": 1.8442353919202703, "tpot_ms.p99": 11.8076858},
    ),
    (
        "genai_perf/made_here_c8_goodput_profile_export_genai_perf.csv",
        0,
        {"ttft_ms.mean": 1353.67, "e2e_ms.p99": 3472.0, "request_goodput_per_s": 1.84},
    ),
    (
        "aiperf/akamaslabs_qwen3_4b_c128_goodput_v0.11.0.json",
        0,
        {
            "concurrency": 128,
            "request_goodput_per_s": 18.09238330494874,
            "itl_ms.mean": 26.008489025669267,
            "tpot_ms.mean": 25.8437975710095,
            "input_throughput_tok_s": None,
        },
    ),
    (
        "aiperf/databloom_half_failed_v0.8.0.csv",
        0,
        {"failed_requests": 10, "request_throughput_per_s": 10 / 191.24, "output_throughput_tok_s": 110 / 191.24},
    ),
    ("aiperf/akamaslabs_sweep_aggregate_cut.csv", 6, {"concurrency": 320, "request_goodput_per_s": 0.66}),
    (
        "guidellm/danielkorat_v1_Qwen_Qwen3-30B-A3B_tp4_quant-fp8_benchmarks.json",
        0,
        {"successful_requests": 19, "tpot_ms.mean": 38.65124784686373, "e2e_ms.p99": 40430.0734996796},
    ),
    ("guidellm/llm-d_v2_two_rates_mock_server.json", 1, {"request_rate_per_s": 4, "concurrency": None}),
    (
        "guidellm/made_here_v2_concurrent_1_4_16.json",
        2,
        {"concurrency": 16, "output_throughput_tok_s": 1059.6666666666665, "e2e_ms.mean": 1262.8493071919645},
    ),
    (
        "guidellm/made_here_v2_concurrent_1_4_16.csv",
        2,
        {"concurrency": 16, "output_throughput_tok_s": 1059.6666666666665, "ttft_ms.p99": 293.5969829559326},
    ),
    (
        "inference_perf/kubecon2025_vllm_stage_0_lifecycle_metrics.json",
        0,
        {"tpot_ms.mean": 7.23016785670, "tpot_ms.p99": None, "warning": "took every stream event for a token"},
    ),
    (
        "inference_perf/kubecon2025_vllm_stage_6_lifecycle_metrics.json",
        0,
        {"request_rate_per_s": 183.38, "warning": "19.9 s late on average"},
    ),
    ("inference_perf/kubecon2025_vllm_summary_lifecycle_metrics.json", 0, {"warning": "no operating point"}),
    (
        "inferencex/ajith-sirra-amd_agg_bmk_agentic_flat_mi300x.json",
        0,
        {"accelerators": 8, "ttft_ms.mean": 329378.65170195216, "output_throughput_tok_s": 82.93826593909805},
    ),
    (
        "inferencex/jacob0226_agentic_nested_mi355x_conc16.json",
        0,
        {
            "accelerators": 4,
            "failed_requests": 117,
            "cached_input_share": 0.96848,
            "output_throughput_tok_s_per_accelerator": 139.12527,
        },
    ),
    (
        "llmperf/leaderboard_bedrock_70b_summary.json",
        0,
        {"successful_requests": 101, "failed_requests": 49, "output_throughput_tok_s": 62.867056292903534},
    ),
    ("llmperf/philschmid_llama3_8b_tp1_summary.json", 7, {"concurrency": 128, "ttft_ms.mean": 17327.640365461037}),
    (
        "mlperf/v5.1_Dell_XE9685L_B200_SXM_180GBx8_TRT_llama3.1-8b_Server.txt",
        0,
        {"output_throughput_tok_s": 128794.14, "ttft_ms.p99": 880.53463, "tpot_ms.p99": 24.879673},
    ),
    (
        "mlperf/v4.1_NVIDIA_H200-SXM-141GB-CTSx8_TRT_llama2-70b-99_Server.txt",
        0,
        {"request_throughput_per_s": 112.58, "request_rate_per_s": 113.7, "tpot_ms.p99": 181.53381},
    ),
    (
        "mlperf/v4.1_Intel_1-node-2S-GNR-PyTorch_gptj-99_Offline.txt",
        0,
        {"output_throughput_tok_s": 498.316, "warning": "inferred by LoadGen"},
    ),
    (
        "mlperf/v5.1_summary_results_cut.json",
        0,
        {"accelerators": 8, "output_throughput_tok_s": 24593.8, "output_tokens_mean": 301.3},
    ),
    (
        "aiconfigurator/llama31-70b-fp8_h100_sglang_3000_500_8gpu_strict_disagg_best_config_topn.csv",
        1,
        {
            "predicted": True,
            "accelerators": 8,
            "output_throughput_tok_s_per_accelerator": 358.594,
            "tpot_ms.mean": 18.917,
        },
    ),
]

REFUSED = {
    "aiperf/databloom_all_requests_failed_v0.8.0.json": "no request succeeded (20 failed)",
    "mlperf/v5.1_Krai_compliance_INVALID_server.txt": 'field "Result is" is "INVALID"',
}
TARGETS = Targets(ttft_ms=2000, tpot_ms=50)

# Sweep and shape (input, output tokens): the load of the level within the targets (p99), and its requests/s.
LEVELS: dict[str, dict[tuple[int, int], tuple[int, float] | None]] = {
    "anyscale_gptoss120b_h100_2xtp4": {
        (8000, 1000): (256, 5.1969),
        (10000, 500): (128, 3.7934),
        (5000, 250): (512, 15.0130),
        (1, 1000): (256, 5.7328),
        (1, 250): (512, 15.5694),
        (5000, 1): None,
    },
    "inferencex_glm5_fp8_h200_tp8": {
        (1024, 128): (8, 2.2977),
        (2048, 128): (8, 2.0761),
        (4096, 128): (4, 0.9211),
        (8192, 128): None,
        (16384, 128): None,
    },
    "inferencex_qwen35_h200_tp8": {(1024, 128): None, (4096, 128): None, (8192, 128): None},
}


def figure(record: Record, name: str) -> Any:
    if name == "warning":
        return "\n".join(record.warnings)
    latency, _, statistic = name.partition(".")
    return getattr(getattr(record, latency), statistic) if statistic else getattr(record, name)


@pytest.mark.parametrize(("name", "number", "figures"), FIGURES, ids=[f"{name}-{run}" for name, run, _ in FIGURES])
def test_figures_of_a_real_file(shared_benchmarks: Path | None, name: str, number: int, figures: dict[str, Any]):
    if shared_benchmarks is None:
        return
    record = read_file(shared_benchmarks / name)[number]
    for key, expected in figures.items():
        if key == "warning":
            assert expected in figure(record, key)
        else:
            assert figure(record, key) == (pytest.approx(expected) if isinstance(expected, float) else expected), key


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_file_that_is_no_result_is_refused(shared_benchmarks: Path | None, name: str):
    if shared_benchmarks is None:
        return
    with pytest.raises(BenchmarkError) as caught:
        read_file(shared_benchmarks / name)
    assert REFUSED[name] in str(caught.value)


def test_every_other_real_file_is_read(shared_benchmarks: Path | None):
    if shared_benchmarks is None:
        return
    for path in sorted(shared_benchmarks.rglob("*.*")):
        name = path.relative_to(shared_benchmarks).as_posix()
        if path.is_file() and name not in REFUSED and path.suffix != ".md":
            records = read_file(path)
            json.dumps(records_as_json(records), allow_nan=False)
            contradictions = [words for record in records for words in record.warnings if "e2e_ms is" in words]
            assert not contradictions, name


@pytest.mark.parametrize("name", LEVELS)
def test_operating_points_of_real_sweeps(shared_benchmarks: Path | None, name: str):
    if shared_benchmarks is None:
        return
    found: dict[tuple[int, int], tuple[int, float] | None] = {}
    for group in real_sweeps(shared_benchmarks, name):
        key = (round(group[0].input_tokens_mean or 0), round(group[0].output_tokens_mean or 0))
        try:
            point = operating_point(points(group), TARGETS).point
            found[key] = (round(point.load), round(point.requests_per_s * 8, 4))
        except NoOperatingPoint:
            found[key] = None
    assert found == LEVELS[name]


def test_two_rates_of_a_real_sweep(shared_benchmarks: Path | None):
    if shared_benchmarks is None:
        return
    shapes = {}
    for group in real_sweeps(shared_benchmarks, "anyscale_gptoss120b_h100_2xtp4"):
        if group[0].output_tokens_mean != 1:
            point = operating_point(points(group), TARGETS).point
            chosen = shape(next(record for record in group if label(record) == point.name))
            shapes[chosen.input_tokens, chosen.output_tokens] = chosen
    found = rates([shapes[8000, 1000], shapes[5000, 250]])
    assert (found.prefill_rate, found.decode_rate) == pytest.approx((20266.2, 873.6), rel=1e-4)
    with pytest.raises(RatesError, match="decode rate would be negative"):
        rates([shapes[8000, 1000], shapes[10000, 500]])
    with pytest.raises(RatesError, match="not saturated"):
        rates([shapes[8000, 1000], shapes[1, 250]])


def real_sweeps(folder: Path, name: str) -> list[list[Record]]:
    files = sorted((folder / "sweeps" / name).iterdir())
    return sweeps(record for path in files for record in read_file(path, 8))
