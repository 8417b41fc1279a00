"""Library, a new study: templates, and study files that may be anything; and the frame around every place."""

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from models.studies.change import replace
from models.studies.file import load as studies
from store import desk, library
from tests.soak import long
from tests.views.reading import ran, work
from views import session
from views.library import new_study


def page() -> None:
    from views import bar, frame
    from views.library import new_study

    frame.head()
    bar.draw()
    new_study.show()
    frame.foot()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(streamlit, "switch_page", lambda *page, **query: streamlit.rerun())
    return ran(AppTest.from_function(page, default_timeout=30))


def text(at: AppTest) -> str:
    return " ".join(each.value for each in [*at.markdown, *at.caption]).replace("\\", "")


@long
@pytest.mark.parametrize("name", library.names())
def test_every_template_can_be_used(app: AppTest, name: str):
    next(each for each in app.button if each.key == f"template {name}").click()
    ran(app)
    found = library.template(name)
    assert work(app).step.study is found.study


def test_a_template_can_be_taken_back(app: AppTest):
    next(each for each in app.button if each.key == "template deepseek_fleet").click()
    ran(app)
    next(each for each in app.button if each.key == "undo").click()
    ran(app)
    assert work(app).step.study is library.first().study


# ---------------------------------------------------------------------------------------------------------------- files


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    at.file_uploader[0].set_value((name, content, "application/toml"))
    return ran(at)


def test_a_saved_study_is_opened(app: AppTest):
    study = replace(library.template("two_vendors").study, "study/title", "Ours")
    upload(app, "ours.toml", studies.dumps(study).encode())
    assert work(app).step.study == study
    assert work(app).step.origin == "File: ours.toml"


HOSTILE = {
    "empty": b"",
    "not text": b"\0\1\2" * 100,
    "not UTF-8": b"\xff\xfe\xfa",
    "not TOML": b"[study\n",
    "deep": b"x = " + b"[" * 50_000,
    "another file": b'[package]\nname = "x"\n',
    "long numbers": b"[study]\nhorizon_years = " + b"9" * 10_000,
    "infinite": b"[study]\nhorizon_years = inf\n",
    "many mistakes": b"[study]\n" + b"\n".join(b"no_such_%d = 1" % number for number in range(200)),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_changes_nothing_and_is_explained(app: AppTest, content: bytes):
    before = work(app).step
    upload(app, "../../x.toml", content)
    assert work(app).step is before
    assert "could not be opened" in text(app)
    assert "../" not in text(app)


def test_a_file_of_more_options_than_anybody_compares_is_refused(app: AppTest):
    study = library.template("deepseek_fleet").study
    tables = studies.to_dict(study)
    tables["option"] = [{**tables["option"][0], "name": f"o{number}"} for number in range(new_study.MOST_OPTIONS + 1)]
    tables["study"].pop("reference_option", None)
    tables["study"].pop("interim_from", None)
    upload(app, "many.toml", studies.dumps(studies.from_dict(tables)).encode())
    assert "31 options" in text(app)


# ---------------------------------------------------------------------------------------------------------------- frame


def test_a_study_of_an_earlier_session_is_offered_above_the_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "_owner", lambda: "ann")
    study = replace(library.first().study, "study/title", "Mine")
    kept = desk.shelf().add(study, owner="ann")
    desk.shelf().open("ann", kept.id)
    app = ran(AppTest.from_function(page, default_timeout=30))
    assert "was open before" in text(app)
    next(each for each in app.button if each.label == "Resume").click()
    ran(app)
    assert work(app).step.study == study
    assert "You were working" not in text(app)


def warned(app: AppTest) -> str:
    return " ".join(each.value for each in app.warning)


def inputs_page() -> None:
    from views import frame
    from views.inputs import page as inputs

    frame.head()
    inputs.show()


def test_a_tab_that_outlived_its_session_shows_nothing_that_was_typed_in_it():
    """A server that starts again is sent the fields of the tab as they stand there, in a session that drew none."""
    old = ran(AppTest.from_function(inputs_page, default_timeout=30))
    typed = next(each for each in old.text_input if each.label == "Answer tokens per request")
    held = typed.value
    typed.set_value("300")
    assert not warned(old)
    fresh = AppTest.from_function(inputs_page, default_timeout=30)
    fresh._run(old._tree.get_widget_states())
    shown = next(each for each in fresh.text_input if each.label == "Answer tokens per request")
    assert shown.value == held and shown.key != typed.key
    assert "The session of this tab ended" in warned(fresh) and "Nothing was kept of it." in warned(fresh)
    next(each for each in fresh.button if each.label == "Go on with these").click()
    assert not warned(ran(fresh))
