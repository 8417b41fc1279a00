"""What work costs the processor: a limit on it holds on a busy machine too, where one on the clock would not."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def cpu_below(limit_s: float) -> Generator[None]:
    """Fails if the block takes this process more seconds of processor time."""
    before = time.process_time()
    yield
    spent = time.process_time() - before
    assert spent < limit_s, f"{spent:.3g} s of processor time, {limit_s} s are enough"


def least_cpu(job: Callable[[], object], attempts: int = 5) -> float:
    """The processor time, in seconds, of the attempt at the job that takes least: what the code itself needs."""
    spent = []
    for _ in range(attempts):
        before = time.process_time()
        job()
        spent.append(time.process_time() - before)
    return min(spent)
