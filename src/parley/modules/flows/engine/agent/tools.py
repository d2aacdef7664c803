"""The tools that an author gives to an agent: what the model is told of each, and what using it means."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.dates import Reader
from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.http import HttpAnswer
from parley.modules.flows.engine.effects.knowledge import FoundPassage, KnowledgeAnswer, KnowledgeEffect
from parley.modules.flows.engine.effects.model import ToolOffer
from parley.modules.flows.engine.events.people import HandedOver
from parley.modules.flows.engine.fields import Dependency, FlowName, Name, Text
from parley.modules.flows.engine.nodes.hand_over import SUMMARY_CHARACTERS, Team
from parley.modules.flows.engine.nodes.http import HeaderName, Http
from parley.modules.flows.engine.parameters import Description, Parameter, Parameters, schema_of
from parley.modules.flows.engine.steps import EnterFlow, Finished, Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

RESULT_CHARACTERS = 4_000
"""Of what a tool brought; more would only cost tokens and drown the question."""
NO_RESULT = "It did not work: no answer came."

Fields = Annotated[list[Name], Meta(min_length=1, max_length=30, description="Fields of the contact.")]
_QUERY: Mapping[str, Parameter] = {"query": Parameter(description="What to look for, in a few words.")}
_SUMMARY: Mapping[str, Parameter] = {
    "summary": Parameter(description="What the customer wants and what was done so far, for the colleague.")
}


class AgentTool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A tool: `use` gives its result at once, or the step by which it comes; `result` reads what came."""

    tool: ClassVar[str] = ""
    """The name that the model calls it by, where the author gives none."""
    about: ClassVar[str] = ""
    sees_hidden: ClassVar[bool] = True
    """Whether it is given what is hidden from the model. Not where that would go to a model again."""

    def called(self) -> str:
        """The name that the model calls it by."""
        return self.tool

    def takes(self) -> Mapping[str, Parameter]:
        """What the model gives it."""
        return {}

    def offer(self) -> ToolOffer:
        """What the model is told of it."""
        return ToolOffer(self.called(), self.about, schema_of(self.takes()))

    def use(self, turn: Turn, given: JsonObject) -> str | Step:
        """Use it with what the model gave, read by `arguments`."""
        raise NotImplementedError

    def result(self, resume: Resume | Returned) -> str:  # noqa: ARG002  # tools that answer at once have no use for it
        """What came of it, for the model."""
        return NO_RESULT

    def arguments(self, given: JsonObject, reader: Reader) -> JsonObject | str:
        """The values of the right types, or what is wrong with them, for the model."""
        found: dict[str, JsonValue] = {}
        for name, parameter in self.takes().items():
            value = parameter.read(given.get(name), reader)
            if value is not None:
                found[name] = value
            elif parameter.required or given.get(name) is not None:
                return f"{name!r} is missing or no {parameter.type}."
        return found

    def dependencies(self, at: str) -> Iterator[Dependency]:  # noqa: ARG002  # most name nothing
        """The things of the workspace that it names."""
        return iter(())


class HttpTool(AgentTool, frozen=True, kw_only=True, tag="http"):
    """A request to another system; texts may hold what the model gave: `{{ args.order }}`."""

    name: Name
    description: Description
    parameters: Parameters = {}
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Text
    headers: dict[HeaderName, Text] = {}
    json: Annotated[object, Meta(description="A body sent as JSON; texts in it may hold values.")] = None

    def called(self) -> str:
        return self.name

    def takes(self) -> Mapping[str, Parameter]:
        return self.parameters

    def offer(self) -> ToolOffer:
        return ToolOffer(self.name, self.description, schema_of(self.parameters))

    def use(self, turn: Turn, given: JsonObject) -> str | Step:
        turn.scope["args"] = given
        request = Http(method=self.method, url=self.url, headers=self.headers, json=self.json)
        step = request.enter(turn)
        return NO_RESULT if isinstance(step, Leave) else step

    def result(self, resume: Resume | Returned) -> str:
        answer = resume.result if isinstance(resume, EffectAnswered) else None
        if isinstance(answer, HttpAnswer):
            return f"Status {answer.status}. {answer.body[:RESULT_CHARACTERS]}"
        return f"It did not work: {answer.reason}" if isinstance(answer, EffectFailed) else NO_RESULT


class SubFlowTool(AgentTool, frozen=True, kw_only=True, tag="sub_flow"):
    """Another flow, run with what the model gave as its variables; the model gets those that it `returns`."""

    name: Name
    description: Description
    parameters: Parameters = {}
    flow: FlowName
    returns: Annotated[list[Name], Meta(max_length=30)] = []

    def called(self) -> str:
        return self.name

    def takes(self) -> Mapping[str, Parameter]:
        return self.parameters

    def offer(self) -> ToolOffer:
        return ToolOffer(self.name, self.description, schema_of(self.parameters))

    def use(self, turn: Turn, given: JsonObject) -> str | Step:  # noqa: ARG002  # the flow reads the turn itself
        return EnterFlow(self.flow, given)

    def result(self, resume: Resume | Returned) -> str:
        if not isinstance(resume, Returned):
            return NO_RESULT
        known = {name: resume.variables.get(name) for name in self.returns}
        return _json({"outcome": resume.outcome} | known)

    def dependencies(self, at: str) -> Iterator[Dependency]:
        yield Dependency("flow", self.flow, f"{at}/flow")


class KnowledgeTool(AgentTool, frozen=True, kw_only=True, tag="knowledge"):
    """The workspace's documents: what the agent answers from, with its sources."""

    tool: ClassVar[str] = "search_knowledge"
    about: ClassVar[str] = "Find passages of the business's documents. Look here before you answer anything about it."
    sees_hidden: ClassVar[bool] = False

    most: Annotated[int, Meta(ge=1, le=8, description="How many passages the model is given at once.")] = 4

    def takes(self) -> Mapping[str, Parameter]:
        return _QUERY

    def use(self, turn: Turn, given: JsonObject) -> str | Step:
        return turn.ask_world(KnowledgeEffect(query=str(given["query"])[:1_000], most=self.most, timeout=20))

    def passages(self, resume: Resume | Returned) -> tuple[FoundPassage, ...]:
        """What was found."""
        answer = resume.result if isinstance(resume, EffectAnswered) else None
        return answer.passages if isinstance(answer, KnowledgeAnswer) else ()


class ReadContactTool(AgentTool, frozen=True, kw_only=True, tag="read_contact"):
    """Fields of the contact that the agent may read."""

    tool: ClassVar[str] = "read_contact"
    about: ClassVar[str] = "What is known of the customer."

    fields: Fields

    def use(self, turn: Turn, given: JsonObject) -> str | Step:  # noqa: ARG002  # it needs nothing to be given
        known = {name: turn.fields.get(name) for name in self.fields}
        return _json({"name": turn.world.contact.name, "language": turn.language} | known)


class UpdateContactTool(AgentTool, frozen=True, kw_only=True, tag="update_contact"):
    """Fields of the contact that the agent may set, each with its type."""

    tool: ClassVar[str] = "update_contact"
    about: ClassVar[str] = "Keep what the customer said of themselves. Give only what they said."

    fields: Annotated[dict[Name, Parameter], Meta(min_length=1, max_length=30)]

    def takes(self) -> Mapping[str, Parameter]:
        return {name: msgspec.structs.replace(each, required=False) for name, each in self.fields.items()}

    def use(self, turn: Turn, given: JsonObject) -> str | Step:
        for name, value in given.items():
            turn.save(f"fields.{name}", value)
        return f"Kept: {', '.join(given) or 'nothing'}."


class HandOverTool(AgentTool, frozen=True, kw_only=True, tag="hand_over"):
    """A colleague takes over, with a summary that the model writes."""

    tool: ClassVar[str] = "hand_over"
    about: ClassVar[str] = "Let a colleague take over: when the customer asks for a person, or you can't help."

    team: Team | None = None
    priority: Literal["low", "normal", "high", "urgent"] = "normal"

    def takes(self) -> Mapping[str, Parameter]:
        return _SUMMARY

    def use(self, turn: Turn, given: JsonObject) -> str | Step:
        turn.events.append(HandedOver(self.team, self.priority, str(given["summary"])[:SUMMARY_CHARACTERS]))
        return Finished("handed_over")

    def dependencies(self, at: str) -> Iterator[Dependency]:
        if self.team is not None:
            yield Dependency("team", self.team, f"{at}/team")


Tool: TypeAlias = HttpTool | SubFlowTool | KnowledgeTool | ReadContactTool | UpdateContactTool | HandOverTool


def _json(value: Mapping[str, object]) -> str:
    return msgspec.json.encode(value).decode()[:RESULT_CHARACTERS]
