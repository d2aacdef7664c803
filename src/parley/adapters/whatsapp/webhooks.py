"""What happened, in the shape of Meta's own webhooks: the inverse of `parse`, for programs written for the Cloud API.

One document tells several facts, each as a change of its own. A fact that the Cloud API has no word for is left out: a
message that never got an id of Meta's, or whose person was erased.
"""

import re
from collections.abc import Sequence
from typing import Final

from parley.core.json import JsonObject, JsonValue
from parley.modules.channels import Channel, Notice
from parley.modules.contacts import Profile
from parley.modules.conversations import Message, MessageBody, Revision
from parley.modules.webhooks import Telling

JsonDict = dict[str, JsonValue]

_USER_ID: Final = re.compile(r"[A-Z]{2}\.")
_STATUSES: Final = {
    "message.sent": "sent",
    "message.delivered": "delivered",
    "message.read": "read",
    "message.played": "played",
    "message.failed": "failed",
}
_CORRECTIONS: Final = {"message.edited": "edit", "message.revoked": "revoke"}
_TEMPLATE_FIELDS: Final = {
    "status": "message_template_status_update",
    "quality": "message_template_quality_update",
    "category": "template_category_update",
    "components": "message_template_components_update",
}
_PARENT: Final = "parent_user_id"
_BODILESS: Final = frozenset({"request_welcome", "media_placeholder"})


def payload(tellings: Sequence[Telling]) -> JsonObject | None:
    """The delivery that Meta would have posted; None when it has no word for any of these facts."""
    entries: list[JsonValue] = [entry for each in tellings if (entry := _entry(each)) is not None]
    return {"object": "whatsapp_business_account", "entry": entries} if entries else None


def _entry(telling: Telling) -> JsonDict | None:
    change = _change(telling)
    if change is None:
        return None
    entry: JsonDict = {"id": telling.channel.access.account_id, "changes": [change]}
    if telling.notice is not None:
        entry["time"] = int(telling.at.timestamp())
    return entry


def _change(telling: Telling) -> JsonDict | None:
    if telling.notice is not None:
        return _noticed(telling.channel, telling.notice)
    if telling.message is None or telling.message.body is None:
        return None
    if telling.kind in _STATUSES:
        return _status(telling, telling.message, telling.message.body)
    return _message(telling, telling.message, telling.message.body)


def _message(telling: Telling, message: Message, body: MessageBody) -> JsonDict | None:
    said: JsonDict | None
    if telling.kind in _CORRECTIONS:
        said = _correction(telling, message)
    else:
        said = {"id": message.provider_id, "timestamp": _unix(telling), **_known_as(_content(body), telling)}
    if said is None or said["id"] is None:
        return None
    people = _people(body, telling.profile)
    own = _digits(telling.channel.access.number)
    if message.row.outbound:
        echo: JsonDict = {"from": own, **_named("to", body), **said}
        return _of_messages(telling.channel, "smb_message_echoes", {"message_echoes": [echo]})
    whole: JsonDict = {**_named("from", body), **said}
    members: JsonDict = {} if body.kind == "system" or not people else {"contacts": [people]}
    return _of_messages(telling.channel, "messages", {**members, "messages": [whole]})


def _of_messages(channel: Channel, field: str, members: JsonDict) -> JsonDict:
    metadata: JsonDict = {
        "display_phone_number": _digits(channel.access.number),
        "phone_number_id": channel.access.number_id,
    }
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **members}}


def _content(body: MessageBody) -> JsonDict:
    """The members of a message that say something, and those that Meta put beside them."""
    said: JsonDict = {"type": body.kind}
    content = _json(body.body)
    if body.kind == "contacts":
        said["contacts"] = content.get("contacts", [])
    elif body.kind == "system" and "identity" in content:
        said |= {"identity": content["identity"], "system": {k: v for k, v in content.items() if k != "identity"}}
    elif body.kind not in _BODILESS and (content or body.kind != "unsupported"):
        said[body.kind] = content
    if body.context is not None:
        said["context"] = {"id": body.context}
    if body.group_id is not None:
        said["group_id"] = body.group_id
    if body.referral is not None:
        said["referral"] = _json(body.referral)
    if body.errors:
        said["errors"] = [_error(_json(each)) for each in body.errors]
    return {**said, **{name: value for name, value in _json(body.beside).items() if name != _PARENT}}


def _known_as(said: JsonDict, telling: Telling) -> JsonDict:
    """What it answers or reacts to, by the id that the program was given for that."""
    told = dict(said)
    for member, name in (("context", "id"), (str(said["type"]), "message_id")):
        inner = _json(said.get(member))
        stand_in = telling.stand_ins.get(str(inner.get(name)))
        if stand_in is not None:
            told[member] = {**inner, name: stand_in}
    return told


def _correction(telling: Telling, message: Message) -> JsonDict | None:
    """An edit or withdrawal: the later word whose moment the fact tells."""
    kind = _CORRECTIONS[telling.kind]
    word = next((each for each in reversed(message.revisions) if _is_told(each, telling)), None)
    if word is None or word.body is None or message.provider_id is None:
        return None
    correction: JsonDict = {"original_message_id": message.provider_id}
    if kind == "edit":
        said = _known_as(_content(word.body), telling)
        correction["message"] = {name: value for name, value in said.items() if name != "id"}
    own_id = _json(word.body.beside).get("id")
    return {"id": own_id, "timestamp": _unix(telling), "type": kind, kind: correction}


def _is_told(revision: Revision, telling: Telling) -> bool:
    return revision.at == telling.at and (revision.kind == "edited") == (telling.kind == "message.edited")


def _status(telling: Telling, message: Message, body: MessageBody) -> JsonDict | None:
    if message.known_as is None:
        return None
    status: JsonDict = {"id": message.known_as, "status": _STATUSES[telling.kind], "timestamp": _unix(telling)}
    group = body.party.get("group_id")
    if group is not None:
        status |= {"recipient_id": group, "recipient_type": "group"}
    phone, user_id = body.party.get("phone"), body.party.get("user_id")
    if phone is not None:
        status["recipient_id"] = phone.removeprefix("+")
    if user_id is not None:
        status["recipient_user_id" if _USER_ID.match(user_id) else "recipient_id"] = user_id
    if body.callback is not None:
        status["biz_opaque_callback_data"] = body.callback
    step = next((each for each in message.statuses if each.status == _STATUSES[telling.kind]), None)
    if step is not None and step.pricing:
        status["pricing"] = _json(step.pricing)
    if step is not None and step.errors:
        status["errors"] = [_error(_json(each)) for each in step.errors]
    people = _people(body, telling.profile)
    return _of_messages(telling.channel, "messages", {"contacts": [people], "statuses": [status]})


def _noticed(channel: Channel, notice: Notice) -> JsonDict:
    """What the provider said of an account, number, template, call or group: kept in its own words."""
    kept = _json(notice.body)
    value = _json(kept.get("body"))
    if notice.kind == "template":
        return {"field": _TEMPLATE_FIELDS.get(str(kept.get("change")), notice.field), "value": value}
    if notice.kind == "call":
        member = "statuses" if value.get("type") == "call" else "calls"
        return _of_messages(channel, "calls", {member: [value]})
    if notice.kind == "group":
        return _of_messages(channel, notice.field, {"groups": [value]})
    if notice.field == "messages":
        return _of_messages(channel, "messages", {"errors": [value]})
    return {"field": notice.field, "value": value}


def _named(end: str, body: MessageBody) -> JsonDict:
    """Who wrote, or whom it was written to: by number, else by user id."""
    phone, user_id = body.party.get("phone"), body.party.get("user_id")
    if phone is not None:
        return {end: phone.removeprefix("+")}
    if user_id is None:
        return {}
    if not _USER_ID.match(user_id):
        return {end: user_id}
    parent = _json(body.beside).get(_PARENT)
    return {f"{end}_user_id": user_id, **({f"{end}_parent_user_id": parent} if parent else {})}


def _people(body: MessageBody, profile: Profile | None) -> JsonDict:
    phone, user_id = body.party.get("phone"), body.party.get("user_id")
    known: dict[str, JsonValue] = {}
    shown: dict[str, JsonValue] = {}
    if profile is not None:
        username = profile.identity("username")
        shown |= {"name": profile.name} if profile.name else {}
        shown |= {"username": f"@{username}"} if username else {}
    if shown:
        known["profile"] = shown
    if phone is not None:
        known["wa_id"] = phone.removeprefix("+")
    if user_id is not None:
        known["user_id" if _USER_ID.match(user_id) else "wa_id"] = user_id
    if (parent := _json(body.beside).get(_PARENT)) is not None:
        known[_PARENT] = parent
    return known


def _error(error: JsonDict) -> JsonDict:
    """An error as Meta spells it: the title twice, the detail inside."""
    told: JsonDict = {"code": error.get("code"), "title": error.get("title"), "message": error.get("title")}
    if error.get("detail"):
        told["error_data"] = {"details": error["detail"]}
    if error.get("doc_url"):
        told["href"] = error["doc_url"]
    return told


def _unix(telling: Telling) -> str:
    return str(int(telling.at.timestamp()))


def _digits(number: str | None) -> str:
    return "".join(each for each in number or "" if each.isdigit())


def _json(value: object) -> JsonDict:
    """What was read from a sealed column is JSON."""
    return value if isinstance(value, dict) else {}
