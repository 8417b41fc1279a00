"""Two changes of one study brought together, or told what keeps them apart."""

from __future__ import annotations

import dataclasses

import pytest

from models.studies.change import replace, replace_all
from models.studies.file.merged import merged
from models.studies.inputs.problem import StudyError
from store import library

BASE = library.template("deepseek_fleet").study
RATE, TITLE = "study/discount_rate", "study/title"


def test_what_each_changed_is_in_it():
    found = merged(BASE, replace(BASE, RATE, 0.09), replace(BASE, TITLE, "Theirs"))
    assert found.both == () and found.study == replace_all(BASE, {RATE: 0.09, TITLE: "Theirs"})
    assert merged(BASE, BASE, replace(BASE, RATE, 0.09)).study == replace(BASE, RATE, 0.09)


def test_where_both_changed_an_input_it_is_named_and_ones_own_stands():
    found = merged(BASE, replace(BASE, RATE, 0.09), replace_all(BASE, {RATE: 0.12, TITLE: "Theirs"}))
    assert found.both == (RATE,)
    assert found.study == replace_all(BASE, {RATE: 0.09, TITLE: "Theirs"})
    assert merged(BASE, replace(BASE, RATE, 0.09), replace(BASE, RATE, 0.09)).both == (), "they agree"


def test_rows_that_one_of_them_has_not_keep_them_apart():
    fewer = dataclasses.replace(BASE, options=BASE.options[:-1])
    mine = replace(BASE, f"option/{BASE.options[-1].name}/api/price_input", 9.0)
    with pytest.raises(StudyError, match="cannot be brought together; keep one of them, or both"):
        merged(BASE, mine, fewer)
    with pytest.raises(StudyError, match="cannot be brought together"):
        merged(BASE, fewer, mine)
