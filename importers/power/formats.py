"""Power logs of the tools that people run beside a benchmark, read by their content, never by their name.

nvidia-smi (CSV queries and dmon), amd-smi (CSV), DCGM (dcgmi dmon, Prometheus text, answers of Prometheus as JSON),
AIPerf's telemetry, IPMI (ipmitool dcmi), SPEC PTDaemon as MLPerf publishes it, and any CSV with a column of times and
one of watts, or one for each device.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from files import text
from files.limits import POWER, Refused
from importers.power.trace import PowerError, Sample, Trace
from importers.records.fields import one_line
from models.notation import reader

BOARDS, INPUT = "accelerator boards only", "the whole server, at its power supplies"
KNOWN = (
    "nvidia-smi CSV (--query-gpu=timestamp,index,power.draw --format=csv -l 1), nvidia-smi dmon, amd-smi CSV, dcgmi "
    "dmon, Prometheus text or JSON of DCGM, AIPerf's gpu_telemetry_export.jsonl, ipmitool dcmi power reading, SPEC "
    "PTDaemon, or a CSV with a column of times and one of power"
)
# Seconds, by how many digits a number of them since the epoch has: milliseconds have 13, and so on.
_EPOCHS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
_FORMATS = (
    *("%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y%m%d %H:%M:%S"),
    *("%m-%d-%Y %H:%M:%S.%f", "%m-%d-%Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%d.%m.%Y %H:%M:%S", "%H:%M:%S"),
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%I:%M:%S %p"),
)
# Watts of a unit by its letters, of which the case of M tells a thousandth from a million, and by its name.
_UNITS = {"kW": 1e3, "kw": 1e3, "KW": 1e3, "mW": 1e-3, "mw": 1e-3, "MW": 1e6, "uW": 1e-6, "uw": 1e-6, "µW": 1e-6}
_UNITS |= {"kilowatt": 1e3, "milliwatt": 1e-3, "microwatt": 1e-6, "megawatt": 1e6}
_UNIT = re.compile(rf"(?<![A-Za-zµ])({'|'.join(_UNITS)})s?(?![A-Za-z])")
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(?=\d{4})")
_POWER = re.compile(r"power|watt|leistung|puissance|\bpwr\b")
_NO_POWER = re.compile(r"limit|cap\b|max|min|default|enforced|management|state|factor|energy|util")
_TIME = re.compile(
    r"^(?:time ?stamp|time|date ?time|date|datum|zeit|zeitstempel|heure|elapsed.*|seconds?"
    r"|t)(?: ?\[?\(?(?:s|utc|ms)\)?\]?)?$"
)
_DEVICE = re.compile(
    r"^(?:index|gpu|gpu index|gpu id|gpu_id|idx|device|card|uuid|pci.*|id|host(?:name)?|sensor|meter|node|entity)$"
)
_METRIC = re.compile(
    r"^(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>[^}]*)\})?\s+(?P<value>[-+.\deE]+|NaN)(?:\s+(?P<at>-?\d+))?\s*$"
)
_PROMETHEUS_POWER = re.compile(
    r"power_usage|power_draw|power_watts|power_consumption|_watts\b|board_power", re.IGNORECASE
)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_IPMI = re.compile(r"Instantaneous power reading\s*:\s*([\d.]+)\s*Watts", re.IGNORECASE)
_IPMI_TIME = re.compile(r"IPMI timestamp\s*:\s*(.+)", re.IGNORECASE)
_SPL = re.compile(r"^Time,(?P<time>[^,]+),Watts,(?P<watts>[-\d.]+)", re.MULTILINE)


@dataclass(frozen=True)
class Format:
    """A kind of log: what its text looks like, and what reads it."""

    name: str
    fits: Callable[[str], bool]
    read: Callable[[str, float | None], Trace]


def read(content: bytes, name: str, interval_s: float | None = None) -> Trace:
    """The trace in a file. `interval_s` is the seconds between readings, for logs that have no times.

    Raises PowerError, in one line, for what is no power log or holds too little.
    """
    try:
        held, _ = text.decoded(content, POWER, text.OF_SPREADSHEETS)
    except Refused:
        raise PowerError(f"{name} is no text: give the log itself; read are {KNOWN}") from None
    try:
        found = next((each for each in FORMATS if each.fits(held)), None)
        if found is None:
            raise PowerError(f"{name} is no power log that is known; read are {KNOWN}")
        trace = found.read(held, interval_s)
    except Refused as refused:
        raise PowerError(f"{name} cannot be taken apart into cells ({refused.fault}): save the log again") from None
    if len({sample.at for sample in trace.samples}) < 2:
        raise PowerError(f"{name} ({found.name}) holds fewer than two moments with a power")
    return trace


def when(said: str) -> float | None:
    """A moment as logs write it, in seconds; None for what is no time."""
    held = said.strip().strip('"').removesuffix("Z").replace("T", " ", 1) if "-" in said else said.strip().strip('"')
    if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE]\+?\d+)?", held):
        number = float(held)
        return next((number / scale for least, scale in _EPOCHS if abs(number) >= least), number)
    for pattern in _FORMATS:
        try:
            return datetime.datetime.strptime(held, pattern).replace(tzinfo=datetime.UTC).timestamp()
        except ValueError:
            continue
    try:
        found = datetime.datetime.fromisoformat(held)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()


def _moments(times: Sequence[str]) -> list[float | None]:
    """The moments of a log's times, all read one way. "11/12/2026" is of November or of December: of the two readings
    the one that more times allow counts, then the one in which the log is shorter, since it is of hours, not of months.
    """
    found = [when(said) for said in times]
    if not any(map(_SLASHED.match, times)):
        return found
    turned = [when(_SLASHED.sub(r"\2/\1/", said)) for said in times]
    return min(found, turned, key=_doubt)


def _doubt(moments: Sequence[float | None]) -> tuple[int, float]:
    """How many times a reading leaves unread, and the seconds that the others span."""
    known = [moment for moment in moments if moment is not None]
    return len(moments) - len(known), max(known) - min(known) if known else 0.0


def watts(said: str, scale: float = 1.0) -> float | None:
    """A power as logs write it ("512.34 W", "0.5 kW"), in W; None for what is none ("[N/A]")."""
    found = re.fullmatch(r"\s*([\d.,]+)\s*([A-Za-zµ]+)?\s*", said)
    number = reader.number(found[1], reader.POINT).value if found else None
    if found is None or number is None:
        return None
    unit = found[2]
    if unit is None:
        return float(number) * scale
    if unit.casefold() in ("w", "watt", "watts"):
        return float(number)
    return float(number) * unit_of(unit) if _UNIT.fullmatch(unit) else None


def unit_of(name: str) -> float:
    """The watts of the unit that a heading or a metric names: 1000 for "power_kw", 1 where it names none."""
    found = _UNIT.search(name) or _UNIT.search(name.casefold())
    return _UNITS[found[1]] if found else 1.0


# ----------------------------------------------------------------------------------------------------------------- CSV


def _separator(held: str) -> str:
    first = next((line for line in held.splitlines() if line.strip()), "")
    return max((",", ";", "\t"), key=first.count)


def _headings(held: str, *, folded: bool = True) -> list[str]:
    """The first line's cells, in small letters, or as they are written."""
    line = next((line for line in held.splitlines() if line.strip() and not line.startswith("#")), "")
    cells = (cell.strip() for cell in next(text.rows(line, POWER, _separator(held)), []))
    return [cell.casefold() if folded else cell for cell in cells]


def _is_power(heading: str) -> bool:
    return bool(_POWER.search(heading) and not _NO_POWER.search(heading))


def _fits_csv(held: str) -> bool:
    heads = _headings(held)
    return len(heads) > 1 and any(map(_TIME.match, heads)) and (any(map(_is_power, heads)) or _is_wide(heads))


def _is_wide(heads: Sequence[str]) -> bool:
    """A column for each device, as dashboards export them: "Time", "GPU 0", "GPU 1"."""
    others = [head for head in heads if not _TIME.match(head)]
    return bool(others) and all(re.search(r"\b(?:gpu|node|server|host|pdu)[ _-]?\d*\b", head) for head in others)


def _read_csv(held: str, interval_s: float | None) -> Trace:
    heads = _headings(held)
    at = next(position for position, head in enumerate(heads) if _TIME.match(head))
    powers = [position for position, head in enumerate(heads) if _is_power(head)]
    # Of several readings of one board, the one of now; averages lag behind.
    ranked = sorted(powers, key=lambda p: ("instant" not in heads[p], "average" in heads[p] or "avg" in heads[p], p))
    devices = [position for position, head in enumerate(heads) if _DEVICE.match(head)]
    wide = not powers or (len(powers) > 1 and not devices and _names_devices([heads[p] for p in powers]))
    columns = powers or [position for position in range(len(heads)) if position != at]
    chosen = columns if wide else ranked[:1]
    written = _headings(held, folded=False)
    scales = {position: unit_of(written[position]) for position in chosen}
    samples, left, strange = [], 0, ""
    rows = list(text.rows(held, POWER, _separator(held)))
    for row, time in zip(rows, _moments([row[at] if len(row) > at else "" for row in rows]), strict=True):
        if len(row) <= max(at, *chosen) or time is None:
            is_time = len(row) > at and row[at].strip() and row[at].strip().casefold() != heads[at]
            strange = strange or (row[at].strip() if is_time else "")
            continue
        for position in chosen:
            found = watts(row[position], scales[position])
            device = heads[position] if wide else " ".join(row[d].strip() for d in devices[:1]) or "meter"
            left += found is None
            if found is not None:
                samples.append(Sample(time, device, found))
    if not samples and not left and strange:
        said = one_line(strange)[:40]
        raise PowerError(f'the times cannot be read ("{said}"): write them as 2026-11-29 10:00:00')
    of_boards = any(re.search(r"gpu|power\.draw|socket|index", head) for head in heads)
    tool = "nvidia-smi" if any("power.draw" in head for head in heads) else "CSV"
    return _trace(tool, "gpu" if of_boards else "server", samples, left)


def _names_devices(heads: Sequence[str]) -> bool:
    return all(re.search(r"\d", head) for head in heads)


def _trace(tool: str, method: str, samples: list[Sample], left: int, *, dated: bool = True) -> Trace:
    held = sorted(samples, key=lambda sample: sample.at)
    return Trace(tool, method, BOARDS if method == "gpu" else INPUT, held, dated, left)


# --------------------------------------------------------------------------------------------------- tables for people


def _fits_dmon(held: str) -> bool:
    head = held.lstrip()[:400]
    return head.startswith("#") and bool(re.search(r"\bpwr\b|\bPOWER\b|\bPWR\b|\bDCGM_FI_DEV_POWER", head))


def _read_dmon(held: str, interval_s: float | None) -> Trace:
    """nvidia-smi dmon and dcgmi dmon: columns by name, a row for each accelerator and round."""
    heads: list[str] = []
    samples, left, rounds, first = [], 0, -1, ""
    dated = False
    for line in held.splitlines():
        cells = line.replace("GPU ", "GPU-").split()
        if line.startswith("#"):
            named = [cell.lstrip("#").casefold() for cell in line.replace("# ", "#").split()]
            heads = named if any(each in ("pwr", "power") or "power" in each for each in named) else heads
            continue
        if not cells or len(cells) != len(heads):
            continue
        row = dict(zip(heads, cells, strict=True))
        device = row.get("gpu") or row.get("entity") or row.get("idx") or cells[0]
        power = next((row[name] for name in heads if name in ("pwr", "power") or "power" in name), "")
        said = " ".join(row[name] for name in ("date", "time") if name in row)
        time = when(said) if said else None
        dated = dated or time is not None
        found = watts(power)
        left += found is None and any(letter.isdigit() for letter in device)
        if found is not None:
            first = first or device
            rounds += device == first
            samples.append(Sample(time if time is not None else rounds * _interval(interval_s), device, found))
    return _trace("dmon", "gpu", samples, left, dated=dated)


def _interval(interval_s: float | None) -> float:
    if interval_s is None:
        raise PowerError("the log has no times: say how many seconds lie between its readings")
    return interval_s


def _fits_ipmi(held: str) -> bool:
    return _IPMI.search(held) is not None


def _read_ipmi(held: str, interval_s: float | None) -> Trace:
    """Readings of ipmitool dcmi one after the other, each with its time behind it, or on a line of its own before."""
    samples: list[Sample] = []
    waiting: float | None = None
    before: float | None = None
    for line in held.splitlines():
        if found := _IPMI.search(line):
            waiting = float(found[1])
            if before is not None:
                samples, waiting, before = [*samples, Sample(before, "server", waiting)], None, None
        elif (stamp := _IPMI_TIME.search(line)) and waiting is not None and (time := when(stamp[1])) is not None:
            samples, waiting = [*samples, Sample(time, "server", waiting)], None
        elif (time := when(line)) is not None and line.strip():
            before = time
        if waiting is not None and not _IPMI_TIME.search(held) and before is None:
            samples, waiting = [*samples, Sample(len(samples) * _interval(interval_s), "server", waiting)], None
    return _trace("ipmitool", "server", samples, 0)


def _fits_spl(held: str) -> bool:
    return _SPL.search(held[:2_000]) is not None


def _read_spl(held: str, interval_s: float | None) -> Trace:
    found = [(when(each["time"]), float(each["watts"])) for each in _SPL.finditer(held)]
    samples = [Sample(time, "meter", power) for time, power in found if time is not None and power >= 0]
    return _trace("SPEC PTDaemon", "server", samples, len(found) - len(samples))


# ---------------------------------------------------------------------------------------------------------- Prometheus


def _fits_prometheus(held: str) -> bool:
    lines = (found for line in held[:200_000].splitlines() if (found := _METRIC.match(line)))
    return any(_PROMETHEUS_POWER.search(found["name"]) for found in lines)


def _read_prometheus(held: str, interval_s: float | None) -> Trace:
    """Scrapes one after the other; without times of their own, as far apart as is said."""
    samples: list[Sample] = []
    rounds, seen, dated = 0, set[str](), True
    for line in held.splitlines():
        found = _METRIC.match(line)
        if found is None or not _PROMETHEUS_POWER.search(found["name"]) or found["value"] == "NaN":
            continue
        device = _device(dict(_LABEL.findall(found["labels"] or "")))
        if found["at"] is None:
            dated = False
            rounds, seen = (rounds + 1, {device}) if device in seen else (rounds, {*seen, device})
        at = rounds * _interval(interval_s) if found["at"] is None else float(found["at"]) / 1000
        samples.append(Sample(at, device, float(found["value"]) * unit_of(found["name"])))
    return _trace("Prometheus", "gpu", samples, 0, dated=dated)


def _device(labels: dict[str, str]) -> str:
    host = next((labels[name] for name in ("Hostname", "hostname", "instance", "node") if labels.get(name)), "")
    own = next((labels[name] for name in ("gpu", "UUID", "uuid", "device", "gpu_id", "card") if labels.get(name)), "")
    return " ".join(part for part in (host, own) if part) or "meter"


def _fits_prometheus_json(held: str) -> bool:
    return held.lstrip().startswith("{") and '"resultType"' in held[:5_000]


def _read_prometheus_json(held: str, interval_s: float | None) -> Trace:
    try:
        series = json.loads(held)["data"]["result"]
        samples = [
            Sample(float(at), _device(each.get("metric", {})), float(power) * unit_of(_name(each)))
            for each in series
            for at, power in each.get("values", [])
            if power != "NaN"
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PowerError(f"the answer of Prometheus cannot be read ({error}): save the whole of it") from None
    return _trace("Prometheus", "gpu", samples, 0)


def _name(series: dict[str, Any]) -> str:
    return str(series.get("metric", {}).get("__name__", ""))


def _fits_aiperf(held: str) -> bool:
    return held.lstrip().startswith("{") and '"telemetry_data"' in held[:5_000] and '"timestamp_ns"' in held[:5_000]


def _read_aiperf(held: str, interval_s: float | None) -> Trace:
    """gpu_telemetry_export.jsonl of AIPerf: a line for each accelerator and scrape."""
    samples, left = [], 0
    for number, line in enumerate((each for each in held.splitlines() if each.strip()), start=1):
        try:
            row = json.loads(line)
            power = row["telemetry_data"].get("gpu_power_usage")
            at, device = row["timestamp_ns"] / 1e9, f"{row.get('hostname') or ''} {row['gpu_index']}".strip()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PowerError(f"line {number} of AIPerf's telemetry cannot be read ({error}): save it again") from None
        left += power is None
        samples += [] if power is None else [Sample(at, device, float(power))]
    return _trace("AIPerf", "gpu", samples, left)


FORMATS: tuple[Format, ...] = (
    Format("answer of Prometheus", _fits_prometheus_json, _read_prometheus_json),
    Format("SPEC PTDaemon log", _fits_spl, _read_spl),
    Format("ipmitool dcmi power reading", _fits_ipmi, _read_ipmi),
    Format("AIPerf telemetry", _fits_aiperf, _read_aiperf),
    # Before the tables of dmon: its comments name the same metric.
    Format("Prometheus text", _fits_prometheus, _read_prometheus),
    Format("dmon table", _fits_dmon, _read_dmon),
    Format("CSV", _fits_csv, _read_csv),
)
