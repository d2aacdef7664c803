"""Plays a written conversation against the engine: what the customer does, what the bot must say, how it must stand.

    - customer: hi | {tap: Title} | {media: image} | {location: {…}} | {contacts: […]} | {order: {…}} | {form: {…}}
    - silence: true                       the time runs out
    - bot: words | {buttons: […], text: …} | {rows: […], text: …} | {type: image, image: {…}}
    - http: {method: …, url: …}           with `answers: {status, json | body}` or `answers: {fails: reason}`
    - vars: {…}, fields: {…}, language: …, handed_over: {…}, closed: true, ends: …,
    - consent: {state: …}, emitted: {name: …, data: {…}}, limit: …, failed: …, ignored: true

Everything the bot says has to be written; other events may be left out.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from parley.core.content import Content
from parley.modules.flows.engine import (
    WHATSAPP,
    Channel,
    ContactView,
    Definition,
    EffectAnswered,
    EffectFailed,
    Flows,
    HttpAnswer,
    Input,
    MessageArrived,
    Resume,
    Session,
    Sprint,
    StillWaiting,
    TimedOut,
    Trigger,
    Wait,
    WaitForEffect,
    World,
    decode,
    encode,
    resume,
    start,
)
from parley.modules.flows.engine.events.asking_the_world import Emitted
from parley.modules.flows.engine.events.contact import ConsentGiven, FieldSet, LanguageSet, TagSet
from parley.modules.flows.engine.events.course import FlowEnded
from parley.modules.flows.engine.events.people import Closed, HandedOver
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed, ResumeIgnored
from parley.modules.flows.terminal import describe, taps

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""
ADA = ContactView(id="con_ada", name="Ada", phone="+15550001111", language="en")


CONTENTS: Mapping[str, Callable[[Any], tuple[str, Any]]] = {
    "media": lambda kind: (kind, {"mime_type": "text/plain"}),
    "location": lambda place: ("location", place),
    "contacts": lambda contacts: ("contacts", {"contacts": contacts}),
    "order": lambda order: ("order", order),
    "form": lambda answers: (
        "interactive",
        {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": msgspec.json.encode(answers).decode()}},
    ),
}
"""What a customer sends besides words, as the contents that arrive."""


class Talk:
    """One conversation in play."""

    def __init__(
        self,
        definition: Definition,
        contact: Mapping[str, Any] | None = None,
        others: Sequence[Definition] = (),
        channel: Channel = WHATSAPP,
    ) -> None:
        self.definition = definition
        self.flows = Flows(
            live={each.id: each for each in others}, pinned={(each.id, each.version): each for each in others}
        )
        self.channel = channel
        self.contact = replace(ADA, **(contact or {}))
        self.now = NOON
        self.session: Session | None = None
        self.wait: Wait | None = None
        self.unread: list[Any] = []
        self.tappable: list[Input] = []
        self.lines: list[str] = []
        self.heard = 0
        self.said: list[Content] = []

    def play(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            name = next(iter(step))
            getattr(self, f"step_{name}")(step[name], step)
        self._nothing_unread()

    def fail(self, sentence: str) -> None:
        raise AssertionError(sentence + "\n\nThe conversation so far:\n" + "\n".join(self.lines))

    def expect(self, name: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.fail(f"{name} is {found!r}, must be {wanted!r}")

    # what happens

    def step_customer(self, said: Any, _step: object) -> None:
        self.heard += 1
        ids = {"message": f"msg_{self.heard}", "provider_id": f"wamid.{self.heard}"}
        received = replace(self._input(said), **ids)
        self.lines.append(f"you> {said}")
        if self.session is None:
            self._take(start(self.definition, Trigger(reason="test", input=received), self._world()))
        else:
            self._go_on(MessageArrived(input=received))

    def step_silence(self, _value: Any, _step: object) -> None:
        wait = self.wait
        if wait is None or isinstance(wait, StillWaiting | WaitForEffect):
            self.fail(f"nothing waits for time to pass: {wait}")
        else:
            self.lines.append("you> …")
            self.now = wait.until
            self._go_on(TimedOut())

    def step_http(self, request: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        wait = self.wait
        if not isinstance(wait, WaitForEffect):
            self.fail(f"no request is waited for: {wait}")
            return
        for name, wanted in request.items():
            self.expect(f"the request's {name}", getattr(wait.effect, name), wanted)
        answers = step["answers"]
        if "fails" in answers:
            result: HttpAnswer | EffectFailed = EffectFailed(reason=answers["fails"])
        else:
            body = msgspec.json.encode(answers["json"]).decode() if "json" in answers else answers.get("body", "")
            result = HttpAnswer(status=answers["status"], body=body)
        self._go_on(EffectAnswered(effect_id=wait.id, result=result))

    # what must have come of it

    def step_bot(self, wanted: Any, _step: object) -> None:
        said = next((event for event in self.unread if isinstance(event, Say)), None)
        if said is None:
            self.fail(f"the bot said nothing more, but must say {wanted!r}")
            return
        self.unread.remove(said)
        self.tappable = taps(said.content)
        if isinstance(wanted, str):
            self.expect("what the bot said", said.content, Content("text", {"body": wanted}))
        elif "type" in wanted:
            self.expect("the content", (said.content.kind, said.content.body), (wanted["type"], wanted[wanted["type"]]))
        else:
            titles = wanted.get("buttons") or wanted.get("rows")
            self.expect("what can be tapped", [tap.text for tap in self.tappable], titles)
            if "text" in wanted:
                self.expect("the words", said.content.text, wanted["text"])

    def step_handed_over(self, wanted: Mapping[str, Any], _step: object) -> None:
        self._has(HandedOver, wanted)

    def step_consent(self, wanted: Mapping[str, Any], _step: object) -> None:
        self._has(ConsentGiven, wanted)

    def step_emitted(self, wanted: Mapping[str, Any], _step: object) -> None:
        self._has(Emitted, wanted)

    def step_closed(self, _value: Any, _step: object) -> None:
        self._event(Closed)

    def _has(self, kind: type[Any], wanted: Mapping[str, Any]) -> None:
        event = self._event(kind)
        for name, value in wanted.items():
            self.expect(name, getattr(event, name), value)

    def step_ends(self, outcome: str, _step: object) -> None:
        self.expect("the outcome", self._event(FlowEnded).outcome, outcome)
        self.expect("the session", self.session, None)

    def step_limit(self, name: str, _step: object) -> None:
        self.expect("the limit", self._event(LimitHit).limit, name)

    def step_failed(self, words: str, _step: object) -> None:
        sentence = self._event(NodeFailed).sentence
        if words not in sentence:
            self.fail(f"the failure says {sentence!r}, must say {words!r}")

    def step_ignored(self, _value: Any, _step: object) -> None:
        self._event(ResumeIgnored)

    def step_language(self, language: str, _step: object) -> None:
        self.expect("the language", self.contact.language, language)

    def step_fields(self, wanted: Mapping[str, Any], _step: object) -> None:
        self.expect("the contact's fields", dict(self.contact.fields), wanted)

    def step_tags(self, wanted: list[str], _step: object) -> None:
        self.expect("the contact's tags", sorted(self.contact.tags), sorted(wanted))

    def step_vars(self, wanted: Mapping[str, Any], _step: object) -> None:
        self.expect("the variables", self.session.waiting.variables if self.session else None, wanted)

    # how it works

    def _input(self, said: Any) -> Input:
        if isinstance(said, str):
            return Input(said)
        if "tap" in said:
            found = [tap for tap in self.tappable if tap.text == said["tap"]]
            if not found:
                self.fail(f"{said['tap']!r} cannot be tapped; there is {[tap.text for tap in self.tappable]}")
            return found[0]
        if "payload" in said:
            return Input(said.get("text", ""), said["payload"], "interactive")
        kind, body = next(iter(said.items()))
        return Input.of(Content(*CONTENTS[kind](body)), "med_1" if kind == "media" else None)

    def _world(self) -> World:
        return World(
            now=self.now,
            contact=self.contact,
            conversation_id="cnv_1",
            channel_id="chn_1",
            channel=self.channel,
            flows=self.flows,
        )

    def _go_on(self, came: Resume) -> None:
        if self.session is None:
            self.fail("the conversation is over already")
            return
        kept = decode(encode(self.session))
        self.expect("the session after saving and loading", kept, self.session)
        self._take(resume(self.definition, kept, came, self._world()))

    def _take(self, sprint: Sprint) -> None:
        self._nothing_unread()
        self.session, self.unread = sprint.session, list(sprint.events)
        if not isinstance(sprint.wait, StillWaiting):
            self.wait = sprint.wait
        for event in sprint.events:
            self.lines.extend(describe(event))
            if isinstance(event, Say):
                self.said.append(event.content)
            if isinstance(event, FieldSet):
                self.contact = replace(self.contact, fields={**self.contact.fields, event.name: event.value})
            elif isinstance(event, LanguageSet):
                self.contact = replace(self.contact, language=event.language)
            elif isinstance(event, TagSet):
                rest = self.contact.tags - {event.name}
                self.contact = replace(self.contact, tags=rest | {event.name} if event.present else rest)

    def _nothing_unread(self) -> None:
        said = [event for event in self.unread if isinstance(event, Say)]
        if said:
            self.fail(f"the bot said more than is written: {[event.content for event in said]}")

    def _event(self, kind: type[Any]) -> Any:
        found = next((event for event in self.unread if isinstance(event, kind)), None)
        if found is None:
            self.fail(f"there is no {kind.__name__} among {self.unread}")
        else:
            self.unread.remove(found)
        return found
