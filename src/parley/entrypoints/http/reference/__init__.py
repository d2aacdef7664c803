"""The API's reference for people, at /docs: made from the description, without a script and without another host."""

import msgspec
from fastapi import FastAPI, Request, Response

from parley.core.errors import NotFound
from parley.core.json import JsonValue
from parley.entrypoints.http.reference.pages import HOME, Reference, asset, reference_of

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ASSETS = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


def page(html: str) -> Response:
    """A page of the documents."""
    return Response(html, headers=HEADERS, media_type="text/html")


def add_reference(api: FastAPI) -> None:
    """Serve the reference, which needs no key."""
    routes = _Routes(api)
    api.router.add_route(HOME, routes.overview, methods=["GET"])
    for name in ASSETS:
        api.router.add_route(f"{HOME}/{name}", routes.file, methods=["GET"])
    api.router.add_route(HOME + "/{resource}", routes.resource, methods=["GET"])


class _Routes:
    """Pages are made when first asked for."""

    def __init__(self, api: FastAPI) -> None:
        self._api = api
        self._reference: Reference | None = None
        self._made: dict[str, str] = {}

    async def overview(self, _: Request) -> Response:
        if HOME not in self._made:
            self._made[HOME] = self._whole().overview()
        return page(self._made[HOME])

    async def resource(self, request: Request) -> Response:
        name = request.path_params["resource"]
        if name not in self._made:
            if name not in self._whole().resources:
                raise NotFound(f"There is no such resource; {HOME} lists them all.")
            self._made[name] = self._whole().resource(name)
        return page(self._made[name])

    async def file(self, request: Request) -> Response:
        name = request.url.path.rsplit("/", 1)[-1]
        return Response(asset(name), headers=HEADERS, media_type=ASSETS[name])

    def _whole(self) -> Reference:
        if self._reference is None:
            described: JsonValue = msgspec.json.decode(msgspec.json.encode(self._api.openapi()))
            self._reference = reference_of(described)
        return self._reference
