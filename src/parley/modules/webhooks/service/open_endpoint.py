"""Endpoints as they are stored, opened; and closed again."""

from typing import cast
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit.cache import Bounded
from parley.kit.keys import KeyService, ScopeKeys
from parley.modules.webhooks.domain import Buffer, Detail, Endpoint, Kind, State
from parley.modules.webhooks.store.endpoints import ABOUT, EndpointRow

REMEMBERED = 2_000
"""Endpoints kept open in memory, about 2 kB each."""


class Opener:
    """Opens endpoints, each version once."""

    def __init__(self, keys: KeyService) -> None:
        self._keys = keys
        self._open: Bounded[tuple[UUID, int], Endpoint] = Bounded(REMEMBERED)

    async def open(self, row: EndpointRow) -> Endpoint:
        known = self.known(row.id, row.version)
        if known is None:
            known = opened(await self._keys.scope(row.workspace), row)
            self._open.put((row.id, row.version), known)
        return known

    def known(self, endpoint: UUID, version: int) -> Endpoint | None:
        """This version of an endpoint, if it was opened before."""
        return self._open.get((endpoint, version))


def opened(own: ScopeKeys, row: EndpointRow) -> Endpoint:
    """The endpoint of a row."""
    gathers = row.buffer_seconds is not None and row.buffer_count is not None
    return Endpoint(
        workspace=row.workspace,
        id=row.id,
        version=row.version,
        kind=cast("Kind", row.kind),
        state=cast("State", row.state),
        reason=row.reason,
        event_types=tuple(row.event_types),
        channel_ids=tuple(row.channel_ids),
        body=cast("Detail", row.body),
        ordered=row.ordered,
        buffer=Buffer(seconds=row.buffer_seconds or 0, count=row.buffer_count or 0) if gathers else None,
        rate=row.rate,
        about=ABOUT.unseal(own.data, row.workspace, row.id, row.about),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def closed(own: ScopeKeys, endpoint: Endpoint) -> EndpointRow:
    """The row of an endpoint."""
    buffer = endpoint.buffer
    return EndpointRow(
        workspace=WorkspaceId(endpoint.workspace),
        id=endpoint.id,
        version=endpoint.version,
        kind=endpoint.kind,
        state=endpoint.state,
        reason=endpoint.reason,
        event_types=endpoint.event_types,
        channel_ids=endpoint.channel_ids,
        body=endpoint.body,
        ordered=endpoint.ordered,
        buffer_seconds=buffer.seconds if buffer else None,
        buffer_count=buffer.count if buffer else None,
        rate=endpoint.rate,
        about=ABOUT.seal(own.data, endpoint.workspace, endpoint.id, endpoint.about),
        created_at=endpoint.created_at,
        updated_at=endpoint.updated_at,
    )
