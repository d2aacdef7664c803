"""Stand-in ids are read back, and no other id is taken for one."""

from uuid import UUID

import pytest

from parley.core.ids import MessageId
from parley.modules.conversations import read_stand_in, stand_in

MESSAGE = MessageId(UUID("0198f3b2-c6d0-7a51-b0c3-d1e2f3a4b5c6"))


def test_it_is_read_back() -> None:
    assert stand_in(MESSAGE).startswith("wamid.")
    assert read_stand_in(stand_in(MESSAGE)) == MESSAGE


@pytest.mark.parametrize(
    "other", ["wamid.HBgLMTU1NTAwMDExMTE=", "wamid.", "wamid.ü", "msg_17", "", stand_in(MESSAGE)[:-2]]
)
def test_nothing_else_is(other: str) -> None:
    assert read_stand_in(other) is None
