"""Power traces: logs of what accelerators or servers drew, and what they say of a run.

trace = read(content, name)              the readings, from the logs of the usual tools
found = figures(trace, start, end)       mean, 90th percentile and idle, of the run or of the busy part
"""

from importers.power.figures import Figures, Step, figures, steps
from importers.power.formats import read, when
from importers.power.trace import PowerError, Sample, Trace, moment

__all__ = ["Figures", "PowerError", "Sample", "Step", "Trace", "figures", "moment", "read", "steps", "when"]
