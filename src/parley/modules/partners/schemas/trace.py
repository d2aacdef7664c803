"""What a message's trace looks like on the wire."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from parley.core.ids import public
from parley.kit.rest import ids
from parley.kit.rest.shapes import KeyId, MessageId, Moment, Shown
from parley.modules.conversations import Attempt, Message
from parley.modules.partners.domain import moment_of
from parley.modules.partners.store.logs import Logged

RequestId = Annotated[str, WithJsonSchema(ids.schema_of(ids.REQUEST))]
_EXAMPLE: JsonValue = {
    "message_id": "msg_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "status": "delivered",
    "made_by": {
        "request_id": "req_0198f3b2c6cf7a51b0c3d1e2f3a4b5c6",
        "at": "2026-11-23T15:04:05.110Z",
        "key_id": "key_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
        "route": "/v1/messages",
        "status": 202,
        "duration_ms": 9.4,
    },
    "queued_at": "2026-11-23T15:04:05.120Z",
    "attempts": [
        {
            "number": 1,
            "at": "2026-11-23T15:04:05.131Z",
            "duration_ms": 182.3,
            "status": 200,
            "fbtrace_id": "AbCdEf12345",
            "request": {
                "messaging_product": "whatsapp",
                "to": "15550001111",
                "type": "text",
                "text": {"body": "Hello"},
            },
            "answer": {"messaging_product": "whatsapp", "messages": [{"id": "wamid.HBgL"}]},
        }
    ],
    "statuses": [
        {"status": "sent", "at": "2026-11-23T15:04:05.320Z"},
        {"status": "delivered", "at": "2026-11-23T15:04:06.011Z"},
    ],
}


class TraceCallShape(Shown):
    """The request to this API that made the message; `GET /v1/api-logs/{id}` tells all of it."""

    request_id: RequestId
    at: Moment
    key_id: KeyId | None
    route: str
    status: int
    duration_ms: float


class TraceAttemptShape(Shown):
    """One try to hand the message to the provider."""

    number: int
    at: Moment = Field(description="When it was taken from the queue and posted.")
    duration_ms: float
    status: int | None = Field(description="Of the provider's answer. Null: none came, or it could not be read.")
    fbtrace_id: str | None = Field(description="By which Meta's support finds the request.")
    request: JsonValue = Field(description="As it was posted. Null: the person was erased.")
    answer: JsonValue = Field(description="As it came; a text where it is not JSON.")

    @classmethod
    def of(cls, attempt: Attempt) -> "TraceAttemptShape":
        exchange = attempt.exchange
        answer = _read(exchange.answer) if exchange else None
        return cls.model_validate(
            {
                "number": attempt.number,
                "at": attempt.at,
                "duration_ms": attempt.micros / 1000,
                "status": exchange.status if exchange else None,
                "fbtrace_id": (exchange.trace_id if exchange else None) or _trace_in(answer),
                "request": _read(exchange.request) if exchange else None,
                "answer": answer,
            }
        )


class TraceStatusShape(Shown):
    """A status that the message reached."""

    status: str
    at: Moment
    errors: list[dict[str, JsonValue]]


class TraceShape(Shown):
    """A message's way: the request that made it, the queue, the provider, each status."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    message_id: MessageId
    status: str
    made_by: TraceCallShape | None = Field(
        description="Null: not made by one request, or its log is not kept any more."
    )
    queued_at: Moment
    attempts: list[TraceAttemptShape]
    statuses: list[TraceStatusShape]

    @classmethod
    def of(cls, message: Message, made_by: Logged | None, attempts: Sequence[Attempt]) -> "TraceShape":
        statuses = [{"status": each.status, "at": each.at, "errors": each.errors} for each in message.statuses]
        return cls.model_validate(
            {
                "message_id": public(ids.MESSAGE, message.row.id),
                "status": message.status,
                "made_by": _call(made_by) if made_by else None,
                "queued_at": message.row.at,
                "attempts": [TraceAttemptShape.of(each) for each in attempts],
                "statuses": [each for each in statuses if each["status"] != "queued"],
            }
        )


def _call(logged: Logged) -> TraceCallShape:
    return TraceCallShape.model_validate(
        {
            "request_id": public(ids.REQUEST, logged.id),
            "at": moment_of(logged.id),
            "key_id": public(ids.KEY, logged.key) if logged.key else None,
            "route": logged.route,
            "status": logged.status,
            "duration_ms": logged.micros / 1000,
        }
    )


def _read(body: bytes) -> JsonValue:
    if not body:
        return None
    try:
        read: JsonValue = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return body.decode("utf-8", "replace")
    return read


def _trace_in(answer: JsonValue) -> str | None:
    """Meta names it in its errors."""
    error = answer.get("error") if isinstance(answer, dict) else None
    found = error.get("fbtrace_id") if isinstance(error, dict) else None
    return found if isinstance(found, str) else None
