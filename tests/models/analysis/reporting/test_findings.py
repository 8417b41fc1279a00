"""What the analyses found, with the run it was found in; robust where there is nothing to show."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.brief import brief, can_explain, pair
from models.analysis.reporting.findings import run_of
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file.load import dumps, from_dict, load, loads, to_dict
from models.studies.study import Study
from tests.analysed import findings
from tests.soak import long, named, sampled, thorough
from tests.strategies import studies

TEMPLATES = sorted((Path(__file__).parents[4] / "templates").glob("*.toml"))
TWO = next(path for path in TEMPLATES if path.stem == "two_vendors")


@long
@sampled("path", TEMPLATES, named("deepseek_fleet"), ids=lambda path: path.stem)
def test_the_findings_are_those_of_the_pair_that_is_decided_between(path: Path) -> None:
    result = MODEL.run(load(path))
    found = findings(result)
    assert found is not None and found.reasons is not None and found.tornado is not None
    names = pair(result) or ()
    assert (found.option, found.against) == names
    assert (found.reasons.option, found.reasons.against) == names
    assert (found.tornado.option, found.tornado.against, found.tornado.metric) == (*names, RANKED_BY)
    assert {(t.option, t.against, t.metric) for t in found.targets} == {(*names, RANKED_BY)}
    assert found.brief == brief(result, *names, simulated=found.simulated)


def test_one_option_has_nothing_to_be_held_against() -> None:
    tables = to_dict(load(TWO))
    tables["option"] = tables["option"][:1]
    tables["study"].pop("reference_option", None)
    tables["study"].pop("interim_from", None)
    assert findings(MODEL.run(from_dict(tables))) is None


def test_the_run_is_told_by_every_input_and_its_source() -> None:
    study = load(TWO)
    assert run_of(study) == run_of(loads(dumps(study)))
    assert run_of(study) != run_of(replace(study, "study/discount_rate", 0.123))
    assert run_of(study) != run_of(replace(study, "study/note", "another note"))


@long
def test_without_responses_there_is_a_brief_and_no_more() -> None:
    study = nothing_asked(load(TWO))
    result = MODEL.run(study)
    found = findings(result)
    assert found is not None and found.tornado is None
    assert (found.reasons is None) == (not can_explain(*(result.options[n] for n in (found.option, found.against))))
    assert found.brief.recommendation


def nothing_asked(study: Study) -> Study:
    """The study with nobody asking for anything."""
    tables = to_dict(study)
    for row in tables["workload"]:
        row["requests_per_day"] = 0
    return from_dict(tables)


@thorough(1, soak=4)
@given(studies())
def test_any_study_has_findings(tables: dict) -> None:
    result = MODEL.run(from_dict(tables))
    assert (findings(result) is None) == (len(result.options) < 2)
