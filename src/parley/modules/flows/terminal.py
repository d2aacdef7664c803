"""A flow in the terminal: the same engine, with the keyboard as the customer."""

from collections.abc import Callable
from datetime import timedelta

from parley.core import time
from parley.core.content import Content
from parley.modules.flows.engine import (
    Answer,
    ContactView,
    Definition,
    Effect,
    Input,
    Sprint,
    SprintEvent,
    TimedOut,
    WaitForEffect,
)
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.rehearsal import Rehearsal, taps

HELP = (
    "Write as the customer would; a number taps a button. "
    "/timeout lets the time run out, /vars shows what is kept, /quit ends."
)

ReadLine = Callable[[], str | None]
"""The next line without its end; None when there is no more."""
WriteLine = Callable[[str], None]
Perform = Callable[[Effect], Answer]


def converse(definition: Definition, read_line: ReadLine, write_line: WriteLine, perform: Perform) -> str | None:
    """Talk to a flow until it ends; the outcome, or None when the talk was broken off."""
    write_line(f"{definition.name}. {HELP}")
    conversation = _Conversation(definition, write_line, perform)
    while conversation.outcome is None:
        line = read_line()
        if line is None or line.strip() == "/quit":
            return None
        conversation.hear(line.strip())
    return conversation.outcome


class _Conversation:
    """One talk: the state between two lines."""

    def __init__(self, definition: Definition, write_line: WriteLine, perform: Perform) -> None:
        self.rehearsal = Rehearsal(definition, ContactView(id="con_terminal", name="Ada", phone="+15550001111"))
        self.write_line = write_line
        self.perform = perform
        self.ahead = timedelta()

    @property
    def outcome(self) -> str | None:
        return self.rehearsal.outcome

    def hear(self, line: str) -> None:
        """One line of the customer, or a command."""
        if line == "/vars":
            session = self.rehearsal.session
            kept = session.waiting.variables if session else {}
            self.write_line(f"  vars: {kept}  fields: {dict(self.rehearsal.contact.fields)}")
        elif line == "/timeout":
            self._run_out()
        elif line.startswith("/"):
            self.write_line(f"  {HELP}")
        else:
            self._set_clock()
            self._show(self.rehearsal.hear(self._meant(line)))

    def _run_out(self) -> None:
        if self.rehearsal.session is None or self.rehearsal.wait is None:
            self.write_line("  Nothing waits yet: write something first.")
            return
        self.ahead += max(timedelta(), self.rehearsal.wait.until - time.now() - self.ahead)
        self._set_clock()
        self._show(self.rehearsal.go_on(TimedOut()))

    def _set_clock(self) -> None:
        self.rehearsal.now = time.now() + self.ahead

    def _meant(self, line: str) -> Input:
        """A number taps what was shown under it; everything else is typed."""
        number = int(line) if line.isdecimal() and len(line) < len("100") else 0
        tappable = self.rehearsal.taps
        return tappable[number - 1] if 1 <= number <= len(tappable) else Input(line)

    def _show(self, sprint: Sprint) -> None:
        """Show a sprint, and make the requests that it asks for, until it waits for the customer or is over."""
        self._write(sprint)
        while isinstance(sprint.wait, WaitForEffect):
            answer = self.perform(sprint.wait.effect)
            self._set_clock()
            sprint = self.rehearsal.answer(answer)
            self._write(sprint)

    def _write(self, sprint: Sprint) -> None:
        for event in sprint.events:
            for line in describe(event):
                self.write_line(line)


def describe(event: SprintEvent) -> list[str]:
    """An event in lines for people: what the bot says as it would look, everything else indented."""
    if isinstance(event, Say):
        return show(event.content)
    told = event.told()
    return [] if told is None else [f"  [{told}]"]


def show(content: Content) -> list[str]:
    """A message as lines: words, then what can be tapped, numbered."""
    words = content.text
    lines = words.splitlines() if words is not None else [f"({content.kind}) {dict(content.body)}"]
    shown = [f"bot> {lines[0] if lines else ''}", *[f"     {line}" for line in lines[1:]]]
    return shown + [f"     [{number}] {tap.text}" for number, tap in enumerate(taps(content), 1)]
