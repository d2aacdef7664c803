"""What a person sends in fragments, taken as one."""

from collections.abc import Sequence

from msgspec.structs import replace

from parley.modules.flows.engine.world import Input


def joined(fragments: Sequence[Input]) -> Input:
    """One input: the words of all, a line each; whatever else came (a tap, a file) is the last one's."""
    more = [each for each in fragments if each.kind != "text"]
    words = "\n".join(each.text for each in fragments if each.text)
    return replace(more[-1] if more else fragments[-1], text=words)
