"""What a sprint was given, kept so that it can be run again; and running it again.

A recorded sprint holds what came, every reading of the world (clock, contact, chance, versions of flows), and a digest
of what came of it. Since the engine is a pure function of these, a replay on the same definitions gives the same bytes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

import msgspec

from parley.modules.flows.engine.channel import PLAIN, WHATSAPP, Channel
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.run import Sprint, resume, start
from parley.modules.flows.engine.session import Session
from parley.modules.flows.engine.world import ContactView, Flows, Resume, Trigger, World

_CHANNELS: Final[Mapping[str, Channel]] = {each.kind: each for each in (WHATSAPP, PLAIN)}
_encode = msgspec.msgpack.Encoder().encode


class Readings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A World as data: other flows by their versions."""

    now: datetime
    contact: ContactView
    conversation_id: str
    channel_id: str
    seed: int = 0
    channel: str = WHATSAPP.kind
    live: dict[str, int] = {}
    pinned: list[tuple[str, int]] = []


class Recorded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sprint: what it was given, and the digest of what came of it. Either a trigger or a resume came."""

    readings: Readings
    digest: str
    trigger: Trigger | None = None
    resume: Resume | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A recorded sprint run again. `same`: what came of it is what came of it then, byte for byte."""

    recorded: Recorded
    sprint: Sprint
    same: bool


FlowsOf = Callable[[Readings], Flows]
"""The flows that a sprint could come to, at the versions that were read then."""


def record(came: Trigger | Resume, world: World, sprint: Sprint) -> Recorded:
    """What has to be kept of a sprint."""
    readings = Readings(
        now=world.now,
        contact=world.contact,
        conversation_id=world.conversation_id,
        channel_id=world.channel_id,
        seed=world.seed,
        channel=world.channel.kind,
        live={name: each.version for name, each in world.flows.live.items()},
        pinned=sorted(world.flows.pinned),
    )
    if isinstance(came, Trigger):
        return Recorded(readings=readings, digest=digest(sprint), trigger=came)
    return Recorded(readings=readings, digest=digest(sprint), resume=came)


def digest(sprint: Sprint) -> str:
    """Sixteen characters that are equal where events and session are, to the byte."""
    return blake2b(_encode((sprint.events, sprint.session)), digest_size=8).hexdigest()


def replay(definition: Definition, recorded: Sequence[Recorded], flows_of: FlowsOf) -> Iterator[Replayed]:
    """Run a session's sprints again, in order; it ends early where the session now ends before its log does."""
    session: Session | None = None
    for each in recorded:
        world = _world(each.readings, flows_of(each.readings))
        if each.trigger is not None:
            sprint = start(definition, each.trigger, world)
        elif each.resume is not None and session is not None:
            sprint = resume(definition, session, each.resume, world)
        else:
            return
        yield Replayed(each, sprint, digest(sprint) == each.digest)
        session = sprint.session


def _world(readings: Readings, flows: Flows) -> World:
    return World(
        now=readings.now,
        contact=readings.contact,
        conversation_id=readings.conversation_id,
        channel_id=readings.channel_id,
        seed=readings.seed,
        channel=_CHANNELS.get(readings.channel, WHATSAPP),
        flows=flows,
    )
