"""YAML of strangers is plain data, or refused with a reason; nothing in it ends a program."""

import math

import pytest

from files import yaml_text
from files.limits import Refused
from tests.cpu import cpu_below


def test_plain_words_are_read_as_json_would():
    (found,) = yaml_text.values(
        "clock: 12:34:56\nwhole: 010\nday: 2026-01-01\nword: yes\nsmall: 1e-5\ngrouped: 1_000\nhex: 0x1f\n"
        "truth: true\nnothing: ~\nempty:\nbelow: -1.5\nquoted: '5'\n7: a name"
    )
    assert found == {
        **{"clock": "12:34:56", "whole": 10, "day": "2026-01-01", "word": "yes", "small": 1e-5, "grouped": "1_000"},
        **{"hex": "0x1f", "truth": True, "nothing": None, "empty": None, "below": -1.5, "quoted": "5", "7": "a name"},
    }
    assert isinstance(found["whole"], int)
    endless, nothing = yaml_text.values("[-.inf, .nan]")[0]
    assert endless == -math.inf and math.isnan(nothing)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"a: {'1' * 5_000}", "digits"),
        ("a: 1\na: 2", "twice"),
        ("1: a\n'1': b", "twice"),
        ("[" * 300, "deep"),
        ("\n".join(f"k{n}: 1" for n in range(20_000)), "values"),
        *(
            (f"a: {tag}", "yaml")
            for tag in ("!!int abc", "!!int ''", "!!float x", "!!set {a}", "!!python/object:os.x y")
        ),
        *((text, "yaml") for text in ("a: &x 1\nb: *x", "? [1]\n: 2", "? {a: 1}\n: 2", "a: b: c", "- \0")),
    ],
)
def test_what_is_no_plain_data_is_refused(text: str, fault: str):
    with pytest.raises(Refused) as caught:
        yaml_text.values(text)
    assert caught.value.fault == fault


def test_many_names_take_no_time():
    with cpu_below(2.0):
        (found,) = yaml_text.values("\n".join(f"k{n}: 1" for n in range(9_000)))
    assert len(found) == 9_000
