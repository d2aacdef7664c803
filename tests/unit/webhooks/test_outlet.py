"""An endpoint's share of a worker grows with quick answers, and shrinks with failures."""

from typing import cast

from parley.modules.webhooks.service.outlet import AHEAD, FRESH, MOST, Outlet, Ready

READY = cast("Ready", object())


def test_a_fresh_endpoint_holds_little() -> None:
    outlet, started = Outlet(), list[Ready]()
    assert outlet.room == FRESH
    for _ in range(FRESH + 2):
        outlet.put(READY, started.append)
    assert len(started) == outlet.running == FRESH
    assert outlet.room == 0


def test_quick_answers_make_room_and_failures_take_it() -> None:
    outlet, started = Outlet(), list[Ready]()
    for _ in range(MOST * 2):
        outlet.put(READY, started.append)
        assert outlet.done(started.append, delivered=True, seconds=0.01) == []
    assert outlet.limit == MOST
    assert outlet.room == MOST * AHEAD
    for _ in range(MOST + 3):
        outlet.put(READY, started.append)
    back = outlet.done(started.append, delivered=False, seconds=15.0)
    assert len(back) == 3
    assert outlet.limit == MOST // 2
    assert outlet.room == 0


def test_slow_answers_are_not_claimed_ahead() -> None:
    outlet, started = Outlet(), list[Ready]()
    for _ in range(MOST):
        outlet.put(READY, started.append)
        outlet.done(started.append, delivered=True, seconds=2.0)
    assert outlet.limit == outlet.room == FRESH
