"""What is written of a customer and of the world, as it comes to the engine."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import Answer, AnyAnswer, EffectFailed, ModelAnswer, ModelDenied, ToolCall
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


WRITTEN_TOKENS: Final = (100, 10)
"""What each written answer of a model takes, in and out."""


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
    if kind == "model":
        return _model_answer(given)
    if "json" in given:
        body = msgspec.json.encode(given["json"]).decode()
        given = {name: value for name, value in given.items() if name != "json"} | {"body": body}
    try:
        answer: Answer = msgspec.convert({"kind": kind, **given}, AnyAnswer)
    except msgspec.ValidationError as misfit:
        raise TalkFailed(f"an answer to {kind}", str(misfit), written) from misfit
    return answer


def _model_answer(given: JsonObject) -> Answer:
    """Words and tools with their arguments; or that the model is `off`, or a `budget` used up."""
    if "denied" in given:
        return ModelDenied(why="off" if given["denied"] == "off" else "budget", sentence="The model may not be asked.")
    calls = [
        ToolCall(f"call_{number}", name, msgspec.json.encode(arguments).decode())
        for number, (name, arguments) in enumerate(given.items(), 1)
        if name != "text"
    ]
    used = {"input_tokens": WRITTEN_TOKENS[0], "output_tokens": WRITTEN_TOKENS[1]}
    return ModelAnswer(text=str(given.get("text", "")), calls=tuple(calls), **used)


def length_of(written: JsonValue) -> timedelta:
    """`30m` as a length of time. Raises TalkFailed."""
    try:
        return length(msgspec.convert(written, Duration))
    except msgspec.ValidationError as misfit:
        raise TalkFailed("a length of time", "45s, 10m, 24h or 7d", written) from misfit
