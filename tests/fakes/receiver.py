"""Endpoints of webhooks in this process: what each was sent, and what it answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parley.adapters.whatsapp.webhooks import payload
from parley.modules.webhooks import Delivering, FanOut, Handshaking, WebhookDeliverer
from parley.modules.webhooks.ports import Answer, NoAnswer, Post
from tests.fakes.api import Caller, Reply
from tests.fakes.stack import Stack

Json = Any
URL = "https://receiver.example/hook"
Answering = Callable[[Post], Answer | NoAnswer]


def answers(status: int, **headers: str) -> Answering:
    """An endpoint that always answers so; `retry_after` is the header Retry-After."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(status=status, headers=told, body=b"thanks")


def echoes_challenge(post: Post) -> Answer:
    """An endpoint that answers Meta's handshake, and takes everything."""
    challenge = post.url.partition("hub.challenge=")[2].partition("&")[0]
    return Answer(status=200, headers={}, body=challenge.encode())


@dataclass
class Receiver:
    """A Messenger. `by_url` says what an address answers; others take everything."""

    by_url: dict[str, Answering] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)

    async def ask(self, post: Post) -> Answer | NoAnswer:
        self.posts.append(post)
        return self.by_url.get(post.url.partition("?")[0], answers(200))(post)

    def bodies(self, url: str = URL) -> list[Json]:
        return [json.loads(each.body) for each in self.posts if each.url == url and each.body is not None]

    def types(self, url: str = URL) -> list[str]:
        return [each["type"] for each in self.bodies(url)]


@dataclass(slots=True)
class Outgoing:
    """The lanes of webhooks, step by step, with a receiver in the world's place."""

    stack: Stack
    receiver: Receiver
    fan_out: FanOut
    deliverer: WebhookDeliverer
    handshaking: Handshaking

    @classmethod
    def of(cls, stack: Stack, receiver: Receiver | None = None) -> "Outgoing":
        app = stack.app
        taking = receiver or Receiver()
        needs = Delivering(app.units, app.keys, app.desk, taking, payload)
        handshaking = Handshaking(app.units, app.keys, taking)
        return cls(stack, taking, FanOut(app.units, app.people), WebhookDeliverer(needs), handshaking)

    async def hand_on(self) -> None:
        while await self.fan_out.work():
            pass

    async def tell(self) -> None:
        """Hand on, deliver and settle until nothing is due now."""
        await self.hand_on()
        while await self.deliverer.work():
            await self.deliverer.drain(5)
            while await self.deliverer.settler.work():
                pass
            await self.hand_on()


async def endpoint(call: Caller, *event_types: str, url: str = URL, **more: Json) -> Json:
    """A new endpoint, as the API shows it."""
    body: Mapping[str, Json] = {"url": url, "event_types": list(event_types or ("*",)), **more}
    reply: Reply = await call("POST", "/v1/webhook-endpoints", body)
    assert reply.status == 201, reply.json
    return reply.json
