"""Export: the workbook, the study itself, the results, and every figure as one long table."""

from __future__ import annotations

import datetime
import io
import json
import threading

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from documents.word import DOCX, brief_as_word
from models.analysis.metrics.contract import study_results
from models.analysis.metrics.long_form import csv_text, long_form, parquet
from models.analysis.reporting.brief import Brief, as_markdown
from models.analysis.reporting.findings import Findings, findings
from models.analysis.reporting.record import Record
from models.run.model import Result
from models.studies.file.load import dumps
from models.studies.file.toml import file_name
from models.studies.study import Study
from store import desk, versions
from store.database import StoreError
from store.shelf import Entry
from views import session
from views.figures import printed, written
from views.library import workbook_back
from workbook.writing.page import PAPERS, paper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"


@st.dialog("Export", width="medium", icon=":material/ios_share:")
def show() -> None:
    """Draw the dialog. Files are made when they are asked for, from the study as it stands now."""
    study, result = session.study(), session.result()
    name = file_name(study.fields.text("title"))
    status = study.fields.text("status").strip() or "Draft"
    st.caption(
        written.plain(
            f"Base case of {study.fields.text('title') or 'Untitled study'}, {status}. Staff cost is included."
        )
    )
    if session.stale():
        printed.flag("Exports use the last valid version: some entries are in error.")
    _workbook(result, name)
    _brief(result, name)
    with _file("Study file", "All inputs with their sources; opens here again"):
        st.download_button(
            "TOML", data=lambda: dumps(study), file_name=f"{name}.toml", mime="application/toml", on_click="ignore"
        )
    _figures(result, name)
    workbook_back.show()


def _file(title: str, what: str) -> DeltaGenerator:
    """A row of the dialog: what the file is at the left; what is drawn in it stands at the right."""
    row = st.container(horizontal=True, vertical_alignment="center", border=True)
    row.markdown(f"**{title}**  \n:small[{what}]", width="stretch")
    return row


def _workbook(result: Result, name: str) -> None:
    """The workbook, with the analysis where there are two options; that is searched for when the button is pressed."""
    analysis: Analysis = session.once("export analysis", lambda: Analysis(result))
    kept = session.entry()
    several = "; its analysis takes a few seconds" if len(result.options) > 1 else ""
    with _file("Workbook", f"The model as live formulas{several}"):
        usual = paper(result.study.currency)
        chosen = st.selectbox("Paper", PAPERS, index=list(PAPERS).index(usual), label_visibility="collapsed", width=100)
        st.download_button(
            "Excel",
            data=lambda: workbook(result, analysis.findings(), _history(kept, result.study), chosen),
            file_name=f"{name}.xlsx",
            mime=XLSX,
            on_click="ignore",
            type="primary",
        )


def _history(kept: Entry | None, study: Study) -> Record | None:
    """The history of the study in the library; the change log says where there is none to be had."""
    try:
        return None if kept is None else versions.record(desk.shelf(), kept.id, study)
    except StoreError:
        return None


def _brief(result: Result, name: str) -> None:
    """The brief on the recommended option and the next best, as found for the workbook."""
    if len(result.options) < 2:
        return
    analysis: Analysis = session.once("export analysis", lambda: Analysis(result))
    with _file("Decision brief", "Recommendation, reasons, conditions and evidence, for the board"):
        for label, made, ending, mime in (
            ("Word", lambda: brief_as_word(*analysis.brief(), datetime.date.today()), "docx", DOCX),
            ("Markdown", lambda: as_markdown(analysis.brief()[0]), "md", "text/markdown"),
        ):
            st.download_button(label, data=made, file_name=f"{name}-brief.{ending}", mime=mime, on_click="ignore")


class Analysis:
    """What the analyses find about a run, found when it is first asked for; downloads ask from threads of their own."""

    def __init__(self, result: Result) -> None:
        self._result, self._lock = result, threading.Lock()
        self._found: tuple[Findings | None] | None = None

    def findings(self) -> Findings | None:
        """The findings; None for a single option."""
        with self._lock:
            if self._found is None:
                self._found = (findings(self._result),)
            return self._found[0]

    def brief(self) -> tuple[Brief, Result, tuple[str, str]]:
        """The brief, the run and the two options that it is about. Raises LookupError for a single option."""
        found = self.findings()
        if found is None:
            raise LookupError("a brief recommends one of several options, and this study has one")
        return found.brief, self._result, (found.option, found.against)


def _figures(result: Result, name: str) -> None:
    files = (
        ("CSV", lambda: csv_text(long_form(result)), "figures.csv", "text/csv"),
        ("Parquet", lambda: parquet(long_form(result)), "figures.parquet", PARQUET),
        ("JSON", lambda: results_json(result), "results.json", "application/json"),
    )
    with _file("Results data", "One row for each figure, for a pivot table; JSON by contract names"):
        for label, made, ending, mime in files:
            st.download_button(label, data=made, file_name=f"{name}-{ending}", mime=mime, on_click="ignore")


def workbook(
    result: Result, found: Findings | None = None, record: Record | None = None, paper: str | None = None
) -> bytes:
    """The workbook as bytes, with what the analyses found in this run and the history of its study."""
    from workbook.write import write

    target = io.BytesIO()
    write(result, target, findings=found, record=record, paper=paper)
    return target.getvalue()


def results_json(result: Result) -> str:
    """The results as JSON; what has no figure is null."""
    return json.dumps(study_results(result), indent=2, ensure_ascii=False, allow_nan=False)
