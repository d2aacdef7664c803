"""What a person will read of a template once it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.compile.reading import VARIABLE, buttons, cards, component, objects, text, variables, word

SECURITY = "For your security, do not share this code."
CODE_TEXT = "{{1}} is your verification code."
"""Meta writes authentication templates itself, in each language; in English like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A filled-in template, or a card of it."""

    header: JsonObject | None = None
    """`{"type": "text", "text": …}`, or the file, place or product under its type."""
    body: str | None = None
    footer: str | None = None
    buttons: list[JsonObject] = field(default_factory=list)
    cards: list["Preview"] = field(default_factory=list)


def preview(components: JsonValue, sent: JsonValue, category: str | None = None) -> Preview:
    """The template's components with a send's components filled in."""
    given = {text(each, "type").lower(): each for each in objects(sent)}
    filled = objects(given.get("carousel", {}).get("cards"))
    within = [
        preview(card.get("components"), filled[at].get("components") if at < len(filled) else None)
        for at, card in enumerate(cards(components))
    ]
    return Preview(
        header=_header(component(components, "HEADER"), given.get("header", {})),
        body=_body(component(components, "BODY"), given.get("body", {}), category),
        footer=_footer(component(components, "FOOTER")),
        buttons=_buttons(components, sent),
        cards=within,
    )


def _header(header: JsonObject, given: JsonObject) -> JsonObject | None:
    if not header:
        return None
    shape = word(header, "format") or "TEXT"
    if shape == "TEXT":
        return {"type": "text", "text": _filled(text(header, "text"), given)}
    parameter = next(iter(objects(given.get("parameters"))), {})
    kind = text(parameter, "type") or shape.lower()
    return {"type": kind, kind: parameter.get(kind)}


def _body(body: JsonObject, given: JsonObject, category: str | None) -> str | None:
    if not body:
        return None
    if category == "AUTHENTICATION" and not text(body, "text"):
        words = _filled(CODE_TEXT, given)
        return f"{words} {SECURITY}" if body.get("add_security_recommendation") else words
    return _filled(text(body, "text"), given)


def _footer(footer: JsonObject) -> str | None:
    minutes = footer.get("code_expiration_minutes")
    if minutes is not None:
        return f"This code expires in {minutes} minutes."
    return text(footer, "text") or None


def _filled(words: str, given: JsonObject) -> str:
    """A text with its variables replaced; what has no value stays as it is written."""
    parameters = objects(given.get("parameters"))
    named = {text(each, "parameter_name"): _shown(each) for each in parameters if each.get("parameter_name")}
    numbered = {name: _shown(each) for name, each in zip(_in_order(words), parameters, strict=False)}
    values = named or numbered
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), words)


def _in_order(words: str) -> list[str]:
    found = variables(words)
    return sorted(found, key=int) if all(each.isdecimal() for each in found) else found


def _shown(parameter: JsonObject) -> str:
    """The words of a parameter; money and dates as their fallback says."""
    inner = parameter.get(text(parameter, "type"))
    return text(inner, "fallback_value") if isinstance(inner, Mapping) else text(parameter, "text")


def _buttons(components: JsonValue, sent: JsonValue) -> list[JsonObject]:
    given = {str(each.get("index")): each for each in objects(sent) if text(each, "type").lower() == "button"}
    shown: list[JsonObject] = []
    for index, button in buttons(components):
        parameter = next(iter(objects(given.get(str(index), {}).get("parameters"))), {})
        one: dict[str, JsonValue] = {"type": word(button, "type").lower(), "text": text(button, "text")}
        if button.get("url"):
            one["url"] = _with_suffix(text(button, "url"), text(parameter, "text"))
        if button.get("phone_number"):
            one["phone_number"] = text(button, "phone_number")
        for name in ("payload", "coupon_code"):
            if parameter.get(name):
                one[name] = text(parameter, name)
        shown.append(one)
    return shown


def _with_suffix(url: str, suffix: str) -> str:
    return VARIABLE.sub(lambda found: suffix or found[0], url)
