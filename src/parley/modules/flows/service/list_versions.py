"""What a flow was: its versions, and which of them answered when."""

from dataclasses import dataclass
from uuid import UUID

from parley.core.json import JsonObject
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.engine import Issue
from parley.modules.flows.service.get_flow import draft_of, held_flow, version_document
from parley.modules.flows.service.inspect_flow import inspect_document
from parley.modules.flows.store import definitions, lives


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A version with its document, and what can be said of it today."""

    version: int
    document: JsonObject
    issues: tuple[Issue, ...]


async def list_versions(unit: Unit, wanted: UUID, before: int | None, limit: int) -> list[definitions.VersionRow]:
    """A page, newest first. Raises NotFound."""
    return await definitions.versions(unit, (await held_flow(unit, wanted)).id, before, limit)


async def list_publications(unit: Unit, wanted: UUID, after: UUID | None, limit: int) -> list[lives.Publication]:
    """A page, newest first. Raises NotFound."""
    return await lives.publications(unit, (await held_flow(unit, wanted)).id, after, limit)


async def read_version(unit: Unit, keys: KeyService, wanted: UUID, number: int) -> Written:
    """Raises NotFound."""
    row = await held_flow(unit, wanted)
    document = await version_document(unit, keys, row.id, number)
    issues = (await inspect_document(unit, document)).issues
    return Written(version=number, document=document, issues=issues)


async def document_at(unit: Unit, keys: KeyService, wanted: UUID, version: int | None) -> JsonObject:
    """The document of a version; unnamed, of the one that answers, else of the latest. Raises NotFound."""
    row = await held_flow(unit, wanted)
    return await version_document(unit, keys, row.id, version or row.live_version or row.latest_version)


async def newest_document(unit: Unit, keys: KeyService, wanted: UUID) -> JsonObject:
    """What was written last: the draft, or else the latest version. Raises NotFound."""
    row = await held_flow(unit, wanted)
    found = await draft_of(unit, keys, row.id)
    return found[1] if found else await version_document(unit, keys, row.id, row.latest_version)
