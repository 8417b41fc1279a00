"""How fast the model is, and what that is worth: figures and ratios from one run, on this machine.

Ratios say more than milliseconds, which differ from machine to machine: floats against small arrays, a batch of draws
against as many single runs, an export against the run it writes. Run it with `make bench`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from bench import round_trips
from charts import capacity, costs, vocabulary
from charts.named import CHARTS, OfOption
from models.analysis.decision.bridge import bridge
from models.analysis.metrics.contract import study_results
from models.analysis.reporting.brief import pair, searched
from models.analysis.sensitivity.map import win_map
from models.analysis.sensitivity.targets import target
from models.analysis.sensitivity.tornado import tornado
from models.run.draws import as_array, run_draws
from models.run.gather import Gathered, gather
from models.run.model import MODEL, Result
from models.studies.file.load import dumps, from_dict, load, loads, to_dict
from models.studies.study import Option, Study
from workbook.write import write

ROOT = Path(__file__).parents[1]
DRAWS, MAP_POINTS = 100_000, 100
WANTED = ("cost_per_meaningful_response", "pv_cost")
# Charts of one option that take its figures as they are.
DRAWN = ("cost", "cash", "quote", "workloads", "reading-writing", "time", "energy")
# Each figure is the best of so many tries of at least so long.
TRIES, SECONDS_A_TRY = 5, 0.2


@dataclass(frozen=True)
class Figure:
    """How long one thing takes, in seconds."""

    name: str
    seconds: float


def best(job: Callable[[], Any]) -> float:
    """Seconds for one call: the best try, since whatever else runs on the machine only ever adds to it."""
    timer = timeit.Timer(job)
    once = min(timer.repeat(2, 1))
    calls = max(1, round(SECONDS_A_TRY / max(once, 1e-9)))
    return min(timer.repeat(TRIES, calls)) / calls


WORKLOADS = [
    {
        "name": name,
        "requests_per_day": requests,
        "demand_growth": 0.2,
        "peak_to_average": 2.5,
        "input_tokens": read,
        "output_tokens": written,
        "success_rate": 0.9,
        "max_attempts": 3,
        "processing_tokens": 200,
        "processing_price": 0.05,
        "escalation_cost": 2.0,
        "value_per_response": 0.05,
    }
    for name, requests, read, written in (
        ("chat", 400_000, 900, 300),
        ("search", 150_000, 6_000, 250),
        ("batch", 60_000, 3_000, 800),
    )
]
OWN = {
    "name": "Own",
    "acquisition": "purchase",
    "sizing": "demand",
    "equipment_life": 4,
    "accelerators_per_system": 8,
    "max_utilisation": 0.7,
    "availability": 0.97,
    "months_to_production": 3,
    "system_power_load_w": 10_000.0,
    "system_power_idle_w": 4_000.0,
    "pue": 1.3,
    "electricity_price": 0.1,
    "demand_charge": 12.0,
    "carbon_intensity": 0.35,
    "carbon_price": 60.0,
    "wue": 1.2,
    "water_price": 3.0,
    "facility_power_kw": 5_000.0,
    "serving": [{"workload": work["name"], "prefill_rate": 9_000.0, "decode_rate": 800.0} for work in WORKLOADS],
    "asset": [
        {"name": "equipment", "residual_share": 0.1, "price_change": -0.15, "tax_schedule": "macrs_5"},
        {"name": "facility", "life": 15},
    ],
    "capex": [
        {"name": "systems", "asset": "equipment", "basis": "per_system", "amount": 300_000.0},
        {"name": "network", "asset": "equipment", "basis": "pct_equipment", "amount": 0.1},
        {"name": "room", "asset": "facility", "basis": "per_kw", "amount": 9_000.0},
    ],
    "opex": [
        {"name": "team", "category": "staff", "basis": "per_year", "amount": 400_000.0},
        {"name": "support", "category": "support", "basis": "pct_equipment", "amount": 0.08},
        {"name": "space", "category": "colocation", "basis": "per_kw_month", "amount": 130.0},
    ],
}
API = {"name": "API", "acquisition": "api", "api": {"price_input": 0.5, "price_output": 2.0}}
HEAD = {"horizon_years": 7, "discount_rate": 0.08, "inflation": 0.02, "tax_rate": 0.21, "currency": "USD"}


def synthetic() -> Study:
    """Seven years, three workloads, every kind of cost of an owned fleet that is renewed once, and an API beside it."""
    return from_dict({"study": HEAD, "workload": WORKLOADS, "option": [OWN, API]})


def random_inputs(option: Option, gathered: Gathered, count: int) -> dict[str, Any]:
    """Nine inputs from demand to finance, drawn anew for each draw."""
    chance = np.random.default_rng(1)

    def around(name: str, spread: float) -> Any:
        base = np.asarray(gathered.values[name], dtype=float)
        return base[..., None] * chance.uniform(1 - spread, 1 + spread, (*base.shape, count))

    return {
        "option_pue": around("option_pue", 0.15),
        "option_electricity_price": around("option_electricity_price", 0.4),
        "option_availability": chance.uniform(0.93, 1.0, count),
        "study_discount_rate": chance.uniform(0.05, 0.12, count),
        "workload_requests_per_day": around("workload_requests_per_day", 0.5),
        "workload_success_rate": chance.uniform(0.6, 1.0, (gathered.sizes["workload"], count)),
        "serving_decode_rate": around("serving_decode_rate", 0.4),
        "capex_amount": around("capex_amount", 0.2),
        "asset_residual_share": chance.uniform(0.0, 0.3, (gathered.sizes["asset"], count)),
    }


def model_figures(study: Study) -> Iterator[Figure]:
    """One option: gathered, computed with floats and with arrays, and with everything around it."""
    option = study.options[0]
    gathered = gather(study, option)
    floats, small, part = MODEL.program(), MODEL.program(arrays=True), MODEL.program(WANTED)
    wide = {name: as_array(name, value) for name, value in gathered.values.items()}
    yield Figure("gather the inputs of an option", best(lambda: gather(study, option)))
    yield Figure("compute an option, plain floats", best(lambda: floats(gathered.values, gathered.sizes)))
    yield Figure("compute two results of an option, plain floats", best(lambda: part(gathered.values, gathered.sizes)))
    with np.errstate(all="ignore"):
        yield Figure("compute an option, arrays of one draw", best(lambda: small(wide, gathered.sizes)))
    yield Figure("run an option (gathered, computed, checked)", best(lambda: MODEL.run_option(study, option)))
    few = random_inputs(option, gathered, 8)
    yield Figure("two results of 8 draws", best(lambda: run_draws(study, option, few, WANTED)))
    many = random_inputs(option, gathered, DRAWS)
    once = min(timeit.Timer(lambda: run_draws(study, option, many, WANTED)).repeat(3, 1))
    yield Figure(f"two results of {DRAWS:,} draws", once)


def by_the_hour(study: Study) -> Study:
    """The study with every workload on an office day, so that everything goes by the hour."""
    tables = to_dict(study)
    office = {"name": "office", "weekday": [0] * 9 + [1] * 8 + [0] * 7, "weekend": [0] * 24}
    workloads = [each | {"load_shape": "office", "peak_to_average": None} for each in tables["workload"]]
    return from_dict(tables | {"load_shape": [office], "workload": workloads})


def hourly_figures(study: Study) -> Iterator[Figure]:
    """One option of three workloads, seven years and 48 kinds of hour."""
    hourly = by_the_hour(study)
    option = hourly.options[0]
    gathered, floats = MODEL.gather(hourly, option), MODEL.program()
    yield Figure("compute an option by the hour", best(lambda: floats(gathered.values, gathered.sizes)))
    yield Figure("run an option by the hour", best(lambda: MODEL.run_option(hourly, option)))


def study_figures(study: Study) -> Iterator[Figure]:
    """A whole study: read, run, put into results, checked, exported."""
    text = dumps(study)
    result = MODEL.run(study)
    yield Figure("read a study from text", best(lambda: loads(text)))
    yield Figure("run a study", best(lambda: MODEL.run(study)))
    yield Figure("results of a study, as for JSON", best(lambda: study_results(result)))
    yield Figure("identities of a study", best(lambda: Result(study, result.options).checks))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "study.xlsx"
        export = min(timeit.Timer(lambda: write(result, target)).repeat(3, 1))
        yield Figure(f"export a study ({target.stat().st_size / 1000:,.0f} kB)", export)


def decision_figures(study: Study) -> Iterator[Figure]:
    """What a decision between two options asks of the model, in a study of several options."""
    result = MODEL.run(study)
    one, two = (result.options[name] for name in pair(result) or tuple(result.options)[:2])
    first, second, *_ = (option for option in result.options.values() if option.values["is_owned"])
    workload = study.workloads[0].text("name")
    axes = f"workload/{workload}/requests_per_day", "study/discount_rate"
    yield Figure("one break-even", best(lambda: target(study, axes[1], one.name, two.name)))
    yield Figure("every break-even of a decision", min(timeit.Timer(lambda: searched(one, two)).repeat(3, 1)))
    yield Figure("a bridge by inputs", best(lambda: bridge(first, second)))
    yield Figure("a tornado", min(timeit.Timer(lambda: tornado(study, one.name, against=two.name)).repeat(3, 1)))
    mapped = min(timeit.Timer(lambda: win_map(study, *axes, points=MAP_POINTS)).repeat(3, 1))
    yield Figure(f"a map of {MAP_POINTS} x {MAP_POINTS}, {len(study.options)} options", mapped)


def chart_figures(study: Study) -> Iterator[Figure]:
    """One chart, on average of those of an option that nothing is computed for: as it is drawn, and built from nothing.

    What is declared with altair is kept as a dict; built from nothing, every declaration is made again.
    """
    option = MODEL.run_option(study, study.options[0])
    kinds = [CHARTS[name] for name in DRAWN]
    modules = (capacity, costs, vocabulary)
    kept = [held for module in modules for held in vars(module).values() if hasattr(held, "cache_clear")]

    def draw() -> int:
        return sum(kind.drawn(option) is not None for kind in kinds if isinstance(kind, OfOption))

    def build() -> None:
        for held in kept:
            held.cache_clear()
        draw()

    count = draw()
    yield Figure("draw a chart", best(draw) / count)
    yield Figure("build a chart from nothing", min(timeit.Timer(build).repeat(3, 1)) / count)


def process_figures(path: Path) -> Iterator[Figure]:
    """Programs started anew, as a person at a terminal waits for them."""

    def started(*arguments: str) -> float:
        def job() -> None:
            subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)

        return min(timeit.Timer(job).repeat(3, 1))

    yield Figure("start Python and build the model", started("-c", "import models.run.model"))
    yield Figure("cli.py run --json, one template", started("cli.py", "run", str(path), "--json"))


def ratios(found: dict[str, float]) -> Iterator[tuple[str, float]]:
    """What the figures mean beside each other; `found` by the beginnings of their names."""
    single = found["compute an option, plain floats"]
    part, many = found["compute two results of an option, plain floats"], found[f"two results of {DRAWS:,} draws"]
    yield "arrays of one draw / plain floats", found["compute an option, arrays of one draw"] / single
    yield f"{DRAWS:,} single runs / {DRAWS:,} draws at once", part * DRAWS / many
    yield "gathering / computing", found["gather the inputs of an option"] / single
    yield "around the computing / computing", found["run an option (gathered, computed, checked)"] / single - 1
    yield "reading a study / running it", found["read a study from text"] / found["run a study"]
    yield "building a chart from nothing / drawing it", found["build a chart from nothing"] / found["draw a chart"]
    yield "drawing a chart / running a study", found["draw a chart"] / found["run a study"]
    export = next(seconds for name, seconds in found.items() if name.startswith("export a study"))
    yield "exporting a study / running it", export / found["run a study"]


def shown(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{seconds * 1e3:,.3g} ms"


def tell(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and print: the synthetic study in full, then one option of every template."""
    study = synthetic()
    found: dict[str, float] = {}
    tell("Seven years, three workloads", "")
    template = sorted((ROOT / "templates").glob("*.toml"))[0]
    measured = (model_figures(study), hourly_figures(study), study_figures(study), chart_figures(study))
    for figure in (*chain.from_iterable(measured), *process_figures(template)):
        found[figure.name] = figure.seconds
        tell(f"  {figure.name:<48}{shown(figure.seconds):>12}")
    tell("", "Ratios", "")
    for name, value in ratios(found):
        tell(f"  {name:<48}{value:>12,.3g}")
    decided = load(ROOT / "templates" / "customer_service.toml")
    tell("", f"A decision: {decided.fields.text('title')}", "")
    for figure in decision_figures(decided):
        tell(f"  {figure.name:<48}{shown(figure.seconds):>12}")
    tell("", "Break-evens of random studies around the templates, fed back", "")
    searches, seconds = round_trips.measure()
    tell(f"  {searches.searches:,} searches, {len(searches.gaps):,} ties, {searches.steps:,} steps: {shown(seconds)}")
    tell(f"  largest gap left, of the figures compared: {max(searches.gaps, default=0.0):.1e}")
    tell("", "Templates: a run of the whole study, and of one option on average", "")
    for path in sorted((ROOT / "templates").glob("*.toml")):
        held = load(path)
        seconds = best(lambda held=held: MODEL.run(held))
        tell(f"  {path.stem:<48}{shown(seconds):>12}{shown(seconds / len(held.options)):>12}")


if __name__ == "__main__":
    main()
