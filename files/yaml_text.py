"""YAML as tools write it: plain data only, without anchors, and without types of a language."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import yaml

from files.limits import DEEPEST_JSON, MOST_JSON_VALUES, Refused


class _Plain(yaml.CSafeLoader):
    """Reads mappings, lists, numbers and texts; a field named twice is refused.

    Plain words are read by the core schema of YAML 1.2, as JSON would be: no octal or sexagesimal numbers, "12:30" and
    dates stay the texts they are.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012 - those of YAML 1.1, which the base class holds so

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, its names as texts, once none stands twice in it."""
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            key.tag = "tag:yaml.org,2002:str"
        names = Counter(key.value for key in keys)
        if twice := next((name for name, count in names.items() if count > 1), None):
            raise Refused("twice", name=twice[:60])
        return super().construct_mapping(node, deep)


def _whole(_: _Plain, node: yaml.ScalarNode) -> int:
    try:
        return int(node.value)
    except ValueError:  # Python reads no number of so many digits
        raise Refused("digits") from None


_Plain.add_constructor("tag:yaml.org,2002:int", _whole)
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?[0-9]+", [*"-+0123456789"]),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        [*"-+.0123456789"],
    ),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)


def values(text: str) -> list[Any]:
    """Every document in the text.

    Raises Refused: "yaml" with the `place` and the `error`; "deep"; "digits"; "values" with the `most` there may be;
    "twice" with the `name` of a field.
    """
    try:
        _check(text)
        return list(yaml.load_all(text, Loader=_Plain))
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):
            raise Refused("deep") from None
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "somewhere"
        raise Refused("yaml", place=place, error=getattr(error, "problem", None) or "unreadable") from None


def _check(text: str) -> None:
    """Counts before anything is built: how deep it nests, how much it holds, and whether it refers to itself."""
    depth = count = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        count += isinstance(event, yaml.ScalarEvent)
        place = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent):
            raise Refused("yaml", place=place, error="a reference to another place")
        if getattr(event, "tag", None):
            raise Refused("yaml", place=place, error="a type named by its tag")
        if depth > DEEPEST_JSON:
            raise Refused("deep")
        if count > 2 * MOST_JSON_VALUES:
            raise Refused("values", most=MOST_JSON_VALUES)
