"""A flow as an author writes it: the shape of the YAML file, and of the JSON Schema that is published."""

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.fields import NODE_ID, Duration, Name, Target
from parley.modules.flows.engine.hours import Hours
from parley.modules.flows.engine.nodes import AnyNode
from parley.modules.flows.engine.starting import LanguageTag, Triggers

NodeId = Annotated[str, Meta(pattern=NODE_ID)]


Quiet = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]|[12][0-9]|30)(\.[0-9])?s$",
        description="How long the customer has to pause before the bot answers: `2s`, `0.5s`; `0s`: at once.",
    ),
]


class Conduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the bot behaves in a conversation. People write in fragments; one answer to all of them is enough."""

    quiet: Quiet = "2s"
    quiet_at: Annotated[
        dict[NodeId, Quiet],
        Meta(description="Another pause where the conversation waits at these nodes: longer for an address."),
    ] = {}

    def quiet_of(self, node: str) -> timedelta:
        """The pause at a node."""
        return timedelta(seconds=float(self.quiet_at.get(node, self.quiet)[:-1]))


class FlowDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A conversation: its nodes, where it starts, and when. Nodes lead to each other by their ids."""

    schema: Literal[2] = 2
    id: Annotated[str, Meta(pattern=NODE_ID, description="A stable name, unique in the workspace.")]
    name: Annotated[str, Meta(min_length=1, max_length=200, description="What colleagues call it.")]
    description: Annotated[str, Meta(max_length=2000)] | None = None
    language: LanguageTag = "en"
    """The language of its texts."""
    fallbacks: Annotated[
        list[LanguageTag],
        Meta(max_length=20, description="Languages to take words from, in this order, where the contact's has none."),
    ] = []
    translations: Annotated[
        dict[LanguageTag, dict[NodeId, dict[str, object]]],
        Meta(description="Words in other languages: by language, node and field; choices by their id, name or number."),
    ] = {}
    timezone: Annotated[str, Meta(max_length=64, description="IANA name, for `today` and dates.")] = "UTC"
    triggers: Triggers = Triggers()
    conduct: Conduct = Conduct()
    settings: Annotated[
        dict[Name, str | int | float | bool],
        Meta(description="Constants, shown by `{{ settings.name }}`: addresses, opening hours, prices."),
    ] = {}
    hours: Annotated[dict[Name, Hours], Meta(description="Opening hours by name, for nodes and conditions.")] = {}
    expires: Annotated[
        Duration, Meta(description="How long a question without its own time-out waits for its answer.")
    ] = "7d"
    start: Annotated[Target, Meta(description="The node that the conversation begins with.")]
    nodes: Annotated[dict[NodeId, AnyNode], Meta(min_length=1, max_length=1000)]
