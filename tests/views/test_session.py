"""A session: edits all or none, the last good result, entries kept aside, history, drafts."""

import dataclasses
from types import SimpleNamespace

import pytest

from models.analysis.metrics.measures import RANKED_BY
from models.studies import rewrite
from models.studies.change import replace
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.study import Row, Study, get
from store import desk, library, versions
from store.database import StoreError
from store.shelf import Conflict
from views import session as state
from views.sign_in import PASSED_ON

OWN = "Buy, colocation"
PUE = f"option/{OWN}/pue"
IDLE, LOAD = f"option/{OWN}/system_power_idle_w", f"option/{OWN}/system_power_load_w"

pytestmark = pytest.mark.usefixtures("session")


def total(option: str = OWN) -> float:
    """The present value of an option, as the pages show it."""
    return state.shown_result().options[option].number("pv_cost") or 0.0


def held(path: str) -> object:
    return get(state.study(), path).value


def test_a_session_starts_with_the_first_template_and_its_result():
    assert state.study() is library.first().study
    assert list(state.result().options) == [option.name for option in state.study().options]
    assert not state.stale()
    assert not state.can_undo()


def test_an_edit_gives_a_new_result_and_changes_are_told_against_the_study_as_opened():
    old, cost = state.result(), total()
    for pue in (1.3, 1.2):
        assert state.change({PUE: pue}) == []
    assert held(PUE) == 1.2
    assert state.baseline() == ("since opened", {name: each.number(RANKED_BY) for name, each in old.options.items()})
    assert total() < cost


def test_changes_are_told_against_the_last_version_and_never_in_its_name_where_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
):
    assert state.change({PUE: 1.3}) == []
    state.keep_study()
    kept, entry = state.result().options[OWN].number(RANKED_BY), state.entry()
    assert entry is not None
    versions.keep(state.library(), entry.id, "First", seal="0")
    assert state.change({PUE: 1.2}) == []
    said, figures = state.baseline()
    assert (said, figures[OWN]) == ("vs version 1", kept)

    def gone(*_: object) -> None:
        raise StoreError("the version is damaged", "take it out")

    monkeypatch.setattr(versions, "read", gone)
    state.set_without_staff(True)  # another basis, for which it is read again
    assert state.baseline()[0] == "since opened"


def test_a_result_is_computed_once_for_a_study():
    assert state.result() is state.result()
    state.change({PUE: 0.5})
    assert state.result() is state.result()


def test_a_refused_edit_changes_nothing_and_is_kept_aside_as_typed():
    good = state.result()
    found = state.change({PUE: 0.5}, typed="0.5")
    assert [problem.path for problem in found] == [PUE]
    assert state.stale()
    assert state.result() is good
    kept = state.aside(PUE)
    assert kept is not None
    assert kept.typed == "0.5"
    assert held(PUE) == 1.54


def test_edits_are_all_or_none():
    state.change({f"option/{OWN}/availability": 0.5, PUE: 0.5})
    assert held(f"option/{OWN}/availability") == 0.99


def test_a_path_that_leads_nowhere_is_told_with_the_nearest():
    found = state.change({f"option/{OWN}/pu": 1.2})
    assert "pue" in found[0].message


def test_an_entry_kept_aside_is_taken_with_the_one_that_makes_it_right():
    state.change({IDLE: 9000}, typed="9000")
    assert state.stale()
    state.change({PUE: 1.3})
    assert state.stale(), "an edit that has nothing to do with it does not help"
    assert held(PUE) == 1.3
    state.change({LOAD: 10_000})
    assert not state.stale()
    assert (held(IDLE), held(LOAD)) == (9000, 10_000)


def test_an_entry_that_cannot_be_read_waits_and_hinders_nobody():
    state.reject(PUE, "abc", Problem(PUE, None, "is not a number"))
    state.change({LOAD: 8000})
    assert held(LOAD) == 8000
    assert state.stale()
    state.change({PUE: 1.3}, entry=PUE)
    assert not state.stale()


def test_rows_that_need_each_other_are_taken_together():
    def item(study: Study) -> Study:
        rows = study.option(OWN).capex
        moved = rows[0].replaced("asset", dataclasses.replace(rows[0]["asset"], value="racks"))
        return rewrite.with_rows(study, OWN, "capex", (moved, *rows[1:]))

    def asset(study: Study) -> Study:
        values = {"name": Value("racks"), "life": Value(4)}
        return rewrite.with_rows(study, OWN, "asset", (*study.option(OWN).assets, Row("asset", values)))

    assert "racks" in state.rewrite(item, entry="items", typed="cells")[0].message
    assert state.rewrite(asset, entry="assets") == []
    assert not state.stale()
    assert state.study().option(OWN).capex[0].text("asset") == "racks"


def test_undo_takes_back_entries_in_error_first_then_edits():
    state.change({PUE: 1.2})
    state.change({PUE: 0.5})
    state.undo()
    assert (held(PUE), state.stale()) == (1.2, False)
    state.undo()
    assert held(PUE) == 1.54
    state.redo()
    assert held(PUE) == 1.2
    assert not state.can_redo()
    state.undo()
    state.change({PUE: 1.4})
    assert not state.can_redo(), "a new edit ends what could be made again"


def test_loading_another_study_can_be_taken_back():
    state.change({PUE: 1.2})
    other = library.template("deepseek_fleet").study
    state.load(other, "Template: other")
    assert state.study() is other
    assert state.origin() == "Template: other"
    state.undo()
    assert held(PUE) == 1.2
    assert state.origin().startswith("Template: Customer")


def test_a_study_that_cannot_be_computed_is_not_loaded():
    def changed(row: Row) -> Row:
        return row.replaced("requests_per_day", Value(1e300)).replaced("demand_growth", Value(1e300))

    study = state.study()
    hopeless = dataclasses.replace(study, workloads=tuple(changed(row) for row in study.workloads))
    with pytest.raises(StudyError):
        state.load(hopeless, "File: hopeless")
    assert state.study() is study


def test_the_selected_option_falls_back_to_the_first():
    state.set_option("Rented fleet")
    assert state.option_name() == "Rented fleet"
    state.replace_study(rewrite.option_removed(state.study(), "Rented fleet"))
    assert state.option_name() == OWN


def test_figures_without_engineering_time():
    full = total()
    state.set_without_staff(True)
    assert total() < full
    assert state.result().options[OWN].number("pv_cost") == full
    assert state.baseline()[1][OWN] == state.shown_result().options[OWN].number(RANKED_BY)


def test_a_field_keeps_its_key_until_the_study_changes_elsewhere():
    key = state.seed(PUE, 1.54)
    state.change({PUE: 1.2})
    state.settle(PUE, 1.2)
    assert state.seed(PUE, 1.2) == key, "the field itself set it"
    assert state.seed(PUE, 1.3) != key, "somebody else set it"


def test_a_field_in_error_is_made_anew_by_undo():
    key = state.seed(PUE, 1.54)
    state.change({PUE: 0.5}, entry=PUE)
    assert state.seed(PUE, 1.54) == key
    state.undo()
    assert state.seed(PUE, 1.54) != key


def test_what_is_found_once_is_found_again_after_an_edit():
    calls: list[int] = []
    for _ in range(2):
        state.once("count", lambda: calls.append(1))
    state.change({PUE: 1.2})
    state.once("count", lambda: calls.append(1))
    assert len(calls) == 2


def test_what_is_found_once_is_found_with_staff_and_without():
    assert state.once("staff", lambda: "with") == "with"
    state.set_without_staff(True)
    assert state.found("staff") is None and state.once("staff", lambda: "without") == "without"
    state.set_without_staff(False)
    assert state.found("staff") == "with"


def test_an_edit_is_saved_and_a_reload_resumes_it_with_its_steps(session: SimpleNamespace):
    assert state.saved() is None
    state.keep_study()
    assert session.query_params == {}, "a template that was only looked at is not kept"
    for pue in (1.2, 1.3):
        state.change({PUE: pue})
        state.keep_study()
    assert state.saved() is not None
    session.session_state.clear()
    assert held(PUE) == 1.3
    for before in (1.2, 1.54):
        if before == 1.54:
            assert not state.can_undo(), "the template was never saved"
            break
        state.undo()
        assert held(PUE) == before
    state.keep_study()
    session.session_state.clear()
    assert held(PUE) == 1.2


def test_a_new_tab_is_offered_what_was_open_last(session: SimpleNamespace):
    state.change({PUE: 1.2})
    state.keep_study()
    assert state.offered() is None, "it is open"
    session.session_state.clear()
    session.query_params.clear()
    session.context.cookies = {"_streamlit_xsrf": "2|0f0f0f0f|cff0e1|2"}  # the same token behind another mask
    assert held(PUE) == 1.54
    found = state.offered()
    assert found is not None and found.name == library.first().title
    assert state.accept_offer() == []
    assert held(PUE) == 1.2
    assert state.offered() is None


@pytest.mark.parametrize("cookies", [{}, {"_streamlit_xsrf": "2|00000000|badcafe0|1"}])
def test_nobody_else_is_offered_it_or_opens_it_by_its_address(session: SimpleNamespace, cookies: dict[str, str]):
    state.change({PUE: 1.2})
    state.keep_study()
    session.session_state.clear()
    session.context.cookies = cookies
    assert held(PUE) == 1.54, "the address alone opens nothing"
    assert state.offered() is None


def test_on_ones_own_machine_every_browser_finds_it(session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(state.APART_SETTING)
    state.change({PUE: 1.2})
    state.keep_study()
    session.session_state.clear()
    session.query_params.clear()
    session.context.cookies = {}
    assert state.offered() is not None


def test_an_offer_that_was_turned_down_is_not_made_again(session: SimpleNamespace):
    state.change({PUE: 1.2})
    state.keep_study()
    session.session_state.clear()
    session.query_params.clear()
    state.answer_offer()
    assert state.offered() is None


def test_a_study_that_is_gone_changes_nothing(session: SimpleNamespace):
    state.change({PUE: 1.2})
    state.keep_study()
    kept = state.entry()
    assert kept is not None
    desk.shelf().delete(kept.id)
    session.session_state.clear()
    assert held(PUE) == 1.54
    assert any("deleted elsewhere" in str(each) for each in state.unopened()), "the address is answered"
    assert any("deleted elsewhere" in str(each) for each in state.open_study(kept.id))


def test_a_study_that_does_not_compute_is_not_opened_and_never_saved_over(monkeypatch: pytest.MonkeyPatch):
    state.change({PUE: 1.2})
    state.keep_study()
    beyond = replace(library.first().study, "study/title", "Beyond")
    other = desk.shelf().add(beyond, owner=state.owner())
    computed = state._computed

    def run(study: Study, origin: str) -> state.Step:
        if study == beyond:
            raise StudyError([Problem("", None, "a figure grows beyond what can be computed")])
        return computed(study, origin)

    monkeypatch.setattr(state, "_computed", run)
    assert any("grows beyond" in str(each) for each in state.open_study(other.id))
    state.change({PUE: 1.3})
    state.keep_study()
    assert desk.shelf().read(other.id).study == beyond


@pytest.mark.parametrize(
    "headers", [{"Host": "tco.example.org"}, {}, *({"Host": "localhost", name: "203.0.113.7"} for name in PASSED_ON)]
)
def test_who_comes_from_elsewhere_is_nobody_of_this_machine(session: SimpleNamespace, headers: dict[str, str]):
    session.context.headers = headers
    assert state.owner() == ""


def test_two_changes_made_at_once_are_brought_together(session: SimpleNamespace):
    state.change({PUE: 1.2})
    state.keep_study()
    kept = state.entry()
    assert kept is not None
    rate = "study/discount_rate"
    theirs = replace(replace(state.study(), rate, 0.0912), PUE, 1.25)
    desk.shelf().save(kept.id, kept.revision, theirs)
    state.change({PUE: 1.3})
    state.keep_study()
    assert state.of_conflict() == theirs
    assert [(each.path, each.message) for each in state.settle_conflict("merged")] == [
        (PUE, "was set by both; yours stands")
    ]
    state.keep_study()
    assert state.fault() is None
    assert (held(PUE), held(rate)) == (1.3, 0.0912)
    assert desk.shelf().read(kept.id).study == replace(theirs, PUE, 1.3)
    assert len(desk.shelf().entries(state.owner())) == 1


def test_a_save_made_elsewhere_meanwhile_is_told_and_settled(session: SimpleNamespace):
    state.change({PUE: 1.2})
    state.keep_study()
    kept = state.entry()
    assert kept is not None
    desk.shelf().save(kept.id, kept.revision, library.first().study)
    state.change({PUE: 1.3})
    state.keep_study()
    assert isinstance(state.fault(), Conflict) and state.saved() is None
    assert state.settle_conflict("mine") == []
    assert state.fault() is None and state.saved() is not None and held(PUE) == 1.3
    desk.shelf().save(kept.id, kept.revision + 2, library.first().study)
    state.change({PUE: 1.4})
    state.keep_study()
    assert state.settle_conflict("theirs") == []
    assert held(PUE) == 1.54 and state.fault() is None


def test_marks_are_english_only_where_the_browser_says_so(session: SimpleNamespace):
    assert state.marks() == "english"
    for locale in ("de-DE", None):
        session.context.locale = locale
        assert state.marks() == "ask"
