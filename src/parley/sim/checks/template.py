"""A template send against the template as it was approved."""

from parley.sim.checks.bodies import check_media
from parley.sim.checks.fields import needed, needed_object, needed_objects, needed_text
from parley.sim.refusals import MetaError
from parley.sim.templates import Template, TemplateShelf, variables
from parley.sim.web import Json, as_list, as_object, text_of

MOST_FILLED = 1024  # characters of a body after filling
_NAME, _LANGUAGE = 512, 20
_MEDIA_FORMATS = ("IMAGE", "VIDEO", "DOCUMENT")
_MOST_COMPONENTS = 20
_FORMAT = 132012
_COUNT = 132000
_BUTTON_PARAMETER = {"text": "text", "payload": "payload", "coupon_code": "coupon_code", "action": "action"}


def check_template(shelf: TemplateShelf, waba_id: str, message: Json) -> Template:
    """The template this message uses; Meta's 132xxx when it can't be sent so."""
    body = needed_object(message, "template", "")
    name = needed_text(body, "name", "template", _NAME)
    language = needed_text(needed_object(body, "language", "template"), "code", "template.language", _LANGUAGE)
    template = shelf.named(waba_id, name, language)
    if template is None or template.status not in ("APPROVED", "PAUSED", "DISABLED"):
        raise MetaError(132001, f"Template '{name}' does not exist in {language}, or is not approved.")
    if template.status == "PAUSED":
        raise MetaError(132015, f"Template '{name}' is paused because of low quality.")
    if template.status == "DISABLED":
        raise MetaError(132016, f"Template '{name}' is disabled because of low quality.")
    given = needed_objects(body, "components", "template", (0, _MOST_COMPONENTS)) if body.get("components") else []
    _check_header(template, _parameters(given, "header"))
    _check_words(template, "BODY", _parameters(given, "body"))
    _check_buttons(template, given)
    return template


def _parameters(given: list[Json], kind: str) -> list[Json]:
    component = next((item for item in given if text_of(item, "type").lower() == kind), {})
    return [item for value in as_list(component.get("parameters")) if (item := as_object(value)) is not None]


def _check_header(template: Template, parameters: list[Json]) -> None:
    shape = text_of(template.component("HEADER") or {}, "format").upper()
    if shape not in _MEDIA_FORMATS:
        if shape != "LOCATION":
            _check_words(template, "HEADER", parameters)
        return
    got = text_of(parameters[0], "type").upper() if parameters else "UNKNOWN"
    if got != shape:
        raise MetaError(_FORMAT, f"header: format mismatch, expected {shape}, received {got}.")
    check_media(needed_object(parameters[0], shape.lower(), "template.header"), f"template.header.{shape.lower()}")


def _check_words(template: Template, kind: str, parameters: list[Json]) -> None:
    component = template.component(kind) or {}
    text = text_of(component, "text")
    wanted = variables(text)
    if kind == "BODY" and template.category == "AUTHENTICATION" and not text:
        wanted = ["1"]
    if len(parameters) != len(wanted):
        raise MetaError(_COUNT, f"{kind.lower()}: {len(wanted)} parameters expected, {len(parameters)} received.")
    length = len(text)
    for position, parameter in enumerate(parameters):
        _check_name(template, parameter, wanted)
        length += len(_filling(parameter, position, kind.lower()))
    if length > MOST_FILLED:
        raise MetaError(132005, f"{kind.lower()}: the text is too long after filling, {length} characters.")


def _check_name(template: Template, parameter: Json, wanted: list[str]) -> None:
    if template.parameter_format != "NAMED":
        return
    name = text_of(parameter, "parameter_name")
    if name not in wanted:
        raise MetaError(_FORMAT, f"This template has named parameters: give parameter_name, one of {wanted}.")


def _filling(parameter: Json, position: int, at: str) -> str:
    kind = text_of(parameter, "type").lower()
    if kind == "text":
        return needed_text(parameter, "text", f"template.{at}[{position}]", 32768)
    if kind in ("currency", "date_time"):
        inner = needed_object(parameter, kind, f"template.{at}[{position}]")
        return needed_text(inner, "fallback_value", f"template.{at}[{position}].{kind}", MOST_FILLED)
    raise MetaError(_FORMAT, f"{at}: parameter {position} must be of type text, currency or date_time.")


def _check_buttons(template: Template, given: list[Json]) -> None:
    by_index = {text_of(item, "index"): item for item in given if text_of(item, "type").lower() == "button"}
    buttons = template.buttons
    for index in by_index:
        if not index.isdigit() or int(index) >= len(buttons):
            raise MetaError(_FORMAT, f"There is no button at index {index or '(missing)'} in this template.")
    for position, button in enumerate(buttons):
        component = by_index.get(str(position))
        if component is not None:
            _check_button(component, position)
        elif _needs_parameter(button):
            kind = text_of(button, "type").lower()
            raise MetaError(131008, f"Button at index {position} of type {kind} requires a parameter.")


def _needs_parameter(button: Json) -> bool:
    kind = text_of(button, "type").upper()
    return kind in ("OTP", "COPY_CODE") or (kind == "URL" and bool(variables(text_of(button, "url"))))


def _check_button(component: Json, position: int) -> None:
    at = f"template.button[{position}]"
    for parameter in needed_objects(component, "parameters", at, (1, 1)):
        member = _BUTTON_PARAMETER.get(text_of(parameter, "type").lower())
        if member is not None:
            needed(parameter, member, at)
