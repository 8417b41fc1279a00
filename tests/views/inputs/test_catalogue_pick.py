"""Filling inputs from the catalogue: found by words, shown old and new, set with its source; one's own rows bounded."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.catalogue import fill
from models.studies.study import get
from tests.views.reading import TEMPLATES, frames, ran, study_of, texts
from views import session as state
from views.inputs.catalogue import own, pick
from views.inputs.catalogue import words as catalogue_words

OWN = "Buy, colocation"
TABLES = sorted({name for names in pick.SECTION_TABLES.values() for name in names})


def script(toml: str, section: str, option: str | None) -> None:
    import streamlit as st

    from models.studies.file.load import loads
    from views import session as state
    from views.inputs.catalogue import pick

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        state.load(loads(toml), "Test")
    workload = state.study().workloads[0].text("name")
    st.session_state["taken"] = pick.body(section, option, workload)


def run(section: str, option: str | None = OWN, study: str = "customer_service") -> AppTest:
    toml = (TEMPLATES / f"{study}.toml").read_text(encoding="utf-8")
    return ran(AppTest.from_function(script, args=(toml, section, option), default_timeout=30))


def search(app: AppTest, words: str) -> AppTest:
    app.text_input[0].set_value(words)
    return ran(app)


def choose(app: AppTest, monkeypatch: pytest.MonkeyPatch, place: int = 0) -> AppTest:
    """Choose a row; a test cannot click into a table."""
    selectable = pick._selectable

    def chosen(*arguments: Any) -> int:
        selectable(*arguments)
        return place

    monkeypatch.setattr(pick, "_selectable", chosen)
    return ran(app)


@pytest.mark.parametrize("section", pick.SECTION_TABLES)
def test_every_section_lists_facts(section: str):
    app = run(section)
    rows = frames(app)[0]
    assert len(rows["Fact"]) > 3
    assert all(rows["Fact"]) and all(rows["Figure"])


def test_words_narrow_the_list_and_old_rows_are_flagged():
    app = search(run("energy"), "texas commercial")
    rows = frames(app)[0]
    assert rows["Fact"] == ["Texas, US state, price, commercial"]
    assert rows["Figure"] == ["USD 0.0864 per kWh"]
    assert rows["Age"] == [""]
    assert frames(search(app, "virginia industrial"))[0]["Age"][0] == "more than a year old"
    assert "Try fewer words" in texts(search(app, "texas atlantis"))


def test_a_row_is_shown_old_and_new_then_set_with_its_source(monkeypatch: pytest.MonkeyPatch):
    app = choose(search(run("energy"), "texas commercial"), monkeypatch)
    change = frames(app)[1]
    assert change["Input"] == [f"{OWN}: Electricity price"]
    assert (change["Now"], change["From the catalogue"], change["Unit"]) == (["0.1301"], ["0.0864"], ["USD/kWh"])
    assert study_of(app).option(OWN).fields.number("electricity_price") == 0.1301
    app.button(key="catalogue take").click().run()
    value = get(study_of(app), f"option/{OWN}/electricity_price")
    assert value.value == 0.0864 and value.set_by == "catalogue"
    assert value.source == "The Million Dollar Way (EIA Electric Power Monthly)" and value.as_of == "2026-01"
    assert app.session_state["taken"] is True


def test_a_site_fact_goes_into_all_options_that_read_it(monkeypatch: pytest.MonkeyPatch):
    app = choose(search(run("energy", option=None), "texas industrial"), monkeypatch)
    app.button(key="catalogue take").click().run()
    prices = {each.name: each.fields["electricity_price"].value for each in study_of(app).options}
    assert prices[OWN] == prices["Lease, colocation"] == 0.0725
    assert prices["API, same model"] is None


def test_what_the_study_would_refuse_cannot_be_taken(monkeypatch: pytest.MonkeyPatch):
    """A rental price says nothing to an option that is bought."""
    app = choose(search(run("opex"), "nebius h100 on demand"), monkeypatch)
    before = study_of(app)
    button = app.button(key="catalogue take")
    if button.disabled:
        assert ":material/error:" in texts(app)
    else:
        button.click().run()
    assert study_of(app).option(OWN).acquisition == before.option(OWN).acquisition == "purchase"


def test_a_price_goes_to_the_item_that_is_chosen(monkeypatch: pytest.MonkeyPatch):
    app = choose(search(run("capex"), "h200 retail runlocal"), monkeypatch)
    assert "gives a range only" in texts(app)
    app = choose(search(run("capex"), "H200 hugging"), monkeypatch)
    items = next(each for each in app.selectbox if each.label == "Price item")
    assert set(items.options) == {row.text("name") for row in study_of(app).option(OWN).capex}


def test_every_row_can_be_written_and_previewed():
    for table in TABLES:
        for row in fill.load().table(table):
            assert catalogue_words.figure_of(row) and catalogue_words.about(row)
            assert isinstance(catalogue_words.condition(row), str)


# ------------------------------------------------------------------------------------------------------------ own rows


@pytest.fixture
def kept(session: SimpleNamespace) -> SimpleNamespace:
    return session


def upload(session: SimpleNamespace, name: str, content: bytes) -> None:
    session.session_state["file"] = SimpleNamespace(name=name, getvalue=lambda: content)
    own._uploaded("electricity", "file")


ROW = b"region,quantity,value,unit,source,confidence\nAtlantis,price,0.05,USD/kWh,Our contract,contracted\n"


def test_rows_of_ones_own_stand_in_front(kept: SimpleNamespace):
    upload(kept, "../../prices.csv", ROW)
    first = own.catalogue().table("electricity")[0]
    assert first.own and first.text("region") == "Atlantis"
    own._removed("electricity")
    assert not own.catalogue().table("electricity")[0].own


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"region;quantity\n1;2\n",
        b"region,quantity,value,unit,source,confidence\nAtlantis,price,1.000.5,USD/kWh,Ours,contracted\n",
        b"a" * 1_000_001,
        "region\n\u00e9".encode("latin-1"),
    ],
    ids=["binary", "semicolons", "no number", "too large", "not UTF-8"],
)
def test_a_hostile_or_faulty_file_changes_nothing_and_says_why(kept: SimpleNamespace, content: bytes):
    upload(kept, "../../<b>$x$.csv", ROW)
    upload(kept, "../../<b>$x$.csv", content)
    name, problems = state.kept("own problems electricity")
    assert "/" not in name and problems
    assert own.catalogue().table("electricity")[0].text("region") == "Atlantis"
