"""Plays a written conversation: what happens in it, and what must come of it.

    - customer: hi | {tap: Title} | {payload: id} | {media: image} | {location: {…}} | {order: {…}} | {form: {…}} | …
    - silence: true          the time runs out that the flow waits; `later: 30m` moves the clock, whatever that brings
    - event: {kind: …}       something happened that the flow waits for
    - http: {method: …}      what is asked of the world, by its kind, with `answers: {status, json | body}` or
                             `answers: {fails: reason}`
    - model: {says: …, tools: […]}  a language model is asked, with `answers: {tool: {its: arguments}, text: words}`,
                             `answers: {denied: budget}` or `answers: {fails: reason}`
    - bot: words | {buttons: […], text: …} | {rows: […], text: …} | {type: image, image: {…}} | {matches: pattern}
    - vars, fields, tags, language                                    how it stands
    - ends: outcome, limit: NAME, failed: words, handed_over: {…}     what happened, or any other event by its name

Everything the bot says has to be written; other events may be left out.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import Input, Sprint, SprintEvent, TimedOut, WaitForEffect
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.engine.nodes.form import SENT as FORM_SENT
from parley.modules.flows.engine.nodes.form import TOKEN
from parley.modules.flows.engine.world import EventArrived
from parley.modules.flows.rehearsal import Rehearsal
from parley.modules.flows.talks.happening import answer_of, content_of, length_of
from parley.modules.flows.talks.looking import check_event, check_said, check_standing
from parley.modules.flows.talks.mismatch import TalkFailed
from parley.modules.flows.terminal import describe

TIMES = 100
"""Time-outs that one `later` may bring: a flow that wakes oftener in it is not tested by hand."""


class Talk:
    """One conversation in play. Its failures are TalkFailed, with the conversation so far."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.unread: list[SprintEvent] = []
        self.lines: list[str] = []
        self.heard = 0

    def play(self, steps: Sequence[JsonObject]) -> None:
        """Each step in its order. Raises TalkFailed at the first that does not come true."""
        for number, step in enumerate(steps, 1):
            try:
                self._step(step)
            except TalkFailed as failed:
                failed.step, failed.lines = failed.step or number, self.lines
                raise
        try:
            self._nothing_unread()
        except TalkFailed as failed:
            failed.step, failed.lines = len(steps) + 1, self.lines
            raise

    def _step(self, step: JsonObject) -> None:
        name = next(iter(step), "")
        value = step[name] if name else None
        if self.act(step):
            return
        if name == "bot":
            self._bot(value)
        elif not check_standing(self.rehearsal, name, value):
            self.unread.remove(check_event(self.unread, self.rehearsal, name, value))

    def act(self, step: JsonObject) -> bool:
        """Whether this is a step in which something happens; then it has happened. Raises TalkFailed."""
        name = next(iter(step), "")
        value = step[name] if name else None
        match name:
            case "customer":
                self._customer(value)
            case "silence":
                self._silence()
            case "later":
                self._later(length_of(value))
            case "event":
                self._event(value)
            case _ if "answers" in step:
                self._world(name, value, step["answers"])
            case _:
                return False
        return True

    def _customer(self, said: JsonValue) -> None:
        self.heard += 1
        self.lines.append(f"you> {said}")
        ids = {"message": f"msg_{self.heard}", "provider_id": f"wamid.{self.heard}"}
        self._take(self.rehearsal.hear(replace(self._input(said), **ids)))

    def _input(self, said: JsonValue) -> Input:
        if not isinstance(said, Mapping):
            return Input(str(said))
        if "tap" in said:
            found = [tap for tap in self.rehearsal.taps if tap.text == said["tap"]]
            if not found:
                raise TalkFailed("what can be tapped", said["tap"], [tap.text for tap in self.rehearsal.taps])
            return found[0]
        if "payload" in said:
            return Input(str(said.get("text", "")), str(said["payload"]), "interactive")
        return Input.of(content_of(self._of_this_form(said)), "med_1" if "media" in said else None)

    def _of_this_form(self, said: JsonObject) -> JsonObject:
        """Answers to a form are to the one that is waited for, unless they are written with another's token."""
        answers, session = said.get("form"), self.rehearsal.session
        token = session.waiting.notes.get(FORM_SENT) if session else None
        if not isinstance(answers, Mapping) or not isinstance(token, str):
            return said
        return {**said, "form": {TOKEN: token, **answers}}

    def _silence(self) -> None:
        wait = self.rehearsal.wait
        if wait is None or self.rehearsal.session is None or isinstance(wait, WaitForEffect):
            raise TalkFailed("what is waited for", "the customer, or time", _kind(wait))
        self.lines.append("you> …")
        self.rehearsal.now = wait.until
        self._go_on(TimedOut())

    def _later(self, length: timedelta) -> None:
        rehearsal, until = self.rehearsal, self.rehearsal.now + length
        for _ in range(TIMES):
            wait = rehearsal.wait
            if rehearsal.session is None or wait is None or wait.until > until:
                break
            rehearsal.now = max(rehearsal.now, wait.until)
            events = [*self.unread, *rehearsal.go_on(TimedOut()).events]
            self.lines += [line for event in events[len(self.unread) :] for line in describe(event)]
            self.unread = events
        rehearsal.now = until

    def _event(self, written: JsonValue) -> None:
        if not isinstance(written, Mapping) or "kind" not in written:
            raise TalkFailed("an event", {"kind": "ticket.closed"}, written)
        detail: JsonObject = {name: value for name, value in written.items() if name != "kind"}
        self._go_on(EventArrived(kind=str(written["kind"]), detail=detail))

    def _world(self, kind: str, wanted: JsonValue, answers: JsonValue) -> None:
        wait = self.rehearsal.wait
        if not isinstance(wait, WaitForEffect) or wait.effect.__struct_config__.tag != kind:
            raise TalkFailed("what is asked of the world", kind, _kind(wait))
        asked = wait.effect.asked()
        for name, value in wanted.items() if isinstance(wanted, Mapping) else ():
            if asked.get(name) != value:
                raise TalkFailed(f"the {name} of what is asked", value, asked.get(name))
        self._take(self.rehearsal.answer(answer_of(kind, answers)))

    def _bot(self, wanted: JsonValue) -> None:
        said = next((event for event in self.unread if isinstance(event, Say)), None)
        if said is None:
            raise TalkFailed("what the bot says", wanted, None)
        check_said(said.content, wanted)
        self.unread.remove(said)

    def _go_on(self, came: TimedOut | EventArrived) -> None:
        if self.rehearsal.session is None:
            raise TalkFailed("the conversation", "going on", f"over: {self.rehearsal.outcome}")
        self._take(self.rehearsal.go_on(came))

    def _take(self, sprint: Sprint) -> None:
        self._nothing_unread()
        self.unread = list(sprint.events)
        self.lines += [line for event in sprint.events for line in describe(event)]

    def _nothing_unread(self) -> None:
        said: list[Content] = [event.content for event in self.unread if isinstance(event, Say)]
        if said:
            raise TalkFailed("what else the bot says", None, [each.text or dict(each.body) for each in said])


def _kind(wait: object) -> str | None:
    if isinstance(wait, WaitForEffect):
        return f"{wait.effect.__struct_config__.tag}: {msgspec.json.encode(wait.effect).decode()}"
    return None if wait is None else type(wait).__name__
