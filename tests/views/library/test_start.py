"""The first page: the answer, the options, templates, and study files that may be anything."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from models.run.model import MODEL
from models.studies import load as studies
from models.studies.change import replace, replace_all
from store import drafts, library
from tests.views.reading import ran, work
from views import session
from views.library import start
from views.pages import PAGES


def page() -> None:
    from views import frame
    from views.library import start

    frame.head()
    start.show()
    frame.foot()


@pytest.fixture
def app() -> AppTest:
    return ran(AppTest.from_function(page, default_timeout=30))


def table(at: AppTest) -> str:
    return next(each.proto.body for each in at.get("html") if "<table" in each.proto.body)


def text(at: AppTest) -> str:
    return " ".join(each.value for each in [*at.markdown, *at.caption]).replace("\\", "")


def test_the_answer_stands_in_one_sentence(app: AppTest):
    sentence = app.markdown[0].value.replace("\\", "")
    assert sentence.startswith("**Choose “")
    assert "per 1,000 meaningful responses" in sentence
    assert "What drives it" in sentence


def test_every_option_has_a_row(app: AppTest):
    shown = table(app)
    assert shown.count("<tr") == len(work(app).step.study.options) + 1
    assert shown.count('class="best"') == 1
    assert "no fleet" in shown


@pytest.mark.parametrize("name", library.names())
def test_every_template_can_be_used(app: AppTest, name: str):
    next(each for each in app.button if each.key == f"template {name}").click()
    ran(app)
    found = library.template(name)
    assert work(app).step.study is found.study
    assert app.title[0].value.replace("\\", "") == found.title
    assert app.title[0].value.replace("\\", "") != ""


def test_a_template_can_be_taken_back(app: AppTest):
    next(each for each in app.button if each.key == "template deepseek_fleet").click()
    ran(app)
    next(each for each in app.button if each.key == "undo").click()
    ran(app)
    assert work(app).step.study is library.first().study


def test_a_study_without_an_accepted_answer_is_said_so():
    study = replace_all(
        library.first().study, {f"workload/{name}/requests_per_day": 0 for name in ("Live chat", "Nightly summaries")}
    )
    assert "no option brings a response" in start.answer(MODEL.run(study))


def test_names_in_the_table_are_text(app: AppTest):
    study = replace(work(app).step.study, "option/Rented fleet/name", "<img src=x onerror=alert(1)>")
    work(app).step = session._computed(study, "")
    ran(app)
    assert "<img" not in table(app)


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
    assert "was not opened" in text(app)
    assert "../" not in text(app)


def test_a_file_of_more_options_than_anybody_compares_is_refused(app: AppTest):
    study = library.template("deepseek_fleet").study
    tables = studies.to_dict(study)
    tables["option"] = [{**tables["option"][0], "name": f"o{number}"} for number in range(start.MOST_OPTIONS + 1)]
    tables["study"].pop("reference_option", None)
    tables["study"].pop("interim_from", None)
    upload(app, "many.toml", studies.dumps(studies.from_dict(tables)).encode())
    assert "31 options" in text(app)


# ---------------------------------------------------------------------------------------------------------------- frame


def test_a_draft_of_an_earlier_session_is_offered_above_the_page(monkeypatch: pytest.MonkeyPatch):
    cookies = SimpleNamespace(cookies={"_streamlit_xsrf": "2|00000000|c0ffee|1"}, locale="en-US")
    browser = drafts.browser(cookies.cookies["_streamlit_xsrf"])
    monkeypatch.setattr(session, "_browser", lambda: browser)
    study = replace(library.first().study, "study/title", "Mine")
    drafts.keep(browser, "earlier", study)
    app = ran(AppTest.from_function(page, default_timeout=30))
    assert "You were working on **Mine**" in text(app)
    next(each for each in app.button if each.label == "Go on with it").click()
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


def test_the_pages_stand_in_their_order():
    titles = [page.title for page in PAGES]
    wanted = ["Start", "Inputs", "Results", "Compare", "Evidence", "Export"]
    assert [title for title in titles if title in wanted] == wanted
    assert titles[0] == "Start"
    assert len({page.url_path for page in PAGES}) == len(PAGES)


def test_the_app_starts_with_its_first_page():
    found = ran(AppTest.from_file("../../../app.py", default_timeout=30))
    assert found.title[0].value.replace("\\", "") == library.first().title
