"""My studies and their versions, run as Streamlit runs them."""

import pytest
from streamlit.testing.v1 import AppTest

from models.studies.change import replace
from store import comments, desk, library, versions
from store.shelf import APPROVED, REVIEW, Entry
from tests.views.reading import frames, press, put, ran, unfolded, work
from views import session
from views.library import my_studies

STUDY = library.template("deepseek_fleet").study
OTHER = replace(STUDY, "study/discount_rate", 0.0912)


def page() -> None:
    from views import frame
    from views.library import my_studies

    frame.head()
    my_studies.show()
    frame.foot()


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person whose studies are kept, and a list in which a test chooses a row."""
    monkeypatch.setattr(session, "_owner", lambda: "ann")


def chosen(monkeypatch: pytest.MonkeyPatch, entry: Entry) -> AppTest:
    monkeypatch.setattr(my_studies, "_list", lambda found: next(each for each in found if each.id == entry.id))
    return ran(AppTest.from_function(page, default_timeout=60))


def told(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption, *app.info, *app.warning])


def test_without_a_study_it_says_that_they_come_by_themselves():
    app = ran(AppTest.from_function(page, default_timeout=60))
    assert "what you change is kept here by itself" in told(app)
    assert "library.sqlite" in told(app).replace("\\", "")


def test_a_browser_without_a_name_is_told_that_nothing_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "_owner", lambda: "")
    assert "Nothing is kept" in told(ran(AppTest.from_function(page, default_timeout=60)))


def test_the_list_shows_ones_own_studies_and_searches_them():
    mine, other = desk.shelf().add(STUDY, "Chat", owner="ann"), desk.shelf().add(STUDY, "Search", owner="ann")
    desk.shelf().add(STUDY, "Secret", owner="ben")
    app = ran(AppTest.from_function(page, default_timeout=60))
    assert set(app.dataframe[0].value["Study"]) == {mine.name, other.name}
    put(app, "Search", "chat")
    assert list(app.dataframe[0].value["Study"]) == ["Chat"]


def test_a_study_is_renamed_tagged_copied_and_put_away(monkeypatch: pytest.MonkeyPatch):
    entry = desk.shelf().add(STUDY, "Chat", owner="ann")
    desk.shelf().add(STUDY, "Taken", owner="ann")
    app = chosen(monkeypatch, entry)
    put(app, "Name", "Chat 2027")
    put(app, "Tags, separated by commas", "board, 2027")
    assert desk.shelf().entry(entry.id).name == "Chat 2027"
    assert desk.shelf().entry(entry.id).tags == ("board", "2027")
    put(app, "Name", "taken")
    assert "a study named taken already" in told(app)
    press(app, "copy study")
    assert "Chat 2027, copy" in [each.name for each in desk.shelf().entries("ann")]
    monkeypatch.setattr(my_studies, "_list", lambda found: None)
    desk.shelf().archive(entry.id)
    assert "Chat 2027" not in list(desk.shelf().entries("ann"))


def test_deleting_is_asked_twice(monkeypatch: pytest.MonkeyPatch):
    entry = desk.shelf().add(STUDY, "Chat", owner="ann")
    app = unfolded(chosen(monkeypatch, entry), "delete study")
    button = next(each for each in app.button if each.key == "delete for good")
    assert button.disabled
    next(each for each in app.checkbox if each.label == "I no longer need it").check()
    ran(app)
    monkeypatch.setattr(my_studies, "_list", lambda found: None)
    press(app, "delete for good")
    assert desk.shelf().entries("ann") == ()


def test_versions_are_kept_compared_restored_and_approved(monkeypatch: pytest.MonkeyPatch):
    entry = desk.shelf().add(STUDY, "Chat", owner="ann")
    app = unfolded(chosen(monkeypatch, entry), "keep version")
    put(app, "Name of the version", "To the board")
    press(app, "keep it")
    (version,) = versions.versions(desk.shelf(), entry.id)
    assert version.name == "To the board" and len(version.seal) == 64

    desk.shelf().save(entry.id, 1, OTHER)
    app = unfolded(chosen(monkeypatch, entry), "version differences")
    tables = frames(app)
    assert any("9.12%" in cells for each in tables for cells in each.values()), "the input that is another now"
    ends = next(each["Effect on the headline"] for each in tables if "Effect on the headline" in each)
    assert ends == ["To the board: As disclosed", "Now: As disclosed"], "a year's rent does not hang on the rate"

    press(app, "ask for review")
    assert desk.shelf().entry(entry.id).status == REVIEW
    press(app, "restore version")
    assert desk.shelf().read(entry.id).study == STUDY
    unfolded(app, "review version")
    put(app, "Reviewed by", "Ben")
    press(app, "reviewed it")
    unfolded(app, "approve version")
    put(app, "Approved by", "Cleo")
    press(app, "approve it")
    (version,) = versions.versions(desk.shelf(), entry.id)
    assert (version.reviewer, version.approver) == ("Ben", "Cleo")
    assert desk.shelf().entry(entry.id).status == APPROVED


def test_comments_are_added_settled_and_refused(monkeypatch: pytest.MonkeyPatch):
    entry = desk.shelf().add(STUDY, "Chat", owner="ann")
    app = unfolded(chosen(monkeypatch, entry), "add comment")
    put(app, "Comment", "Why 9%? https://example.org")
    press(app, "add it")
    assert "names nobody" not in told(app) and "a name is missing" in told(app), "nobody is named"
    next(each for each in app.selectbox if each.label == "On").select("study/discount_rate")
    ran(app)
    put(app, "Comment", "Why 9%? https://example.org")
    put(app, "By", "Ben")
    press(app, "add it")
    (comment,) = comments.comments(desk.shelf(), entry.id)
    assert (comment.place, comment.author, comment.settled) == ("study/discount_rate", "Ben", None)
    assert "Discount rate" in told(app) and "https://example" not in told(app), "an address in it is no link"
    press(app, f"settle {comment.id}")
    assert comments.comments(desk.shelf(), entry.id)[0].settled is not None


def test_a_library_that_cannot_be_opened_is_told_and_the_work_goes_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INFERENCE_TCO_DATABASE", "sqlite:////proc/none/library.sqlite")
    app = ran(AppTest.from_function(page, default_timeout=60))
    assert "cannot be opened" in told(app)
    assert work(app).step.study is not None
