"""Export: the workbook, the study itself, the results, and every figure as one long table."""

from __future__ import annotations

import io
import json
import threading

import streamlit as st

from models.analysis.metrics.contract import study_results
from models.analysis.metrics.long_form import COLUMNS, csv_text, long_form, parquet
from models.analysis.reporting.findings import Findings, findings
from models.run.model import Result
from models.studies.load import dumps
from models.studies.toml import file_name
from views import session
from views.library import workbook_back

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"


def show() -> None:
    """Draw the page. Files are made when they are asked for, from the study as it stands now."""
    st.title("Export", anchor=False)
    study, result = session.study(), session.result()
    name = file_name(study.fields.text("title"))
    if session.stale():
        st.warning("Files hold the last good study: some entries on the inputs page stand in error.")
    st.header("Workbook", anchor=False)
    st.markdown(
        "The model itself as an Excel file: change a blue cell and every figure, chart and check follows. It holds the "
        "summary, the comparison, every input with its source, the calculation of each option, energy, evidence and "
        "checks. Changes to its blue cells can be read back below."
    )
    _workbook(result, name)
    workbook_back.show()
    st.header("Study", anchor=False)
    st.markdown("All inputs with their sources as a text file (TOML): keep it, compare versions, open it here again.")
    st.download_button(
        "Download the study",
        data=lambda: dumps(study),
        file_name=f"{name}.toml",
        mime="application/toml",
        on_click="ignore",
        icon=":material/description:",
    )
    _figures(result, name)
    if session.without_staff():
        st.caption("Files always count engineering time: the switch changes what the pages show, not the study.")


def _workbook(result: Result, name: str) -> None:
    """The workbook, with the analysis where there are two options; that is searched for when the button is pressed."""
    analysis: Analysis = session.once("export analysis", lambda: Analysis(result))
    st.download_button(
        "Download the workbook",
        data=lambda: workbook(result, analysis.findings()),
        file_name=f"{name}.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/table:",
    )
    if len(result.options) > 1:
        st.caption(
            "It also holds the decision brief, the bridge between the two best options, the tornado and the "
            "break-evens, as found now. They are searched for when you press the button, which takes a few seconds; "
            "a second download of the same study is quicker."
        )


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


def _figures(result: Result, name: str) -> None:
    st.header("Results", anchor=False)
    st.markdown(
        "The results of every option under their contract names (JSON), or every line of the model in long form, a row "
        f"for each figure ({', '.join(COLUMNS)}), for a pivot table or a data frame."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Results (JSON)",
            data=lambda: results_json(result),
            file_name=f"{name}-results.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/data_object:",
        )
        st.download_button(
            "Every figure (CSV)",
            data=lambda: csv_text(long_form(result)),
            file_name=f"{name}-figures.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/csv:",
        )
        st.download_button(
            "Every figure (Parquet)",
            data=lambda: parquet(long_form(result)),
            file_name=f"{name}-figures.parquet",
            mime=PARQUET,
            on_click="ignore",
            icon=":material/dataset:",
        )


def workbook(result: Result, found: Findings | None = None) -> bytes:
    """The workbook as bytes, with what the analyses found in this run."""
    from workbook.write import write

    target = io.BytesIO()
    write(result, target, findings=found)
    return target.getvalue()


def results_json(result: Result) -> str:
    """The results as JSON; what has no figure is null."""
    return json.dumps(study_results(result), indent=2, ensure_ascii=False, allow_nan=False)
