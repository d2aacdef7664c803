"""The bodies of the message types other than template."""

from collections.abc import Callable
from datetime import date

from parley.sim.checks.fields import WRONG, needed, needed_object, needed_objects, needed_text, optional_text
from parley.sim.checks.interactive import check_interactive
from parley.sim.refusals import MetaError
from parley.sim.web import Json

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_CONTACTS = 257
MOST_NAME = 1000  # characters of names and addresses; Meta publishes no limit
MOST_LINK = 2048
_LATITUDE, _LONGITUDE = 90.0, 180.0


def check_body(kind: str, message: Json) -> None:
    """Raise Meta's refusal of this message's body, if there is one."""
    if kind == "contacts":
        for contact in needed_objects(message, "contacts", "", (1, MOST_CONTACTS)):
            _check_contact(contact)
        return
    body = needed_object(message, kind, "")
    check = _CHECKS.get(kind)
    if check is not None:
        check(body)


def check_media(body: Json, at: str) -> None:
    """Either an `id` or a `link` with http or https."""
    if body.get("id") is None and body.get("link") is None:
        raise MetaError(131008, f"Parameter '{at}' needs an id or a link.")
    if body.get("id") is not None:
        needed_text(body, "id", at, MOST_NAME)
        return
    link = needed_text(body, "link", at, MOST_LINK)
    if not link.startswith(("http://", "https://")):
        raise MetaError(WRONG, f"Parameter '{at}.link' must be an http or https address.")


def _text(body: Json) -> None:
    needed_text(body, "body", "text", MOST_TEXT)


def _media(kind: str, *, caption: bool) -> Callable[[Json], None]:
    def check(body: Json) -> None:
        check_media(body, kind)
        if caption:
            optional_text(body, "caption", kind, MOST_CAPTION)
        elif body.get("caption") is not None:
            raise MetaError(100, f"Param {kind} takes no caption.")

    return check


def _location(body: Json) -> None:
    _coordinate(body, "latitude", _LATITUDE)
    _coordinate(body, "longitude", _LONGITUDE)
    optional_text(body, "name", "location", MOST_NAME)
    optional_text(body, "address", "location", MOST_NAME)


def _coordinate(body: Json, key: str, most: float) -> None:
    value = needed(body, key, "location")
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or not -most <= number <= most:
        raise MetaError(WRONG, f"Parameter 'location.{key}' must be a number from {-most:g} to {most:g}.")


def _reaction(body: Json) -> None:
    needed_text(body, "message_id", "reaction", MOST_NAME)
    if not isinstance(body.get("emoji", ""), str):
        raise MetaError(WRONG, "Parameter 'reaction.emoji' must be an emoji, or empty to remove it.")


def _pin(body: Json) -> None:
    if needed(body, "type", "pin") not in ("pin", "unpin"):
        raise MetaError(WRONG, "Parameter 'pin.type' must be pin or unpin.")
    needed_text(body, "message_id", "pin", MOST_NAME)


def _check_contact(contact: Json) -> None:
    name = needed_object(contact, "name", "contacts")
    needed_text(name, "formatted_name", "contacts.name", MOST_NAME)
    if not any(name.get(part) for part in ("first_name", "last_name", "middle_name", "prefix", "suffix")):
        raise MetaError(131008, "Parameter 'contacts.name' needs another part besides formatted_name.")
    birthday = contact.get("birthday")
    if birthday is None:
        return
    try:
        date.fromisoformat(str(birthday))
    except ValueError:
        raise MetaError(WRONG, "Parameter 'contacts.birthday' must be a date as YYYY-MM-DD.") from None


_CHECKS: dict[str, Callable[[Json], None]] = {
    "text": _text,
    "image": _media("image", caption=True),
    "video": _media("video", caption=True),
    "document": _media("document", caption=True),
    "audio": _media("audio", caption=False),
    "sticker": _media("sticker", caption=False),
    "location": _location,
    "reaction": _reaction,
    "interactive": check_interactive,
    "pin": _pin,
}
