"""Wire shapes of the API's logs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from parley.core.ids import public
from parley.kit.crypto import Key
from parley.kit.rest import ids
from parley.kit.rest.shapes import Given, Moment, Shown
from parley.modules.accounts import DEFAULT_LOG_DAYS, MAX_CONCURRENCY, MAX_LOG_DAYS, MAX_QUEUE, MAX_RATE, Allowance
from parley.modules.partners.domain import MAX_CAPTURE, moment_of
from parley.modules.partners.store.captures import Rule
from parley.modules.partners.store.logs import Logged

_EXAMPLE: JsonValue = {
    "id": "req_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "at": "2026-11-23T15:04:05.123Z",
    "key_id": "key_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "method": "POST",
    "route": "/v1/messages",
    "ids": {},
    "status": 422,
    "error": {
        "code": "invalid_input",
        "message": "Invalid input",
        "faults": [{"pointer": "/text/body", "code": "missing"}],
    },
    "duration_ms": 3.214,
    "request_bytes": 118,
    "response_bytes": 402,
    "address": "203.0.113.0/24",
    "agent": "python-httpx",
    "version": "2026-11-23",
    "idempotency": {"hash": "4f0c2a9d1be37a605d8f9c1e2b3a4d5c", "replayed": False},
    "rate": {"left": 399, "violated": None},
    "made": None,
}
RequestId = Annotated[str, WithJsonSchema(ids.schema_of(ids.REQUEST))]
KeyId = Annotated[str, WithJsonSchema(ids.schema_of(ids.KEY))]


class LoggedFault(Shown):
    """One thing that was wrong. Steps of the pointer that the API does not describe are `*`."""

    pointer: str = Field(examples=["/text/body"])
    code: str = Field(examples=["missing"])


class LoggedError(Shown):
    """What was answered; never what was sent."""

    code: str = Field(examples=["invalid_input"])
    message: str = Field(examples=["Invalid input"])
    faults: list[LoggedFault]


class LoggedIdempotency(Shown):
    """The Idempotency-Key: its hash, and whether the answer was the first one's again."""

    hash: str = Field(examples=["4f0c2a9d1be37a605d8f9c1e2b3a4d5c"])
    replayed: bool


class LoggedRate(Shown):
    """The rate limit: what was left of the narrowest quota, and which was exceeded."""

    left: int | None
    violated: str | None = Field(examples=["key"])


class ApiLogShape(Shown):
    """A request to the API: ids, words and sizes, nothing that was written in it."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: RequestId
    at: Moment
    key_id: KeyId | None
    method: str = Field(examples=["POST"])
    route: str = Field(description="As documented, not as asked.", examples=["/v1/messages/{message_id}"])
    ids: dict[str, str] = Field(description="The ids in the address, by the name of their place.")
    status: int = Field(examples=[202])
    error: LoggedError | None
    duration_ms: float
    request_bytes: int
    response_bytes: int
    address: str | None = Field(description="Whose; after 24 hours only the network.", examples=["203.0.113.0/24"])
    agent: str = Field(description="The program that asked: a known name, `browser`, `other` or `none`.")
    version: date | None
    idempotency: LoggedIdempotency | None
    rate: LoggedRate
    made: str | None = Field(description="The thing that was made, as msg_….")

    @classmethod
    def of(cls, logged: Logged, key: Key) -> "ApiLogShape":
        return cls.model_validate(members_of(logged, key))


class ApiLogDetail(ApiLogShape):
    """A request to the API, with its bodies if they were captured."""

    captured: list[JsonValue] | None = Field(
        description="The bodies of request and answer; text that anyone wrote is told by its length only."
    )


class CaptureRequest(Given):
    """For how long to capture."""

    hours: int = Field(ge=1, le=int(MAX_CAPTURE.total_seconds()) // 3600, examples=[24])


class CaptureShape(Shown):
    """The bodies of this key's requests are captured until then."""

    key_id: KeyId
    until: Moment

    @classmethod
    def of(cls, rule: Rule) -> "CaptureShape":
        return cls.model_validate({"key_id": public(ids.KEY, rule.key), "until": rule.until})


class CaptureList(Shown):
    """Every key whose bodies are captured now."""

    data: list[CaptureShape]


class ApiSettingsChange(Given):
    """What to change; null is the usual."""

    log_days: int | None = Field(None, ge=1, le=MAX_LOG_DAYS, examples=[30])
    key_rate: int | None = Field(None, ge=1, le=MAX_RATE, description="Requests a second of one key.")
    workspace_rate: int | None = Field(None, ge=1, le=MAX_RATE, description="Requests a second of all keys.")
    channel_rate: int | None = Field(None, ge=1, le=MAX_RATE, description="Messages a second taken for one number.")
    concurrency: int | None = Field(None, ge=1, le=MAX_CONCURRENCY, description="Requests of one key under way.")
    queue_bound: int | None = Field(None, ge=1, le=MAX_QUEUE, description="Messages that may wait for one number.")

    def applied(self, to: Allowance) -> Allowance:
        """The allowance with what was given."""
        return replace(to, **{name: getattr(self, name) for name in self.model_fields_set})


class ApiSettingsShape(Shown):
    """Limits of the API's use. Null: twice what the number's provider takes, and ten minutes of it waiting."""

    log_days: int = Field(description="Days that the API's logs are kept.", examples=[30])
    key_rate: int = Field(description="Requests a second of one key; twice as many at once.", examples=[400])
    workspace_rate: int = Field(description="Requests a second of all keys together.", examples=[800])
    channel_rate: int | None = Field(description="Messages a second that are taken for one number.", examples=[None])
    concurrency: int = Field(description="Requests of one key under way, in each web process.", examples=[100])
    queue_bound: int | None = Field(description="Messages that may wait for one number.", examples=[None])

    @classmethod
    def of(cls, allowance: Allowance) -> "ApiSettingsShape":
        return cls(
            log_days=allowance.log_days or DEFAULT_LOG_DAYS,
            key_rate=int(allowance.key.rate),
            workspace_rate=int(allowance.workspace.rate),
            channel_rate=allowance.channel_rate,
            concurrency=allowance.at_once,
            queue_bound=allowance.queue_bound,
        )


def members_of(logged: Logged, key: Key) -> dict[str, object]:
    """What is shown of a request."""
    return {
        "id": public(ids.REQUEST, logged.id),
        "at": moment_of(logged.id),
        "key_id": public(ids.KEY, logged.key) if logged.key else None,
        "method": logged.method,
        "route": logged.route,
        "ids": logged.named,
        "status": logged.status,
        "error": _error(logged.error, logged.found_wrong) if logged.error else None,
        "duration_ms": logged.micros / 1000,
        "request_bytes": logged.request_size,
        "response_bytes": logged.response_size,
        "address": logged.address(key),
        "agent": logged.agent,
        "version": logged.version,
        "idempotency": (
            {"hash": logged.idempotency.hex(), "replayed": logged.replayed} if logged.idempotency else None
        ),
        "rate": {"left": logged.rate_left, "violated": logged.rate_violated},
        "made": logged.made,
    }


def _error(code: str, faults: Sequence[tuple[str, str]]) -> dict[str, object]:
    told = [{"pointer": pointer, "code": each} for pointer, each in faults]
    return {"code": code, "message": code.replace("_", " ").capitalize(), "faults": told}
