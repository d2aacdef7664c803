"""The kinds of node, one file each. A new kind is a file and a line here."""

from typing import TypeAlias

from parley.modules.flows.engine.node import Node
from parley.modules.flows.engine.nodes.ask import Ask
from parley.modules.flows.engine.nodes.branch import Branch
from parley.modules.flows.engine.nodes.buttons import Buttons
from parley.modules.flows.engine.nodes.end import End
from parley.modules.flows.engine.nodes.hand_over import HandOver
from parley.modules.flows.engine.nodes.http import Http
from parley.modules.flows.engine.nodes.list_ import List
from parley.modules.flows.engine.nodes.message import Message
from parley.modules.flows.engine.nodes.set_ import Set

AnyNode: TypeAlias = Message | Buttons | List | Ask | Branch | Set | Http | HandOver | End

KINDS: dict[str, type[Node]] = {
    "message": Message,
    "buttons": Buttons,
    "list": List,
    "ask": Ask,
    "branch": Branch,
    "set": Set,
    "http": Http,
    "hand_over": HandOver,
    "end": End,
}
