"""A caller of the REST API in process; each answer is held against the API's own description."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from fastapi import FastAPI
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from parley.core.ids import public
from parley.entrypoints.http.app import make_api
from parley.entrypoints.http.dictionary import entries
from parley.entrypoints.http.problems import MEDIA_TYPE
from parley.modules.accounts import KeyTerms, create_key
from parley.wiring import App
from tests.fakes.asgi import Answered, ask
from tests.fakes.stack import Shop, Stack

Json = Any
DOCUMENT = "urn:openapi"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what was sent back, parsed where it is JSON."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(each["pointer"], each["code"]) for each in self.json.get("errors", ())]


class Described:
    """The API's description, and whether an answer keeps to it."""

    def __init__(self, api: FastAPI) -> None:
        self.document: dict[str, Json] = api.openapi()
        self._registry: Registry[Json] = Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(self.document))
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", r"[^/]+", path) + r"\Z"), path) for path in self.document["paths"]
        ]

    def operation(self, method: str, target: str) -> dict[str, Json] | None:
        path = target.partition("?")[0]
        for pattern, template in self._paths:
            found = self.document["paths"][template].get(method.lower())
            if pattern.match(path) and found is not None:
                return dict(found)
        return None

    def check(self, method: str, target: str, answered: Answered) -> None:
        operation = self.operation(method, target)
        if operation is None:
            return
        described = operation["responses"].get(str(answered.status))
        assert described is not None, f"{method} {target} answers {answered.status}, which is not described"
        if "$ref" in described:
            described = self.document["components"]["responses"][described["$ref"].rpartition("/")[2]]
        kind = answered.headers.get("content-type", "").partition(";")[0]
        schema = described.get("content", {}).get(kind, {}).get("schema")
        if kind == MEDIA_TYPE:
            code = json.loads(answered.body)["code"]
            assert code in entries(), f"{code} is not in the dictionary of errors (entrypoints/http/dictionary.yaml)"
        if schema is not None:
            rooted = json.loads(json.dumps(schema).replace('"#/', f'"{DOCUMENT}#/'))
            Draft202012Validator(rooted, registry=self._registry).validate(json.loads(answered.body))


_known: list[Described] = []


def _described(api: FastAPI) -> Described:
    """The description, which is the same for every API."""
    if not _known:
        _known.append(Described(api))
    return _known[0]


@dataclass
class Caller:
    """Somebody with a key of one workspace."""

    app: App
    api: FastAPI
    shop: Shop
    key: str
    headers: dict[str, str] = member(default_factory=dict)

    @property
    def described(self) -> Described:
        return _described(self.api)

    async def __call__(
        self,
        method: str,
        target: str,
        body: Json = None,
        *,
        raw: bytes | Sequence[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request. `body` is sent as JSON, `raw` as it is."""
        sent = {"authorization": f"Bearer {self.key}", **self.headers, **(headers or {})}
        data: bytes | Sequence[bytes] = b""
        if raw is not None:
            data = raw
        elif body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        answered = await ask(self.api, method, target, headers=sent, body=data)
        assert re.fullmatch(r"req_[0-9a-f]{32}", answered.headers["request-id"])
        self.described.check(method, target, answered)
        return Reply(answered.status, answered.headers, answered.body)

    @property
    def channel(self) -> str:
        return public("chn", self.shop.channel)

    def text(self, words: str = "Hello", to: str = "+15550001111", **more: Json) -> dict[str, Json]:
        """A text message to send."""
        return {"channel_id": self.channel, "to": to, "type": "text", "text": {"body": words}, **more}


async def caller(
    stack: Stack, shop: Shop | None = None, scopes: tuple[str, ...] = ("*",), terms: KeyTerms | None = None
) -> Caller:
    """A caller with a fresh key, of a fresh shop unless one is given."""
    own = shop or await stack.shop()
    async with stack.app.units.begin(own.workspace) as unit:
        key = await create_key(unit, stack.app.key_desk, terms or KeyTerms(name="test", scopes=scopes))
    return Caller(stack.app, make_api(stack.app), own, key.secret)


def form(content: bytes, filename: str = "note.txt", content_type: str = "text/plain", field: str = "file") -> bytes:
    """A multipart body of one file, with the boundary `edge`."""
    head = (
        f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n--edge--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=edge"}
