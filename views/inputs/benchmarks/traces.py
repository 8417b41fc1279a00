"""Power from a log beside the benchmark: the file, the run in it as a picture to adjust, and the power of a system."""

from __future__ import annotations

import streamlit as st

from charts import power as charts_power
from files.limits import file_name
from importers.measuring.power import Power
from importers.power import Figures, PowerError, Trace, figures, moment, read, steps
from models.notation import reader, writer
from views import session
from views.fields import remembered
from views.figures import drawing, wording

FIELD, HELD = "measure trace upload", "measure trace"
INTERVAL, BEGIN, END = "measure trace interval", "measure trace begin", "measure trace end"
MEGABYTES = 20
FORMATS = "nvidia-smi, amd-smi, DCGM, Prometheus, ipmitool, PTDaemon, or a CSV of times and watts"


def asked(per_system: float) -> Power | None:
    """The power of a system from a log, None while there is none; asked with the run that is cropped from it."""
    key = session.seed(FIELD, None)
    label = f"Power log ({FORMATS})"
    st.file_uploader(label, key=key, max_upload_size=MEGABYTES, on_change=_given, args=(key,))
    held: tuple[str, bytes] | None = session.kept(HELD)
    if held is None:
        return None
    name, content = held
    try:
        trace = read(content, name, _number(INTERVAL))
        whole = steps(trace)
        found = figures(trace, *_between(trace))
    except PowerError as error:
        st.error(wording.escaped(str(error)), icon=":material/error:")
        if "how many seconds" in str(error):
            remembered.text(INTERVAL, "Seconds between readings")
        return None
    start = trace.start
    drawing.chart(charts_power.trace([(s.at - start, s.watts) for s in whole], found.start - start, found.end - start))
    _crop(trace, found)
    _told(name, trace, found)
    scale = per_system / found.meters if trace.method == "gpu" else 1 / found.meters
    scope = (
        "whole system, from the log" if trace.method == "server" else f"{found.meters} accelerators, {trace.boundary}"
    )
    note = f"P90 of {writer.watts(found.p90_w)} over {found.cropped} ({writer.exact(round(found.seconds))} s) in {name}"
    note += f"; mean {writer.watts(found.mean_w)}; {scope}"
    idle = None if found.idle_w is None else round(found.idle_w * scale, 1)
    day = moment(found.start)[: len("2026-01-31")] if trace.dated else None
    return Power(found.p90_w * scale, trace.method, scope, note, idle, f"{trace.tool}: {name}", day)


def _given(key: str) -> None:
    """Takes the log that was just uploaded; another one asks for its own times."""
    given = session.entered(key)
    if given is not None:
        for entry in (INTERVAL, BEGIN, END):
            session.keep(entry, None)
        session.keep(HELD, (file_name(given.name), given.getvalue()))


def _number(entry: str) -> float | None:
    found = reader.amount(str(session.kept(entry) or ""), session.policy()).value
    return None if found is None else float(found)


def _between(trace: Trace) -> tuple[float | None, float | None]:
    """When the run began and ended, as was typed in seconds of the log."""
    begin, end = _number(BEGIN), _number(END)
    return (None if begin is None else trace.start + begin), (None if end is None else trace.start + end)


def _crop(trace: Trace, found: Figures) -> None:
    left, right = st.columns(2)
    for column, entry, label, at in ((left, BEGIN, "Run from, s", found.start), (right, END, "Run to, s", found.end)):
        with column:
            standing = writer.exact(round(at - trace.start, 1))
            remembered.text(entry, label, placeholder=standing, help="Of the log; blank takes its busy part.")


def _told(name: str, trace: Trace, found: Figures) -> None:
    meters = writer.number_of(found.meters, "meter")
    idle = "no waiting in the log" if found.idle_w is None else f"idle {writer.watts(found.idle_w)}"
    said = (
        f"mean {writer.watts(found.mean_w)}, P90 {writer.watts(found.p90_w)}, peak {writer.watts(found.peak_w)}, {idle}"
    )
    st.caption(wording.escaped(f"{name}, {trace.tool}, {meters} together over {found.cropped}: {said}."))
    for note in found.notes:
        st.caption(wording.escaped(f"{note[:1].upper()}{note[1:]}."))
