"""What the README says is true: its method is the model's, its paths and commands exist, its picture is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cli
from models.analysis.reporting import document
from models.run.model import MODEL
from models.studies.file.load import load

README = Path("README.md").read_text(encoding="utf-8")
TERMINAL = Path("docs/command_line.md").read_text(encoding="utf-8")


def test_the_method_is_current() -> None:
    assert document.with_summary(README) == README, "run make docs"
    assert document.METHOD.read_text(encoding="utf-8") == document.method(), "run make docs"


def test_the_method_names_every_line() -> None:
    text = document.method()
    assert [n for n in MODEL.lines if f"`{n}`" not in text] == []


def test_every_link_of_the_method_leads_to_an_anchor() -> None:
    text = document.method()
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(set(anchors)) == len(anchors)
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links - set(anchors) == {"constants"}
    assert set(MODEL.lines) <= links
    assert set(re.findall(r"METHOD\.md#(\w+)", README)) <= set(anchors)


def test_inputs_are_told_from_lines() -> None:
    entry = document.method().split('<a id="energy_charge"></a>')[1].split("<a id")[0]
    assert "[Facility energy](#facility_energy_kwh)" in entry
    assert "*Days" not in document.method()
    of_payment = document.method().split('<a id="loan_years"></a>')[1].split("<a id")[0]
    assert re.search(r"= \*[^*]+\* \(where blank: 1\)", of_payment)


def test_figures_beside_the_lines_are_the_study_s() -> None:
    figures = MODEL.run(load(document.STUDY)).options[document.OPTION].everything()
    entry = document.method().split('<a id="pv_cost"></a>')[1].split("<a id")[0]
    assert f"→ {figures['pv_cost']:,.0f} USD" in entry
    unit_cost = figures["comparison_cost_per_meaningful_response"]
    assert unit_cost == pytest.approx(figures["comparison_pv_cost"] / figures["pv_all_responses"])
    assert f"C = {unit_cost:.7g} USD/response" in README


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the markers"):
        document.with_summary("# nothing")


def test_paths_in_the_table_of_recipes_exist() -> None:
    table = README.split("## Where does it go?")[1].split("## Development")[0]
    named = [n for n in re.findall(r"`([a-z_./]+)`", table) if "/" in n]
    assert named
    assert [n for n in named if not Path(n).exists()] == []


def test_linked_files_and_pictures_exist() -> None:
    links = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert {"docs/start.png", "docs/chain.svg", "docs/team.md", "docs/command_line.md", "LICENSE"} <= set(links)
    assert [n for n in links if not Path(n).exists()] == []


def test_commands_exist(capsys: pytest.CaptureFixture) -> None:
    named = set(re.findall(r"cli\.py ([a-z-]+)", TERMINAL))
    assert {"run", "explain", "check", "compare", "breakeven", "export"} <= named
    for command in named:
        with pytest.raises(SystemExit) as stop:
            cli.main([command, "--help"])
        assert stop.value.code == 0
    capsys.readouterr()


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= targets
    assert {"run", "test"} <= targets


def test_five_minutes_can_be_walked(capsys: pytest.CaptureFixture) -> None:
    study, option = "templates/customer_service.toml", "Buy, colocation"
    assert cli.main(["explain", study, option, "energy_charge"]) == 0
    against = ["--against", "API, same model"]
    assert cli.main(["compare", study, "--option", option, *against]) == 0
    path = "workload/Live chat/requests_per_day"
    assert cli.main(["breakeven", study, "--option", option, *against, "--input", path]) == 0
    assert "breaks even at" in capsys.readouterr().out
