"""What an agent remembers between two answers of the world: its talk as the model sees it, and where it stands."""

from typing import Final

import msgspec

from parley.modules.flows.engine.effects.knowledge import FoundPassage
from parley.modules.flows.engine.effects.model import Line, ToolCall
from parley.modules.flows.engine.turn import Turn

TALK_CHARACTERS: Final = 12_000
"""Of the talk that the model is given again each time; older rounds are forgotten. The log has them all."""
SOURCES: Final = 40


class Source(msgspec.Struct, frozen=True):
    """A passage that the model was given, as it may be cited."""

    title: str
    section: str

    def cited(self) -> str:
        """As customers read it."""
        return f"{self.title}, {self.section}" if self.section else self.title


class Memory(msgspec.Struct, kw_only=True):
    """One agent at work."""

    lines: list[Line] = []
    pending: list[ToolCall] = []
    """Tools that the model wants used and that are not yet; the first of them is under way."""
    answered: int = 0
    """The agent's replies so far."""
    requests: int = 0
    """To the model since the customer's last words."""
    reminded: bool = False
    sources: list[Source] = []
    """Cited as s1, s2, …"""

    @classmethod
    def of(cls, turn: Turn) -> "Memory":
        """As the node kept it."""
        return msgspec.convert(turn.run.notes.get("memory", {}), cls)

    def keep(self, turn: Turn) -> None:
        """Until the next answer, without rounds that are too long ago."""
        while self._characters() > TALK_CHARACTERS and (later := self._second_round()):
            del self.lines[:later]
        turn.run.notes["memory"] = msgspec.to_builtins(self)

    def heard(self, text: str) -> None:
        """The customer said something: a round begins."""
        self.lines.append(Line("user", text))
        self.requests, self.reminded, self.pending = 0, False, []

    def answer(self, text: str) -> None:
        """The first tool that waits has this result."""
        call = self.pending.pop(0)
        self.lines.append(Line("tool", text, call_id=call.id, tool=call.name))

    def close(self) -> None:
        """No tool that waits is used any more; each call still gets its answer, as the protocol wants."""
        while self.pending:
            self.answer("Not used.")

    def learn(self, passages: tuple[FoundPassage, ...]) -> str:
        """Passages as the model reads them, each with the name that it is cited by."""
        told: list[str] = []
        for passage in passages:
            source = Source(passage.title, passage.section)
            if source not in self.sources and len(self.sources) < SOURCES:
                self.sources.append(source)
            if source in self.sources:
                told.append(f"[s{self.sources.index(source) + 1}] {source.cited()}\n{passage.text}")
        return "\n\n".join(told) or "Nothing was found."

    def cited(self, names: object) -> list[Source]:
        """The sources of these names, each once; others there are not."""
        known = {f"s{number}": source for number, source in enumerate(self.sources, 1)}
        given = [str(each).strip("[] ") for each in names] if isinstance(names, list) else []
        return list(dict.fromkeys(known[each] for each in given if each in known))

    def _characters(self) -> int:
        return sum(len(line.text) + sum(len(call.arguments) for call in line.calls) for line in self.lines)

    def _second_round(self) -> int | None:
        later = [at for at, line in enumerate(self.lines) if line.role == "user" and at]
        return later[0] if later else None
