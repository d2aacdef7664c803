"""Message templates of the simulated Meta: kept by WABA, name and language, with Meta's life cycle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.core import time
from parley.sim.names import new_object_id
from parley.sim.refusals import MetaError, unknown_object
from parley.sim.web import Json, as_list, as_object, text_of

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
STATUSES = (
    "APPROVED",
    "PENDING",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "DELETED",
    "LIMIT_EXCEEDED",
    "ARCHIVED",
)
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
MOST_TEMPLATES = 6_000  # of one WABA: Meta's higher limit
NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_HANDLE = re.compile(r"\d+:")
_AT_THE_EDGE = re.compile(r"\A\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*\Z")
_LIMITS = {"BODY": (1024, 2388040), "FOOTER": (60, 2388073), "HEADER": (60, 2388047)}
_EXISTS, _EDGE = 2388024, 2388299
_MOST_BUTTONS = 10


@dataclass(slots=True, kw_only=True)
class Template:
    """One language of a template."""

    id: str = field(default_factory=new_object_id)
    waba_id: str
    name: str
    language: str
    category: str
    components: list[Json]
    parameter_format: str = "POSITIONAL"
    status: str = "PENDING"
    quality: str = "UNKNOWN"
    rejected_reason: str = "NONE"
    made_at: float = field(default_factory=time.unix_seconds)

    def component(self, kind: str) -> Json | None:
        """The HEADER, BODY, FOOTER or BUTTONS component, whatever case it was written in."""
        return next((item for item in self.components if text_of(item, "type").upper() == kind), None)

    @property
    def buttons(self) -> list[Json]:
        holder = self.component("BUTTONS") or {}
        return [item for button in as_list(holder.get("buttons")) if (item := as_object(button)) is not None]

    def node(self) -> Json:
        """The fields of a listing."""
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "quality_score": {"score": self.quality, "date": int(self.made_at)},
            "rejected_reason": self.rejected_reason,
        }


class TemplateShelf:
    """Templates by id, and by WABA, name and language."""

    def __init__(self) -> None:
        self._by_id: dict[str, Template] = {}
        self._by_name: dict[tuple[str, str, str], Template] = {}

    def __iter__(self) -> Iterator[Template]:
        return iter(self._by_id.values())

    def of_waba(self, waba_id: str) -> list[Template]:
        return [template for template in self if template.waba_id == waba_id]

    def put(self, template: Template) -> Template:
        key = (template.waba_id, template.name, template.language)
        if key in self._by_name:
            raise MetaError(100, f"There is already content in {template.language} for this name.", subcode=_EXISTS)
        if len(self.of_waba(template.waba_id)) >= MOST_TEMPLATES:
            raise MetaError(100, f"An account has at most {MOST_TEMPLATES} templates.", subcode=2388019)
        self._by_id[template.id] = template
        self._by_name[key] = template
        return template

    def get(self, template_id: str) -> Template | None:
        return self._by_id.get(template_id)

    def find(self, template_id: str) -> Template:
        found = self.get(template_id)
        if found is None:
            raise unknown_object(template_id)
        return found

    def named(self, waba_id: str, name: str, language: str) -> Template | None:
        return self._by_name.get((waba_id, name, language))

    def drop(self, template: Template) -> None:
        self._by_id.pop(template.id, None)
        self._by_name.pop((template.waba_id, template.name, template.language), None)

    def clear(self) -> None:
        self._by_id.clear()
        self._by_name.clear()


def template_from(waba_id: str, body: Json) -> Template:
    """A new template out of a create request, or Meta's refusal of it."""
    name, language, category = text_of(body, "name"), text_of(body, "language"), text_of(body, "category").upper()
    if not NAME.match(name):
        raise MetaError(100, "Param name must be 1 to 512 of a-z, 0-9 and _.")
    if not language:
        raise MetaError(100, "Param language is required.")
    if category not in CATEGORIES:
        raise MetaError(100, f"Param category must be one of {', '.join(CATEGORIES)}.")
    return Template(
        waba_id=waba_id,
        name=name,
        language=language,
        category=category,
        components=checked_components(body.get("components"), category),
        parameter_format=text_of(body, "parameter_format").upper() or "POSITIONAL",
    )


def checked_components(value: object, category: str) -> list[Json]:
    """The components of a create or edit request, or a refusal that names what is wrong."""
    components = [item for given in as_list(value) if (item := as_object(given)) is not None]
    by_kind = {text_of(item, "type").upper(): item for item in components}
    if "BODY" not in by_kind:
        raise MetaError(100, "Param components needs a BODY.")
    if "text" not in by_kind["BODY"] and category != "AUTHENTICATION":
        raise MetaError(100, "The BODY component needs a text.", subcode=2388072)
    for kind, item in by_kind.items():
        _check_text(kind, text_of(item, "text"))
        _check_sample(item)
    if len(as_list(by_kind.get("BUTTONS", {}).get("buttons"))) > _MOST_BUTTONS:
        raise MetaError(100, f"A template has at most {_MOST_BUTTONS} buttons.")
    return components


def _check_sample(component: Json) -> None:
    for handle in as_list((as_object(component.get("example")) or {}).get("header_handle")):
        if not (isinstance(handle, str) and _HANDLE.match(handle)):
            raise MetaError(100, "Param header_handle must be the handle of a resumable upload.")


def _check_text(kind: str, text: str) -> None:
    limit, subcode = _LIMITS.get(kind, (0, 0))
    if limit and len(text) > limit:
        raise MetaError(100, f"The {kind} text may have at most {limit} characters.", subcode=subcode)
    if kind == "BODY" and _AT_THE_EDGE.search(text):
        raise MetaError(100, "Variables can't stand at the start or end of the text.", subcode=_EDGE)


def variables(text: str) -> list[str]:
    """The distinct variables of a text, in order: `1`, `2` or their names."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def hello_world(waba_id: str) -> Template:
    """The template every account is born with."""
    return Template(
        waba_id=waba_id,
        name="hello_world",
        language="en_US",
        category="UTILITY",
        status="APPROVED",
        components=[
            {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
            {"type": "BODY", "text": "Welcome! This is the first message of a new account."},
            {"type": "FOOTER", "text": "Sent by the simulator"},
        ],
    )
