"""Power traces: every log is read alike, and mean, 90th percentile and idle are those worked out by hand."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import pytest

import cli
from importers.power import PowerError, figures, read

# Of two accelerators, W each second: 10 s waiting at 100, 20 s of work of which 17 at 600 and 3 at 700, 10 s waiting.
LEVELS = [100.0] * 10 + [600.0] * 17 + [700.0] * 3 + [100.0] * 10
CLOCK = 1_762_164_000  # 2025-11-03 10:00:00 UTC


def clock(second: int) -> str:
    return f"10:{second // 60:02d}:{second % 60:02d}"


def nvidia_smi() -> str:
    rows = [
        f"2025/11/03 {clock(at)}.{10 * gpu:03d}, {gpu}, NVIDIA H200, {power:.2f} W, 98 %"
        for at, power in enumerate(LEVELS)
        for gpu in (0, 1)
    ]
    return "\n".join(["timestamp, index, name, power.draw [W], utilization.gpu [%]", *rows])


def amd_smi() -> str:
    rows = [f"{CLOCK + at},{gpu},{power},52" for at, power in enumerate(LEVELS) for gpu in (0, 1)]
    return "\n".join(["timestamp,gpu,socket_power,hotspot_temperature", *rows])


def dmon() -> str:
    rows = [f" 20251103   {clock(at)}   {gpu}  {power:.0f}  41" for at, power in enumerate(LEVELS) for gpu in (0, 1)]
    return "\n".join(["#Date Time gpu pwr gtemp", "#YYYYMMDD HH:MM:SS Idx W C", *rows])


def dcgmi() -> str:
    rows = [f"GPU {gpu}     {power:.3f}" for power in LEVELS for gpu in (0, 1)]
    return "\n".join(["#Entity   POWER", "ID        W", *rows])


def prometheus() -> str:
    rows = [
        f'DCGM_FI_DEV_POWER_USAGE{{gpu="{gpu}",Hostname="n1"}} {power} {1000 * (CLOCK + at)}'
        for at, power in enumerate(LEVELS)
        for gpu in (0, 1)
    ]
    told = "# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W)."
    return "\n".join([told, "# TYPE DCGM_FI_DEV_POWER_USAGE gauge", *rows])


def prometheus_json() -> str:
    values = [[CLOCK + at, str(power)] for at, power in enumerate(LEVELS)]
    series = [{"metric": {"gpu": gpu}, "values": values} for gpu in ("0", "1")]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": series}})


def dashboard() -> str:
    rows = [f"2025-11-03 {clock(at)},{power} W,{power / 1000} kW" for at, power in enumerate(LEVELS)]
    return "\n".join(['"Time","GPU 0","GPU 1"', *rows])


def of_nodes() -> str:
    return dashboard().replace("GPU ", "node1 gpu")


def aiperf() -> str:
    rows = [
        {"timestamp_ns": (CLOCK + at) * 10**9, "gpu_index": gpu, "telemetry_data": {"gpu_power_usage": power}}
        for at, power in enumerate(LEVELS)
        for gpu in (0, 1)
    ]
    return "\n".join(map(json.dumps, rows))


def ipmi() -> str:
    rows = [
        f"    Instantaneous power reading:   {2 * power:.0f} Watts\n    IPMI timestamp:  Mon Nov  3 {clock(at)} 2025"
        for at, power in enumerate(LEVELS)
    ]
    return "\n".join(rows)


def spec() -> str:
    rows = [f"Time,11-03-2025 {clock(at)}.042,Watts,{2 * p:.6f},Volts,209.1,Amps,1" for at, p in enumerate(LEVELS)]
    return "\n".join(rows)


WRITERS: list[tuple[Callable[[], str], str]] = [
    *[(each, "gpu") for each in (nvidia_smi, amd_smi, dmon, dcgmi, prometheus, prometheus_json, dashboard, of_nodes)],
    (aiperf, "gpu"),
    *[(each, "server") for each in (ipmi, spec)],
]


@pytest.mark.parametrize(("write", "method"), WRITERS, ids=[each.__name__ for each, _ in WRITERS])
def test_every_log_gives_the_figures_worked_out_by_hand(write: Callable[[], str], method: str):
    trace = read(write().encode(), "power.log", interval_s=1.0 if write is dcgmi else None)
    found = figures(trace)
    assert trace.method == method and found.cropped == "its busy part"
    assert found.mean_w == pytest.approx(2 * (17 * 600 + 3 * 700) / 20, rel=2e-3)
    assert (found.p90_w, found.peak_w) == (1400, 1400)
    assert found.idle_w == pytest.approx(200, rel=2e-3) and found.seconds == pytest.approx(20, rel=2e-2)
    assert found.energy_wh == pytest.approx(found.mean_w * found.seconds / 3600)


def test_a_run_is_cropped_to_its_times():
    trace = read(amd_smi().encode(), "a.csv")
    found = figures(trace, CLOCK + 10, CLOCK + 26)
    assert (found.mean_w, found.p90_w, found.cropped) == (1200, 1200, "its times")
    assert found.idle_w == 200
    with pytest.raises(PowerError, match="it holds 2025-11-03 10:00:00 to 2025-11-03 10:00:39"):
        figures(trace, 0, 10)


def test_readings_hold_until_the_next_one_and_gaps_are_told():
    rows = ["timestamp,watts", "0,100", "1,100", "2,100", "3,300", "5,500", "6,500", "200,100", "201,100"]
    found = figures(read("\n".join(rows).encode(), "a.csv"), 3, 6)
    # 300 W for two seconds, 500 W for one and for ten, as long as a reading may hold.
    assert found.mean_w == pytest.approx((2 * 300 + 11 * 500) / 13)
    assert any("readings are missing" in note for note in found.notes)


def test_one_level_gives_no_idle_and_no_power_is_left_out():
    rows = ["timestamp, index, power.draw [W]", *[f"2025/11/03 {clock(at)}, 0, 650 W" for at in range(9)]]
    rows.append(f"2025/11/03 {clock(9)}, 0, [N/A]")
    found = figures(read("\n".join(rows).encode(), "a.csv"))
    assert found.idle_w is None and found.mean_w == 650 and found.cropped == "the whole trace"
    assert "one level only" in found.notes[0] and "1 readings say no power" in found.notes[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nothing of use", "is no power log that is known; read are nvidia-smi CSV"),
        (b"\x00\x01", "is no text"),
        (b"timestamp,watts\n1,5\n", "fewer than two moments"),
        (b'{"resultType": 1, "data": []}', "the answer of Prometheus cannot be read"),
        (dcgmi().encode(), "say how many seconds lie between"),
    ],
)
def test_what_is_no_trace_is_refused_in_one_line(content: bytes, words: str):
    with pytest.raises(PowerError, match=words) as refused:
        read(content, "power.log")
    assert "\n" not in str(refused.value)


@pytest.fixture
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("power") / "smi.csv"
    file.write_text(nvidia_smi(), encoding="utf-8")
    return str(file)


def test_the_command_gives_the_power_of_a_system(log: str, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["measure-power", log, "--accelerators-per-system", "8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["system_power_load_w"] == pytest.approx(8 / 2 * 1400) and found["power_method"] == "gpu"
    assert found["system_power_idle_w"] == pytest.approx(8 / 2 * 200, rel=2e-3)
    assert cli.main(["measure-power", log, "--from", "2025-11-03 10:00:10", "--to", "2025-11-03 10:00:26"]) == 0
    assert "P90 1,200" in capsys.readouterr().out
    assert cli.main(["measure-power", log, "--from", "yesterday"]) == 2
    assert "is no time" in capsys.readouterr().err
    assert cli.main(["measure-power", f"{log}.none"]) == 2
    assert "check the name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("power_kw", "7.5"),
        ("Power (kW)", "7.5"),
        ("Leistung [kW]", "7.5"),
        ("power_mw", "7500000"),
        ("power_usage_milliwatts", "7500000"),
        ("power_uw", "7500000000"),
        ("Power (MW)", "0.0075"),
        ("power", "7.5 kW"),
        ("power", "7500000 mW"),
        ("watts", "7500"),
        ("power_w", "7500"),
    ],
)
def test_a_power_is_in_the_unit_that_its_heading_or_cell_names(heading: str, written: str):
    """7.5 under "power_kw" was read as 7.5 W."""
    rows = "\n".join(f"2026-11-29T10:{minute:02d}:00Z,{written}" for minute in range(5))
    assert {sample.watts for sample in read(f"time,{heading}\n{rows}\n".encode(), "pdu.csv").samples} == {7500}


def test_a_metric_of_prometheus_names_its_unit_too():
    scrapes = "\n".join(f'nvidia_gpu_power_usage_milliwatts{{gpu="0"}} 612000 {1000 * at}' for at in (1, 2, 3))
    assert {sample.watts for sample in read(scrapes.encode(), "gpu.prom").samples} == {612}
    series = [{"metric": {"__name__": "gpu_power_usage_milliwatts", "gpu": "0"}, "values": [[1, "612000"], [2, "6e5"]]}]
    answer = json.dumps({"data": {"resultType": "matrix", "result": series}})
    assert [sample.watts for sample in read(answer.encode(), "gpu.json").samples] == [612, 600]


@pytest.mark.parametrize("stamp", ["11/29/2026 1:{:02d}:00 PM", "11/29/2026 13:{:02d}:00", "29/11/2026 13:{:02d}:00"])
def test_times_with_slashes_and_of_twelve_hours_are_read(stamp: str):
    rows = "\n".join(f"{stamp.format(minute)},7500" for minute in range(5))
    times = [sample.at for sample in read(f"time,watts\n{rows}\n".encode(), "pdu.csv").samples]
    assert [at - times[0] for at in times] == [0, 60, 120, 180, 240] and times[0] % 86400 == 13 * 3600


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("12/01/2026", "13/01/2026"), (2026, 1, 12)),
        (("11/12/2026", "12/12/2026"), (2026, 12, 11)),
        (("11/12/2026", "11/13/2026"), (2026, 11, 12)),
        (("01/31/2026", "02/01/2026"), (2026, 1, 31)),
    ],
)
def test_a_log_over_midnight_is_read_with_its_days_and_months_one_way(days: tuple[str, str], first: tuple[int, ...]):
    rows = "\n".join(f"{day} {clock},7500" for day, clock in zip(days, ("23:59:30", "00:00:30"), strict=True))
    begin, end = sorted(sample.at for sample in read(f"time,watts\n{rows}\n".encode(), "pdu.csv").samples)
    assert end - begin == 60
    assert datetime.datetime.fromtimestamp(begin, datetime.UTC).date() == datetime.date(*first)


def test_times_that_cannot_be_read_are_named():
    with pytest.raises(PowerError, match=r'the times cannot be read \("Nov 29th 1"\): write them as 2026-11-29'):
        read(b"time,watts\nNov 29th 1,7500\nNov 29th 2,7500\n", "pdu.csv")
