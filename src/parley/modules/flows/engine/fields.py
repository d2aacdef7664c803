"""The words of a definition: targets, texts, time-outs, places to save; and what validation finds."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parley.core.errors import Fault, fault
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.language import WORDS

NODE_ID = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
NAME = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"

Target = Annotated[str, Meta(pattern=NODE_ID, description="The id of the node to go to.")]
Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=limits.TEMPLATE_CHARACTERS,
        description="Words, with values filled in: `Hello {{ contact.name }}` (Liquid).",
    ),
]
Words = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=limits.TEMPLATE_CHARACTERS,
        description="What the customer reads, with values filled in: `Hello {{ contact.name }}` (Liquid).",
        extra={WORDS: True},
    ),
]
Name = Annotated[str, Meta(pattern=NAME, description="Letters, digits and _, beginning with a letter.")]
Place = Annotated[
    str,
    Meta(
        pattern=r"^(vars\.|session\.|fields\.)?[A-Za-z][A-Za-z0-9_]{0,63}$",
        description="Where to keep a value: `order` or `vars.order` for this run of the flow, `session.order` for all "
        "flows of this conversation, `fields.city` for the contact, for good.",
    ),
]
Duration = Annotated[
    str,
    Meta(pattern=r"^[1-9][0-9]{0,4}[smhd]$", description="A length of time: `45s`, `10m`, `24h`, `7d`."),
]

FlowName = Annotated[str, Meta(pattern=NODE_ID, description="The `id` of another flow of the workspace.")]
Given = Annotated[
    dict[Name, object],
    Meta(description="Variables that the other flow begins with; texts in them may hold values of this one."),
]

CUSTOMERS_WORDS = "{{ input.text }}"
"""The one text that is there without being written: what a branch tests by default."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@lru_cache(maxsize=256)
def length(duration: str) -> timedelta:
    """`10m` as a timedelta."""
    written = duration.strip()
    return timedelta(seconds=int(written[:-1]) * _SECONDS[written[-1]])


class Timeout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do when the customer stays silent."""

    after: Duration
    next: Target


class Finding(msgspec.Struct, frozen=True):
    """A thing that validation found at a node: `level` is `error` (not to be published) or `warning`."""

    level: Literal["error", "warning"]
    fault: Fault


class Dependency(msgspec.Struct, frozen=True):
    """A thing of the workspace that a node names; `kind` is `flow`, `template`, `team` or `tag`."""

    kind: str
    name: str
    pointer: str


def error(pointer: str, code: str, detail: str) -> Finding:
    """Something that must be mended before publishing."""
    return Finding("error", fault(pointer, code, detail))


def warning(pointer: str, code: str, detail: str) -> Finding:
    """Something that is probably not meant."""
    return Finding("warning", fault(pointer, code, detail))


def too_long(pointer: str, text: str | None, limit: int) -> Iterator[Finding]:
    """An error when fixed words are longer than WhatsApp takes; filled-in ones are cut when they are sent."""
    if text is not None and len(text) > limit and not re.search(r"\{[{%]", text):
        yield error(pointer, "too_long", f"WhatsApp takes {limit} characters here, these are {len(text)}; shorten it.")
