"""The dictionary of errors: what each `code` of a problem means and what mends it. A page each, for people."""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

import msgspec
from fastapi import FastAPI, Request, Response

from parley.core.errors import NotFound

PATH = "/docs/errors"
_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}


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
        f"`{PATH}`, where `doc_url` of a problem leads. What WhatsApp says of a message that failed stands among "
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
    api.router.add_route(PATH, _index, methods=["GET"])
    api.router.add_route(PATH + "/{code}", _one, methods=["GET"])


async def _index(_: Request) -> Response:
    rows = "".join(
        f'<tr><td><a href="{PATH}/{code}"><code>{code}</code></a></td><td>{entry.status}</td>'
        f"<td>{_html(entry.means)}</td></tr>"
        for code, entry in sorted(entries().items())
    )
    table = f"<table><thead><tr><th>code</th><th>HTTP</th><th>means</th></tr></thead><tbody>{rows}</tbody></table>"
    return _answer("Errors", f"<h1>Errors</h1><p>Every <code>code</code> of a problem.</p>{table}")


async def _one(request: Request) -> Response:
    code = request.path_params["code"]
    entry = entries().get(code)
    if entry is None:
        raise NotFound(f"There is no such error; {PATH} lists them all.")
    causes = "".join(f"<li>{_html(each)}</li>" for each in entry.causes)
    again = "<p>The same request may be sent again.</p>" if entry.again else ""
    return _answer(
        code,
        f"<h1><code>{code}</code></h1><p>HTTP {entry.status}. {_html(entry.means)}</p>"
        f"<h2>Where it comes from</h2><ul>{causes}</ul><h2>What to do</h2><p>{_html(entry.mend)}</p>{again}"
        f'<p><a href="{PATH}">All errors</a></p>',
    )


def _answer(title: str, main: str) -> Response:
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · Parley</title><link rel="stylesheet" href="/docs/style.css"></head>'
        f"<body><main>{main}</main></body></html>"
    )
    return Response(page, headers=_HEADERS, media_type="text/html")


def _html(text: str) -> str:
    """A sentence with `code` in it."""
    parts = escape(text).split("`")
    return "".join(f"<code>{each}</code>" if at % 2 else each for at, each in enumerate(parts))
