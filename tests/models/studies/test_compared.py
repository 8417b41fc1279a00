"""Two studies compared input by input: exactly what was changed is found, in either direction."""

from models.studies import rewrite
from models.studies.change import replace, replace_all
from models.studies.compared import changed
from store import library

STUDY = library.template("two_vendors").study
OPTION = STUDY.options[0].name


def test_a_study_has_no_difference_to_itself():
    assert changed(STUDY, STUDY) == ()


def test_what_was_changed_is_found_with_both_values():
    other = replace_all(STUDY, {"study/discount_rate": 0.123, f"option/{OPTION}/pue": 1.07})
    found = changed(STUDY, other)
    assert {each.path for each in found} == {"study/discount_rate", f"option/{OPTION}/pue"}
    rate = next(each for each in found if each.path == "study/discount_rate")
    assert rate.old is not None and rate.new is not None
    assert (rate.old.value, rate.new.value) == (STUDY.fields["discount_rate"].value, 0.123)
    assert [(each.path, each.old, each.new) for each in changed(other, STUDY)] == [
        (each.path, each.new, each.old) for each in found
    ]


def test_an_input_made_blank_and_an_option_that_went_are_found():
    blank = replace(STUDY, f"option/{OPTION}/vendor", None)
    assert [(each.path, each.new) for each in changed(STUDY, blank)] == [(f"option/{OPTION}/vendor", None)]
    gone = changed(STUDY, rewrite.option_removed(STUDY, OPTION))
    of_it = [each for each in gone if each.path.startswith("option/")]
    assert of_it and all(each.new is None for each in of_it)


def test_another_source_alone_is_no_other_value():
    assert changed(STUDY, replace(STUDY, "study/discount_rate", STUDY.fields["discount_rate"].value, source="X")) == ()
