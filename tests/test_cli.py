"""The command line as a stranger uses it: what it prints where, its exit codes, and every way of giving bad input.

Bad input never ends in a traceback: each case must end with exit code 2 and one line on standard error for each
problem, beginning with the path of the file and naming the field and the remedy.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import cli
from models.analysis.decision.decision import told
from models.analysis.decision.difference import difference
from models.analysis.metrics import contract
from models.analysis.metrics.contract import study_results
from models.analysis.reporting.brief import as_markdown, brief
from models.analysis.reporting.findings import simulated
from models.run.model import MODEL
from models.studies.file.load import load
from tests.soak import long

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "templates").glob("*.toml"))
ONE = str(TEMPLATES[0])
GOOD, FAILED, BAD = 0, 1, 2

Plain = dict[str, Any]


class Answer:
    """What a command gave: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err

    def json(self) -> Any:
        """The output as strict JSON: NaN and Infinity are not JSON."""

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


Command = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in this process."""

    def run(*arguments: str | Path) -> Answer:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else -1
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


def shell(*arguments: str, **environment: str) -> Answer:
    """Runs the command line as a program of its own."""
    found = subprocess.run(
        [sys.executable, "cli.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Answer(found.returncode, found.stdout.decode(), found.stderr.decode())


def small() -> Plain:
    """A study of two options: own hardware and an API."""
    own: Plain = {
        "name": "Own",
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 3,
        "accelerators_per_system": 8,
        "pue": 1.3,
        "system_power_load_w": 10000.0,
        "system_power_idle_w": 4000.0,
        "electricity_price": 0.1,
        "serving": [{"workload": "chat", "prefill_rate": 9000.0, "decode_rate": 800.0}],
        "asset": [{"name": "equipment", "residual_share": 0.1}],
        "capex": [{"name": "system", "asset": "equipment", "basis": "per_system", "amount": 250000.0}],
        "opex": [{"name": "team", "category": "staff", "basis": "per_year", "amount": 90000.0}],
    }
    api: Plain = {"name": "API", "acquisition": "api", "api": {"price_input": 0.5, "price_output": 2.0}}
    chat: Plain = {"name": "chat", "requests_per_day": 50000.0, "input_tokens": 900, "output_tokens": 300}
    head: Plain = {"title": "Small", "currency": "USD", "horizon_years": 3, "discount_rate": 0.08}
    return {"study": head, "workload": [chat], "option": [own, api]}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Plain | str | bytes], Path]:
    """Writes tables, text or bytes to a study file."""

    def write(content: Plain | str | bytes) -> Path:
        path = tmp_path / "study.toml"
        if isinstance(content, dict):
            content = tomli_w.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# ----------------------------------------------------------------------------------------------------------------- run


def test_run_prints_one_json_object_by_path(command: Command) -> None:
    paths = [str(path) for path in TEMPLATES[:2]]
    answer = command("run", *paths, "--json")
    assert (answer.code, answer.err) == (GOOD, "")
    found = answer.json()
    assert list(found) == paths
    for path in paths:
        study = load(path)
        assert {"title", "currency", "options", "checks"} <= found[path].keys()
        assert found[path]["title"] == study.fields.text("title")
        assert found[path]["currency"] == study.currency
        assert list(found[path]["options"]) == [option.name for option in study.options]
        result = MODEL.run(study)
        expected = study_results(result) | {"recommendation": told(result)}
        assert found[path] == json.loads(json.dumps(expected))


def test_an_option_holds_every_result_and_every_other_line(command: Command) -> None:
    found = command("run", ONE, "--json").json()[ONE]
    for option in found["options"].values():
        lines = option.pop("lines")
        assert option.keys() == set(contract.NAMES)
        assert lines.keys() | option.keys() >= MODEL.results.keys()
        assert not lines.keys() & option.keys()
    for check in found["checks"]:
        assert check.keys() == {"name", "holds", "detail"}
        assert check["holds"] is True


def test_years_are_lists_and_tables_are_named(command: Command, written: Callable[..., Path]) -> None:
    path = str(written(small()))
    own, api = command("run", path, "--json").json()[path]["options"].values()
    assert [len(own[name]) for name in ("installed", "electricity", "binding")] == [3, 3, 3]
    assert [len(own[name]) for name in ("disposals", "taxable_gain")] == [4, 4]
    assert list(own["workloads"]) == ["chat"]
    assert own["workloads"]["chat"]["attempts"] == 1
    assert sum(own["cost_tree"].values()) == pytest.approx(own["lifetime_cost"])
    assert api["installed"] == [0, 0, 0]
    assert api["binding"] == api["utilisation"] == api["it_energy_kwh"] == [None, None, None]
    assert api["cost_per_accelerator_hour"] is None
    assert own["loan"] is None and own["margin"] is None


def test_run_without_json_is_a_table_for_people(command: Command, written: Callable[..., Path]) -> None:
    answer = command("run", written(small()))
    assert answer.code == GOOD
    assert answer.out.startswith("Small\n")
    for words in ("Own", "API", "Cost per meaningful response", "USD per 1,000 responses", "0 failed", "n/a"):
        assert words in answer.out
    assert "generated tokens per joule" in answer.out.lower() and "tokens per USD" in answer.out


def test_every_template_runs_as_a_program() -> None:
    answer = shell("run", *(str(path) for path in TEMPLATES), "--json")
    assert answer.code == GOOD, answer.err
    found = answer.json()
    assert len(found) == len(TEMPLATES)
    assert all(check["holds"] for study in found.values() for check in study["checks"])


def test_the_good_ones_of_several_files_are_still_computed(command: Command, written: Callable[..., Path]) -> None:
    bad = str(written(small() | {"workload": []}))
    answer = command("run", ONE, bad, "missing.toml", "--json")
    assert answer.code == BAD
    assert list(answer.json()) == [ONE]
    assert f"{bad}: workload: " in answer.err
    assert "missing.toml" in answer.err
    assert "Traceback" not in answer.err


def test_only_bad_files_give_an_empty_object(command: Command) -> None:
    answer = command("run", "missing.toml", "--json")
    assert (answer.code, answer.json()) == (BAD, {})


def test_a_study_is_run_from_any_folder(written: Callable[..., Path]) -> None:
    path = written(small())
    found = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "run", path.name, "--json"],
        cwd=path.parent,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == GOOD, found.stderr
    assert list(json.loads(found.stdout)) == [path.name]


NAMES = (
    "h200/8 & spare",
    'the "cheap" one',
    "=1+1",
    "Zürich – 東京",
    "x#2",
    "~quote~",
    "O'Neil",
    "a\nb\tc",
    "😀",
    " x ",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_kind(command: Command, written: Callable[..., Path], name: str) -> None:
    tables = small()
    tables["workload"][0]["name"] = tables["option"][0]["serving"][0]["workload"] = name
    tables["option"][0]["name"] = tables["option"][0]["capex"][0]["name"] = name
    tables["study"]["title"] = name
    path = str(written(tables))
    found = command("run", path, "--json").json()[path]
    held = next(iter(found["options"]))
    assert held.strip() == name.strip()
    assert [key.strip() for key in found["options"][held]["workloads"]] == [name.strip()]
    for job in (["run", path], ["check", path], ["explain", path, held, "pv_cost"]):
        answer = command(*job)
        assert (answer.code, answer.err) == (GOOD, "")


@long
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_names_a_terminal_cannot_show(written: Callable[..., Path], encoding: str) -> None:
    tables = small()
    tables["option"][0]["name"] = "Zürich – 東京"
    path = str(written(tables))
    plain = subprocess.run(
        [sys.executable, "cli.py", "run", path],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert plain.returncode == GOOD, plain.stderr
    answer = shell("run", path, "--json", PYTHONIOENCODING=encoding)
    assert next(iter(answer.json()[path]["options"])) == "Zürich – 東京"


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "cli.py", "run", *(str(path) for path in TEMPLATES), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == GOOD
    assert said == ""


# ------------------------------------------------------------------------------------------------------ explain, check


def test_explain_opens_a_figure(command: Command) -> None:
    study = load(ONE)
    option = study.options[0]
    answer = command("explain", ONE, option.name, "energy_charge")
    assert answer.code == GOOD
    for words in ("Energy charge [energy_charge]", "Facility energy", "[facility_energy_kwh]", "  from"):
        assert words in answer.out
    opened = command("explain", ONE, option.name, "load_kw").out
    assert f"option/{option.name}/system_power_load_w: " in opened
    source = option.fields["system_power_load_w"].source
    assert source and source in opened


def test_explain_an_unknown_line_or_option(command: Command) -> None:
    option = load(ONE).options[0].name
    answer = command("explain", ONE, option, "pv_kost")
    assert answer.code == BAD and answer.out == ""
    assert "pv_kost" in answer.err and "pv_cost" in answer.err
    answer = command("explain", ONE, f"{option}x", "pv_cost")
    assert answer.code == BAD and answer.out == ""
    assert option in answer.err
    assert command("explain", "missing.toml", option, "pv_cost").code == BAD


def test_check_lists_identities_and_notes(command: Command, written: Callable[..., Path]) -> None:
    tables = small()
    tables["option"][0]["power_method"] = "tdp"
    answer = command("check", written(tables))
    assert (answer.code, answer.err) == (GOOD, "")
    count = 2 * len({each.equality.check for each in MODEL.lines.values() if each.equality})
    assert answer.out.count("holds: ") == count
    assert "FAILS" not in answer.out
    assert "note: option/Own/power_method" in answer.out
    assert f"{count} checks, 0 failed" in answer.out


def test_check_ends_with_1_where_an_identity_fails(
    command: Command, written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = MODEL.lines["cost_tree_adds_up"]
    assert line.equality is not None
    too_strict = replace(line, equality=replace(line.equality, tolerance=-1.0))
    monkeypatch.setitem(MODEL.lines, line.name, too_strict)
    answer = command("check", written(small()))
    assert answer.code == FAILED
    assert "FAILS: Own: Costs by kind add up to the total cost, undiscounted (" in answer.out


# -------------------------------------------------------------------------------------------------------------- export


def test_export_writes_a_workbook(command: Command, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    answer = command("export", written(small()), target)
    assert (answer.code, answer.err) == (GOOD, "")
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert "xl/workbook.xml" in archive.namelist()


@pytest.mark.parametrize(("asked", "size"), [((), "1"), (("--paper", "A4"), "9"), (("--paper", "letter"), "1")])
def test_export_prints_on_the_paper_asked_for(
    asked: tuple[str, ...], size: str, command: Command, written: Callable[..., Path], tmp_path: Path
) -> None:
    target = tmp_path / "out.xlsx"
    assert command("export", "--without-analysis", *asked, written(small()), target).code == GOOD
    with zipfile.ZipFile(target) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    printed = [sheet for sheet in sheets if "<pageSetup" in sheet]
    assert printed and all(f'paperSize="{size}"' in sheet or size == "1" for sheet in printed)
    assert size != "1" or not any('paperSize="9"' in sheet for sheet in printed)


def test_export_of_a_bad_study_leaves_the_target_alone(
    command: Command, written: Callable[..., Path], tmp_path: Path
) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"before")
    answer = command("export", written(small() | {"workload": []}), target)
    assert answer.code == BAD
    assert target.read_bytes() == b"before"


@pytest.mark.parametrize("place", ["no such folder/out.xlsx", ""])
def test_export_to_a_place_that_cannot_be_written(
    command: Command, written: Callable[..., Path], tmp_path: Path, place: str
) -> None:
    answer = command("export", written(small()), tmp_path / place)
    assert answer.code == BAD
    assert answer.err.startswith(f"{tmp_path / place}: ")
    assert "cannot be written" in answer.err


# -------------------------------------------------------------------------------------------------- how it is called


@pytest.mark.parametrize(
    "arguments", [(), ("run",), ("fly", ONE), ("run", ONE, "--yaml"), ("explain", ONE), ("export", ONE), ("check",)]
)
def test_a_wrong_call_shows_how(command: Command, arguments: tuple[str, ...]) -> None:
    answer = command(*arguments)
    assert answer.code == BAD and answer.out == ""
    assert answer.err.startswith("usage: cli.py")


@pytest.mark.parametrize(
    "job", ["run", "explain", "check", "export", "compare", "breakeven", "brief", "risk", "grid", "cases"]
)
def test_every_command_has_help(command: Command, job: str) -> None:
    assert job in command("--help").out
    answer = command(job, "--help")
    assert answer.code == GOOD and "STUDY.toml" in answer.out


# ----------------------------------------------------------------------------------- bad input: files that are no study


FILES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "empty": ("", ("[study]", "[[workload]]", "[[option]]")),
    "no TOML": ("[study\nhorizon_years = 3\n", ("not valid TOML", "line 1", "[study")),
    "a value missing": ("[study]\nhorizon_years =\n", ("not valid TOML", "line 2", "horizon_years =")),
    "a key twice": ("[study]\nhorizon_years = 3\nhorizon_years = 4\n", ("not valid TOML", "line 3")),
    "JSON": ('{"study": {}}', ("not valid TOML",)),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", ("not text",)),
    "another encoding": ("[study]\ntitle = 'Zürich'\n".encode("latin-1"), ("not UTF-8 text", "line 2")),
    "UTF-16": ("[study]\n".encode("utf-16"), ("not text", "UTF-8")),
    "10 MB": (b"# long\n" * 1_500_000, ("larger than 1 MB", "is it the right file?")),
    "deep nesting": (f"a = {'[' * 5000}{']' * 5000}\n", ("nests",)),
    "an endless number": (f"a = {'9' * 6000}\n", ("cannot be read",)),
    "an impossible date": ("a = 2026-02-31\n", ("not valid TOML", "2026-02-31")),
    "tables of another form": ("study = 1\nworkload = 2\noption = 3\n", ("study", "workload", "option", "headed")),
    "a table where there may be several": ("[study]\nhorizon_years = 1\n[workload]\nname='w'\n", ("[[workload]]",)),
    "only a stray key": ("horizon_years = 3\n", ("horizon_years", "[study]")),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_study(command: Command, written: Callable[..., Path], kind: str) -> None:
    content, words = FILES[kind]
    path = written(content)
    for answer in (command("run", path), command("check", path)):
        assert answer.code == BAD and answer.out == ""
        assert all(line.startswith(f"{path}: ") for line in answer.err.splitlines())
        assert [word for word in words if word not in answer.err] == []
        assert max(len(line) for line in answer.err.splitlines()) < 600


def test_a_file_that_cannot_be_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "broken link.toml").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path, tmp_path / "missing.toml", tmp_path / "broken link.toml", tmp_path / "x" / "y.toml"):
        answer = command("run", path)
        assert answer.code == BAD and answer.out == ""
        assert answer.err.startswith(f"{path}: ")
        assert "cannot be read" in answer.err


def test_bad_input_as_a_program(written: Callable[..., Path]) -> None:
    answer = shell("run", str(written("nonsense")), "--json")
    assert (answer.code, answer.json()) == (BAD, {})
    assert "not valid TOML" in answer.err and "Traceback" not in answer.err


# --------------------------------------------------------------------------------- bad input: studies that are refused


def own(tables: Plain) -> Plain:
    return tables["option"][0]


def api(tables: Plain) -> Plain:
    return tables["option"][1]["api"]


def set_in(where: Callable[[Plain], Plain], **values: Any) -> Callable[[Plain], None]:
    return lambda tables: where(tables).update(values)


def head(tables: Plain) -> Plain:
    return tables["study"]


def chat(tables: Plain) -> Plain:
    return tables["workload"][0]


def rates(tables: Plain) -> Plain:
    return own(tables)["serving"][0]


def item(tables: Plain) -> Plain:
    return own(tables)["capex"][0]


def team(tables: Plain) -> Plain:
    return own(tables)["opex"][0]


def asset(tables: Plain) -> Plain:
    return own(tables)["asset"][0]


def without(where: Callable[[Plain], Plain], name: str) -> Callable[[Plain], None]:
    return lambda tables: where(tables).pop(name)


def twice(table: str) -> Callable[[Plain], None]:
    return lambda tables: tables[table].append(copy.deepcopy(tables[table][0]))


def rented(tables: Plain) -> None:
    own(tables).update({"acquisition": "rental", "rental": {"on_demand_price": 2.0}, "facility_power_kw": 100.0})


NAN, INFINITE = float("nan"), float("inf")
# What is wrong, and the words the message must hold: the field, then what is asked for.
REFUSED: dict[str, tuple[Callable[[Plain], Any], tuple[str, ...]]] = {
    # missing
    "no horizon": (without(head, "horizon_years"), ("study/horizon_years", "is missing")),
    "no [study]": (lambda t: t.pop("study"), ("[study] is missing",)),
    "no workloads": (lambda t: t.pop("workload"), ("at least one [[workload]]",)),
    "no options": (lambda t: t.pop("option"), ("at least one [[option]]",)),
    "no name": (without(chat, "name"), ("workload/#1/name", "is missing")),
    "no sizing": (without(own, "sizing"), ("option/Own/sizing", "is missing")),
    "no equipment life": (without(own, "equipment_life"), ("option/Own/equipment_life", "is missing")),
    "no systems": (set_in(own, sizing="fixed"), ("option/Own/systems", "option/Own/utilisation")),
    "no serving table": (without(own, "serving"), ("option/Own/serving/chat", "[[option.serving]]")),
    "no decode rate": (without(rates, "decode_rate"), ("serving/chat/decode_rate", "is missing")),
    "no prices of an API": (lambda t: t["option"][1].pop("api"), ("option/API/api", "[option.api]")),
    "no life of an asset": (
        lambda t: (own(t)["asset"].append({"name": "room"}), item(t).update(asset="room")),
        ("asset/room/life", "is missing"),
    ),
    "an asset that is not there": (set_in(item, asset="rooom"), ("capex/system/asset", "rooom", "[[option.asset]]")),
    # misspelt
    "a misspelt input": (set_in(own, puee=1.2), ("option/Own/puee", 'did you mean "pue"?')),
    "a misspelt table": (lambda t: t.update(workloads=[]), ("workloads", "workload")),
    "an input in the wrong table": (set_in(head, pue=1.2), ("study/pue", "it belongs in [[option]]")),
    "a misspelt choice": (set_in(own, acquisition="purchace"), ("option/Own/acquisition", "purchase")),
    "a misspelt workload": (set_in(rates, workload="chta"), ("serving/chta/workload", 'did you mean "chat"?')),
    "a misspelt reference": (set_in(head, reference_option="Onw"), ("study/reference_option", "Own")),
    # not a number
    "text for a number": (set_in(own, electricity_price="cheap"), ("electricity_price", "number")),
    "a number as text": (set_in(own, electricity_price="0.1"), ("electricity_price", "0.1")),
    "yes for a number": (set_in(own, electricity_price=True), ("electricity_price", "number")),
    "a list for a number": (set_in(own, pue=[1.2]), ("option/Own/pue",)),
    "a date for a number": (lambda t: None, ("option/Own/pue",)),
    "a number for a text": (set_in(own, vendor=3), ("option/Own/vendor", "text")),
    "a number for yes or no": (set_in(head, mid_year=1), ("study/mid_year", "true or false")),
    "NaN": (set_in(own, electricity_price=NAN), ("electricity_price", "nan")),
    "infinity": (set_in(own, electricity_price=INFINITE), ("electricity_price", "inf")),
    "1e400": (lambda t: None, ("option/Own/pue", "inf")),
    "NaN with provenance": (set_in(own, pue={"value": NAN, "source": "x"}), ("option/Own/pue",)),
    "a range upside down": (set_in(own, pue={"value": 1.3, "low": 1.5, "high": 1.2}), ("option/Own/pue", "low")),
    "a confidence that is none": (set_in(own, pue={"value": 1.3, "confidence": "sure"}), ("confidence", "assumed")),
    # out of bounds
    "a negative price": (set_in(item, amount=-1.0), ("capex/system/amount", "negative", '"grant"')),
    "a negative demand": (set_in(chat, requests_per_day=-1.0), ("requests_per_day", "at least 0")),
    "zero throughput": (set_in(rates, decode_rate=0.0), ("serving/chat/decode_rate", "0")),
    "negative throughput": (set_in(rates, prefill_rate=-5.0), ("serving/chat/prefill_rate",)),
    "a success rate above 1": (set_in(chat, success_rate=1.5), ("success_rate", "at most 1")),
    "a success rate of 0": (set_in(chat, success_rate=0.0), ("success_rate",)),
    "a share as a percentage": (set_in(chat, cached_input_share=75), ("cached_input_share", "0.75")),
    "a share above 1": (set_in(chat, deferrable_share=1.1), ("deferrable_share", "at most 1")),
    "a utilisation of 0": (set_in(own, utilisation=0.0), ("utilisation",)),
    "an availability above 1": (set_in(own, availability=1.01), ("availability", "at most 1")),
    "a planned load above 1": (set_in(own, max_utilisation=70), ("max_utilisation", "at most 1")),
    "a peak below the mean": (set_in(chat, peak_to_average=0.5), ("peak_to_average", "at least 1")),
    "a PUE below 1": (set_in(own, pue=0.9), ("option/Own/pue", "at least 1")),
    "an efficiency of 0": (set_in(own, psu_efficiency=0.0), ("psu_efficiency",)),
    "a horizon of 0": (set_in(head, horizon_years=0), ("study/horizon_years", "at least 1")),
    "a horizon of 40": (set_in(head, horizon_years=40), ("study/horizon_years", "at most 15")),
    "half a year": (set_in(head, horizon_years=2.5), ("study/horizon_years", "whole")),
    "a tax of 100 %": (set_in(head, tax_rate=1.0), ("study/tax_rate", "below 1")),
    "a discount rate below 0": (set_in(head, discount_rate=-0.02), ("study/discount_rate", "at least 0")),
    "a growth of -100 %": (set_in(chat, demand_growth=-1.0), ("demand_growth", "above -1")),
    "a life of 0": (set_in(own, equipment_life=0), ("equipment_life", "at least 1")),
    "a life of 2.5 years": (set_in(own, equipment_life=2.5), ("equipment_life", "whole")),
    "no attempts": (set_in(chat, max_attempts=0), ("max_attempts", "at least 1")),
    "one and a half attempts": (set_in(chat, max_attempts=1.5), ("max_attempts", "whole")),
    "months before the start": (set_in(own, months_to_production=-1), ("months_to_production", "at least 0")),
    "months beyond the horizon": (set_in(own, months_to_production=36), ("months_to_production", "36 months")),
    "a schedule above 1": (set_in(asset, tax_schedule=[0.6, 0.6]), ("tax_schedule", "1.2")),
    "a schedule that is none": (set_in(asset, tax_schedule="macrs_6"), ("tax_schedule", "macrs_5")),
    "a number far too large": (set_in(item, amount=1e30), ("capex/system/amount", "at most")),
    # that contradict each other
    "idle above load": (set_in(own, system_power_idle_w=20000.0), ("system_power_idle_w", "system_power_load_w")),
    "PUE and its parts": (set_in(own, ups_efficiency=0.95), ("option/Own/pue", "ups_efficiency")),
    "a price and bands": (
        set_in(own, tariff=[{"name": "day", "share": 1.0, "price": 0.2}]),
        ("option/Own/electricity_price", "tariff"),
    ),
    "bands that leave a rest": (
        lambda t: (
            own(t).pop("electricity_price"),
            own(t).update(tariff=[{"name": "day", "share": 0.9, "price": 0.2}]),
        ),
        ("option/Own/tariff", "0.9", "must add up to 1"),
    ),
    "years in the wrong order": (set_in(team, from_year=3, to_year=2), ("opex/team/from_year", "to_year")),
    "a life of equipment given twice": (set_in(asset, life=3), ("asset/equipment/life", "equipment_life")),
    "a site limit of a rental": (rented, ("facility_power_kw", "rental")),
    "hardware of an API": (
        lambda t: t["option"][1].update(
            asset=[{"name": "move", "life": 3}],
            capex=[{"name": "x", "asset": "move", "basis": "per_system", "amount": 1.0}],
        ),
        ("capex/x/basis", '"fixed"'),
    ),
    "two workloads of a name": (twice("workload"), ("workload/chat#2/name", "another workload")),
    "two options of a name": (twice("option"), ("option/Own#2/name", "another option")),
    "two assets of a name": (
        lambda t: own(t)["asset"].append({"name": "equipment"}),
        ("asset/equipment#2/name", "another asset"),
    ),
}
# What a TOML library does not write: text that replaces "pue = 1.3".
IN_TEXT = {"a date for a number": "pue = 2026-01-01", "1e400": "pue = 1e400"}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_study_that_is_refused(command: Command, written: Callable[..., Path], kind: str) -> None:
    change, words = REFUSED[kind]
    tables = small()
    change(tables)
    text = tomli_w.dumps(tables)
    path = written(text.replace("pue = 1.3", IN_TEXT[kind]) if kind in IN_TEXT else text)
    answer = command("run", path, "--json")
    assert (answer.code, answer.json()) == (BAD, {})
    lines = answer.err.splitlines()
    assert lines and all(line.startswith(f"{path}: ") for line in lines)
    assert [word for word in words if word not in answer.err] == []
    assert not any(raw in answer.err for raw in ("Traceback", "KeyError", "ValueError", "object at 0x"))


def test_the_study_that_the_faults_are_put_into_is_good(command: Command, written: Callable[..., Path]) -> None:
    assert command("run", written(small())).code == GOOD


def test_every_problem_is_told_at_once(command: Command, written: Callable[..., Path]) -> None:
    tables = small()
    for kind in ("a negative price", "a PUE below 1", "a misspelt input", "no horizon", "zero throughput"):
        REFUSED[kind][0](tables)
    lines = command("run", written(tables)).err.splitlines()
    assert len(lines) == 5


def test_figures_beyond_all_measure_are_refused(command: Command, written: Callable[..., Path]) -> None:
    tables = small()
    head(tables)["horizon_years"] = 15
    chat(tables).update(requests_per_day=1e15, demand_growth=100.0, escalation_cost=1e15, success_rate=0.5)
    chat(tables)["max_attempts"] = 1
    head(tables)["inflation"] = 100.0
    for option in tables["option"]:
        option["opex"] = [{"name": "x", "basis": "per_million_tokens", "amount": 1e15, "escalation": 100.0}]
    answer = command("run", written(tables), "--json")
    if answer.code == GOOD:
        answer.json()
    else:
        assert answer.code == BAD and "option/" in answer.err


# ------------------------------------------------------------------------------------------------ compare, break-even


def test_the_brief_is_that_of_the_recommendation_unless_two_are_named(
    command: Command, written: Callable[..., Path]
) -> None:
    path = written(small())
    study = load(path)
    assert command("brief", path).out == as_markdown(brief(MODEL.run(study), simulated=simulated(study)))
    named = command("brief", path, "--option", "API", "--against", "Own")
    assert named.out == as_markdown(brief(MODEL.run(study), "API", "Own", simulated=simulated(study)))
    assert command("brief", path, "--option", "Onw").code == BAD


@pytest.mark.parametrize("job", (("compare",), ("breakeven", "--input", "option/Own/pue"), ("brief",)))
def test_an_option_is_not_held_against_itself(command: Command, written: Callable[..., Path], job: tuple[str, ...]):
    answer = command(job[0], written(small()), "--option", "Own", "--against", "Own", *job[1:])
    assert answer.code == BAD and "is the same option; name another" in answer.err and not answer.out


def test_compare_tells_both_tax_bases_and_unit_costs(command: Command, written: Callable[..., Path]) -> None:
    path = written(small())
    found = command("compare", path, "--option", "Own", "--against", "API", "--json").json()
    options = MODEL.run(load(path)).options
    taxed = difference(options["Own"], options["API"], after_tax=True)
    assert found["after_tax"]["npv"] == pytest.approx(taxed.npv)
    for name, gap in found["unit_costs"].items():
        ours, theirs = (options[n].number(name) for n in ("Own", "API"))
        assert ours is not None and theirs is not None and gap["saved"] == pytest.approx(theirs - ours)


def test_a_break_even_of_totals_that_do_not_compare_says_so(command: Command, written: Callable[..., Path]) -> None:
    tables = small()
    other = copy.deepcopy(next(option for option in tables["option"] if option["name"] == "Own"))
    other |= {"name": "Sized", "sizing": "demand" if other["sizing"] == "fixed" else "fixed"}
    other |= {"systems": 2, "utilisation": 0.5} if other["sizing"] == "fixed" else {}
    for name in ("systems", "utilisation") if other["sizing"] == "demand" else ():
        other.pop(name, None)
    tables["option"].append(other)
    job = ("breakeven", written(tables), "--option", "Own", "--against", "Sized", "--input", "study/discount_rate")
    found = command(*job, "--json").json()["comparable"]
    assert not found["holds"] and "sized to demand" in found["reason"]
    assert "not comparable" in command(*job).out
    unit = command(*job, "--metric", "levelised_cost_per_meaningful_response", "--json").json()
    assert unit["comparable"]["holds"]


def test_compare_and_breakeven_answer_bad_names(command: Command, written: Callable[..., Path]) -> None:
    path = written(small())
    good = command("compare", path, "--option", "Own", "--against", "API", "--json")
    assert good.code == GOOD and isinstance(good.json(), dict)
    for job in (
        ("compare", path, "--option", "Onw", "--against", "API"),
        ("breakeven", path, "--option", "Own", "--against", "API", "--input", "option/Own/puee"),
        ("breakeven", path, "--option", "Own", "--against", "API", "--input", "option/Own/vendor"),
        ("breakeven", path, "--option", "Own", "--against", "APi", "--input", "option/Own/pue"),
        ("breakeven", path, "--option", "Own", "--against", "API", "--input", "option/Own/pue", "--metric", "pv_kost"),
        (
            "breakeven",
            path,
            "--option",
            "Own",
            "--against",
            "API",
            "--input",
            "option/Own/pue",
            "--low",
            "3",
            "--high",
            "2",
        ),
    ):
        answer = command(*job)
        assert answer.code == BAD and answer.out == ""
        assert answer.err.startswith(f"{path}: ")


def test_the_program_needs_nothing_but_models_to_run_a_study(tmp_path: Path) -> None:
    """Neither the app nor the workbook is needed: models, files, the catalogue's facts and cli.py alone compute."""
    for part in ("cli.py", "commands", "files", "models", "templates/catalogue"):
        source = ROOT / part
        copier = shutil.copytree if source.is_dir() else shutil.copy
        copier(source, tmp_path / part)
    found = subprocess.run(
        [sys.executable, "cli.py", "run", ONE, "--json"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert found.returncode == GOOD, found.stderr


# ---------------------------------------------------------------------------------------------------------------- risk

FIVE = (
    *("comparison_cost_per_meaningful_response", "cost_per_meaningful_response"),
    *("lifetime_cost_per_million_output_tokens", "pv_cost", "comparison_pv_cost"),
)


def test_risk_prints_one_object(command: Command) -> None:
    asked = ("risk", ONE, "--draws", "400", "--seed", "7", "--json")
    answer = command(*asked)
    assert answer.code == 0
    found = json.loads(answer.out)
    assert list(found) == [
        *("seed", "draws", "method", "inputs", "options", "cheapest", "beats", "regret", "drivers", "evpi", "evppi")
    ]
    assert (found["seed"], found["draws"]) == (7, 400)
    names = ["p5", "p10", "p25", "p50", "p75", "p90", "p95", "mean", "sd", "se_p50", "se_p90"]
    for option in found["options"].values():
        assert list(option) == list(FIVE)
        for figures in option.values():
            assert list(figures) == names
            assert sorted(figures[name] for name in names[:7]) == [figures[name] for name in names[:7]]
    assert sum(found["cheapest"].values()) == pytest.approx(1)
    assert set(found["drivers"]) == set(FIVE)
    listed = {each["path"] for each in found["inputs"]}
    assert set(found["evppi"]) == listed
    assert all(0 <= worth <= found["evpi"] for worth in found["evppi"].values())
    assert all(set(each) == {"path", "distribution", "low", "value", "high", "shared_by"} for each in found["inputs"])
    assert json.loads(command(*asked).out) == found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--draws", "0"), "risk/draws = 0: must be a whole number from 1 to 1,000,000"),
        (("--draws", "1000000000"), "more go through sweep"),
        (("--seed=-1",), "risk/seed = -1: must be a whole number from 0"),
        (("--option", "Nobody"), "there is no option of this name"),
    ],
)
def test_risk_refuses_with_a_remedy(command: Command, arguments: tuple[str, ...], message: str) -> None:
    answer = command("risk", ONE, *arguments)
    assert answer.code == 2 and message in answer.err and not answer.out


def test_risk_tells_what_several_inputs_are_worth_together(command: Command) -> None:
    asked = ("risk", ONE, "--draws", "400", "--seed", "7")
    first = command(*asked, "--json", "--know", "decode_rate", "--know", "decode_rate", "pue")
    found = json.loads(first.out)
    one, both = found["evppi_together"]
    assert set(one["paths"]) < set(both["paths"]) <= set(found["evppi"])
    assert 0 <= one["worth"] <= found["evpi"] and 0 <= both["worth"] <= found["evpi"]
    assert "before choosing: worth at most" in command(*asked, "--know", "decode_rate").out
    refused = command(*asked, "--know", "decode_rat")
    assert refused.code == 2 and 'did you mean "decode_rate"' in refused.err


def test_risk_tells_people(command: Command) -> None:
    answer = command("risk", ONE, "--draws", "300")
    assert answer.code == 0
    for part in ("300 draws of", "with 90% probability not above P90", "cheapest of", "is worth at most", "not drawn:"):
        assert part in answer.out


def test_grid_gives_the_figures_of_every_option(command: Command) -> None:
    workload = load(ONE).workloads[0].text("name")
    axes = ("--x", "study/discount_rate=0.04:0.12:3", "--y", f"workload/{workload}/requests_per_day=100,000:400,000:2")
    answer = command("grid", ONE, *axes, "--metric", "pv_cost", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["x"]["values"] == pytest.approx([0.04, 0.08, 0.12]) and found["y"]["values"] == [100_000, 400_000]
    for figures in found["options"].values():
        assert [len(row) for row in figures] == [3, 3] and figures[0] != figures[1]
    assert "discount rate across" in command("grid", ONE, *axes).out.lower()


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ("study/discount_rate", "is no axis; write PATH=a:b:n"),
        ("study/discount_rate=1:2", "is no axis"),
        ("study/discount_rate=0.1:0.05:3", "is empty"),
        ("study/discount_rat=0.1:0.2:3", 'did you mean "discount_rate"'),
        ("study/discount_rate=0.1:0.2:1000", "must be from 2 to 400"),
    ],
)
def test_grid_refuses_with_a_remedy(command: Command, x: str, message: str) -> None:
    answer = command("grid", ONE, "--x", x, "--y", "study/inflation=0:0.1:3")
    assert answer.code == 2 and message in answer.err


@long
def test_scipy_salib_and_dask_are_left_out_until_they_are_asked_for() -> None:
    heavy = ("scipy", "SALib", "dask", "distributed", "matplotlib")
    script = (
        "import sys; sys.argv = ['cli.py']; import cli; "
        f"cli.main(['run', {ONE!r}]); "
        "import models.analysis.risk.told, models.analysis.reporting.findings, views.decision.risk; "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert answer.stderr.strip() == "[]"
    asked = script.replace(f"'run', {ONE!r}", f"'risk', {ONE!r}, '--draws', '500'")
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "scipy" in answer.stderr and "SALib" in answer.stderr
