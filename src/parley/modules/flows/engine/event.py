"""What every event of a sprint is. The kinds are the files of `events/`."""

import re

import msgspec

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def _tag(name: str) -> str:
    """`FieldSet` is `field_set` in histories."""
    return _CAPITAL.sub("_", name).lower()


class SprintEvent(msgspec.Struct, frozen=True, tag_field="type", tag=_tag, omit_defaults=True):
    """Something that happened in a sprint. The host turns each into rows; the history shows them as they are.

    A kind whose consequence reaches outside the engine (words to send, a field to write, a ticket to open) has a
    carrier in `service/carriers/`.
    """

    def told(self) -> str | None:
        """The event as a line for people; None where it is not worth one."""
        return type(self).__name__
