"""What the analyses found in a run, computed once for all tests of a process that ask about the same study."""

from models.analysis.reporting import findings as reporting
from models.analysis.reporting.findings import Findings, run_of
from models.run.model import Result

_FOUND: dict[str, Findings | None] = {}


def findings(result: Result) -> Findings | None:
    """As the product's own, for a run that is only looked at."""
    run = run_of(result.study)
    if run not in _FOUND:
        _FOUND[run] = reporting.findings(result)
    return _FOUND[run]
