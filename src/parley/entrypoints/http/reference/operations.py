"""One operation as a section of a page: what it does, takes, answers, and how to ask for it."""

from dataclasses import dataclass

from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.operations import Operation
from parley.entrypoints.http.reference.html import Html, Part, prose, sentence, tag
from parley.entrypoints.http.reference.samples import answer_of, curl, javascript, python, sample, written
from parley.entrypoints.http.reference.shapes import Shapes, as_object


@dataclass(frozen=True, slots=True)
class Told:
    """An operation and its part of the description."""

    operation: Operation
    document: JsonObject
    components: JsonObject

    @property
    def shapes(self) -> Shapes:
        return Shapes(as_object(self.components.get("schemas")))

    def body(self) -> JsonValue:
        """The schema of its JSON body; None without one."""
        content = as_object(as_object(self.document.get("requestBody")).get("content"))
        return as_object(content.get("application/json")).get("schema")


def section(told: Told) -> Html:
    """The whole operation."""
    operation = told.operation
    head = tag(
        "h2",
        tag("a", operation.summary, href=f"#{operation.name}"),
        id=operation.name,
    )
    address = tag(
        "p",
        tag("span", operation.method, class_=f"method {operation.method.lower()}"),
        " ",
        tag("code", operation.address),
        class_="address",
    )
    words = tag(
        "div",
        head,
        address,
        prose(str(told.document.get("description", ""))),
        _parameters(told),
        _body(told),
        _answer(told),
        _errors(told),
        class_="words",
    )
    return tag("section", words, tag("div", _samples(told), class_="samples"), class_="operation")


def _parameters(told: Told) -> Part:
    listed = told.document.get("parameters")
    found = [_resolved(told, each) for each in listed] if isinstance(listed, list) else []
    rows = [
        told.shapes.member(
            str(each["name"]),
            {**as_object(each.get("schema")), "description": each.get("description", "")},
            0,
            required=bool(each.get("required")),
        )
        for each in found
    ]
    return [tag("h3", "Parameters"), tag("ul", rows, class_="members")] if rows else ""


def _resolved(told: Told, parameter: JsonValue) -> JsonObject:
    given = as_object(parameter)
    reference = given.get("$ref")
    if not isinstance(reference, str):
        return given
    return as_object(as_object(told.components.get("parameters")).get(reference.rsplit("/", 1)[-1]))


def _body(told: Told) -> Part:
    if told.operation.takes == "multipart/form-data":
        return [tag("h3", "Body"), tag("p", "A multipart form with the field ", tag("code", "file"), ".")]
    schema = told.body()
    if schema is None:
        return ""
    return [tag("h3", "Body: ", told.shapes.name(schema)), told.shapes.members(schema)]


def _answer(told: Told) -> Part:
    schema = answer_of(told.document)
    if schema is None:
        return ""
    name = told.shapes.name(schema)
    return [
        tag("h3", "Answer: ", name),
        tag("details", tag("summary", f"Members of {name}"), told.shapes.members(schema)),
    ]


def _errors(told: Told) -> Part:
    rows: list[Html] = []
    for status, response in as_object(told.document.get("responses")).items():
        if status.startswith(("4", "5")):
            reference = str(as_object(response).get("$ref", "")).rsplit("/", 1)[-1]
            described = as_object(as_object(told.components.get("responses")).get(reference))
            words = str(described.get("description") or as_object(response).get("description", ""))
            rows.append(tag("li", tag("code", status), " ", sentence(words)))
    return tag("details", tag("summary", "Errors"), tag("ul", sorted(rows), class_="errors")) if rows else ""


def _samples(told: Told) -> Part:
    schema, answer = told.body(), answer_of(told.document)
    body = sample(told.shapes, schema) if schema is not None else None
    makers = (("curl", curl), ("Python", python), ("JavaScript", javascript))
    asking = [
        tag("details", tag("summary", name), _code(make(told.operation, body)), name=told.operation.name, **_open(name))
        for name, make in makers
    ]
    told_back = [tag("h4", "Answer"), _code(written(sample(told.shapes, answer)))] if answer is not None else ""
    return [asking, told_back]


def _open(name: str) -> dict[str, str]:
    return {"open": ""} if name == "curl" else {}


def _code(text: str) -> Html:
    return tag("pre", tag("code", text), tabindex="0")
