"""Stand-in ids: what a message is called where a provider's id is expected and not known yet. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from uuid import UUID

from parley.core.ids import MessageId

_PREFIX = "wamid."
_MARK = b"parley:"
"""So that no id of a provider's is taken for one of ours."""
_LENGTH = len(_MARK) + 16


def stand_in(message: MessageId) -> str:
    """The stand-in id of a message, in the shape of WhatsApp's."""
    return _PREFIX + urlsafe_b64encode(_MARK + message.bytes).rstrip(b"=").decode()


def read_stand_in(text: str) -> MessageId | None:
    """The message that a stand-in id means; None when it is another id."""
    if not text.startswith(_PREFIX):
        return None
    digits = text.removeprefix(_PREFIX)
    try:
        found = urlsafe_b64decode(digits.encode() + b"=" * (-len(digits) % 4))
    except (NotBase64, ValueError):
        return None
    if len(found) != _LENGTH or not found.startswith(_MARK):
        return None
    return MessageId(UUID(bytes=found[len(_MARK) :]))
