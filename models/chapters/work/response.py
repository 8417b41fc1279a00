"""Response: tokens, attempts and acceptance of one request, with the option's own overrides."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Input tokens per attempt", "token/request", by="workload")
def request_input_tokens(serving_input_tokens, workload_input_tokens):
    """What the model reads; an option may override it, since tokenizers differ."""
    return ops.default(serving_input_tokens, workload_input_tokens)


@line("Answer tokens per attempt", "token/request", by="workload")
def request_answer_tokens(serving_output_tokens, workload_output_tokens):
    """What the user sees."""
    return ops.default(serving_output_tokens, workload_output_tokens)


@line("Reasoning tokens per attempt", "token/request", by="workload")
def request_thinking_tokens(serving_reasoning_tokens, workload_reasoning_tokens):
    """Generated like the answer tokens, but not shown."""
    return ops.default(serving_reasoning_tokens, workload_reasoning_tokens)


@line("Share of input found in the prefix cache", "1", by="workload")
def cached_share(serving_cached_input_share, workload_cached_input_share):
    """Prefix-cache hits as a share of input tokens."""
    return ops.default(serving_cached_input_share, workload_cached_input_share)


@line("Chance that one attempt is accepted", "1", by="workload")
def acceptance_chance(serving_success_rate, workload_success_rate):
    """p of the attempts formula."""
    return ops.default(serving_success_rate, workload_success_rate)


@line("Attempts are limited", "1", by="workload")
def attempts_limited(serving_max_attempts, workload_max_attempts):
    """1 where a largest number of attempts is set, 0 where retries go on until one succeeds."""
    return ops.maximum(ops.given(serving_max_attempts), ops.given(workload_max_attempts))


@line("Largest number of attempts of the mix", "1", by="workload")
def mix_attempt_limit(workload_max_attempts):
    """The workload's own limit; 1 stands in where there is none and is not used then."""
    return ops.default(workload_max_attempts, 1)


@line("Largest number of attempts", "1", by="workload")
def attempt_limit(serving_max_attempts, mix_attempt_limit):
    """k: the option's override, or the workload's."""
    return ops.default(serving_max_attempts, mix_attempt_limit)


@line("Attempts left after those with a chance of their own", "1", by="workload")
def attempts_left(attempt_limit, tries_before):
    """k less the attempts before the last listed one."""
    return attempt_limit - tries_before


@line("Chance that all further attempts fail", "1", by="workload")
def late_failure(attempts_limited, acceptance_chance, attempts_left):
    """(1-p)^k, or 0 with retries until success."""
    return ops.where(attempts_limited, (1 - acceptance_chance) ** attempts_left, 0)


@line("Share of requests that every attempt fails", "response/request", by="workload")
def failed_share(missed_before, late_failure):
    """(1-p)^k with one success rate; escalated to staff."""
    return missed_before * late_failure


@line("Share of requests accepted in the end", "response/request", by="workload")
def accepted_share(failed_share):
    """1 - the chance that every attempt fails."""
    return 1 - failed_share


@line("Attempts per request", "1", by="workload")
def attempts(attempts_before, missed_before, late_failure, acceptance_chance):
    """(1-(1-p)^k)/p, or 1/p with retries until success (A_A of the cost-per-response formula); with a success rate for
    each attempt the listed ones first, and this of what they leave."""
    return attempts_before + missed_before * (1 - late_failure) / acceptance_chance


@line("Generated tokens per attempt", "token/request", by="workload")
def generated_tokens(request_answer_tokens, request_thinking_tokens):
    """Answer and reasoning tokens (E_t of the cost-per-response formula)."""
    return request_answer_tokens + request_thinking_tokens


@line("Input tokens to compute per attempt", "token/request", by="workload")
def effective_input(request_input_tokens, cached_share, option_cache_hit_effort):
    """Input with cache hits counted at the share of the work they still cost."""
    return request_input_tokens * (1 - cached_share * (1 - option_cache_hit_effort))


@line("Generated tokens per request", "token/request", by="workload")
def generated_per_request(attempts, generated_tokens):
    """All attempts together."""
    return attempts * generated_tokens


@line("Input tokens per request", "token/request", by="workload")
def read_per_request(attempts, request_input_tokens):
    """All attempts together, cache hits included."""
    return attempts * request_input_tokens


@line("Share of requests accepted, as the workload says it", "response/request", by="workload")
def mix_accepted_share(workload_max_attempts, mix_success_rate, mix_attempt_limit, mix_tries_before, mix_missed_before):
    """Without an option's overrides."""
    return 1 - mix_missed_before * ops.where(
        ops.given(workload_max_attempts), (1 - mix_success_rate) ** (mix_attempt_limit - mix_tries_before), 0
    )
