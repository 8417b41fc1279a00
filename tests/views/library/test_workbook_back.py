"""An edited workbook uploaded in the app: differences shown, applied on request, refused with its reasons."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from store import desk, library, versions
from tests.edits import typed_in
from tests.soak import long
from views import session
from views.library import workbook_back
from workbook.write import write

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def script() -> None:
    from views import session
    from views.library import workbook_back

    workbook_back.show()
    import streamlit as st

    st.session_state["shown study"] = session.study()


@cache
def exported() -> bytes:
    """The workbook of the study that a session begins with."""
    target = io.BytesIO()
    write(MODEL.run(library.first().study), target)
    return target.getvalue()


def edited(edit: Callable[[Any], None]) -> bytes:
    return typed_in(exported(), edit)


def typed(name: str, value: object) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        sheet, cell = book.defined_names[name].attr_text.replace("$", "").split("!")
        book[sheet.strip("'")][cell] = value

    return edit


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_owner", lambda: "ann")


@pytest.fixture(autouse=True)
def written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook that a file is held against is not written anew for each test: it takes seconds."""
    monkeypatch.setattr("workbook.verify.write", lambda _, target, **__: target.write(exported()))


def approved() -> None:
    """The exported study is an approved version of the library."""
    study = library.first().study
    found, sealed = desk.shelf(), seal(MODEL.run(study))
    entry = found.add(study, "Assistant", owner="ann")
    versions.keep(found, entry.id, "To the board", seal=sealed)
    versions.approve(found, entry.id, 1, sealed, "Cleo")


def uploaded(edit: Callable[[Any], None]) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60).run()
    app.file_uploader[0].set_value(("../../x.xlsx", edited(edit), MIME)).run()
    assert not app.exception
    return app


@long
def test_changes_are_shown_and_applied_on_request() -> None:
    app = uploaded(typed("in_discount_rate", 0.123))
    assert "study/discount_rate" in app.dataframe[0].value["Input"].tolist()
    before = app.session_state["shown study"]
    assert before.fields.number("discount_rate") != 0.123
    assert app.button[0].disabled, "the question is not answered"
    app.radio[0].set_value(workbook_back.OWN).run()
    app.button[0].click().run()
    taken = app.session_state["shown study"].fields["discount_rate"]
    assert (taken.value, taken.source, taken.confidence) == (0.123, None, "own")


@long
def test_a_file_is_read_once_however_often_the_page_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("read", "verify"):
        job = getattr(workbook_back, name)
        monkeypatch.setattr(workbook_back, name, lambda *given, name=name, job=job: asked.append(name) or job(*given))
    uploaded(typed("in_discount_rate", 0.123)).run().run()
    assert asked == ["read", "verify"]


@long
def test_what_cannot_be_taken_says_why_and_changes_nothing() -> None:
    app = uploaded(typed("in_discount_rate", "twelve"))
    assert "not imported" in app.error[0].value
    assert any("type a number" in m.value for m in app.markdown)
    assert not app.button


@long
def test_an_untouched_workbook_differs_in_nothing() -> None:
    app = uploaded(lambda book: None)
    assert "No changes" in app.info[0].value


@long
def test_it_says_whether_the_workbook_is_the_approved_version() -> None:
    assert "Not an approved version" in uploaded(lambda book: None).caption[0].value
    approved()
    said = uploaded(lambda book: None).success[0].value
    assert "version 1, To the board, of Assistant, approved by Cleo" in said.replace("\\", "")


@long
def test_an_approved_version_that_was_changed_is_none_and_each_cell_is_named() -> None:
    approved()

    def edit(book: Any) -> None:
        typed("in_discount_rate", 0.123)(book)
        book["Summary"]["Z99"] = "=1"

    app = uploaded(edit)
    assert "is no longer" in app.warning[0].value
    cells = next(each.value for each in app.markdown if "discount" in each.value and "was" in each.value)
    assert "is 0.123" in cells.replace("\\", "") and "Summary!Z99" in cells.replace("\\", "")
