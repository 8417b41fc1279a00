"""Where the rows of a study stand: what is kept from one study to the next is what would be found anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from models.studies.change import valid
from models.studies.study import Study
from store import library

STUDY = library.template("two_vendors").study


def changed(study: Study) -> list[Study]:
    """The study with each of its texts and numbers set to something else, as far as the study is then valid."""
    other: dict[type, Callable[[Any], Any]] = {str: lambda text: f"{text} or so", float: lambda number: 1.01 * number}
    pairs = [(place.of(name), place.row[name].value) for place in study.places.values() for name in place.row]
    ways = {path: other[type(value)](value) for path, value in pairs if type(value) in other}
    return [found for path, value in ways.items() if (found := valid(study, {path: value})) is not None]


def test_a_changed_study_finds_its_rows_where_it_would_anew():
    every = changed(STUDY)
    assert len(every) > 100 and any(each.places.keys() != STUDY.places.keys() for each in every), "some rename a row"
    for each in every:
        anew = dataclasses.replace(each)
        assert list(each.places.items()) == list(anew.places.items())
        for table in ("option", "workload", "serving", "capex", "tier"):
            assert each.rows(table) == anew.rows(table) and each.rows(table, 0) == anew.rows(table, 0)
