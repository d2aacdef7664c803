"""Flow files: YAML as authors expect it, which is JSON with fewer quotes.

Only `true` and `false` are truth values (`yes`, `no`, `on` stay words), dates stay text, keys are text, nothing is
there twice, and anchors are refused: a file of ten lines must not unfold to a million.
"""

import re
from collections.abc import Hashable

import yaml

from parley.core.errors import InvalidInput, fault
from parley.core.json import JsonObject

FILE_CHARACTERS = 1_000_000
"""A thousand nodes of a thousand characters: larger files are no flows."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, reading plain words as YAML 1.2 does: `10:30` is text, and so is `007`."""

    yaml_implicit_resolvers = {}  # PyYAML's own shape; filled below

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors and aliases are not used in flows; write the lines out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002  # PyYAML's signature
        mapping: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not key or key in mapping:
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"line {line}: {f'{key!r} is there twice' if key else 'a key must be a word'}")
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


for _kind, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_pattern})\Z"), list(_first))


def read_yaml(text: str) -> JsonObject:
    """The document in a flow file. Raises InvalidInput with the line."""
    if len(text) > FILE_CHARACTERS:
        sentence = f"A flow file has at most {FILE_CHARACTERS} characters; split the flow."
        raise InvalidInput(sentence, [fault("", "too_long", sentence)], code="flow_invalid")
    try:
        document = yaml.load(text, _Loader)  # noqa: S506  # a SafeLoader, made stricter
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        sentence = f"This is no YAML: {' '.join(str(error).split())}. Texts with a colon, a ? or braces need quotes."
        raise InvalidInput(sentence, [fault("", "yaml_invalid", sentence)], code="flow_invalid") from error
    if not isinstance(document, dict):
        sentence = "A flow file begins with `id:`, `name:`, `start:` and `nodes:`."
        raise InvalidInput(sentence, [fault("", "wrong_type", sentence)], code="flow_invalid")
    return document


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe dumper, with quotes where our reader would read something else than text."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and not re.search(r"[ \t]\n|\n\Z", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(document: JsonObject) -> str:
    """A document as a flow file: `read_yaml` gives the same document again."""
    written: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return written
