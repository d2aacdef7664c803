"""Showing things to choose from as well as a channel can: buttons, else a list, else numbered words."""

from collections.abc import Mapping, Sequence

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.core.text import shorten
from parley.modules.flows.engine import limits, options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.turn import Turn


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the choices, as authored."""

    words: str
    header: str | None = None
    footer: str | None = None


def put_buttons(turn: Turn, frame: Frame, choices: Sequence[Option]) -> None:
    """Ask with buttons, as the channel can."""
    buttons = [_button(turn, option, number) for number, option in enumerate(choices, 1)]
    turn.say(Content("interactive", framed(turn, frame, "button", whatsapp.BUTTONS_BODY, {"buttons": buttons})))


def put_list(turn: Turn, frame: Frame, button: str, sections: Sequence[tuple[str | None, Sequence[Option]]]) -> None:
    """Ask with a list of sections behind a button."""
    shown: list[JsonObject] = []
    number = 0
    for title, choices in sections:
        rows = [_row(turn, option, number + at) for at, option in enumerate(choices, 1)]
        number += len(rows)
        heading = {"title": turn.text(title, whatsapp.SECTION_TITLE)} if title else {}
        shown.append({**heading, "rows": rows})
    action: JsonObject = {"button": turn.text(button, whatsapp.LIST_BUTTON), "sections": shown}
    turn.say(Content("interactive", framed(turn, frame, "list", whatsapp.LIST_BODY, action)))


def put_numbered(turn: Turn, frame: Frame, choices: Sequence[Option]) -> None:
    """Ask in words alone: the customer answers with a number, or with the words of a choice."""
    lines = [turn.text(each) for each in (frame.header, frame.words) if each]
    for number, option in enumerate(choices, 1):
        below = _description(turn, option)
        lines.append(f"{number}. {turn.text(option.title)}" + (f": {below}" if below else ""))
    if frame.footer:
        lines.append(turn.text(frame.footer))
    turn.say(Content("text", {"body": shorten("\n".join(lines), limits.TEXT_CHARACTERS)}))


def framed(turn: Turn, frame: Frame, kind: str, limit: int, action: Mapping[str, JsonValue]) -> JsonObject:
    """An interactive message of this kind: what stands around its action, and the action."""
    body: dict[str, JsonValue] = {"type": kind}
    if frame.header:
        body["header"] = {"type": "text", "text": turn.text(frame.header, whatsapp.HEADER)}
    body["body"] = {"text": turn.text(frame.words, limit)}
    if frame.footer:
        body["footer"] = {"text": turn.text(frame.footer, whatsapp.FOOTER)}
    return body | {"action": action}


def _button(turn: Turn, option: Option, number: int) -> JsonObject:
    title = turn.text(option.title, whatsapp.BUTTON_TITLE)
    return {"type": "reply", "reply": {"id": options.payload(turn.node, option, number), "title": title}}


def _row(turn: Turn, option: Option, number: int) -> JsonObject:
    shown = {"id": options.payload(turn.node, option, number), "title": turn.text(option.title, whatsapp.ROW_TITLE)}
    below = _description(turn, option)
    return {**shown, "description": shorten(below, whatsapp.ROW_DESCRIPTION)} if below else shown


def _description(turn: Turn, option: Option) -> str | None:
    source = getattr(option, "description", None)
    return turn.text(source) if source else None
