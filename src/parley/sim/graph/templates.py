"""`/{waba}/message_templates` and `POST /{template}`: create, list, edit, delete; reviewed after a moment."""

import asyncio

from parley.sim import reviews
from parley.sim.businesses import check_token
from parley.sim.graph.accounts import owners_of
from parley.sim.graph.paging import chosen, page
from parley.sim.refusals import MetaError
from parley.sim.templates import CATEGORIES, EDITABLE, Template, checked_components, template_from
from parley.sim.web import SUCCESS, Answer, Json, Request, answer, text_of
from parley.sim.world import World

TEMPLATE_LIMIT = 6000  # of a verified business
_FILTERS = ("name", "language", "status", "category")


async def list_templates(world: World, request: Request) -> Answer:
    waba_id = _waba(world, request)
    query = request.query
    found = [template.node() for template in world.templates_of(waba_id)]
    for key in _FILTERS:
        wanted = query.get(key, "").lower()
        if wanted:
            found = [node for node in found if text_of(node, key).lower() == wanted]
    listing = page(request, [chosen(node, request) for node in found])
    asked_for = query.get("summary", "").split(",")
    if asked_for != [""]:
        summary: Json = {
            "total_count": len(found),
            "message_template_count": len(world.templates_of(waba_id)),
            "message_template_limit": TEMPLATE_LIMIT,
            "are_translations_complete": False,
        }
        listing["summary"] = {key: value for key, value in summary.items() if key in asked_for}
    return answer(listing)


async def create_template(world: World, request: Request) -> Answer:
    waba_id = _waba(world, request)
    body = _body(request)
    world.templates_of(waba_id)
    template = world.templates.put(template_from(waba_id, body))
    _review_later(world, template)
    return answer({"id": template.id, "status": template.status, "category": template.category})


async def edit_template(world: World, request: Request) -> Answer:
    """`POST /{template}`: components are replaced whole; an approved one keeps its category."""
    template = world.templates.find(request.parts[0])
    check_token(request, world.businesses.of_waba(template.waba_id))
    body = _body(request)
    if template.status not in EDITABLE:
        raise MetaError(100, f"A template can be edited while it is {', '.join(EDITABLE)}, not {template.status}.")
    category = text_of(body, "category").upper() or template.category
    if category not in CATEGORIES or (template.status == "APPROVED" and category != template.category):
        raise MetaError(100, "The category of an approved template can't be changed.")
    if body.get("components") is not None:
        template.components = checked_components(body["components"], category)
    template.category = category
    template.status = "PENDING"
    _review_later(world, template)
    return SUCCESS


async def read_template(world: World, request: Request) -> Answer:
    template = world.templates.find(request.parts[0])
    check_token(request, world.businesses.of_waba(template.waba_id))
    return answer(chosen(template.node(), request))


async def delete_template(world: World, request: Request) -> Answer:
    """By `name` every language; with `hsm_id` that one."""
    waba_id = _waba(world, request)
    name, template_id = request.query.get("name", ""), request.query.get("hsm_id", "")
    if not name and not template_id:
        raise MetaError(100, "The parameter name is required.")
    gone = [
        template
        for template in world.templates.of_waba(waba_id)
        if template.name == (name or template.name) and template.id == (template_id or template.id)
    ]
    if not gone:
        raise MetaError(100, "There is no message template with this name.", subcode=2593002)
    for template in gone:
        world.templates.drop(template)
        reviews.tell_status(world, template, "PENDING_DELETION")
    return SUCCESS


def _review_later(world: World, template: Template) -> None:
    asyncio.get_running_loop().call_later(world.settings.review_seconds, reviews.review, world, template)


def _waba(world: World, request: Request) -> str:
    owners_of(world, request)
    return request.parts[0]


def _body(request: Request) -> Json:
    body = request.json()
    if body is None:
        raise MetaError(100, "The body must be a JSON object.")
    return body
