"""A person writes: the message as Meta's webhook carries it, published in the order of writing."""

import base64
import binascii

from parley.sim.businesses import Business
from parley.sim.customers import Customer
from parley.sim.graph.media import media_url
from parley.sim.media import RECEIVED_SECONDS, SAMPLES, Media
from parley.sim.names import new_wamid
from parley.sim.payloads import message_value
from parley.sim.refusals import MetaError
from parley.sim.web import Json, as_object, text_of
from parley.sim.world import Origin, World

MEDIA_KINDS = frozenset(SAMPLES)
_KEPT = ("referral", "errors", "group_id", "identity")  # members that travel as they are given
_BODILESS = frozenset({"request_welcome", "unknown"})
_UNSUPPORTED: Json = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}


def write(world: World, business: Business, customer: Customer, said: Json) -> str:
    """Publish what a person said and open the window; the new message's id. MetaError 100 when it says nothing.

    `said` is a message object without its envelope, or `{"text": "…"}`. `host` in it is where media URLs point.
    """
    world.check_room()
    kind, body = _kind(said)
    message_id = text_of(said, "id") or new_wamid(customer.number, to_business=True)
    message: Json = {"from_user_id": customer.user_id, "id": message_id}
    if not customer.behaviour.hide_number:
        message = {"from": customer.number, **message}
    message["timestamp"] = text_of(said, "timestamp") or str(int(world.now()))
    message["type"] = kind
    message.update({key: said[key] for key in _KEPT if key in said})
    _add_context(message, said, business)
    if kind in MEDIA_KINDS:
        body = _with_file(world, kind, as_object(body) or {}, text_of(said, "host"))
    if kind == "unsupported":
        message.setdefault("errors", [_UNSUPPORTED])
    if body is not None:
        message[kind] = body
    if kind != "system":
        customer.wrote_at[business.phone_number_id] = world.now()
    if customer.user_id not in business.blocked:
        origin = Origin(waba_id=business.waba_id, business=business)
        lane = f"{business.phone_number_id} {customer.user_id}"
        world.publish(origin, "messages", message_value(business, customer, message), lane=lane)
    return message_id


def _kind(said: Json) -> tuple[str, object]:
    words = said.get("text")
    if isinstance(words, str):
        return "text", {"body": words}
    kind = text_of(said, "type") or "text"
    body = said.get(kind)
    if body is None and kind not in _BODILESS and kind not in MEDIA_KINDS and kind != "unsupported":
        raise MetaError(100, f"A message of type {kind} needs a member '{kind}', or give text as a string.")
    return kind, body


def _add_context(message: Json, said: Json, business: Business) -> None:
    context = as_object(said.get("context"))
    if context is None:
        return
    named = text_of(context, "message_id") or text_of(context, "id")
    rest: Json = {key: value for key, value in context.items() if key != "message_id"}
    message["context"] = {"from": business.number, "id": named, **rest} if named else rest


def _with_file(world: World, kind: str, body: Json, host: str) -> Json:
    """The body with the members of its file: one given as `id`, as base64 `data`, or a sample."""
    media = world.media.get(text_of(body, "id"), world.now()) or _new_file(world, kind, body)
    file: Json = {"id": media.id, "mime_type": media.mime_type, "sha256": media.sha256_base64}
    if host:
        file["url"] = media_url(media, host, world.now())
    if kind == "audio":
        file["voice"] = True
    if kind == "sticker":
        file["animated"] = False
    return {**file, **{key: value for key, value in body.items() if key not in ("data", "id", "mime_type")}}


def _new_file(world: World, kind: str, body: Json) -> Media:
    mime_type, content = SAMPLES[kind]
    given = text_of(body, "data")
    if given:
        try:
            content = base64.b64decode(given, validate=True)
        except binascii.Error as error:
            raise MetaError(100, "`data` must be base64.") from error
    return world.media.put(content, text_of(body, "mime_type") or mime_type, world.now() + RECEIVED_SECONDS)
