"""Work on a flow without changing what answers: one draft a flow, saved only over the revision that was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import FlowId
from parley.core.json import JsonObject, JsonValue
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.engine import Issue
from parley.modules.flows.service.get_flow import draft_of, held_flow
from parley.modules.flows.service.inspect_flow import inspect_document
from parley.modules.flows.service.publish import same_revision
from parley.modules.flows.store import definitions, lives

DRAFT_BYTES = 1_000_000
"""As much as a flow file may have characters."""
DRAFT_DEPTH = 40
"""More than any flow has, and less than a decoder can't take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A flow as somebody works on it. It may have faults: `issues` tells them all."""

    flow: FlowId
    revision: int
    based_on: int | None
    """The version that was the latest when the draft was begun."""
    updated_at: datetime
    updated_by: str | None
    document: JsonObject
    issues: tuple[Issue, ...]


async def read_draft(unit: Unit, keys: KeyService, wanted: UUID) -> Draft:
    """Raises NotFound where there is none."""
    row = await held_flow(unit, wanted)
    found = await draft_of(unit, keys, row.id)
    if found is None:
        raise NotFound("This flow has no draft; PUT one.")
    return await _shown(unit, row.id, *found)


async def save_draft(unit: Unit, keys: KeyService, wanted: UUID, document: JsonObject, revision: int | None) -> Draft:
    """Keep a document as the draft. `revision` is that of the draft it was made from, None where there was none.

    Raises Conflict with both revisions where it is another by now, InvalidInput for what is too large to be a flow.
    """
    await definitions.hold(unit, FlowId(wanted))
    row = await held_flow(unit, wanted)
    standing = await lives.draft(unit, row.id)
    if standing is not None and revision is None:
        raise Conflict(
            f"This flow has a draft already, at revision {standing.revision}; say which revision yours is made from.",
            code="draft_changed",
        )
    same_revision(standing.revision if standing else 0, revision)
    _check_size(document)
    own = await keys.scope(unit.workspace)
    new = lives.DraftRow(
        revision=standing.revision + 1 if standing else 1,
        based_on=standing.based_on if standing else row.latest_version,
        updated_at=now(),
        updated_by=unit.caller.actor if unit.caller else None,
        document=lives.DRAFT.seal(own.data, unit.workspace, row.id, dict(document)),
    )
    await lives.save_draft(unit, row.id, new)
    return await _shown(unit, row.id, new, document)


async def patch_draft(unit: Unit, keys: KeyService, wanted: UUID, change: JsonObject, revision: int) -> Draft:
    """Change some of the draft's members, as a JSON Merge Patch (RFC 7396) says: null takes a member out."""
    await definitions.hold(unit, FlowId(wanted))
    standing = await read_draft(unit, keys, wanted)
    same_revision(standing.revision, revision)
    return await save_draft(unit, keys, wanted, merged(standing.document, change), revision)


async def discard_draft(unit: Unit, wanted: UUID) -> None:
    """Throw the draft away; versions stay. Raises NotFound where the flow is not there."""
    await lives.drop_draft(unit, (await held_flow(unit, wanted)).id)


def merged(document: JsonObject, change: JsonObject) -> JsonObject:
    """A document with a JSON Merge Patch in it."""
    result: dict[str, JsonValue] = {name: value for name, value in document.items() if change.get(name, "") is not None}
    for name, value in change.items():
        if isinstance(value, Mapping):
            before = result.get(name)
            result[name] = merged(before if isinstance(before, Mapping) else {}, value)
        elif value is not None:
            result[name] = value
    return result


def _check_size(document: JsonObject) -> None:
    if len(msgspec.json.encode(document)) > DRAFT_BYTES or _depth(document) > DRAFT_DEPTH:
        sentence = f"A draft has at most {DRAFT_BYTES} bytes and {DRAFT_DEPTH} levels; split the flow."
        raise InvalidInput(sentence, [fault("", "too_long", sentence)])


def _depth(value: JsonValue) -> int:
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list | tuple) else 0


async def _shown(unit: Unit, flow: FlowId, row: lives.DraftRow, document: JsonObject) -> Draft:
    return Draft(
        flow=flow,
        revision=row.revision,
        based_on=row.based_on,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        document=document,
        issues=(await inspect_document(unit, document)).issues,
    )
