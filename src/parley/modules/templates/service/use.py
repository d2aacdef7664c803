"""Use a template in a message: by name with typed variables, or with Meta's components; both are held against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.core.content import Content
from parley.core.errors import Fault, fault
from parley.core.ids import ContactId, WorkspaceId
from parley.core.json import JsonObject, JsonValue
from parley.kit.unit import Unit
from parley.modules.contacts import Profile, profiles_of
from parley.modules.privacy import People
from parley.modules.templates.compile import compare, fill, plan_of
from parley.modules.templates.domain import Template

POINTER = "/template"
VARIABLES = "variables"


@dataclass(frozen=True, slots=True)
class Usage:
    """A template's message as the provider takes it, or what is wrong with it."""

    content: Content
    faults: tuple[Fault, ...] = ()


async def use_template(
    unit: Unit, people: People, template: Template | None, content: Content, contact: tuple[WorkspaceId, ContactId]
) -> Usage:
    """The message of a template to a contact; None: the template is not known here, so only the provider can judge."""
    given = content.body
    language = language_of(given)
    body = {name: value for name, value in given.items() if name != VARIABLES}
    if language is not None and not isinstance(given.get("language"), Mapping):
        body["language"] = {"code": language}
    plain = Content(content.kind, body, content.context)
    if template is None or template.body is None:
        return Usage(plain, _unknown() if VARIABLES in given else ())
    components: JsonValue = template.body.components  # type: ignore[assignment]  # what was sealed was JSON
    plan = plan_of(components, template.category)
    if "components" in given:
        both = [fault(f"{POINTER}/{VARIABLES}", "not_allowed", "Give `variables` or `components`, not both.")]
        wrong = both if VARIABLES in given else compare(plan, given["components"], f"{POINTER}/components")
        return Usage(plain, tuple(wrong))
    variables = given.get(VARIABLES, {})
    known = await _known(unit, people, contact) if _asks_contact(variables) else {}
    filled = fill(plan, components, variables, known, f"{POINTER}/{VARIABLES}")
    if filled.faults or not filled.components:
        return Usage(plain, filled.faults)
    return Usage(Content(content.kind, {**body, "components": filled.components}, content.context))


def language_of(body: JsonObject) -> str | None:
    """The language a message names: `"en_US"`, or Meta's `{"code": "en_US"}`."""
    language = body.get("language")
    code = language.get("code") if isinstance(language, Mapping) else language
    return code if isinstance(code, str) else None


def words_of(profile: Profile) -> dict[str, str]:
    """What variables may ask of a contact."""
    pairs = {
        "name": profile.name,
        "language": profile.language,
        "phone": profile.identity("phone"),
        "username": profile.identity("username"),
    }
    fields = {f"fields.{name}": str(value) for name, value in profile.fields.items()}
    return {**fields, **{name: value for name, value in pairs.items() if value}}


def _asks_contact(value: JsonValue) -> bool:
    if isinstance(value, Mapping):
        return "contact" in value or any(_asks_contact(each) for each in value.values())
    return isinstance(value, list | tuple) and any(_asks_contact(each) for each in value)


async def _known(unit: Unit, people: People, contact: tuple[WorkspaceId, ContactId]) -> dict[str, str]:
    found = (await profiles_of(unit, people, [contact])).get(contact[1])
    return words_of(found) if found is not None else {}


def _unknown() -> tuple[Fault, ...]:
    sentence = "This template is not known here yet, so its variables aren't either. POST /v1/templates/sync reads it."
    return (fault(f"{POINTER}/name", "unknown_template", sentence),)
