"""Signatures as the standard's own library verifies them; when it is tried again; who is told; one endpoint's share."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from parley.core.ids import WorkspaceId
from parley.core.time import unix_seconds
from parley.modules.webhooks.domain import About, Endpoint, Happening, Secret, is_chosen, rotated, unknown_types, wants
from parley.modules.webhooks.schedule import (
    ATTEMPTS,
    BREAKS_AFTER,
    DELAYS,
    GIVE_UP_AFTER,
    JITTER,
    LONGEST_REST,
    MAX_RETRY_AFTER,
    Health,
    Tally,
    after,
    is_given_up,
    next_attempt,
)
from parley.modules.webhooks.signature import key_of, secret_of, standard
from parley.modules.webhooks.signature_check import check

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHANNEL = UUID(int=7)


@given(key=st.binary(min_size=24, max_size=64), body=st.text(max_size=200))
def test_the_standards_library_verifies_what_we_sign(key: bytes, body: str) -> None:
    secret, moment = secret_of(key), int(unix_seconds())
    assert key_of(secret) == key
    other = b"0" * 32
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(moment),
        "webhook-signature": standard([other, key], "evt_1", moment, body.encode()),
    }
    Webhook(secret).verify(body, headers, json_parse=False)
    Webhook(secret_of(other)).verify(body, headers, json_parse=False)
    assert all(each.ok for each in check(secret, headers, body.encode(), moment))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"secret": "parley_live_abc"}, "secret"),
        ({"webhook-timestamp": "1"}, "timestamp"),
        ({"webhook-timestamp": "soon"}, "timestamp"),
        ({"webhook-signature": ""}, "headers"),
        ({"webhook-signature": "v2,abc"}, "signature"),
        ({"webhook-id": "evt_2"}, "signature"),
    ],
)
def test_the_checker_names_the_part(change: dict[str, str], part: str) -> None:
    secret, moment = secret_of(b"1" * 32), 1_795_446_245
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(moment),
        "webhook-signature": standard([b"1" * 32], "evt_1", moment, b"{}"),
    } | {name: value for name, value in change.items() if name != "secret"}
    wrong = [each.part for each in check(change.get("secret", secret), headers, b"{}", moment) if not each.ok]
    assert wrong[0] == part


@given(attempts=st.integers(1, ATTEMPTS - 1), chance=st.floats(0, 1, exclude_max=True))
def test_delays_are_the_standards_with_jitter(attempts: int, chance: float) -> None:
    due = next_attempt(attempts, NOW, chance)
    assert due is not None
    assert abs((due - NOW) / DELAYS[attempts] - 1) <= JITTER + 1e-6


@given(attempts=st.integers(1, ATTEMPTS - 1), seconds=st.integers(0, 10**6))
def test_patience_only_lengthens(attempts: int, seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    due = next_attempt(attempts, NOW, 0.5, asked)
    assert due is not None
    assert due - NOW == max(DELAYS[attempts], min(asked, MAX_RETRY_AFTER))
    assert next_attempt(ATTEMPTS, NOW, 0.5, asked) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_the_circuit(groups: list[tuple[int, int]]) -> None:
    health, in_a_row = Health(), 0
    for delivered, failed in groups:
        health = after(health, Tally(delivered=delivered, failed=failed), NOW)
        in_a_row = 0 if delivered else in_a_row + failed
        assert health.failures == in_a_row
        assert (health.closed_until is not None) == (in_a_row >= BREAKS_AFTER)
        assert health.closed_until is None or health.closed_until - NOW <= LONGEST_REST
        assert (health.failing_since is None) == (in_a_row == 0)


def test_given_up_after_days_of_failures_only() -> None:
    failing = Health(failures=BREAKS_AFTER, failing_since=NOW)
    assert not is_given_up(failing, NOW + GIVE_UP_AFTER - timedelta(seconds=1))
    assert is_given_up(failing, NOW + GIVE_UP_AFTER)
    assert not is_given_up(Health(failures=1, failing_since=NOW), NOW + GIVE_UP_AFTER)


def endpoint(**more: object) -> Endpoint:
    about = About(url="https://x.example", secrets=(), tags=tuple(more.pop("tags", ())))  # type: ignore[arg-type]
    members: dict[str, object] = {
        "workspace": WorkspaceId(UUID(int=1)),
        "id": UUID(int=2),
        "version": 1,
        "kind": "parley",
        "state": "active",
        "reason": None,
        "event_types": ("*",),
        "channel_ids": (),
        "body": "full",
        "ordered": False,
        "buffer": None,
        "rate": None,
        "about": about,
        "created_at": NOW,
        "updated_at": NOW,
        **more,
    }
    return Endpoint(**members)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wished", "told"),
    [
        ({}, True),
        ({"event_types": ("message.*",)}, True),
        ({"event_types": ("message.sent",)}, False),
        ({"kind": "meta"}, True),
        ({"channel_ids": (CHANNEL,)}, True),
        ({"channel_ids": (UUID(int=8),)}, False),
        ({"tags": ("VIP",)}, True),
        ({"tags": ("other",)}, False),
    ],
)
def test_who_is_told(wished: dict[str, object], told: bool) -> None:
    happening = Happening(kind="message.received", channel=CHANNEL, tags=["VIP"])
    assert wants(endpoint(**wished), happening) is told


def test_a_test_is_for_one_only() -> None:
    happening = Happening(kind="webhook_endpoint.tested", channel=None, tags=(), only=UUID(int=2))
    assert wants(endpoint(event_types=("message.read",)), happening)
    assert not wants(endpoint(id=UUID(int=3)), happening)


def test_types_are_chosen_by_name_family_or_all() -> None:
    known = ["message.sent", "contact.created"]
    assert unknown_types(["*", "message.*", "contact.created", "message.snet", "ghost.*"], known) == [
        "message.snet",
        "ghost.*",
    ]
    assert is_chosen("message.sent", ["message.*"])
    assert not is_chosen("message.sent", ["contact.*", "message.read"])


def test_an_old_secret_signs_until_its_time() -> None:
    once = rotated((Secret("a"),), "b", until=100.0, now=0.0)
    assert once == (Secret("b"), Secret("a", 100.0))
    assert rotated(once, "c", until=50.0, now=10.0) == (Secret("c"), Secret("b", 50.0), Secret("a", 50.0))
    assert rotated(once, "c", until=300.0, now=200.0) == (Secret("c"), Secret("b", 300.0))
    assert rotated((Secret("a"),), "b", until=5.0, now=5.0) == (Secret("b"),)
