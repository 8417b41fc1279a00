"""An edited workbook uploaded in the app: differences shown, applied on request, refused with its reasons."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import openpyxl
from streamlit.testing.v1 import AppTest

from models.run.model import MODEL
from store import library
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


def edited(edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(exported()))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def typed(name: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        sheet, cell = (book.defined_names[name].attr_text or "").replace("$", "").split("!")
        book[sheet.strip("'")][cell] = value  # type: ignore[index]

    return edit


def uploaded(edit: Callable[[openpyxl.Workbook], None]) -> AppTest:
    app = AppTest.from_function(script, default_timeout=20).run()
    app.file_uploader[0].set_value(("../../x.xlsx", edited(edit), MIME)).run()
    assert not app.exception
    return app


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


def test_what_cannot_be_taken_says_why_and_changes_nothing() -> None:
    app = uploaded(typed("in_discount_rate", "twelve"))
    assert "not taken" in app.error[0].value
    assert any("type a number" in m.value for m in app.markdown)
    assert not app.button


def test_an_untouched_workbook_differs_in_nothing() -> None:
    app = uploaded(lambda book: None)
    assert "Nothing differs" in app.info[0].value
