"""Names in texts that nothing brings."""

from collections.abc import Iterator

import msgspec

from parley.core.json import JsonObject
from parley.modules.flows.engine.definition import Definition, texts_of
from parley.modules.flows.engine.fields import Finding, warning
from parley.modules.flows.engine.scope import ROOTS


def check(definition: Definition) -> Iterator[Finding]:
    """Names in texts that nothing brings."""
    document: JsonObject = msgspec.to_builtins(definition.document)
    for place, _, source in texts_of(document):
        template = definition.library.templates.get(source)
        for path in template.names() if template else ():
            problem = _unknown_name(definition, path)
            if problem:
                yield warning(place, "unknown_name", problem)


def _unknown_name(definition: Definition, path: tuple[str, ...]) -> str | None:
    root, rest = path[0], path[1:]
    if root not in ROOTS:
        return f"Texts know no {root!r}; they know {', '.join(ROOTS)}. Did you mean 'vars.{root}'?"
    known = ROOTS[root]
    if known and rest and rest[0] not in known:
        return f"{root!r} has no {rest[0]!r}; it has {', '.join(sorted(known))}."
    if root == "settings" and rest and rest[0] not in definition.library.settings:
        return f"The flow has no setting {rest[0]!r}; add it under `settings`."
    return None
