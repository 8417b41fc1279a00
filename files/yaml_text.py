"""YAML as tools write it: plain data only, without anchors, and without types of a language."""

from __future__ import annotations

from typing import Any

import yaml

from files.limits import DEEPEST_JSON, MOST_JSON_VALUES, Refused


class _Plain(yaml.CSafeLoader):
    """Reads mappings, lists, numbers and texts; a date stays the text it is, a field named twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, once no name stands twice in it."""
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise Refused("twice", name=twice[:60])
        return super().construct_mapping(node, deep)


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def values(text: str) -> list[Any]:
    """Every document in the text.

    Raises Refused: "yaml" with the `place` and the `error`; "deep"; "values"; "twice" with the `name` of a field.
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
        if isinstance(event, yaml.AliasEvent):
            raise Refused("yaml", place=f"line {event.start_mark.line + 1}", error="a reference to another place")
        if depth > DEEPEST_JSON:
            raise Refused("deep")
        if count > 2 * MOST_JSON_VALUES:
            raise Refused("values", most=MOST_JSON_VALUES)
