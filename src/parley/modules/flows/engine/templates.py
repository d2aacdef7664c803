"""Authored texts with values in them: `Hello {{ contact.name }}`. Read once per definition, filled in every sprint.

Nearly all texts are plain words and paths: those are filled by this file in a microsecond. Whatever has a filter or a
tag goes through Liquid, in its sandbox. Both show a value in the same way.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from liquid import BoundTemplate
from liquid.stringify import to_liquid_string

from parley.core.json import JsonValue
from parley.modules.flows.engine import sandbox

Path = tuple[str, ...]

_PATH = re.compile(r"\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}", re.ASCII)
_LIQUID_WORDS: Final = {"size", "first", "last", "true", "false", "nil", "null", "empty", "blank"}
_TRUSTED_ROOT = "settings"
"""Values of the author, which may hold whole addresses; everything else is encoded inside one."""


def is_template(text: str) -> bool:
    """Whether a text has anything to fill in."""
    return "{{" in text or "{%" in text


class Template:
    """One authored text. `parts` are words and paths in turn; None when Liquid has to do it."""

    __slots__ = ("_liquid", "_only", "parts", "source")

    def __init__(self, source: str) -> None:
        """Raises TemplateFailed with what to mend."""
        self.source = source
        self._liquid: BoundTemplate = sandbox.parse(source)
        self.parts = _plain_parts(source)
        self._only = self.parts[0] if self.parts is not None and len(self.parts) == 1 else None

    def text(self, scope: Mapping[str, object]) -> str:
        """The text with its values; what is not there is empty. Raises TemplateFailed."""
        if self.parts is None:
            return sandbox.fill(self._liquid, scope)
        text = "".join([part if isinstance(part, str) else show(find(scope, part)) for part in self.parts])
        if "\r" in text:  # Liquid's own buffer spells the end of a line in one way
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text

    def value(self, scope: Mapping[str, object]) -> JsonValue:
        """The value itself where the text is one path and nothing else, so numbers stay numbers; else the text."""
        if isinstance(self._only, tuple):
            return find(scope, self._only)
        return self.text(scope)

    def address(self, scope: Mapping[str, object]) -> str:
        """The text as an URL: values are percent-encoded, so a customer's words cannot lead elsewhere."""
        if self.parts is None:
            return sandbox.fill(self._liquid, scope)
        return "".join([part if isinstance(part, str) else _address_part(scope, part) for part in self.parts])

    def names(self) -> list[Path]:
        """The paths that the text uses, for checks: `("vars", "order")`."""
        found = self._liquid.analyze(include_partials=False).globals.values()
        return [tuple(str(segment) for segment in variable.segments) for uses in found for variable in uses]


def find(scope: Mapping[str, object], path: Path) -> JsonValue:
    """The value at a path of names; None when there is none."""
    value: object = scope
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value  # type: ignore[return-value]  # a scope holds JSON only


def show(value: JsonValue) -> str:
    """A value as people see it: `true`, `3`, nothing for null; a list one item after the other."""
    return value if isinstance(value, str) else to_liquid_string(value, autoescape=False)


def _address_part(scope: Mapping[str, object], path: Path) -> str:
    text = show(find(scope, path))
    return text if path[0] == _TRUSTED_ROOT else quote(text, safe="")


def _plain_parts(source: str) -> tuple[str | Path, ...] | None:
    """Words and paths in turn, or None when there is a filter, a tag, or anything that only Liquid understands."""
    parts: list[str | Path] = []
    end = 0
    for match in _PATH.finditer(source):
        parts.append(source[end : match.start()])
        path = tuple(match[1].split("."))
        if _LIQUID_WORDS.intersection(path):
            return None
        parts.append(path)
        end = match.end()
    parts.append(source[end:])
    if any(isinstance(part, str) and is_template(part) for part in parts):
        return None
    return tuple(part for part in parts if part != "")
