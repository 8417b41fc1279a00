"""The measure page: files in, operating point and speeds out, applied with their source; refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from importers import serving
from importers.measuring import change, sweeps
from importers.measuring import files as measure_files
from importers.measuring import power as measure_power
from importers.measuring.change import Measured, run_date
from models.analysis.measured.operating_point import Targets
from models.analysis.words import PER_RESPONSE, line_text
from models.run.model import MODEL
from models.studies.inputs.value import Value
from models.studies.study import Study, get
from store import library
from tests.cpu import least_cpu
from tests.soak import sampled
from tests.views.reading import frames, press, put, texts
from views.inputs.benchmarks import curves

FIXTURES = Path(__file__).parents[2] / "importers" / "serving" / "fixtures"
OPTION, WORKLOAD = "Buy, colocation", "Live chat"
SERVING = f"option/{OPTION}/serving/{WORKLOAD}"


def script() -> None:
    import streamlit as st

    from views import bar, session
    from views.inputs.benchmarks import page

    bar.draw()
    page.show()
    st.session_state["shown study"] = session.study()


def opened() -> AppTest:
    app = AppTest.from_function(script, default_timeout=30).run()
    assert not app.exception
    return app


def uploaded(*files: tuple[str, bytes]) -> AppTest:
    app = opened()
    app.file_uploader[0].set_value([(name, data, "application/json") for name, data in files])
    app.run()
    assert not app.exception
    return app


def with_sample() -> AppTest:
    app = opened().button(key="measure sample").click().run()
    assert not app.exception
    return app


def vllm_run(concurrency: int, output: float, ttft: float, tpot: float, lengths: tuple[int, int] = (1000, 200)) -> str:
    """A line of vLLM's file: 200 requests of one shape at a load."""
    read, written = lengths
    row = {
        "date": "20260301-101500",
        "backend": "vllm",
        "model_id": "example/$large$-70b",
        "request_rate": "inf",
        "max_concurrency": concurrency,
        "duration": 200 * written / output,
        "completed": 200,
        "failed": 0,
        "total_input_tokens": 200 * read,
        "total_output_tokens": 200 * written,
        "request_throughput": output / written,
        "output_throughput": output,
        "total_token_throughput": output * (read + written) / written,
        "mean_ttft_ms": ttft,
        "p99_ttft_ms": 2 * ttft,
        "mean_tpot_ms": tpot,
        "p99_tpot_ms": 1.2 * tpot,
    }
    return json.dumps(row)


SWEEP = "\n".join([vllm_run(50, 4000, 100, 12), vllm_run(250, 12000, 150, 20), vllm_run(660, 16000, 300, 40)]).encode()


def study(app: AppTest) -> Study:
    return app.session_state["shown study"]


def held(app: AppTest, path: str) -> Value:
    return get(study(app), path)


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.warning, app.error, app.info, app.success)
    return "\n".join([*(each.value for kind in kinds for each in kind), texts(app)]).replace("\\", "")


# --------------------------------------------------------------------------------------------------------------- files


def test_before_an_upload_the_page_says_what_works_and_offers_an_example():
    app = opened()
    assert "vLLM bench serve" in words(app)
    assert app.button(key="measure sample").label == "Try a made-up example"


def test_the_example_is_marked_and_never_counts_as_measured():
    app = with_sample()
    assert "made up" in words(app)
    press(app, "measure apply")
    found = held(app, f"{SERVING}/decode_rate")
    assert (found.confidence, found.as_of) == ("assumed", None)
    assert "Made-up example" in (found.source or "")
    assert "not measured" in (found.note or "")


def test_without_the_number_of_accelerators_nothing_is_priced():
    app = uploaded(("sweep.jsonl", SWEEP))
    assert "not say how many accelerators" in words(app)
    assert "--accelerators" not in words(app)
    assert not [button for button in app.button if button.key == "measure apply"]
    put(app, "Accelerators that served, for files that do not say", "8")
    assert "500" in app.dataframe[0].value["Output tokens/s per accelerator"][0]
    assert app.button(key="measure apply")


@pytest.mark.parametrize("text", ["0", "-8", "2.5", "eight"])
def test_a_number_of_accelerators_that_is_none_is_told_and_prices_nothing(text: str):
    app = uploaded(("sweep.jsonl", SWEEP))
    put(app, "Accelerators that served, for files that do not say", text)
    assert ":material/error:" in words(app)
    assert not [button for button in app.button if button.key == "measure apply"]


def test_a_refused_file_is_named_with_its_reason_and_the_good_one_stays():
    app = uploaded(("../../bad <b>.json", b'{"some": "thing"}'), ("sweep.jsonl", SWEEP))
    told = app.error[0].value.replace("\\", "")
    assert "bad <b>.json" in told and "../" not in told
    assert "\\<b\\>" in app.error[0].value
    assert "no benchmark known here" in told
    assert app.dataframe[0].value["File"].unique().tolist() == ["sweep.jsonl"]


def test_a_faulty_run_refuses_the_whole_file():
    broken = SWEEP + b"\n" + vllm_run(128, 9000, 300, 40).replace('"completed": 200', '"completed": 0').encode()
    app = uploaded(("sweep.jsonl", broken))
    assert "run 4" in app.error[0].value
    assert not app.dataframe


def test_a_file_can_be_removed_and_one_of_the_same_content_counts_once():
    app = uploaded(("sweep.jsonl", SWEEP), ("again.jsonl", SWEEP))
    assert "counted once" in words(app)
    app.button(key="measure remove sweep.jsonl").click().run()
    assert app.button(key="measure sample")


def test_files_of_one_name_are_told_apart():
    held, refused = measure_files.added(
        (), [("a/profile.json", b"1"), ("b\\profile.json", b"2"), ("profile.json", b"1")]
    )
    assert [file.name for file in held] == ["profile.json", "profile.json (2)"]
    assert len(refused) == 1


def test_files_are_bounded():
    held, refused = measure_files.added((), [(f"{n}.json", b"x" * 9_000_000 + str(n).encode()) for n in range(3)])
    assert len(held) == 2
    assert "20 MB together" in refused[0]


@sampled("path", sorted(FIXTURES.iterdir()), lambda path: path.suffix != ".json", ids=lambda path: path.name)
def test_every_format_can_be_given(path: Path):
    app = uploaded((path.name, path.read_bytes()))
    common = [field for field in app.text_input if field.label.endswith("for files that do not say")]
    if common:
        common[0].set_value("8").run()
        assert not app.exception
    assert app.dataframe


# ----------------------------------------------------------------------------------------------------- operating point


def measured_sweep() -> AppTest:
    return put(uploaded(("sweep.jsonl", SWEEP)), "Accelerators that served, for files that do not say", "8")


def test_the_targets_of_the_study_choose_the_point_and_interpolation_is_stated():
    app = measured_sweep()
    assert next(field for field in app.text_input if field.label == "Target for TTFT, ms").value == "450"
    assert "concurrency 250" in words(app)
    assert "linear in throughput" in words(app)


def costs(app: AppTest) -> list[str]:
    """What the option costs with the measurement."""
    return next(each["With the measurement"] for each in frames(app) if "With the measurement" in each)


def test_another_target_gives_another_point_and_another_cost():
    app = measured_sweep()
    before = costs(app)
    put(app, "Target for TPOT, ms", "15")
    assert "Operating point: sweep.jsonl run 1 (concurrency 50)" in words(app)
    assert costs(app) != before


def test_where_no_level_meets_the_targets_the_page_says_how_each_fares_and_applies_nothing():
    app = put(measured_sweep(), "Target for TPOT, ms", "1")
    assert "no load level meets" in app.error[0].value.replace("\\", "").lower()
    assert not [button for button in app.button if button.key == "measure apply"]


@pytest.mark.parametrize("text", ["fast", "-5", "0"])
def test_a_target_that_cannot_be_read_is_told(text: str):
    app = put(measured_sweep(), "Target for TTFT, ms", text)
    assert ":material/error:" in words(app)
    assert not [button for button in app.button if button.key == "measure apply"]


def records(data: bytes = SWEEP, accelerators: int = 8):
    return serving.read(data, "sweep.jsonl", accelerators)


def test_the_curve_shows_levels_target_and_point():
    sweep = sweeps.found(records(), "p99")[0]
    chart = curves.curve(sweeps.chosen(sweep, Targets(None, 40)), "tpot_ms", 40, "total", "p99")
    assert chart is not None
    rows = chart.spec["datasets"]["rows"]
    assert [row["part"] for row in rows] == ["Measured level", "Operating point", "Measured level", "Interpolated"]
    assert rows[1]["y"] == pytest.approx(12000 * 6 / 8)
    assert rows[3]["x"] == pytest.approx(40)
    assert "target TPOT 40 ms" in chart.alt and "total tokens/s per accelerator" in chart.alt


def test_a_latency_that_was_not_measured_has_no_curve():
    sweep = sweeps.found(records(), "p95")[0]
    assert curves.curve(sweeps.chosen(sweep, Targets()), "ttft_ms", None, "output", "p95") is None


# -------------------------------------------------------------------------------------------------- speeds and applying


def test_one_shape_gives_a_blended_rate_that_is_applied_with_its_source_and_taken_back_by_undo():
    app = measured_sweep()
    assert "blended" in words(app).lower()
    before = study(app)
    press(app, "measure apply")
    rate = held(app, f"{SERVING}/decode_rate")
    assert rate.value == 1500
    assert (rate.confidence, rate.as_of) == ("measured", "2026-03-01")
    assert rate.source == "vLLM bench serve: sweep.jsonl"
    assert "12,000 output tokens/s / 8 accelerators = 1,500" in (rate.note or "")
    assert held(app, f"{SERVING}/prefill_rate").value is None
    assert held(app, f"{SERVING}/measured_input_tokens").value == 1000
    assert held(app, f"{SERVING}/measured_output_tokens").value == 200
    assert (held(app, f"{SERVING}/ttft_ms").value, held(app, f"{SERVING}/tpot_ms").value) == (300, 24)
    assert held(app, f"{SERVING}/model").value == "example/$large$-70b"
    assert held(app, f"{SERVING}/ttft_target_ms") == get(before, f"{SERVING}/ttft_target_ms")
    assert "Applied to" in words(app)
    app.button(key="undo").click().run()
    assert study(app) == before


def test_the_preview_is_what_a_full_run_of_the_changed_study_gives():
    app = measured_sweep()
    shown = costs(app)
    press(app, "measure apply")
    after = MODEL.run(study(app)).options[OPTION]
    assert shown[0] == measure_format(after.number("comparison_cost_per_meaningful_response"))


def measure_format(value: float | None) -> str:
    return line_text("cost_per_meaningful_response", value, PER_RESPONSE, "USD")[0]


TWO_SHAPES = "\n".join([vllm_run(250, 12000, 150, 20), vllm_run(130, 5000, 200, 25, (4000, 200))]).encode()


def test_two_shapes_give_both_speeds_and_count_as_assumed():
    app = uploaded(("two.jsonl", TWO_SHAPES))
    put(app, "Accelerators that served, for files that do not say", "8")
    put(app, "Target for TTFT, ms", "")
    press(app, "measure apply")
    per_input = (200 / 625 - 200 / 1500) / 3000
    reading, writing = held(app, f"{SERVING}/prefill_rate"), held(app, f"{SERVING}/decode_rate")
    assert reading.value == pytest.approx(1 / per_input, rel=1e-6)
    assert writing.value == pytest.approx(200 / (200 / 1500 - 1000 * per_input), rel=1e-6)
    assert writing.confidence == "assumed"
    assert held(app, f"{SERVING}/measured_input_tokens").value is None
    assert held(app, f"{SERVING}/ttft_ms").value == 400, "the slowest of the shapes"
    assert held(app, f"{SERVING}/ttft_target_ms").value is None


def test_shapes_that_give_no_two_speeds_say_why_and_the_nearest_is_taken():
    alike = "\n".join([vllm_run(250, 12000, 150, 20), vllm_run(250, 11000, 150, 20, (1100, 220))]).encode()
    app = uploaded(("alike.jsonl", alike))
    put(app, "Accelerators that served, for files that do not say", "8")
    assert "too much alike" in words(app) and "is taken, nearest the workload" in words(app)
    assert len(app.multiselect[0].value) == 2
    press(app, "measure apply")
    assert held(app, f"{SERVING}/prefill_rate").value is None
    assert held(app, f"{SERVING}/measured_input_tokens").value in (1000, 1100)


def test_one_measurement_is_applied_to_several_options_and_workloads_in_one_step():
    app = uploaded(("aiconfigurator.csv", (FIXTURES / "aiconfigurator.csv").read_bytes()))
    put(app, "Target for TTFT, ms", "")
    put(app, "Target for TPOT, ms", "")
    also = next(each for each in app.multiselect if each.label == "Apply also to")
    owner, served = also.options[0].rsplit(", ", 1)
    also.set_value([also.options[0]]).run()
    press(app, "measure apply")
    path = f"option/{owner}/serving/{served}/decode_rate"
    assert held(app, path).value == held(app, f"{SERVING}/decode_rate").value
    assert held(app, path).source == held(app, f"{SERVING}/decode_rate").source


def test_predictions_never_count_as_measured():
    app = uploaded(("aiconfigurator.csv", (FIXTURES / "aiconfigurator.csv").read_bytes()))
    put(app, "Target for TTFT, ms", "")
    put(app, "Target for TPOT, ms", "")
    press(app, "measure apply")
    assert held(app, f"{SERVING}/decode_rate").confidence == "assumed"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260301-101500", "2026-03-01"),
        ("2026-03-01T10:15:00", "2026-03-01"),
        ("2026-03-01 10:15:00", "2026-03-01"),
        ("20261399-1", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_day_of_a_run(text: str | None, day: str | None):
    assert run_date(text) == day


# --------------------------------------------------------------------------------------------------------------- power


def test_power_of_boards_does_not_take_the_place_of_a_server_unless_asked_and_then_with_the_rest():
    app = with_sample()
    assert "Keep current" in [box.value for box in app.selectbox]
    put(app, f"Power of a system of {8}", "Use the file's value")
    assert "too low" in words(app)
    put(app, "Rest outside the measurement, W per system", "1500")
    put(app, "Idle power of a system, same scope, W", "900")
    press(app, "measure apply")
    power = f"option/{OPTION}/"
    assert held(app, f"{power}system_power_load_w").value == 4647
    assert held(app, f"{power}power_method").value == "gpu"
    assert (held(app, f"{power}system_power_other_w").value, held(app, f"{power}system_power_idle_w").value) == (
        1500,
        900,
    )
    assert "J per token at 6,147 W" in words(app)


def test_a_power_log_gives_load_and_idle_of_a_system_and_its_run_can_be_adjusted():
    app = with_sample()
    put(app, f"Power of a system of {8}", "Use a power log")
    app.file_uploader[-1].set_value(("smi.csv", power_log(), "text/csv")).run()
    assert not app.exception, app.exception
    assert "mean 1,230 W, P90 1,400 W, peak 1,400 W, idle 200 W" in words(app)
    put(app, "Rest outside the measurement, W per system", "1500")
    press(app, "measure apply")
    power = f"option/{OPTION}/"
    load, idle = (held(app, f"{power}system_power_{name}_w") for name in ("load", "idle"))
    assert (load.value, idle.value, load.confidence, idle.confidence) == (5600, 800, "measured", "measured")
    assert "P90 of 1,400 W over its busy part" in (load.note or "")
    put(app, "Run from, s", "10")
    put(app, "Run to, s", "26")
    assert "P90 1,200 W" in words(app)


def power_log() -> bytes:
    """Two accelerators, each second: 10 s waiting, 20 s of work with a peak at its end, 10 s waiting."""
    levels = [100.0] * 10 + [600.0] * 17 + [700.0] * 3 + [100.0] * 10
    rows = [f"{1_762_164_000 + at},{gpu},{power}" for at, power in enumerate(levels) for gpu in (0, 1)]
    return "\n".join(["timestamp,gpu,socket_power", *rows]).encode()


def test_idle_power_above_the_load_is_refused_and_nothing_changes():
    app = with_sample()
    before = study(app)
    put(app, f"Power of a system of {8}", "Use the file's value")
    put(app, "Idle power of a system, same scope, W", "9000")
    assert "cannot take this" in app.error[0].value
    assert study(app) == before
    assert not [button for button in app.button if button.key == "measure apply"]


def test_power_is_brought_to_a_system_of_the_study():
    record = serving.read((FIXTURES / "inferencex.json").read_bytes(), "x.json")[0]
    found = measure_power.of_record(record, 4)
    assert found is not None
    assert (found.load_w, found.method) == (2400, "gpu")
    assert "/ 8 accelerators x 4 a system" in found.note
    wall = serving.read((FIXTURES / "mlperf_results.json").read_bytes(), "x.json")[0]
    server = measure_power.of_record(wall, 8)
    assert server is not None and server.method == "server"


def test_power_of_fewer_accelerators_than_served_is_divided_by_those_seen():
    record = serving.read((FIXTURES / "aiperf.json").read_bytes(), "x.json", 16)[0]
    found = measure_power.of_record(record, 8)
    assert found is not None and found.load_w == 4800


def test_the_90th_percentile_of_the_power_comes_before_its_mean():
    content = (FIXTURES / "aiperf.json").read_bytes().replace(b'"p99": 690.0', b'"p90": 680.0')
    record = serving.read(content, "x.json", 8)[0]
    assert (record.power_w, record.power_p90_w) == (4800, 5440)
    found = measure_power.of_record(record, 8)
    assert found is not None and found.load_w == 5440
    assert "P90 of the run; mean 4,800 W" in found.note


# ---------------------------------------------------------------------------------------------------------- the frame


def apis_only() -> None:
    from models.studies import rewrite
    from views import session
    from views.inputs.benchmarks import page

    for option in session.study().options:
        if option.acquisition != "api":
            session.replace_study(rewrite.option_removed(session.study(), option.name))
    page.show()


def test_a_study_of_apis_alone_says_so():
    app = AppTest.from_function(apis_only, default_timeout=30).run()
    app.button(key="measure sample").click().run()
    assert not app.exception
    assert "Every option of this study is an API" in words(app)


def test_changes_are_refused_as_a_whole():
    sweep = sweeps.found(records(), "p99")[0]
    found = sweeps.chosen(sweep, Targets(450, 40))
    rates = sweeps.fit([found], None)
    assert not isinstance(rates, str) and found.level is not None
    first = library.first().study
    wanted = change.changes(first, OPTION, WORKLOAD, Measured([found.level], rates, Targets(450, 40), "p99"), None)
    wanted[f"option/{OPTION}/pue"] = 0.5
    preview = change.preview(first, MODEL.run(first), OPTION, wanted)
    assert [problem.path for problem in preview.problems] == [f"option/{OPTION}/pue"]
    assert not preview.differences


def test_the_page_is_drawn_well_within_what_a_person_notices():
    assert least_cpu(with_sample().run, attempts=3) < 0.5
