"""AI agent: a language model talks with the customer, within the author's tools, guards and budgets."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Final

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject
from parley.core.text import shorten
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.agent import reply
from parley.modules.flows.engine.agent.memory import Memory
from parley.modules.flows.engine.agent.tools import AgentTool, KnowledgeTool, Tool
from parley.modules.flows.engine.asking import Asked, AsksModel, Confidence, Way
from parley.modules.flows.engine.effects.model import Line, ModelAnswer, ToolCall, ToolOffer
from parley.modules.flows.engine.fields import Dependency, Finding, Name, Place, Target, Text, Timeout, error, length
from parley.modules.flows.engine.masking import Mask
from parley.modules.flows.engine.parameters import read_arguments
from parley.modules.flows.engine.steps import Leave, Step, StillWaiting
from parley.modules.flows.engine.turn import NOTHING, Turn
from parley.modules.flows.engine.world import MessageArrived, Resume, Returned, TimedOut

REQUESTS: Final = 8
"""To the model for one message of the customer: who needs more goes round in a circle."""
TOOLS: Final = 5
"""Used for one answer of the model; it may ask for others after it."""


class AiAgent(AsksModel, frozen=True, kw_only=True, tag="ai_agent"):
    r"""Lets the workspace's language model talk with the customer, until it takes one of `ways` or is stopped.

    With the tool `knowledge` it says about the business only what documents say, and names them, or that it does not
    know. Less sure than `min_confidence`: `unsure`; about none of `topics`: `off_topic`; after `max_turns` replies:
    `turns`. The model sees no names, numbers or addresses of people; its tools and the customer do.

    Example:
        nodes:
          start:
            type: ai_agent
            instructions: You help customers of a bicycle shop.
            tools:
              - {type: knowledge}
              - type: http
                name: look_up
                description: Where an order is.
                parameters: {order: {description: The number of the order}}
                url: "https://shop.example/orders/{{ args.order }}"
              - {type: hand_over, team: Workshop}
            ways:
              done: {description: The customer needs nothing more., next: bye}
            unsure: person
            failed: person
          bye: {type: message, text: Ride well!}
          person: {type: hand_over}
        talk:
          - customer: Where is A-1234?
          - model: {says: "Where is [ID_1]?", tools: [reply, go_done, search_knowledge, look_up, hand_over]}
            answers: {look_up: {order: "[ID_1]"}}
          - http: {method: GET, url: "https://shop.example/orders/A-1234"}
            answers: {status: 200, json: {state: sent}}
          - model: {says: 'Status 200. {"state":"sent"}'}
            answers: {reply: {text: "[ID_1] was sent.", kind: chat, confidence: 0.9}}
          - bot: A-1234 was sent.
          - customer: How long does delivery take?
          - model: {}
            answers: {search_knowledge: {query: delivery time}}
          - knowledge: {query: delivery time}
            answers: {passages: [{document: kdc_1, title: Help, section: Delivery, text: Two days.}]}
          - model: {says: "[s1] Help, Delivery\nTwo days."}
            answers: {reply: {text: Two days., kind: answer, confidence: 0.9, sources: [s1]}}
          - bot: "Two days.\n\n(Help, Delivery)"
          - customer: Thanks, bye
          - model: {}
            answers: {go_done: {}}
          - bot: Ride well!
    """

    instructions: Annotated[Text, Meta(description="Who it is, what it is to do, how it speaks.")]
    tools: Annotated[list[Tool], Meta(max_length=20)] = []
    ways: Annotated[dict[Name, Way], Meta(max_length=20, description="Ways out that the model may take.")] = {}
    topics: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=100)]],
        Meta(max_length=20, description="What it speaks about; all else leaves by `off_topic`."),
    ] = []
    min_confidence: Confidence = 0.5
    max_turns: Annotated[int, Meta(ge=1, le=100, description="Replies, then it leaves by `turns`.")] = 20
    cite: Annotated[bool, Meta(description="Whether customers read which documents an answer is from.")] = True
    save_summary: Annotated[
        Place | None, Meta(description="Where to keep, in a sentence, what the customer wants: for a hand-over.")
    ] = None
    timeout: Annotated[Timeout | None, Meta(description="What to do when the customer stays silent.")] = None
    unsure: Target | None = None
    off_topic: Target | None = None
    turns: Target | None = None

    def enter(self, turn: Turn) -> Step:
        return self._hear(turn, Memory())

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        memory = Memory.of(turn)
        if memory.pending:
            return self._returned(turn, memory, resume)
        if turn.session.effect is not None:
            return StillWaiting() if isinstance(resume, MessageArrived) else self._answered(turn, memory, resume)
        if isinstance(resume, TimedOut):
            return Leave("timeout")
        return self._hear(turn, memory) if isinstance(resume, MessageArrived) else StillWaiting()

    def _hear(self, turn: Turn, memory: Memory) -> Step:
        if memory.answered >= self.max_turns:
            return Leave("turns")
        mask = self.mask(turn)
        received = turn.input or NOTHING
        memory.heard(mask.hide(received.text) or f"(The customer sent: {received.kind}.)")
        self.keep_mask(turn, mask)
        return self._think(turn, memory)

    def _think(self, turn: Turn, memory: Memory) -> Step:
        """Ask the model what to do next."""
        memory.requests += 1
        if memory.requests > REQUESTS:
            turn.limit("MODEL_REQUESTS", f"The model asked for tools {REQUESTS} times without a reply; it was stopped.")
            return Leave("failed")
        mask = self.mask(turn)
        instructions = mask.hide(turn.text(self.instructions))
        first = Line("system", reply.told(instructions, turn.today().isoformat(), self._guards()))
        self.keep_mask(turn, mask)
        memory.keep(turn)
        reminder = [Line("user", reply.REMINDER)] if memory.reminded else []
        return self.ask_model(turn, Asked([first, *memory.lines, *reminder], self._offers()))

    def _offers(self) -> list[ToolOffer]:
        ways = [
            ToolOffer(f"{reply.EXIT}{name}", way.description, {"type": "object", "properties": {}})
            for name, way in self.ways.items()
        ]
        return [reply.offer(self._guards()), *ways, *(tool.offer() for tool in self.tools)]

    def _guards(self) -> reply.Guards:
        grounded = any(isinstance(tool, KnowledgeTool) for tool in self.tools)
        return reply.Guards(min_confidence=self.min_confidence, topics=self.topics, grounded=grounded)

    def _answered(self, turn: Turn, memory: Memory, resume: Resume | Returned) -> Step:
        """The model said what to do."""
        answer = self.answer_of(turn, resume)
        if isinstance(answer, Leave):
            return answer
        if not answer.calls:
            return self._again(turn, memory, answer)
        calls = answer.calls[:TOOLS]
        memory.lines.append(Line("assistant", answer.text, calls=calls))
        memory.pending = list(calls)
        return self._work(turn, memory)

    def _again(self, turn: Turn, memory: Memory, answer: ModelAnswer | None = None) -> Step:
        """The model did not answer as it has to: once it may mend that."""
        if memory.reminded:
            return Leave("unsure")
        if answer is not None and answer.text:
            memory.lines.append(Line("assistant", answer.text))
        memory.reminded = True
        return self._think(turn, memory)

    def _work(self, turn: Turn, memory: Memory) -> Step:
        """Use the tools that the model wants used, one after another, until one takes time or the talk goes on."""
        tools: Mapping[str, AgentTool] = {tool.called(): tool for tool in self.tools}
        while memory.pending:
            call, mask = memory.pending[0], self.mask(turn)
            tool = tools.get(call.name)
            given = read_arguments(call.arguments, mask if tool is None or tool.sees_hidden else Mask())
            if call.name.removeprefix(reply.EXIT) in self.ways and call.name.startswith(reply.EXIT):
                return Leave(f"way.{call.name.removeprefix(reply.EXIT)}")
            if call.name == reply.REPLY:
                return self._reply(turn, memory, given or {})
            done = self._use(turn, tool, given)
            if not isinstance(done, str):
                memory.keep(turn)
                return done
            memory.answer(mask.hide(done))
            self.keep_mask(turn, mask)
        return self._think(turn, memory)

    def _use(self, turn: Turn, tool: AgentTool | None, given: JsonObject | None) -> str | Step:
        if tool is None:
            return "There is no such tool."
        if given is None:
            return "The arguments are not a JSON object."
        arguments = tool.arguments(given, self.reader(turn))
        return arguments if isinstance(arguments, str) else tool.use(turn, arguments)

    def _returned(self, turn: Turn, memory: Memory, resume: Resume | Returned) -> Step:
        """What the first tool that waits has brought."""
        if isinstance(resume, MessageArrived):
            return StillWaiting()
        call: ToolCall = memory.pending[0]
        tool = next(each for each in self.tools if each.called() == call.name)
        if isinstance(tool, KnowledgeTool):
            memory.answer(memory.learn(tool.passages(resume)))
            return self._work(turn, memory)
        mask = self.mask(turn)
        memory.answer(mask.hide(tool.result(resume)))
        self.keep_mask(turn, mask)
        return self._work(turn, memory)

    def _reply(self, turn: Turn, memory: Memory, given: JsonObject) -> Step:
        sources = memory.cited(given.get("sources"))
        verdict = reply.judge(given, self._guards(), cited=bool(sources))
        memory.answer("Said." if verdict == "say" else "Not said.")
        memory.close()
        turn.save(self.save_summary, str(given.get("summary") or "") or None)
        if verdict == "again":
            return self._again(turn, memory)
        if verdict != "say":
            return Leave(verdict)
        cited = f"\n\n({'; '.join(source.cited() for source in sources)})" if sources and self.cite else ""
        turn.say(Content("text", {"body": shorten(str(given["text"]).strip() + cited, limits.TEXT_CHARACTERS)}))
        memory.answered += 1
        memory.keep(turn)
        return turn.wait(self.timeout)

    def exits(self) -> dict[str, str | None]:
        ways: dict[str, str | None] = {f"way.{name}": way.next for name, way in self.ways.items()}
        guarded = {"unsure": self.unsure, "off_topic": self.off_topic, "turns": self.turns}
        silent = {"timeout": self.timeout.next if self.timeout else None}
        return ways | guarded | silent | self.bounded_exits()

    def speaks(self) -> bool:
        return True

    def silence(self, exit_: str) -> timedelta | None:
        return None if exit_ != "timeout" or self.timeout is None else length(self.timeout.after)

    def reads_contact(self) -> bool:
        return True

    def inspect(self) -> Iterator[Finding]:
        yield from AsksModel.inspect(self)
        taken = [reply.REPLY, *(f"{reply.EXIT}{name}" for name in self.ways)]
        for index, tool in enumerate(self.tools):
            if tool.called() in taken:
                yield error(
                    f"/tools/{index}", "duplicate", f"There are two tools called {tool.called()!r}; rename one."
                )
            taken.append(tool.called())

    def dependencies(self) -> Iterator[Dependency]:
        for index, tool in enumerate(self.tools):
            yield from tool.dependencies(f"/tools/{index}")
