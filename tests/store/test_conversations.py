"""The twelve written conversations again, through the whole: a phone of the simulated WhatsApp, webhooks in, Graph out.

Played from the same files as against the engine alone (`tests/cases/flows`), by somebody who sees only the phone; what
is not on its screen is looked up as a colleague or a program would.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, cast

import msgspec
import pytest

from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.adapters.whatsapp.templates import WhatsAppTemplates
from parley.core.content import Content
from parley.modules.channels.ports import ChannelDriver
from parley.modules.contacts import list_contacts
from parley.modules.flows import HttpAnswer
from parley.modules.flows.rehearsal import taps
from parley.modules.flows.talks.happening import content_of
from parley.modules.flows.yaml import read_yaml
from parley.modules.privacy import consents_of
from parley.modules.templates import Syncing
from parley.modules.webhooks.service.show import messages_in
from parley.sim.customers import Customer
from parley.sim.deliveries import Delivery, signed_body
from parley.sim.inbound import write
from parley.sim.templates import template_from
from tests.cases.flows.test_talks import FOLDER
from tests.fakes.simulated import simulated
from tests.fakes.stack import MANY, Shop, Stack
from tests.fakes.universe import Clock
from tests.store.test_flows import effects, facts

pytestmark = pytest.mark.store

BOOKS = ("salon", "delivery", "shop", "clinic")
NUMBER = "15550001111"
REMINDERS = {
    "en_US": "Hello {{name}}, we see you soon.",
    "es": "Hola {{name}}, le vemos.",
    "ar": "مرحبا {{name}}، نراك.",
}
REPLIES = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": each} for each in ("Yes", "No")]}


class Phone:
    """A customer with the simulated WhatsApp in hand."""

    def __init__(self, stack: Stack, shop: Shop, clock: Clock) -> None:
        self.stack, self.shop, self.clock = stack, shop, clock
        self.sim, client, self.graph = simulated(shop)
        business = self.sim.businesses.get(shop.number_id)
        assert business is not None
        business.callback_url = "http://127.0.0.1:9/webhooks/meta"
        self.business = business
        self.person = self.sim.customers.put(Customer(number=NUMBER, name="Ada"))
        self.posted: list[Delivery] = []
        self.sim.deliveries.post = self.posted.append  # type: ignore[method-assign, assignment]  # the wire to the platform
        drivers = cast("MutableMapping[str, ChannelDriver]", stack.app.drivers)
        drivers["whatsapp"] = WhatsAppDriver(client, "https://graph.example", "v23.0")
        self.seen = 0
        self.heard = self.token = ""
        self.last = Content("text", {})

    async def read_templates(self) -> None:
        for language, words in REMINDERS.items():
            body = {"type": "BODY", "text": words}
            made = {"name": "visit_reminder", "language": language, "category": "UTILITY", "parameter_format": "NAMED"}
            template = self.sim.templates.put(
                template_from(self.shop.account_id, {**made, "components": [body, REPLIES]})
            )
            template.status = "APPROVED"
        app = self.stack.app
        await Syncing(app.units, app.keys, app.routes, {"whatsapp": WhatsAppTemplates(self.graph)}).work()

    async def play(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            name = next(iter(step))
            await getattr(self, f"step_{name}")(step[name], step)
        assert self.sim.ledger.total == self.seen, "the bot said more than is written"

    async def step_customer(self, said: Any, _step: object) -> None:
        stamp = str(int(self.clock.now.timestamp()))
        self.heard = write(self.sim, self.business, self.person, {**self._said(said), "timestamp": stamp})
        posted = [signed_body([each.entry]) for each in self.posted]
        self.posted.clear()
        await self.stack.take(*posted)
        await self.stack.settle_down()

    async def step_silence(self, _value: Any, _step: object) -> None:
        (row,) = await self.stack.look("select timer_at from session")
        self.clock.forward(seconds=(row["timer_at"] - self.clock.now).total_seconds() + 1)
        await self.stack.process.resuming.timers()
        await self.stack.settle_down()

    async def step_http(self, request: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        given = step["answers"]
        self.stack.world.answer = HttpAnswer(status=given["status"], body=msgspec.json.encode(given["json"]).decode())
        await effects(self.stack.process)
        assert request.items() <= {name: getattr(self.stack.world.asked[-1], name) for name in request}.items()

    async def step_bot(self, wanted: Any, _step: object) -> None:
        taken = self.sim.ledger.since(self.seen, 1)
        assert taken, f"the bot said nothing more, but must say {wanted!r}"
        (sent,) = taken
        self.seen = sent.seq
        body = cast("Any", sent.message[sent.kind])
        self.last = Content(sent.kind, {"contacts": body} if sent.kind == "contacts" else body)
        self.token = token_in(self.last) or self.token
        if isinstance(wanted, str):
            assert self.last.text == wanted
        elif wanted.get("type") == "template":
            template = wanted["template"]
            assert (body["name"], body["language"]["code"]) == (template["name"], template["language"])
            assert all(payload in str(body["components"]) for payload in template["variables"]["buttons"].values())
        elif "type" in wanted:
            assert (self.last.kind, self.last.body) == (wanted["type"], self._here(wanted[wanted["type"]]))
        else:
            assert [tap.text for tap in taps(self.last)] == (wanted.get("buttons") or wanted.get("rows"))
            assert self.last.text == wanted.get("text", self.last.text)

    async def step_handed_over(self, _wanted: Any, _step: object) -> None:
        assert (await self.stack.look("select floor from conversation"))[0]["floor"] == "person"

    async def step_ends(self, outcome: str, _step: object) -> None:
        completed = [each.detail for each in await facts(self.stack, self.shop) if each.kind == "flow.completed"]
        assert outcome in str(completed[-1])
        assert await self.stack.look("select from session") == []

    async def step_fields(self, wanted: Mapping[str, Any], _step: object) -> None:
        async with self.stack.app.units.begin(self.shop.workspace) as unit:
            (ada,) = await list_contacts(unit, self.stack.app.people, None, 10)
        assert ada.profile.fields == wanted

    async def step_consent(self, wanted: Mapping[str, Any], _step: object) -> None:
        async with self.stack.app.units.begin(self.shop.workspace) as unit:
            (ada,) = await list_contacts(unit, self.stack.app.people, None, 10)
            assert (await consents_of(unit, ada.id, None, MANY))[0].state == wanted["state"]

    async def step_emitted(self, wanted: Mapping[str, Any], _step: object) -> None:
        told = [each for each in await facts(self.stack, self.shop) if each.kind == "flow.event"]
        async with self.stack.app.units.begin(self.shop.workspace) as unit:
            assert (await messages_in(unit, self.stack.app.desk, told))[told[-1].id] == wanted["data"]

    def _said(self, said: Any) -> dict[str, Any]:
        if isinstance(said, str):
            return {"text": said}
        if "tap" in said:
            tapped = next(tap for tap in taps(self.last) if tap.text == said["tap"])
            reply = {"id": tapped.payload, "title": tapped.text}
            return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
        if "payload" in said:
            return {"type": "button", "button": {"payload": said["payload"], "text": said["text"]}}
        content = content_of({"form": {"flow_token": self.token, **said["form"]}} if "form" in said else said)
        body: Any = content.body
        return {"type": content.kind, content.kind: body["contacts"] if content.kind == "contacts" else body}

    def _here(self, wanted: Any) -> Any:
        """What is written, with the form's token and the message's id as they are in this conversation."""
        if isinstance(wanted, Mapping):
            here = {"flow_token": self.token, "message_id": self.heard}
            return {name: here[name] if name in here else self._here(item) for name, item in wanted.items()}
        return [self._here(item) for item in wanted] if isinstance(wanted, list) else wanted


def token_in(content: Content) -> str | None:
    """The token of a form that was sent."""
    action = content.body.get("action")
    parameters = action.get("parameters") if isinstance(action, Mapping) else None
    return str(parameters["flow_token"]) if isinstance(parameters, Mapping) and "flow_token" in parameters else None


def conversations() -> Iterator[Any]:
    for book in BOOKS:
        table: Any = read_yaml((FOLDER / f"{book}.yaml").read_text("utf-8"))
        for case in table["cases"]:
            yield pytest.param(table["flow"], case["talk"], id=f"{book}: {case['name']}")


ALL = list(conversations())


def test_there_are_twelve() -> None:
    assert len(ALL) == 12


@pytest.mark.parametrize(("flow", "talk"), ALL)
async def test_conversation(stack: Stack, clock: Clock, flow: Any, talk: Any) -> None:
    shop = await stack.shop()
    phone = Phone(stack, shop, clock)
    await phone.read_templates()
    await stack.publish(shop, flow)
    await phone.play(talk)
