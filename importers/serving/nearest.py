"""Of a file of no known format: which known one is nearest, by the words in its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from importers.records.document import Document
from importers.records.format import Format

# Words that only the fields of one tool's files bring together; by the name of the tool's first format.
_WORDS: Mapping[str, str] = {
    "InferenceX": "hw infmax_model_prefix conc isl osl tput_per_gpu framework disagg intvty",
    "SGLang bench_serving": "sharegpt random_input_len retokenized server_info cache_report",
    "vLLM bench serve": "mean_ttft_ms tpot e2el model_id num_prompts request_rate max_concurrency burstiness completed",
    "AIPerf": "aiperf schema_version benchmark_id good_request_count inter_chunk_latency telemetry_data",
    "GenAI-Perf": "request_latency time_to_first_token inter_token_latency output_sequence_length",
    "GuideLLM": "guidellm guidellm_version benchmarks scheduler_metrics request_concurrency",
    "inference-perf": "load_summary successes failures benchmark_time_seconds schedule_delay requested_rate",
    "LLMPerf": "results_ttft_s results_num_completed_requests num_concurrent_requests results_error_rate",
    "trtllm-bench": "engine_dir world_info request_info streaming_metrics tp_size pp_size kv_cache_dtype",
    "llm-d benchmark report": "scenario metrics latency throughput version normalized_time_per_output_token platform",
    "inference-benchmarker": "token_throughput_secs max_vus executor_type total_tokens_sent benchmark_kind",
    "EvalScope perf": "concurrency succeed requests expected percentiles parallel",
    "llama-bench": "n_prompt n_gen avg_ts build_commit model_type n_gpu_layers test t/s",
    "SGLang offline throughput": "total_latency last_gen_throughput successful_requests",
    "MLPerf results": "submitter platform scenario performance_result performance_units accelerator nodes",
    "aiconfigurator": "tokens/s/gpu tokens/s/user num_total_gpus parallel pareto",
}
_WORD = re.compile(r"[a-z_/]{2,}")
# Fewer words than this in common are chance.
FEWEST = 2


def nearest(document: Document, formats: Iterable[Format]) -> Format | None:
    """The format whose fields have most words in common with the file's; None where it is near none."""
    seen = {word for name in _names(document) for word in _WORD.findall(name.lower())}
    by_name = {form.name: form for form in reversed(list(formats))}
    counts = {name: len(seen & set(words.split())) for name, words in _WORDS.items() if name in by_name}
    best = max(counts, key=lambda name: counts[name])
    return by_name[best] if counts[best] >= FEWEST else None


def _names(document: Document) -> list[str]:
    if document.table:
        return [cell for line in document.table[:3] for cell in line]
    return [name for row in document.rows[:1] for name in _keys(row, 3)] or document.text[:20_000].split()


def _keys(found: Any, deep: int) -> list[str]:
    if not isinstance(found, Mapping) or not deep:
        return []
    return [str(name) for name in found] + [each for inner in found.values() for each in _keys(inner, deep - 1)]
