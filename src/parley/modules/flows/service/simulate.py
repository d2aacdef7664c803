"""A session driven by a caller: the same engine, nothing sent, nothing asked of the world, time moved by hand.

What it came to is handed to the caller, sealed with the workspace's key, and comes back with the next step: nothing is
kept here. The flow may be another by then, so that an author can mend it in the middle of a talk.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

import msgspec

from parley.core.errors import InvalidInput, fault
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.crypto import CannotUnseal, SealedColumn
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import (
    PLAIN,
    WHATSAPP,
    AnyEffect,
    ContactView,
    Definition,
    Input,
    Pause,
    SprintEvent,
    WaitForEffect,
    WaitForEvent,
    WaitForMessage,
    WaitForTime,
    decode,
    encode,
    read_definition,
)
from parley.modules.flows.rehearsal import Rehearsal, contact_of
from parley.modules.flows.service.get_flow import version_document
from parley.modules.flows.store import definitions
from parley.modules.flows.talks.mismatch import TalkFailed
from parley.modules.flows.talks.talk import Talk

OTHERS = 50
"""Flows that one can come to in a simulation: more are read by nobody at once."""
_NOWHERE = UUID(int=0)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation came to."""

    now: datetime
    contact: ContactView
    channel: str
    seed: int
    session: bytes | None
    taps: tuple[Input, ...] = ()
    waits_for: str | None = None
    until: datetime | None = None
    effect_id: str = ""
    effect: AnyEffect | None = None
    kinds: tuple[str, ...] = ()


STATE = SealedColumn("flow_simulation", "state", Kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who speaks, where, and when it is."""

    contact: JsonObject
    plain: bool
    seed: int
    now: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What a step brought, and the state to give with the next."""

    rehearsal: Rehearsal
    events: tuple[SprintEvent, ...]
    state: str


async def simulate(
    unit: Unit, keys: KeyService, document: JsonObject, came: "Beginning | str", step: JsonObject
) -> Simulated:
    """One step, of a new simulation or of the one whose state came back. Raises InvalidInput."""
    definition = read_definition(document)
    others = await _others(unit, keys, definition)
    own = await keys.scope(unit.workspace)
    if isinstance(came, Beginning):
        rehearsal = Rehearsal(definition, _contact(came.contact), others, PLAIN if came.plain else WHATSAPP)
        rehearsal.now, rehearsal.seed = came.now or now(), came.seed
    else:
        try:
            kept = STATE.unseal(own.data, unit.workspace, _NOWHERE, urlsafe_b64decode(came.encode()))
        except (CannotUnseal, NotBase64, ValueError, msgspec.MsgspecError) as unreadable:
            _refuse(
                "/state", "Give the `state` of the answer before, as it was; or leave it out to begin anew.", unreadable
            )
        rehearsal = _restored(definition, others, kept)
    talk = Talk(rehearsal)
    try:
        if not talk.act(step):
            _refuse(
                "/step", "Write what happens: `customer`, `silence`, `later`, `event`, or an effect and its `answers`."
            )
    except TalkFailed as failed:
        _refuse("/step", f"Here belongs {failed.what}: {_told(failed.wanted)}, not {_told(failed.found)}.", failed)
    sealed = STATE.seal(own.data, unit.workspace, _NOWHERE, _kept(rehearsal))
    return Simulated(rehearsal=rehearsal, events=tuple(talk.unread), state=urlsafe_b64encode(sealed).decode())


async def _others(unit: Unit, keys: KeyService, definition: Definition) -> list[Definition]:
    """The published flows that this one can come to."""
    found: dict[str, Definition] = {}
    waiting = sorted(definition.flows)
    while waiting and len(found) < OTHERS:
        name = waiting.pop()
        flow = None if name in found else await definitions.flow_id(unit, slug_of(name))
        row = None if flow is None else await definitions.one(unit, flow)
        if row is not None and row.live_version is not None and row.archived_at is None:
            document = await version_document(unit, keys, row.id, row.live_version)
            found[name] = read_definition(document, row.live_version)
            waiting += sorted(found[name].flows)
    return list(found.values())


def _contact(written: JsonObject) -> ContactView:
    try:
        return contact_of(written)
    except msgspec.ValidationError as misfit:
        _refuse("/contact", f"{misfit}.", misfit)


def _kept(rehearsal: Rehearsal) -> Kept:
    wait, session = rehearsal.wait, rehearsal.session
    asked = wait if isinstance(wait, WaitForEffect) else None
    return Kept(
        now=rehearsal.now,
        contact=rehearsal.contact,
        channel=rehearsal.channel.kind,
        seed=rehearsal.seed,
        session=encode(session) if session else None,
        taps=tuple(rehearsal.taps),
        waits_for=session.waits_for if session else None,
        until=wait.until if wait else None,
        effect_id=asked.id if asked else "",
        effect=asked.effect if asked else None,
        kinds=wait.kinds if isinstance(wait, WaitForEvent) else (),
    )


def _restored(definition: Definition, others: list[Definition], kept: Kept) -> Rehearsal:
    rehearsal = Rehearsal(definition, kept.contact, others, PLAIN if kept.channel == PLAIN.kind else WHATSAPP)
    rehearsal.now, rehearsal.seed, rehearsal.taps = kept.now, kept.seed, list(kept.taps)
    if kept.session is not None and kept.until is not None:
        rehearsal.session = decode(kept.session)
        rehearsal.wait = _wait(kept, kept.until)
    return rehearsal


def _wait(kept: Kept, until: datetime) -> Pause:
    if kept.effect is not None:
        return WaitForEffect(id=kept.effect_id, effect=kept.effect, until=until)
    if kept.waits_for == "event":
        return WaitForEvent(kinds=kept.kinds, until=until)
    return WaitForTime(until=until) if kept.waits_for == "time" else WaitForMessage(until=until)


def _told(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _refuse(pointer: str, sentence: str, cause: Exception | None = None) -> NoReturn:
    raise InvalidInput("This can't be simulated.", [fault(pointer, "invalid", sentence)]) from cause
