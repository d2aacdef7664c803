"""Wire shapes of deliveries and their attempts."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints

from parley.core.ids import public
from parley.kit.rest.shapes import EventId, Given, Moment, Shown, WebhookDeliveryId, WebhookEndpointId
from parley.modules.webhooks.service.results import Kept, Outcome
from parley.modules.webhooks.store.listing import AttemptRow, DeliveryRow


class DeliveryShape(Shown):
    """One request to an endpoint, with all its attempts."""

    id: WebhookDeliveryId
    endpoint_id: WebhookEndpointId
    event_id: EventId = Field(description="Of several that were gathered, the first.")
    event_type: str
    events: int = Field(description="How many events it tells.")
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    response_status: int | None = Field(description="HTTP status of the last attempt that was answered.")
    next_attempt_at: Moment | None
    created_at: Moment
    finished_at: Moment | None

    @classmethod
    def of(cls, row: DeliveryRow) -> "DeliveryShape":
        return cls.model_validate(_members(row))


class AttemptRequestShape(Shown):
    """What was asked: values of headers that are secret are left out. The body is told by the event."""

    url: str
    headers: dict[str, str]
    bytes: int


class AttemptResponseShape(Shown):
    """What was answered: the beginning of the body, and the headers that help to understand it."""

    status: int
    headers: dict[str, str]
    body: str | None


class AttemptShape(Shown):
    """One attempt; kept for seven days."""

    at: Moment
    outcome: Outcome
    milliseconds: int
    problem: str | None = Field(description="What went wrong, in a sentence.")
    request: AttemptRequestShape
    response: AttemptResponseShape | None

    @classmethod
    def of(cls, row: AttemptRow, kept: Kept) -> "AttemptShape":
        answer = {"status": row.status, "headers": kept.answer_headers, "body": kept.answer_body}
        return cls.model_validate(
            {
                "at": row.at,
                "outcome": row.outcome,
                "milliseconds": row.milliseconds,
                "problem": kept.problem,
                "request": {"url": kept.url, "headers": kept.headers, "bytes": kept.bytes},
                "response": answer if row.status is not None else None,
            }
        )


class DeliveryWithAttemptsShape(DeliveryShape):
    """A delivery, its attempts, oldest first, and its body as it would be sent now."""

    tries: list[AttemptShape]
    payload: JsonValue = Field(description="Null when there is nothing left to tell.")

    @classmethod
    def whole(
        cls, row: DeliveryRow, tries: list[tuple[AttemptRow, Kept]], payload: object
    ) -> "DeliveryWithAttemptsShape":
        """`payload` is the body as it would be sent now."""
        shown = [AttemptShape.of(attempt, kept) for attempt, kept in tries]
        return cls.model_validate({**_members(row), "tries": shown, "payload": payload})


def _members(row: DeliveryRow) -> dict[str, object]:
    return {
        "id": public("whd", row.id),
        "endpoint_id": public("whe", row.endpoint),
        "event_id": public("evt", row.event),
        "event_type": row.kind,
        "events": row.events,
        "state": row.state,
        "attempts": row.attempts,
        "response_status": row.status,
        "next_attempt_at": row.due_at,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


_Since = Annotated[AwareDatetime, Field(description="RFC 3339.", examples=["2026-11-23T00:00:00Z"])]
_Type = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z_]+\.(\*|[a-z_]+))$", max_length=80)]


class RecoverRequest(Given):
    """Which failures are told again."""

    since: _Since


class ReplayRequest(Given):
    """Which events are told that never were."""

    since: _Since
    event_types: list[_Type] = Field([], max_length=100, description="Left out: all that the endpoint asks for.")


class RepeatedShape(Shown):
    """How many are told again."""

    deliveries: int
    more: bool = Field(description="Whether there are more than one request takes; ask once again.")


class TryRequest(Given):
    """What the test tells."""

    type: str = Field("message.received", max_length=80, description="A type of event; its example is told.")


class TriedShape(Shown):
    """A test on its way."""

    event_id: EventId
    type: str
