"""Publish a version, roll back to an older one, or let one answer some of the contacts first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, fault
from parley.core.ids import FlowId, new_uuid
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.domain import EVERYBODY, slug_of
from parley.modules.flows.engine import Definition, Issue, read_definition
from parley.modules.flows.events import FlowPublished, FlowRolledOut
from parley.modules.flows.service.get_flow import draft_of, held_flow, version_document
from parley.modules.flows.service.inspect_flow import accept
from parley.modules.flows.store import definitions, lives

LOOKED_BACK = 100
"""Publications among which the one before is looked for: whoever published the same version oftener names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """A version answers from now on. `issues` are what its author should look at."""

    flow: FlowId
    version: int
    issues: tuple[Issue, ...]


async def publish_version(unit: Unit, keys: KeyService, wanted: UUID, version: int) -> Publishing:
    """Let a version that is there answer everybody. Raises NotFound, Conflict, InvalidInput with every fault."""
    row = await _standing(unit, wanted)
    issues = await accept(unit, read_definition(await version_document(unit, keys, row.id, version)), publish=True)
    await make_live(unit, row.id, version)
    return Publishing(flow=row.id, version=version, issues=issues)


async def publish_draft(unit: Unit, keys: KeyService, wanted: UUID, revision: int | None) -> Publishing:
    """Make the draft the flow's next version and publish it; `revision` is the one that was looked at.

    Raises NotFound, Conflict where the draft is another by now or there is none, InvalidInput with every fault.
    """
    row = await _standing(unit, wanted)
    found = await draft_of(unit, keys, row.id)
    if found is None:
        raise Conflict("This flow has no draft; name the version to publish.", code="no_draft")
    draft, document = found
    same_revision(draft.revision, revision)
    definition = read_definition(document)
    if slug_of(definition.id) != row.slug:
        sentence = "This is the id of another flow; keep the one that the flow had before."
        raise InvalidInput("The flow can't run like this.", [fault("/id", "another_flow", sentence)])
    issues = await accept(unit, definition, publish=True)
    version = await add_version(unit, keys, row.id, (definition, document))
    await lives.drop_draft(unit, row.id)
    await make_live(unit, row.id, version)
    return Publishing(flow=row.id, version=version, issues=issues)


async def roll_back(unit: Unit, keys: KeyService, wanted: UUID, version: int | None) -> Publishing:
    """Publish an older version again: the one named, or the one that answered before. Raises Conflict, NotFound."""
    row = await _standing(unit, wanted)
    if version is None:
        version = _before(await lives.publications(unit, row.id, None, LOOKED_BACK), row.live_version)
    return await publish_version(unit, keys, row.id, version)


async def try_version(unit: Unit, keys: KeyService, wanted: UUID, version: int, percent: int) -> Publishing:
    """Let a version answer so many percent of the contacts, always the same ones; 100 publishes it."""
    if percent >= EVERYBODY:
        return await publish_version(unit, keys, wanted, version)
    row = await _standing(unit, wanted)
    if version == row.live_version:
        raise Conflict("This version answers everybody already; roll out another.", code="already_live")
    issues = await accept(unit, read_definition(await version_document(unit, keys, row.id, version)), publish=True)
    await lives.try_out(unit, row.id, version, percent)
    _tell_trial(unit, row.id, version, percent)
    return Publishing(flow=row.id, version=version, issues=issues)


async def end_trial(unit: Unit, wanted: UUID) -> None:
    """Let the published version answer everybody again. Sessions that began on trial stay on their version."""
    row = await _standing(unit, wanted)
    if row.trial_version is not None:
        await lives.try_out(unit, row.id, None, None)
        _tell_trial(unit, row.id, row.trial_version, 0)


async def add_version(unit: Unit, keys: KeyService, flow: FlowId, written: tuple[Definition, JsonObject]) -> int:
    """Keep a document as the flow's next version; its number. Versions never change."""
    definition, document = written
    own = await keys.scope(unit.workspace)
    version = await definitions.next_version(unit, flow)
    sealed = definitions.DEFINITION.seal(own.data, unit.workspace, flow, dict(document))
    await definitions.add_version(unit, flow, version, sealed)
    await definitions.rename(unit, flow, definitions.NAME.seal(own.data, unit.workspace, flow, definition.name))
    return version


async def make_live(unit: Unit, flow: FlowId, version: int) -> None:
    """Let this version answer everybody, from the end of the unit on."""
    actor = unit.caller.actor if unit.caller else None
    await lives.publish(unit, flow, lives.Publication(new_uuid(), version, now(), actor))
    unit.record(FlowPublished(workspace=unit.workspace, at=now(), subject=flow, detail={"version": version}))
    unit.wake("flows")


def same_revision(standing: int, given: int | None) -> None:
    """Raises Conflict, with both revisions, where somebody else has changed the draft meanwhile."""
    if given is not None and given != standing:
        raise Conflict(
            f"The draft is at revision {standing}, and yours is of revision {given}: somebody changed it meanwhile. "
            "Read it again, put your change into it, and send it with that revision.",
            code="draft_changed",
        )


async def _standing(unit: Unit, wanted: UUID) -> definitions.FlowRow:
    await definitions.hold(unit, FlowId(wanted))
    row = await held_flow(unit, wanted)
    if row.archived_at is not None:
        raise Conflict("This flow is archived; restore it first.", code="flow_archived")
    return row


def _before(publications: Sequence[lives.Publication], live: int | None) -> int:
    found = next((each.version for each in publications if each.version != live), None)
    if found is None:
        raise Conflict("No other version was published before; name the version.", code="nothing_before")
    return found


def _tell_trial(unit: Unit, flow: FlowId, version: int, percent: int) -> None:
    detail = {"version": version, "percent": percent}
    unit.record(FlowRolledOut(workspace=unit.workspace, at=now(), subject=flow, detail=detail))
    unit.wake("flows")
