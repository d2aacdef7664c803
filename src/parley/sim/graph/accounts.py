"""Numbers and accounts: their fields, registration, settings, profile, subscriptions."""

from parley.sim.businesses import Business, check_token, find_business, find_owners
from parley.sim.graph.paging import chosen, page
from parley.sim.handshake import shake_hands
from parley.sim.refusals import MetaError, unknown_object
from parley.sim.web import SUCCESS, Answer, Json, Request, answer, as_object, text_of
from parley.sim.world import APPLICATION_ID, World

PROFILE_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
_PIN_DIGITS = 6
_NOT_SHOWN = ("messaging_product", "profile_picture_handle")


def business_of(world: World, request: Request) -> Business:
    """The number this request is about, with its token checked."""
    business = find_business(world.businesses, request.parts[0], lenient=world.settings.lenient)
    check_token(request, [business])
    return business


def owners_of(world: World, request: Request) -> list[Business]:
    """The numbers of the account this request is about, with its token checked."""
    owners = find_owners(world.businesses, request.parts[0], lenient=world.settings.lenient)
    check_token(request, owners)
    return owners


async def read_number(world: World, request: Request) -> Answer:
    return answer(chosen(business_of(world, request).node(), request))


async def change_number(world: World, request: Request) -> Answer:
    """`POST /{phone}`: two-step PIN, display name, webhook override."""
    business, body = business_of(world, request), whatsapp_body(request, product=False)
    pin, name, hook = (
        text_of(body, "pin"),
        text_of(body, "new_display_name"),
        as_object(body.get("webhook_configuration")),
    )
    if pin:
        business.pin = checked_pin(pin)
    business.name = name or business.name
    if hook is not None:
        await _override_number(business, hook)
    return SUCCESS


async def _override_number(business: Business, hook: Json) -> None:
    url = text_of(hook, "override_callback_uri")
    if url:
        await shake_hands(url, text_of(hook, "verify_token"))
    business.callback_url = url or None


async def list_numbers(world: World, request: Request) -> Answer:
    owners = owners_of(world, request)
    return answer(page(request, [chosen(owner.node(), request) for owner in owners]))


async def read_account(world: World, request: Request) -> Answer:
    """`GET /{waba}`, for accounts that have a number."""
    waba_id = request.parts[0]
    owners = world.businesses.of_waba(waba_id)
    if not owners:
        raise unknown_object(waba_id)
    check_token(request, owners)
    node: Json = {
        "id": waba_id,
        "name": owners[0].name,
        "currency": "USD",
        "timezone_id": "1",
        "status": "ACTIVE",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "message_template_namespace": f"sim_{waba_id}",
        "whatsapp_business_manager_messaging_limit": owners[0].limit_tier,
        "health_status": {"can_send_message": "AVAILABLE", "entities": []},
    }
    return answer(chosen(node, request))


async def subscriptions(world: World, request: Request) -> Answer:
    """`/{waba}/subscribed_apps`: GET lists, POST subscribes (with or without an override), DELETE ends it."""
    waba_id = request.parts[0]
    owners_of(world, request)
    overrides = world.businesses.overrides
    if request.method == "GET":
        if waba_id in world.businesses.unsubscribed:
            return answer({"data": []})
        application: Json = {"id": APPLICATION_ID, "name": "Parley simulator", "link": "https://example.com"}
        item: Json = {"whatsapp_business_api_data": application}
        if waba_id in overrides:
            item["override_callback_uri"] = overrides[waba_id]
        return answer({"data": [item]})
    if request.method == "DELETE":
        overrides.pop(waba_id, None)
        world.businesses.unsubscribed.add(waba_id)
        return SUCCESS
    body = whatsapp_body(request, product=False)
    url = text_of(body, "override_callback_uri")
    if url:
        await shake_hands(url, text_of(body, "verify_token"))
        overrides[waba_id] = url
    world.businesses.unsubscribed.discard(waba_id)
    return SUCCESS


async def register(world: World, request: Request) -> Answer:
    business, body = business_of(world, request), whatsapp_body(request, product=True)
    pin = checked_pin(text_of(body, "pin"))
    if business.pin is not None and business.pin != pin:
        raise MetaError(133005, "The two-step verification PIN does not match.")
    business.pin = pin
    business.registered = True
    return SUCCESS


async def deregister(world: World, request: Request) -> Answer:
    business_of(world, request).registered = False
    return SUCCESS


async def accept_code(world: World, request: Request) -> Answer:
    """`request_code` and `verify_code`: taken as they are."""
    business_of(world, request)
    return SUCCESS


async def settings(world: World, request: Request) -> Answer:
    business = business_of(world, request)
    if request.method == "GET":
        return answer({**business.settings, "id": business.phone_number_id})
    business.settings.update(whatsapp_body(request, product=False))
    return SUCCESS


async def profile(world: World, request: Request) -> Answer:
    """`/{phone}/whatsapp_business_profile`."""
    business = business_of(world, request)
    if request.method == "GET":
        node: Json = {"messaging_product": "whatsapp", "about": "", "vertical": "OTHER", **business.profile}
        return answer({"data": [{**chosen(node, request), "messaging_product": "whatsapp"}]})
    body = whatsapp_body(request, product=True)
    for key, most in PROFILE_LIMITS.items():
        if len(text_of(body, key)) > most:
            raise MetaError(100, f"Param {key} may have at most {most} characters.")
    handle = text_of(body, "profile_picture_handle")
    if handle:
        if not world.uploaded(handle):
            raise MetaError(100, "Param profile_picture_handle must be the handle of an upload.")
        business.profile["profile_picture_url"] = f"https://pps.whatsapp.net/{handle.rpartition(':')[2]}"
    business.profile.update({key: value for key, value in body.items() if key not in _NOT_SHOWN})
    return SUCCESS


def whatsapp_body(request: Request, *, product: bool) -> Json:
    """The JSON body; with `product`, 100 unless it names messaging_product."""
    body = request.json()
    if body is None:
        raise MetaError(100, "The body must be a JSON object.")
    if product and body.get("messaging_product") != "whatsapp":
        raise MetaError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    return body


def checked_pin(pin: str) -> str:
    if len(pin) != _PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise MetaError(100, f"Param pin must be {_PIN_DIGITS} digits.")
    return pin
