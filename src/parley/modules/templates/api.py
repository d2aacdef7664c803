"""Routes of templates. Those that ask the provider hold no unit meanwhile."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from parley.core.errors import InvalidInput, NotFound
from parley.core.ids import ContactId, WorkspaceId
from parley.core.json import JsonValue
from parley.kit.keys import KeyService
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import CallerHere, FinishHere, OutsideRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.channels import Routes
from parley.modules.contacts import get_contact
from parley.modules.privacy import People
from parley.modules.templates.compile import fill, plan_of, preview, schema_of
from parley.modules.templates.domain import Seen, Template
from parley.modules.templates.schemas import (
    DeletedShape,
    PreviewRequest,
    PreviewShape,
    SchemaShape,
    SyncRequest,
    SyncShape,
    SyncsShape,
    TemplateChange,
    TemplateRequest,
    TemplateShape,
    TemplateStepShape,
)
from parley.modules.templates.service.accounts import accounts_of, channel_meant
from parley.modules.templates.service.desk import Asking, TemplateDesk
from parley.modules.templates.service.read import get_template, list_changes, list_templates
from parley.modules.templates.service.sync import request_sync
from parley.modules.templates.service.use import words_of
from parley.modules.templates.store import Step, Wanted, syncs

router = resource("templates")
outside = resource("templates", route=OutsideRoute)
ROUTERS = (router, outside)

KeysHere = Annotated[KeyService, provided(KeyService)]
RoutesHere = Annotated[Routes, provided(Routes)]
PeopleHere = Annotated[People, provided(People)]


async def _asking(workspace: WorkspaceHere, caller: CallerHere) -> Asking:
    return Asking(WorkspaceId(workspace), caller)


AskingHere = Annotated[Asking, Depends(_asking)]
DeskHere = Annotated[TemplateDesk, provided(TemplateDesk)]
AccountQuery = Annotated[str | None, Query(max_length=64, description="The `waba_id` of one account.")]
IDEMPOTENCY_KEY = "idempotency-key"


def _wanted(
    name: Annotated[str | None, Query(max_length=512)] = None,
    language: Annotated[str | None, Query(max_length=20)] = None,
    category: Annotated[str | None, Query(max_length=40)] = None,
    status: Annotated[str | None, Query(max_length=40)] = None,
    account: AccountQuery = None,
) -> Wanted:
    accounts = (account,) if account is not None else None
    return Wanted(name=name, language=language, category=_upper(category), status=_upper(status), accounts=accounts)


def _upper(word: str | None) -> str | None:
    return word.upper() if word is not None else None


@router.get("/templates", operation_id="list_templates", summary="List templates")
async def read_templates(
    unit: UnitHere, keys: KeysHere, window: WindowHere, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Page[TemplateShape]:
    """The templates of the workspace's accounts as far as they are known here, each language one, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Template]:
        return await list_templates(unit, keys, (after, limit), wanted)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[TemplateShape.of(each) for each in found], next_cursor=cursor)


@outside.post(
    "/templates",
    operation_id="create_template",
    summary="Create a template",
    status_code=201,
    response_model=TemplateShape,
)
async def create_template(
    request: Request, desk: DeskHere, asking: AskingHere, finish: FinishHere, given: TemplateRequest
) -> Response:
    """Check a template, and create it at the provider, who judges it: `PENDING`, then `APPROVED` or `REJECTED`.

    The event `template.status_changed` tells the verdict.
    """
    wanted = ids.read_id(ids.CHANNEL, given.channel_id) if given.channel_id is not None else None
    seen = await desk.routes.seen_for(asking.workspace, asking.caller)
    channel = channel_meant(seen, wanted, given.waba_id)
    repeated = IDEMPOTENCY_KEY in request.headers
    created: Seen = await desk.create(channel, asking.caller, given.new(), repeated=repeated)

    async def keep(unit: Unit) -> TemplateShape:
        return TemplateShape.of(await desk.keep(unit, created))

    return await finish(given.model_dump_json().encode(), keep)


@router.get("/templates/sync", operation_id="list_template_syncs", summary="See how templates are being read")
async def read_syncs(unit: UnitHere) -> SyncsShape:
    """When each account's templates were last read at the provider, and whether they are being read now."""
    return SyncsShape(data=[SyncShape.of(each) for each in await syncs(unit)])


@router.post("/templates/sync", operation_id="sync_templates", summary="Read templates anew", status_code=202)
async def sync_templates(unit: UnitHere, routes: RoutesHere, given: SyncRequest) -> SyncsShape:
    """Have the templates of one account, or of all, read at the provider. It also happens once a day."""
    seen = await routes.seen_by(unit)
    if given.channel_id is None and given.waba_id is None:
        accounts = accounts_of(seen)
    else:
        wanted = ids.read_id(ids.CHANNEL, given.channel_id) if given.channel_id is not None else None
        accounts = accounts_of([channel_meant(seen, wanted, given.waba_id)])
    return SyncsShape(data=[SyncShape.of(each) for each in await request_sync(unit, accounts)])


@outside.delete("/templates", operation_id="delete_templates", summary="Delete a template in all languages")
async def delete_templates(
    desk: DeskHere,
    asking: AskingHere,
    name: Annotated[str, Query(max_length=512)],
    account: AccountQuery = None,
) -> DeletedShape:
    """Delete a name in every language. The provider keeps the name from being used again for 30 days."""
    channel = channel_meant(await desk.routes.seen_for(asking.workspace, asking.caller), None, account)
    deleted = await desk.delete_named(asking, channel.access.account_id, name)
    return DeletedShape(deleted=deleted)


@router.get("/templates/{template_id}", operation_id="get_template", summary="Get a template")
async def read_template(unit: UnitHere, keys: KeysHere, template_id: ids.TemplatePath) -> TemplateShape:
    """One language of a template, with its components."""
    return TemplateShape.of(await get_template(unit, keys, template_id))


@outside.patch("/templates/{template_id}", operation_id="edit_template", summary="Edit a template")
async def edit_template(
    desk: DeskHere, asking: AskingHere, template_id: ids.TemplatePath, given: TemplateChange
) -> TemplateShape:
    """Change a template that is approved, rejected or paused; it is judged anew.

    An approved one keeps its category, and may be edited once a day and ten times in thirty days.
    """
    return TemplateShape.of(await desk.edit(asking, template_id, given.edit()))


@outside.delete(
    "/templates/{template_id}", operation_id="delete_template", summary="Delete a template", status_code=204
)
async def delete_template(desk: DeskHere, asking: AskingHere, template_id: ids.TemplatePath) -> None:
    """Delete one language of a template. What was queued with it fails."""
    await desk.delete(asking, template_id)


@router.get(
    "/templates/{template_id}/history", operation_id="list_template_history", summary="See a template's history"
)
async def read_history(unit: UnitHere, window: WindowHere, template_id: ids.TemplatePath) -> Page[TemplateStepShape]:
    """Each change of status, quality and category, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Step]:
        return await list_changes(unit, template_id, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[TemplateStepShape.of(each) for each in found], next_cursor=cursor)


@router.get("/templates/{template_id}/schema", operation_id="get_template_schema", summary="Get a template's variables")
async def read_schema(unit: UnitHere, keys: KeysHere, template_id: ids.TemplatePath) -> SchemaShape:
    """The JSON Schema of `variables`: a message whose variables don't fit is refused before it is sent."""
    template = await get_template(unit, keys, template_id)
    plan = plan_of(_components(template), template.category)
    return SchemaShape.model_validate(schema_of(plan, f"Variables of {template.name} ({template.language})"))


@router.post("/templates/{template_id}/preview", operation_id="preview_template", summary="Preview a template")
async def preview_template(
    unit: UnitHere, keys: KeysHere, people: PeopleHere, template_id: ids.TemplatePath, given: PreviewRequest
) -> PreviewShape:
    """What a person would read, with these variables and the contact's own values. Nothing is sent."""
    template = await get_template(unit, keys, template_id)
    components = _components(template)
    known: dict[str, str] = {}
    if given.contact_id is not None:
        contact = await get_contact(unit, people, ContactId(ids.read_id(ids.CONTACT, given.contact_id)))
        known = words_of(contact.profile)
    filled = fill(plan_of(components, template.category), components, given.variables, known, "/variables")
    if filled.faults:
        raise InvalidInput("The template can't be filled in like this.", filled.faults)
    shown = preview(components, filled.components, template.category)
    return PreviewShape.of(shown, filled.components)


def _components(template: Template) -> JsonValue:
    if template.body is None:
        sentence = "POST /v1/templates/sync reads it; ask again in a few seconds."
        raise NotFound(f"The template's text was not read at the provider yet. {sentence}", code="template_not_read")
    components: JsonValue = template.body.components  # type: ignore[assignment]  # what was sealed was JSON
    return components
