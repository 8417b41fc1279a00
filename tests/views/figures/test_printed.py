"""Tables as they are printed: figures of a column line up at their points, words are escaped."""

from streamlit.testing.v1 import AppTest

from tests.views.reading import frames, ran


def page() -> None:
    from views.figures import drawing

    costs = {
        "Option": ["<b>A</b>", "B", "C", "D"],
        "Cost": ["0.987", "1.41", "12", "n/a"],
        "Note": ["1.5", "2", "", None],
    }
    drawing.table(costs, "Costs", right=["Cost"])


def test_the_points_of_a_column_of_figures_align():
    app = ran(AppTest.from_function(page))
    body = app.get("html")[0].proto.body
    assert '<td class="figure">0.987</td>' in body
    assert '<span style="margin-right:1ch">1.41</span>' in body
    assert '<span style="margin-right:3.5ch">12</span>' in body, "three decimals and the point"
    assert '<td class="figure">n/a</td>' in body and '<td class="words">2</td>' in body


def test_a_table_of_columns_is_read_as_it_was_given():
    (found,) = frames(ran(AppTest.from_function(page)))
    assert found == {
        "Option": ["<b>A</b>", "B", "C", "D"],
        "Cost": ["0.987", "1.41", "12", "n/a"],
        "Note": ["1.5", "2", "", ""],
    }
