"""Read templates, their texts opened."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import WorkspaceId
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.templates import store
from parley.modules.templates.domain import GONE, Template

NO_SUCH = "There is no such template in this workspace; GET /v1/templates lists yours."


async def get_template(unit: Unit, keys: KeyService, wanted: UUID) -> Template:
    """One template. Raises NotFound."""
    row = await store.one(unit, wanted)
    if row is None:
        raise NotFound(NO_SUCH)
    return await opened(keys, row)


async def find_template(
    unit: Unit, keys: KeyService, workspace: WorkspaceId, named: tuple[str, str, str]
) -> Template | None:
    """The template of an account, name and language, as far as it is known here."""
    row = await store.named(unit, workspace, named)
    return await opened(keys, row) if row is not None else None


async def list_templates(
    unit: Unit, keys: KeyService, page: tuple[UUID | None, int], wanted: store.Wanted
) -> list[Template]:
    """A page (after, limit), newest first."""
    return [await opened(keys, row) for row in await store.page(unit, *page, wanted)]


async def templates_among(unit: Unit, names: Sequence[str]) -> frozenset[str]:
    """Which of these names a template of the workspace has, in whatever language."""
    return await store.names_among(unit, names, sorted(GONE))


async def list_changes(unit: Unit, template: UUID, after: UUID | None, limit: int) -> list[store.Step]:
    """A page of a template's history, newest first. Raises NotFound."""
    if await store.one(unit, template) is None:
        raise NotFound(NO_SUCH)
    return await store.history(unit, template, after, limit)


async def opened(keys: KeyService, row: store.Row) -> Template:
    """A row with its text opened."""
    own = await keys.scope(row.workspace)
    return Template(
        id=row.id,
        workspace=row.workspace,
        account=row.account,
        provider_id=row.provider_id,
        name=row.name,
        language=row.language,
        category=row.category,
        status=row.status,
        quality=row.quality,
        reason=row.reason,
        paused_until=row.paused_until,
        category_at=row.category_at,
        status_at=row.status_at,
        quality_at=row.quality_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        body=store.BODY.unseal(own.data, row.workspace, row.id, row.body) if row.body else None,
    )
