"""HTTP: ask another system, keep what it answers."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec
import re2
from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.http import HttpAnswer, HttpEffect
from parley.modules.flows.engine.events.asking_the_world import HttpAnswered, HttpAsked
from parley.modules.flows.engine.fields import Duration, Finding, Name, Target, Text, error, length, warning
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import clean
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

AnswerPath = Annotated[
    str,
    Meta(
        pattern=r"^([^.\[\]]+|\[[0-9]{1,4}\])(\.[^.\[\]]+|\[[0-9]{1,4}\])*$",
        max_length=200,
        description="Where in the JSON answer the value stands: `order.items[0].name`.",
    ),
]
HeaderName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
Status = Annotated[str, Meta(pattern=r"^[1-5][0-9][0-9]$", description="A status of the answer, for example 404.")]

_STEP = re2.compile(r"([^.\[\]]+)|\[(\d+)\]")
_URL_CHARACTERS = 2_000
"""What servers and proxies take."""
_WORKED_ON = re2.compile(r"\{%|\{\{[^}]*\|")
"""A text that Liquid fills: there our encoding of plain values does not reach."""
_CONTROL = re2.compile(r"[\x00-\x20\x7f]")


class Http(Node, frozen=True, kw_only=True, tag="http"):
    """Calls another system and keeps parts of its JSON answer as variables.

    Statuses 200 to 299 leave by `next`; a status named in `statuses` by its own way; all else, also no answer, by
    `failed`. Values in the `url` are percent-encoded, so that a customer's words cannot change the address.

    Example:
        settings: {shop: "https://shop.example"}
        nodes:
          start:
            type: http
            url: "{{ settings.shop }}/orders/{{ input.text }}"
            save: {status: status, eta: "dates[0].eta"}
            next: tell
            statuses: {"404": unknown}
            failed: sorry
          tell: {type: message, text: "It is {{ vars.status }} and arrives {{ vars.eta }}."}
          unknown: {type: message, text: I do not find this order.}
          sorry: {type: message, text: Please try again later.}
        talk:
          - customer: A 1
          - http: {method: GET, url: "https://shop.example/orders/A%201"}
            answers: {status: 200, json: {status: shipped, dates: [{eta: tomorrow}]}}
          - bot: It is shipped and arrives tomorrow.
    """

    group: ClassVar[Group] = "world"

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Text
    headers: dict[HeaderName, Text] = {}
    json: Annotated[object, Meta(description="A body sent as JSON; texts in it may hold values.")] = None
    body: Annotated[Text | None, Meta(description="A body sent as it is, instead of `json`.")] = None
    within: Annotated[Duration, Meta(description="How long to wait for the answer, at most 20s.")] = "10s"
    save: Annotated[
        dict[Name, AnswerPath],
        Meta(description="Variables by name, each with the place of its value in the answer."),
    ] = {}
    next: Target | None = None
    statuses: dict[Status, Target] = {}
    failed: Target | None = None

    def __post_init__(self) -> None:
        if self.json is not None and self.body is not None:
            raise ValueError("A request has either `json` or `body`; write one of them")

    def enter(self, turn: Turn) -> Step:
        url = turn.address(self.url)
        problem = _problem(url)
        if problem is not None:
            turn.failed(problem)
            return Leave("failed")
        turn.events.append(HttpAsked(turn.node, self.method, url.partition("?")[0]))
        effect = HttpEffect(
            method=self.method, url=url, headers=self._headers(turn), body=self._body(turn), timeout=self._seconds()
        )
        return turn.ask_world(effect)

    def _seconds(self) -> int:
        return min(int(length(self.within).total_seconds()), limits.HTTP_SECONDS)

    def _headers(self, turn: Turn) -> Mapping[str, str]:
        kind = {} if self.json is None else {"Content-Type": "application/json"}
        return kind | {name.strip(): _CONTROL.sub(" ", turn.text(value)) for name, value in self.headers.items()}

    def _body(self, turn: Turn) -> str | None:
        if self.json is not None:
            filled = turn.value(self.json)  # type: ignore[arg-type]  # a definition is read from JSON
            return msgspec.json.encode(filled).decode()
        return None if self.body is None else turn.text(self.body)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        result = resume.result if isinstance(resume, EffectAnswered) else None
        if not isinstance(result, HttpAnswer):
            reason = result.reason if isinstance(result, EffectFailed) else "No answer came in time."
            turn.events.append(HttpAnswered(turn.node, None, reason))
            return Leave("failed")
        turn.events.append(HttpAnswered(turn.node, result.status, None))
        self._keep(turn, result)
        if str(result.status) in self.statuses:
            return Leave(f"status.{result.status}")
        return Leave("next" if 200 <= result.status <= 299 else "failed")  # noqa: PLR2004  # HTTP's own range

    def _keep(self, turn: Turn, answer: HttpAnswer) -> None:
        if not self.save:
            return
        if len(answer.body) > limits.HTTP_BODY_BYTES:
            turn.limit(
                "HTTP_BODY_BYTES", f"The answer is larger than {limits.HTTP_BODY_BYTES} bytes; nothing was kept."
            )
            return
        document = _read(answer.body)
        if document is None:
            turn.failed("The answer is no JSON, so nothing of it was kept.")
            return
        for name, path in self.save.items():
            turn.save(f"vars.{name}", at(document, path))

    def exits(self) -> dict[str, str | None]:
        statuses: dict[str, str | None] = {f"status.{status}": target for status, target in self.statuses.items()}
        return {"next": self.next} | statuses | {"failed": self.failed}

    def inspect(self) -> Iterator[Finding]:
        if _WORKED_ON.search(self.url) and "url_encode" not in self.url:
            sentence = "Values with filters or tags are not encoded by themselves here; end them with `| url_encode`."
            yield warning("/url", "not_encoded", sentence)
        if self._seconds() < length(self.within).total_seconds():
            yield error("/within", "too_long", f"A request takes {limits.HTTP_SECONDS} seconds at most; write less.")
        if self.failed is None:
            yield warning("/failed", "no_way_out", "Systems fail: say where to go then, else the conversation ends.")


def at(document: JsonValue, path: str) -> JsonValue:
    """The value at a path such as `order.items[0].name`; None when there is none."""
    value = document
    for match in _STEP.finditer(path):
        name, index = match[1], match[2]
        if name is not None:
            value = value.get(name) if isinstance(value, Mapping) else None
        else:
            inside = isinstance(value, list) and int(index) < len(value)
            value = value[int(index)] if inside and isinstance(value, list) else None
    return value


def _read(body: str) -> JsonValue:
    try:
        document: JsonValue = msgspec.json.decode(clean(body))
    except (msgspec.DecodeError, RecursionError):
        return None
    return document


def _problem(url: str) -> str | None:
    """Why this is no address to call, or None."""
    if len(url) > _URL_CHARACTERS:
        return f"The address has {len(url)} characters; servers take {_URL_CHARACTERS}."
    try:
        parts = urlsplit(url)
    except ValueError:
        return "The address cannot be read; it looks like https://shop.example/orders."
    if parts.scheme not in {"http", "https"} or not parts.hostname or _CONTROL.search(url):
        return "The address must begin with https:// or http:// and have no spaces. Is a value missing in it?"
    return None
