"""The dictionary of errors: what each `code` of a problem means and what mends it. A page each, for people."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
from fastapi import FastAPI, Request, Response

from parley.core.errors import NotFound
from parley.entrypoints.http.reference import page
from parley.entrypoints.http.reference.html import Html, sentence, tag
from parley.entrypoints.http.reference.pages import ERRORS, frame


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one code means. `again`: the same request may be sent once more as it is."""

    status: int
    means: str
    causes: list[str]
    mend: str
    again: bool = False


@cache
def entries() -> Mapping[str, Entry]:
    """Every entry, by its code."""
    text = files("parley.entrypoints.http").joinpath("dictionary.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, Entry])


def dictionary_page() -> str:
    """All of it in Markdown."""
    lead = (
        "Each problem that the API answers has a `code`; these are all there are. A running Parley shows them at "
        f"`{ERRORS}`, where `doc_url` of a problem leads. What WhatsApp says of a message that failed stands among "
        "[its error codes](whatsapp-errors.md)."
    )
    parts = [f"# Errors\n\n{lead}\n"]
    for code, entry in sorted(entries().items()):
        causes = "\n".join(f"- {each}" for each in entry.causes)
        again = " The same request may be sent again." if entry.again else ""
        parts.append(
            f"## {code}\n\nHTTP {entry.status}. {entry.means}\n\nIt comes from:\n\n{causes}\n\n"
            f"What to do: {entry.mend}{again}\n"
        )
    return "\n".join(parts)


def add_dictionary(api: FastAPI) -> None:
    """Serve the pages, which need no key."""
    api.router.add_route(ERRORS, _index, methods=["GET"])
    api.router.add_route(ERRORS + "/{code}", _one, methods=["GET"])


async def _index(_: Request) -> Response:
    rows = [
        tag("tr", tag("td", _link(code)), tag("td", str(entry.status)), tag("td", sentence(entry.means)))
        for code, entry in sorted(entries().items())
    ]
    head = tag("thead", tag("tr", tag("th", "code"), tag("th", "HTTP"), tag("th", "means")))
    main = [
        tag("h1", "Errors"),
        tag("p", "Every ", tag("code", "code"), " of a problem."),
        tag("table", head, tag("tbody", rows)),
    ]
    return page(frame("Errors", main, aside=_aside(None)))


async def _one(request: Request) -> Response:
    code = request.path_params["code"]
    entry = entries().get(code)
    if entry is None:
        raise NotFound(f"There is no such error; {ERRORS} lists them all.")
    main = [
        tag("h1", tag("code", code)),
        tag("p", f"HTTP {entry.status}. ", sentence(entry.means), class_="lead"),
        tag("h2", "Where it comes from"),
        tag("ul", [tag("li", sentence(each)) for each in entry.causes]),
        tag("h2", "What to do"),
        tag("p", sentence(entry.mend)),
        tag("p", "The same request may be sent again.") if entry.again else "",
    ]
    return page(frame(code, main, aside=_aside(code)))


def _aside(current: str | None) -> Html:
    rows = [tag("li", _link(code, current=code == current)) for code in sorted(entries())]
    return tag("nav", tag("ul", rows), class_="aside", aria_label="Errors")


def _link(code: str, *, current: bool = False) -> Html:
    here = {"aria_current": "page"} if current else {}
    return tag("a", tag("code", code), href=f"{ERRORS}/{code}", **here)
