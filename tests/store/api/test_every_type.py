"""Every type of message is taken by `POST /v1/messages`, and Meta gets what its own description wants."""

import json
from collections.abc import AsyncIterator, Mapping, MutableMapping
from typing import cast

import pytest
import pytest_asyncio

from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.core.json import JsonValue
from parley.kit.http import Answer, HttpClient
from parley.modules.channels.ports import ChannelDriver
from tests.cases.whatsapp.openapi import schemas
from tests.cases.whatsapp.samples import needs_openapi, table
from tests.fakes.api import caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session"), needs_openapi]

MESSAGES = table("messages.yaml")


class Posted(HttpClient):
    """Meta, who takes everything; `bodies` has what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[dict[str, JsonValue]] = []

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
        self.bodies.append(json.loads(body))
        return Answer(status=200, body=json.dumps({"messages": [{"id": f"wamid.{len(self.bodies)}"}]}).encode())


@pytest_asyncio.fixture(loop_scope="session")
async def posted(stack: Stack) -> AsyncIterator[Posted]:
    drivers = cast("MutableMapping[str, ChannelDriver]", stack.app.drivers)
    before, client = drivers["whatsapp"], Posted()
    drivers["whatsapp"] = WhatsAppDriver(client, "https://graph.example", "v23.0")
    yield client
    drivers["whatsapp"] = before


async def test_every_type_reaches_meta_as_described(stack: Stack, posted: Posted) -> None:
    call = await caller(stack)
    for number, (name, message) in enumerate(MESSAGES.items()):
        posted.bodies.clear()
        assert isinstance(message, dict)
        given = {"channel_id": call.channel, "to": f"+155500020{number:02}", **message}
        reply = await call("POST", "/v1/messages", given)
        assert reply.status == 202, (name, reply.json)
        await stack.process.send_all()
        assert len(posted.bodies) == 1, name
        body, kind = posted.bodies[0], str(given["type"])
        assert (body["to"], body["type"], body[kind]) == (given["to"], kind, given[kind]), name
        assert schemas().message_errors(body) == [], name
