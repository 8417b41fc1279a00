"""The export dialog: files made on request, in full, under a name every system takes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from models.analysis.metrics.contract import study_results
from models.run.model import MODEL
from models.studies.file.load import from_dict, load, loads, to_dict
from models.studies.file.toml import file_name
from tests.soak import long
from tests.views.reading import TEMPLATES, ran, run, texts
from views import pages
from views.library import export

RESULT = MODEL.run(load(TEMPLATES / "customer_service.toml"))


def dialog(**more: Any) -> AppTest:
    app = run("decision", **more)
    app.button(key="export").click()
    return ran(app)


def test_seven_files_are_offered():
    buttons: Any = dialog().get("download_button")
    labels = [button.label for button in buttons if button.label not in ("SVG", "PNG")]
    assert labels == ["Excel", "Word", "Markdown", "TOML", "CSV", "Parquet", "JSON"]


def test_files_count_staff_whatever_is_shown():
    assert "Staff cost is included." in texts(dialog(without_staff=True))


def test_an_address_opens_it():
    app = run("decision", address={pages.EXPORT: pages.OPEN})
    assert "Workbook" in texts(app)
    assert pages.EXPORT not in app.query_params, "another rerun opens nothing"


@long
def test_the_workbook_is_one():
    book = load_workbook(io.BytesIO(export.workbook(RESULT)), read_only=True)
    assert {"Summary", "Inputs", "Checks"} <= set(book.sheetnames)


@long
def test_the_workbook_holds_the_analysis_found_once_for_a_study(monkeypatch: pytest.MonkeyPatch):
    asked = []
    real = export.findings

    def counted(result, **rest):
        asked.append(result)
        return real(result, **rest)

    monkeypatch.setattr(export, "findings", counted)
    analysis = export.Analysis(RESULT)
    assert asked == []
    book = load_workbook(io.BytesIO(export.workbook(RESULT, analysis.findings())), read_only=True)
    assert {"Brief", "Bridge", "Sensitivity"} <= set(book.sheetnames)
    assert analysis.findings() is analysis.findings()
    assert len(asked) == 1


def test_a_single_option_has_no_analysis():
    tables = to_dict(RESULT.study)
    tables["option"] = tables["option"][:1]
    tables["study"].pop("reference_option", None)
    tables["study"].pop("interim_from", None)
    alone = MODEL.run(from_dict(tables))
    analysis = export.Analysis(alone)
    assert analysis.findings() is None
    book = load_workbook(io.BytesIO(export.workbook(alone, analysis.findings())), read_only=True)
    assert "Brief" not in book.sheetnames


def test_the_page_says_that_the_analysis_takes_a_moment():
    assert "takes a few seconds" in texts(dialog())


def test_the_results_are_those_of_the_contract():
    found = json.loads(export.results_json(RESULT))
    assert found == json.loads(json.dumps(study_results(RESULT)))
    assert found["options"]["API, same model"]["output_tokens_per_kwh"] is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Customer-service assistant: own, rent or API", "customer-service-assistant-own-rent-or-api"),
        *[("../../etc/passwd", "etc-passwd"), ("Überlandwerk", "uberlandwerk"), ("株", "study"), ("", "study")],
        ("a" * 200, "a" * 60),
    ],
)
def test_file_names_are_safe(title: str, name: str):
    assert file_name(title) == name
    assert Path(name).name == name


def test_the_study_that_is_saved_reads_back(monkeypatch: pytest.MonkeyPatch):
    saved = {}
    real = export.st.download_button

    def kept(label, data, **rest):
        saved[label] = data
        return real(label, data, **rest)

    monkeypatch.setattr(export.st, "download_button", kept)
    dialog()
    assert loads(saved["TOML"]()) == RESULT.study
    assert saved["CSV"]().startswith("option,workload,year,line,unit,value")
    found = object()
    monkeypatch.setattr(export.Analysis, "findings", lambda self: found)
    monkeypatch.setattr(export, "workbook", lambda *given, **rest: b"analysed" if found in given else b"")
    assert saved["Excel"]() == b"analysed"
