"""What a person sees of a message: its words, and what can be tapped."""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.sim.ledger import Sent
from parley.sim.templates import VARIABLE, Template
from parley.sim.web import Json, as_list, as_object, text_of
from parley.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to tap. `reply` is the message a tap writes; None for links and others that write nothing."""

    index: int
    kind: str
    id: str
    title: str
    detail: str = ""
    reply: Json | None = None

    def view(self) -> Json:
        return {"index": self.index, "kind": self.kind, "id": self.id, "title": self.title, "detail": self.detail}


def words(world: World, sent: Sent) -> str:
    """The message as text: body, caption, header and footer, or a template filled in."""
    body = as_object(sent.message.get(sent.kind)) or {}
    match sent.kind:
        case "text":
            return text_of(body, "body")
        case "interactive":
            parts = (text_of(as_object(body.get(part)) or {}, "text") for part in ("header", "body", "footer"))
            return "\n".join(part for part in parts if part)
        case "template":
            template = template_of(world, sent)
            return _filled(template, body) if template else f"[template {text_of(body, 'name')}]"
        case "reaction":
            return text_of(body, "emoji")
        case "location":
            return (
                f"[location {text_of(body, 'latitude')}, {text_of(body, 'longitude')}] {text_of(body, 'name')}".strip()
            )
    caption = text_of(body, "caption") or text_of(body, "filename")
    return f"[{sent.kind}] {caption}".strip()


def options(world: World, sent: Sent) -> list[Option]:
    """What can be tapped, numbered from 1."""
    if sent.kind == "template":
        template = template_of(world, sent)
        return list(_template_options(template, sent)) if template else []
    interactive = as_object(sent.message.get("interactive")) if sent.kind == "interactive" else None
    if interactive is None:
        return []
    action = as_object(interactive.get("action")) or {}
    match text_of(interactive, "type"):
        case "button":
            return list(_buttons(action))
        case "list":
            return list(_rows(action))
        case "cta_url":
            parameters = as_object(action.get("parameters")) or {}
            link = text_of(parameters, "url")
            return [Option(index=1, kind="url", id="", title=text_of(parameters, "display_text"), detail=link)]
    return []


def template_of(world: World, sent: Sent) -> Template | None:
    """The template a message was made of, while it exists."""
    business = world.businesses.get(sent.phone_number_id)
    body = as_object(sent.message.get("template")) or {}
    language = text_of(as_object(body.get("language")) or {}, "code")
    return world.templates.named(business.waba_id, text_of(body, "name"), language) if business else None


def _objects(parent: Json, key: str) -> Iterator[Json]:
    return (item for value in as_list(parent.get(key)) if (item := as_object(value)) is not None)


def _buttons(action: Json) -> Iterator[Option]:
    for index, button in enumerate(_objects(action, "buttons"), 1):
        reply = as_object(button.get("reply")) or {}
        answer: Json = {"id": text_of(reply, "id"), "title": text_of(reply, "title")}
        yield Option(
            index=index,
            kind="button",
            id=text_of(reply, "id"),
            title=text_of(reply, "title"),
            reply={"type": "interactive", "interactive": {"type": "button_reply", "button_reply": answer}},
        )


def _rows(action: Json) -> Iterator[Option]:
    rows = [row for section in _objects(action, "sections") for row in _objects(section, "rows")]
    for index, row in enumerate(rows, 1):
        answer: Json = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
        yield Option(
            index=index,
            kind="row",
            id=text_of(row, "id"),
            title=text_of(row, "title"),
            detail=text_of(row, "description"),
            reply={"type": "interactive", "interactive": {"type": "list_reply", "list_reply": answer}},
        )


def _template_options(template: Template, sent: Sent) -> Iterator[Option]:
    body = as_object(sent.message.get("template")) or {}
    given = {
        text_of(item, "index"): next(_objects(item, "parameters"), {})
        for item in _objects(body, "components")
        if text_of(item, "type").lower() == "button"
    }
    for index, button in enumerate(template.buttons, 1):
        kind, title = text_of(button, "type").upper(), text_of(button, "text")
        if kind == "QUICK_REPLY":
            payload = text_of(given.get(str(index - 1), {}), "payload") or title
            reply: Json = {"type": "button", "button": {"payload": payload, "text": title}}
            yield Option(index=index, kind="quick_reply", id=payload, title=title, reply=reply)
        else:
            yield Option(index=index, kind=kind.lower(), id="", title=title, detail=text_of(button, "url"))


def _filled(template: Template, body: Json) -> str:
    given = {text_of(item, "type").lower(): list(_objects(item, "parameters")) for item in _objects(body, "components")}
    shown = []
    for kind in ("HEADER", "BODY", "FOOTER"):
        text = text_of(template.component(kind) or {}, "text")
        if text:
            shown.append(_fill(text, given.get(kind.lower(), [])))
    return "\n".join(shown)


def _fill(text: str, parameters: list[Json]) -> str:
    values: dict[str, str] = {}
    for position, parameter in enumerate(parameters, 1):
        inner = as_object(parameter.get(text_of(parameter, "type"))) or {}
        value = text_of(parameter, "text") or text_of(inner, "fallback_value")
        values[text_of(parameter, "parameter_name") or str(position)] = value
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
