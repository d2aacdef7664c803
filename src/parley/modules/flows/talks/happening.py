"""What is written of a customer and of the world, as it comes to the engine."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import Answer, AnyAnswer, EffectFailed
from parley.modules.flows.engine.fields import Duration, length
from parley.modules.flows.talks.mismatch import TalkFailed


def _form(answers: JsonValue) -> tuple[str, JsonObject]:
    filled = {"name": "flow", "response_json": msgspec.json.encode(answers).decode()}
    return "interactive", {"type": "nfm_reply", "nfm_reply": filled}


def _body(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


CONTENTS: Final[Mapping[str, Callable[[JsonValue], tuple[str, JsonObject]]]] = {
    "media": lambda kind: (str(kind), {"mime_type": "text/plain"}),
    "location": lambda place: ("location", _body(place)),
    "contacts": lambda contacts: ("contacts", {"contacts": contacts}),
    "order": lambda order: ("order", _body(order)),
    "form": _form,
}
"""What a customer sends besides words, as the contents that arrive."""


def content_of(said: JsonObject) -> Content:
    """Raises TalkFailed for what nobody can send."""
    kind = next((name for name in said if name in CONTENTS), None)
    if kind is None:
        raise TalkFailed("what the customer sends", [*CONTENTS, "tap", "payload"], [*said])
    return Content(*CONTENTS[kind](said[kind]))


def answer_of(kind: str, written: JsonValue) -> Answer:
    """An answer of the world. Raises TalkFailed for what this kind of question is never answered."""
    given = _body(written)
    if "fails" in given:
        return EffectFailed(reason=str(given["fails"]))
    if "json" in given:
        body = msgspec.json.encode(given["json"]).decode()
        given = {name: value for name, value in given.items() if name != "json"} | {"body": body}
    try:
        answer: Answer = msgspec.convert({"kind": kind, **given}, AnyAnswer)
    except msgspec.ValidationError as misfit:
        raise TalkFailed(f"an answer to {kind}", str(misfit), written) from misfit
    return answer


def length_of(written: JsonValue) -> timedelta:
    """`30m` as a length of time. Raises TalkFailed."""
    try:
        return length(msgspec.convert(written, Duration))
    except msgspec.ValidationError as misfit:
        raise TalkFailed("a length of time", "45s, 10m, 24h or 7d", written) from misfit
