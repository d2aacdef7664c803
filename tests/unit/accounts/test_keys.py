"""What always holds of keys: how they are spelled, and that nobody gives more than they have."""

import re
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parley.core.errors import Forbidden
from parley.core.ids import KeyId, WorkspaceId
from parley.modules.accounts.domain import KeyTerms, Principal, allows, check_within, coarse, shown_to
from parley.modules.accounts.key_format import MODES, PATTERN, holds_key, is_well_formed, spell_key
from parley.modules.accounts.scopes import ACTIONS, RESOURCES, covers

SECRETS = st.binary(min_size=24, max_size=24)
SCOPES = st.sampled_from(["*", *(f"{name}:{action}" for name in RESOURCES for action in (*ACTIONS, "*"))])
CHANNELS = st.frozensets(st.sampled_from([UUID(int=each) for each in range(1, 5)]), min_size=1)
HOLDERS = st.builds(
    Principal,
    workspace=st.just(WorkspaceId(UUID(int=7))),
    key=st.just(KeyId(UUID(int=8))),
    scopes=st.lists(SCOPES, min_size=1, max_size=3).map(tuple),
    mode=st.sampled_from(MODES),
    channels=st.none() | CHANNELS,
)


@given(SECRETS, st.sampled_from(MODES))
def test_a_key_is_known_by_its_looks(secret: bytes, mode: str) -> None:
    key = spell_key(secret, "test" if mode == "test" else "live")
    assert is_well_formed(key)
    assert re.fullmatch(PATTERN, key)
    assert key.startswith(f"parley_{mode}_")
    assert holds_key(f"https://example.org/?a=1&key={key}#x")


@given(SECRETS, st.integers(min_value=12, max_value=49), st.sampled_from("0aZ~ü"))
def test_a_key_mistyped_is_none(secret: bytes, at: int, letter: str) -> None:
    key = spell_key(secret)
    assume(key[at : at + 1] != letter)
    assert not is_well_formed(key[:at] + letter + key[at + 1 :])


@given(st.text(max_size=60))
def test_any_other_text_is_none(text: str) -> None:
    assert not is_well_formed(text)


@given(HOLDERS, HOLDERS)
def test_a_key_made_can_do_no_more_than_its_maker(maker: Principal, made: Principal) -> None:
    terms = KeyTerms(name="x", scopes=made.scopes, mode=made.mode, channels=made.channels)
    try:
        check_within(maker, terms)
    except Forbidden:
        return
    for resource in RESOURCES:
        for action in ACTIONS:
            assert allows(maker, resource, action) or not allows(made, resource, action)
    everything = {UUID(int=each): each == 1 for each in range(1, 5)}
    assert _seen(made, everything) <= _seen(maker, everything) or made.mode != maker.mode


def _seen(principal: Principal, channels: dict[UUID, bool]) -> set[UUID]:
    shown = shown_to(principal, channels)
    return set(channels) if shown is None else {each for each in channels if (each in shown[0]) != shown[1]}


@given(HOLDERS)
def test_live_and_test_never_meet(holder: Principal) -> None:
    channels = {UUID(int=each): each == 1 for each in range(1, 5)}
    assert all(channels[each] == (holder.mode == "test") for each in _seen(holder, channels))


@pytest.mark.parametrize(
    ("held", "wanted", "bounded", "covered"),
    [
        ("*", "contacts:read", False, True),
        ("*", "contacts:read", True, False),
        ("*", "messages:write", True, True),
        ("messages:*", "messages:write", False, True),
        ("messages:read", "messages:*", False, False),
        ("messages:*", "*", False, False),
    ],
)
def test_what_a_scope_covers(held: str, wanted: str, *, bounded: bool, covered: bool) -> None:
    assert covers((held,), wanted, bounded=bounded) == covered


@given(st.ip_addresses())
def test_where_a_key_was_used_is_told_coarsely(address: object) -> None:
    found = coarse(str(address))
    assert found is not None
    network = ip_network(found)
    assert ip_address(str(address).partition("%")[0]) in network
    assert network.num_addresses >= 256


def test_terms_may_be_for_good() -> None:
    check_within(None, KeyTerms(name="x", expires_at=datetime(2030, 1, 1, tzinfo=UTC)))
