"""Wire shapes of simulations."""

from datetime import datetime
from typing import Literal

import msgspec
from pydantic import AwareDatetime, Field, JsonValue

from parley.core.json import JsonObject
from parley.kit.rest.shapes import OUR_WORD, Given, Moment, Shown
from parley.modules.flows.engine import WaitForEffect, WaitForEvent
from parley.modules.flows.schemas.versions import Document, plain
from parley.modules.flows.service.simulate import Simulated

STEP = (
    "What happens: `{customer: …}`, `{silence: true}`, `{later: 30m}`, `{event: {kind: …}}`, `{http: {}, answers: …}`."
)


class SimulationRequest(Given):
    """A step of a simulated conversation, as in the files of `parley flow test`."""

    flow_id: str | None = Field(None, description="A flow of the workspace: its draft, or what was written last.")
    version: int | None = Field(None, ge=1, description="With `flow_id`: this version.")
    document: Document | None = Field(None, description="A definition, instead of `flow_id`.")
    state: str | None = Field(
        None, max_length=200_000, description="Of the answer before; without it a simulation begins."
    )
    step: dict[str, JsonValue] = Field(description=STEP, examples=[{"customer": "hi"}])
    contact: dict[str, JsonValue] = Field(
        {}, description="At the beginning: who speaks (`name`, `phone`, `language`, `fields`, `tags`, `timezone`)."
    )
    channel: Literal["whatsapp", "plain"] = Field("whatsapp", description="At the beginning: `plain` has words only.")
    now: AwareDatetime | None = Field(None, description="At the beginning: when it is.")
    seed: int = Field(0, ge=0, description="At the beginning: what chance is drawn from.")


class WaitShape(Shown):
    """What a simulation waits for. Answer an effect by a step that names its kind, with `answers`."""

    kind: Literal["message", "time", "event", "effect"]
    until: Moment
    event_kinds: list[str]
    effect: dict[str, JsonValue] | None = Field(description="What is asked of the world: its `kind` and its fields.")


class SimulationShape(Shown):
    """What a step brought."""

    state: str = Field(description="Give it with the next step. It can be read by this installation only.")
    now: Moment
    events: list[dict[str, JsonValue]] = Field(description="What happened, in order; `say` is what the bot says.")
    waits_for: WaitShape | None = Field(description="Null when the conversation is over.")
    outcome: str | None = Field(description="What it ended with.", json_schema_extra=OUR_WORD)
    node: str | None = Field(description="Where it stands.", json_schema_extra=OUR_WORD)
    vars: dict[str, JsonValue]
    contact: dict[str, JsonValue]

    @classmethod
    def of(cls, done: Simulated) -> "SimulationShape":
        rehearsal = done.rehearsal
        session = rehearsal.session
        return cls(
            state=done.state,
            now=rehearsal.now,
            events=[_json(each) for each in done.events],
            waits_for=_wait(done),
            outcome=rehearsal.outcome,
            node=session.waiting.node if session else None,
            vars=_json(session.waiting.variables) if session else {},
            contact=_json(rehearsal.contact),
        )


def _wait(done: Simulated) -> WaitShape | None:
    session, wait = done.rehearsal.session, done.rehearsal.wait
    if session is None or wait is None:
        return None
    until: datetime = wait.until
    kind: Literal["message", "time", "event", "effect"] = "message"
    if session.waits_for in {"time", "event", "effect"}:
        kind = session.waits_for  # type: ignore[assignment]  # one of these three
    return WaitShape(
        kind=kind,
        until=until,
        event_kinds=list(wait.kinds) if isinstance(wait, WaitForEvent) else [],
        effect=_json(wait.effect) if isinstance(wait, WaitForEffect) else None,
    )


def _json(value: object) -> dict[str, JsonValue]:
    found: JsonObject = msgspec.to_builtins(value)
    return plain(found)
