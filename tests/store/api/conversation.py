"""Plays a case of the API: calls and what the world does in between, ids and moments replaced by labels.

In a case `con-1` is the first contact that an answer named, `msg-2` the second message; a moment is `(time)`. The
`doc_url` of a problem is left out, for its code says it.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.fakes.api import FORM, Caller, Reply, form
from tests.fakes.meta import text
from tests.fakes.stack import Stack

Json = Any

_ID = re.compile(r"\b([a-z]{3})_([0-9a-f]{32})\b")
_LABEL = re.compile(r"\b([a-z]{3})-(\d+)\b")
_WAMID = re.compile(r"wamid\.[0-9a-z]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PROBLEM = "application/problem+json"
_VARYING = {"request_id": "(request)", "phone_number_id": "(number)", "waba_id": "(account)"}


@dataclass
class Labels:
    """Which id a label stands for."""

    by_id: dict[str, str] = field(default_factory=dict)
    by_label: dict[str, str] = field(default_factory=dict)

    def labelled(self, document: Json) -> Json:
        """A document with its ids and moments replaced."""
        written = _MOMENT.sub("(time)", json.dumps(document))
        written = _WAMID.sub("(wamid)", _ID.sub(self._label, written))
        return _steady(json.loads(written))

    def real(self, document: Json) -> Json:
        """A document with its labels replaced."""
        return json.loads(_LABEL.sub(lambda found: self.by_label.get(found[0], found[0]), json.dumps(document)))

    def _label(self, found: re.Match[str]) -> str:
        if found[0] not in self.by_id:
            number = sum(1 for known in self.by_id if known.startswith(found[1])) + 1
            self.by_id[found[0]] = f"{found[1]}-{number}"
            self.by_label[f"{found[1]}-{number}"] = found[0]
        return self.by_id[found[0]]


def _steady(document: Json) -> Json:
    if isinstance(document, dict):
        return {name: _VARYING.get(name, _steady(value)) for name, value in document.items()}
    if isinstance(document, list):
        return [_steady(each) for each in document]
    return document


@dataclass
class Played:
    """A case being played."""

    stack: Stack
    call: Caller
    labels: Labels = field(default_factory=Labels)
    cursor: str = ""

    async def step(self, step: dict[str, Json]) -> dict[str, Json] | None:
        """What a step brought: status and labelled answer; None where nobody was asked."""
        if "hears" in step:
            heard = step["hears"]
            await self.stack.take(text(self.call.shop, heard["from"], heard["says"], name=heard.get("name")))
            return None
        if "settle" in step:
            await self.stack.settle_down()
            return None
        reply = await self._ask(step)
        if not reply.headers["content-type"].partition(";")[0].endswith("json"):
            return {"status": reply.status, "answer": reply.raw.decode()}
        document = reply.json
        if isinstance(document, dict) and document.get("next_cursor"):
            self.cursor = document["next_cursor"]
            document["next_cursor"] = "(cursor)"
        if reply.headers["content-type"].startswith(PROBLEM):
            assert document.pop("doc_url").endswith(f"/docs/errors/{document['code']}")
        return {"status": reply.status, "answer": self.labels.labelled(document)}

    async def _ask(self, step: dict[str, Json]) -> Reply:
        method, target = self.labels.real(step["do"]).replace("(cursor)", quote(self.cursor)).split(" ")
        if "file" in step:
            return await self.call(method, target, raw=form(step["file"].encode()), headers=FORM)
        body = self.labels.real(step["body"]) if "body" in step else None
        return await self.call(
            method, target, body, raw=step["raw"].encode() if "raw" in step else None, headers=step.get("headers")
        )
