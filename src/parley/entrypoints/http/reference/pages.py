"""The pages of the reference: an overview, a page for each resource, and the frame they share."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.operations import operations_of
from parley.entrypoints.http.reference.html import Html, Part, prose, tag
from parley.entrypoints.http.reference.operations import Told, section
from parley.entrypoints.http.reference.shapes import as_object

HOME = "/docs"
ERRORS = "/docs/errors"


@cache
def asset(name: str) -> bytes:
    """A file that pages need: `style.css`, `icon.svg`."""
    return files("parley.entrypoints.http.reference").joinpath(name).read_bytes()


def frame(title: str, main: Part, *, aside: Part = "") -> str:
    """A whole page. `aside` stands beside the main part."""
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"{title} · Parley API"),
        Html(f'<link rel="icon" href="{HOME}/icon.svg"><link rel="stylesheet" href="{HOME}/style.css">'),
    )
    links = (
        (HOME, "Reference"),
        (ERRORS, "Errors"),
        ("/v1/openapi.json", "OpenAPI"),
        ("/v1/asyncapi.json", "AsyncAPI"),
    )
    header = tag(
        "header",
        tag("a", "Parley API", href=HOME, class_="brand"),
        tag("nav", [tag("a", words, href=address) for address, words in links], aria_label="Documents"),
    )
    skip = tag("a", "Skip to the content", href="#main", class_="skip")
    body = tag("body", skip, header, tag("div", aside, tag("main", main, id="main"), class_="page"))
    return "<!doctype html>" + tag("html", head, body, lang="en")


class Reference:
    """The reference of one description of the API."""

    def __init__(self, description: JsonObject) -> None:
        self._description = description
        self._components = as_object(description.get("components"))
        self._by_resource: dict[str, list[Told]] = {}
        paths = as_object(description.get("paths"))
        for each in operations_of(description).values():
            document = as_object(as_object(paths[each.address]).get(each.method.lower()))
            self._by_resource.setdefault(each.resource, []).append(Told(each, document, self._components))

    @property
    def resources(self) -> Mapping[str, Sequence[Told]]:
        """What there is, by resource, in the order of the description."""
        return self._by_resource

    def overview(self) -> str:
        """The first page: what holds for all, and the list of resources."""
        info = as_object(self._description.get("info"))
        rows = [
            tag(
                "li",
                tag("a", tag("strong", _title(name)), tag("span", self._words(name)), href=f"{HOME}/{name}"),
            )
            for name in self._by_resource
        ]
        main = [
            tag("h1", "API reference"),
            tag("p", f"Version {info.get('version', '')}. All of it is made from the API's own description."),
            tag("div", prose(str(info.get("description", ""))), class_="prose"),
            tag("h2", "Resources"),
            tag("ul", rows, class_="resources"),
        ]
        return frame("Reference", main, aside=self._aside(None))

    def resource(self, name: str) -> str:
        """The page of a resource, which must be one of `resources`."""
        told = self._by_resource[name]
        main = [tag("h1", _title(name)), tag("p", self._words(name), class_="lead"), [section(each) for each in told]]
        return frame(_title(name), main, aside=self._aside(name))

    def _words(self, name: str) -> str:
        tags = self._description.get("tags")
        told = [as_object(each) for each in tags] if isinstance(tags, list) else []
        return next((str(each.get("description", "")) for each in told if each.get("name") == name), "")

    def _aside(self, current: str | None) -> Html:
        """The resources; under the one that is shown, its operations."""
        rows: list[Part] = []
        for name, told in self._by_resource.items():
            here = {"aria_current": "page"} if name == current else {}
            inner = [tag("li", tag("a", each.operation.summary, href=f"#{each.operation.name}")) for each in told]
            rows.append(
                tag(
                    "li",
                    tag("a", _title(name), href=f"{HOME}/{name}", **here),
                    tag("ul", inner) if name == current else "",
                )
            )
        return tag("nav", tag("ul", rows), class_="aside", aria_label="Resources")


def _title(name: str) -> str:
    words = name.replace("-", " ").capitalize()
    return words.replace("Api", "API").replace("Oauth", "OAuth")


def reference_of(description: JsonValue) -> Reference:
    """The reference of what `api.openapi()` gives."""
    return Reference(as_object(description))
