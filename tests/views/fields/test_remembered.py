"""Fields that remember: what was typed or chosen comes back with the page, until it is changed elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.notation.reader import Reading
from tests.views.reading import ran, work
from views.fields import numbers


def script() -> None:
    """Self-contained, since Streamlit runs its source alone: one of each field, while their page is looked at."""
    from views import session
    from views.fields import numbers, remembered

    if not session.kept("elsewhere"):
        offered = session.kept("offered", ("a", "b", "c"))
        remembered.choice("choice", "Choice", offered, offered[0])
        remembered.switch("switch", "Switch", {"a": "A", "b": "B"}, "a")
        remembered.several("several", "Several", offered, offered[:1], "Any of them")
        remembered.text("text", "Text", "usual")
        remembered.tick("tick", "Tick")
        session.keep("read", numbers.asked("asked", "Asked", session.kept("standing", 5.0)))
        session.keep("counted", numbers.number("number", "Number", 7.0))


Find = Callable[[AppTest], Any]
FIELDS: dict[str, tuple[Find, Any]] = {
    "choice": (lambda app: app.selectbox[0], "b"),
    "switch": (lambda app: app.segmented_control[0], "b"),
    "several": (lambda app: app.multiselect[0], ["b", "c"]),
    "text": (lambda app: app.text_input[0], "own"),
    "tick": (lambda app: app.checkbox[0], True),
    "asked": (lambda app: app.text_input[1], "1,200"),
    "number": (lambda app: app.text_input[2], "0.5"),
}


@pytest.fixture
def app() -> AppTest:
    return ran(AppTest.from_function(script))


@pytest.mark.parametrize("name", FIELDS)
def test_what_was_typed_or_chosen_comes_back_with_its_page(app: AppTest, name: str):
    find, given = FIELDS[name]
    find(app).set_value(given)
    key = find(ran(app)).key
    assert (find(ran(app)).value, find(app).key) == (given, key), "the field stays the same one while it is typed in"
    work(app).kept["elsewhere"] = True
    assert not ran(app).text_input
    del work(app).kept["elsewhere"]
    assert find(ran(app)).value == given


def test_what_is_no_longer_offered_gives_way_to_what_is_usual(app: AppTest):
    app.selectbox[0].set_value("b")
    app.multiselect[0].set_value(["b", "c"])
    ran(app)
    work(app).kept["offered"] = ("c", "d")
    ran(app)
    assert (app.selectbox[0].value, app.multiselect[0].value) == ("c", ["c"])


def test_a_number_stands_until_another_is_typed(app: AppTest):
    assert work(app).kept["read"] == Reading(5.0)
    work(app).kept["standing"] = 6.0
    assert ran(app).text_input[1].value == "6"
    app.text_input[1].set_value("8")
    ran(app)
    work(app).kept["standing"] = 9.0
    assert (ran(app).text_input[1].value, work(app).kept["read"]) == ("8", Reading(8.0))


def test_a_number_that_cannot_be_read_stays_as_typed_and_the_last_one_counts(app: AppTest):
    for text, counts in (("3", 3), ("three", 3), ("-1", 3), ("", 7)):
        app.text_input[2].set_value(text)
        ran(app)
        assert (app.text_input[2].value, work(app).kept["counted"]) == (text, counts)
        assert any("3 stays" in each.value for each in app.markdown) == (text in ("three", "-1"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("0", "above 0 and up to 64"),
        ("65", "above 0 and up to 64"),
        ("1.5", "a whole number"),
        ("-1", "cannot be negative"),
    ],
)
def test_a_count_says_what_it_may_be(text: str, fault: str):
    assert fault in numbers.above_zero(text, whole=True, most=64).fault


def test_a_count_or_a_blank_is_taken():
    assert numbers.above_zero("64", whole=True, most=64) == Reading(64)
    assert numbers.above_zero("  ") == Reading()
