"""Rates, the clock, and what goes wrong on purpose."""

import asyncio

import pytest

from parley.sim.deliveries import AWAY_AFTER
from parley.sim.faults import Dropped
from tests.unit.sim.stage import ADA, PHONE, SILENT, Platform, Stage, code, dig, rows, text


async def freeze(stage: Stage) -> None:
    await stage.call("PUT /sim/clock", {"frozen": True})


async def test_a_pair_may_burst_and_then_waits(stage: Stage) -> None:
    await freeze(stage)
    codes = [code((await stage.send(text()))[1]) for _ in range(46)]
    assert codes == [None] * 45 + [131056]
    await stage.call("PUT /sim/clock", {"advance_seconds": 6})
    assert [code((await stage.send(text()))[1]) for _ in range(2)] == [None, 131056]


async def test_a_number_has_its_throughput(stage: Stage) -> None:
    await freeze(stage)
    await stage.call("PUT /sim/settings", {"pair_rate": False})
    codes = [code((await stage.send(text()))[1]) for _ in range(81)]
    assert codes == [None] * 80 + [130429]
    await stage.call("PUT /sim/clock", {"advance_seconds": 1})
    assert code((await stage.send(text()))[1]) is None


async def test_an_upgraded_number_has_more(stage: Stage) -> None:
    await freeze(stage)
    await stage.call("PUT /sim/settings", {"pair_rate": False})
    await stage.call(f"PUT /sim/businesses/{PHONE}", {"throughput": 1000})
    await stage.until(lambda: stage.platform.values("phone_number_quality_update"))
    assert dig(stage.platform.values("phone_number_quality_update"), "0.event") == "THROUGHPUT_UPGRADE"
    assert {code((await stage.send(text()))[1]) for _ in range(200)} == {None}


async def test_going_back_in_time_frees_the_rates(stage: Stage) -> None:
    await freeze(stage)
    await stage.call("PUT /sim/clock", {"advance_seconds": 3600})
    for _ in range(46):
        await stage.send(text())
    await stage.call("PUT /sim/clock", {"advance_seconds": -3600})
    assert (await stage.send(text()))[0] == 200


async def test_the_window_closes_after_a_day_and_opens_by_writing(stage: Stage) -> None:
    await freeze(stage)
    await stage.say("Hello")
    await stage.call("PUT /sim/clock", {"advance_seconds": 24 * 3600 - 1})
    assert (await stage.send(text()))[0] == 200
    await stage.call("PUT /sim/clock", {"advance_seconds": 1})
    assert code((await stage.send(text()))[1]) == 131047
    await stage.say("Still there?")
    assert (await stage.send(text()))[0] == 200


async def test_an_outage_refuses_everything(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"outage": True})
    status, answer = await stage.send(text())
    assert (status, code(answer)) == (503, 2)
    assert (await stage.call(f"GET /v23.0/{PHONE}"))[0] == 503
    await stage.call("DELETE /sim/faults")
    assert (await stage.send(text()))[0] == 200


async def test_faults_of_one_number_leave_the_others(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"phone_number_id": "101", "error_rate": 1, "error_code": 131048})
    assert (await stage.send(text()))[0] == 200
    status, answer = await stage.call("POST /v23.0/101/messages", {})
    assert (status, code(answer)) == (400, 131048)


async def test_dropped_before_acceptance_is_not_counted(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"drop_before_accept": 1})
    with pytest.raises(Dropped):
        await stage.send(text())
    assert stage.world.ledger.total == 0


async def test_timed_out_after_acceptance_is_counted_and_delivered(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"timeout_after_accept": 1})
    with pytest.raises(Dropped):
        await stage.send({**text(), "biz_opaque_callback_data": "msg_7"})
    await stage.until(lambda: len(stage.platform.statuses()) == 3)
    _, page = await stage.call("GET /sim/accepted?biz=msg_7")
    (one,) = rows(page, "data")
    assert (one["to"], one["count"], one["status"]) == (ADA, 1, "read")


async def test_broken_after_acceptance_is_no_json(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"error_after_accept": 1})
    body = b'{"messaging_product":"whatsapp","to":"%s","text":{"body":"x"}}' % ADA.encode()
    given = await stage.answer(f"POST /v23.0/{PHONE}/messages", body)
    assert (given.status, given.content_type, stage.world.ledger.total) == (500, b"text/html", 1)


async def test_throttling_below_the_number_s_rate(stage: Stage) -> None:
    await freeze(stage)
    await stage.call("PUT /sim/faults", {"throttle_per_second": 2})
    assert [code((await stage.send(text()))[1]) for _ in range(3)] == [None, None, 130429]


async def test_failing_later(stage: Stage) -> None:
    await stage.call("PUT /sim/faults", {"late_error_rate": 1, "late_error_code": 131053})
    assert (await stage.send(text()))[0] == 200
    await stage.until(stage.platform.statuses)
    assert dig(stage.platform.statuses()[0], "errors.0.code") == 131053


async def test_what_was_sent_twice_is_seen(stage: Stage) -> None:
    for _ in range(2):
        await stage.send({**text(), "biz_opaque_callback_data": "msg_1"})
    _, page = await stage.call("GET /sim/accepted?since=0")
    assert (page["total"], page["repeated"], page["next"]) == (2, 1, 2)
    assert [one["count"] for one in rows(page, "data")] == [2, 2]


async def test_accepted_can_be_waited_for(stage: Stage) -> None:
    waiting = asyncio.create_task(stage.call("GET /sim/accepted?since=0&wait=5"))
    await asyncio.sleep(0)
    await stage.send(text())
    _, page = await waiting
    assert len(rows(page, "data")) == 1


async def test_duplicated_and_reordered_webhooks_all_arrive(stage: Stage) -> None:
    faults = {"duplicate_webhooks": 1, "reorder_webhooks": 0.5, "reorder_seconds": 0.02, "seed": 7}
    await stage.call("PUT /sim/faults", faults)
    for number in range(10):
        await stage.say(str(number))
    await stage.until(lambda: len(stage.platform.messages()) == 20)
    said = [str(dig(message, "text.body")) for message in stage.platform.messages()]
    assert sorted(said) == sorted([str(number) for number in range(10)] * 2)
    assert said[:10] != [str(number) for number in range(10)]


async def test_a_failing_callback_gets_its_webhook_again(stage: Stage) -> None:
    stage.platform.answers = [500, 503, 302]
    await stage.say("Hello")
    await stage.until(stage.platform.messages)
    assert stage.platform.posts == 4
    _, counters = await stage.call("GET /sim/webhooks")
    assert (counters["waiting"], counters["delivered"], counters["failed_attempts"]) == (0, 1, 3)


async def test_nothing_is_lost_while_the_platform_is_away(stage: Stage, platform: Platform) -> None:
    port = platform.port
    await stage.say("Before")
    await stage.until(stage.platform.messages)
    await platform.close()
    for number in range(50):
        await stage.say(str(number), number=f"1555000{number:04d}")
    await stage.until(lambda: stage.world.deliveries.counters.failed_attempts > AWAY_AFTER)
    assert stage.world.deliveries.counters.waiting == 50
    await platform.open(port)
    await stage.until(lambda: len(stage.platform.messages()) == 51)
    await stage.until(lambda: stage.world.deliveries.counters.waiting == 0)


async def test_a_poisoned_webhook_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.platform.answers = [500]
    await stage.say("First", number=SILENT)
    await stage.say("Second", number=ADA)
    await stage.until(lambda: len(stage.platform.messages()) == 2)


async def test_waiting_updates_may_come_in_one_post(stage: Stage) -> None:
    await stage.call("PUT /sim/settings", {"webhook_batch": 100})
    for number in range(200):
        await stage.say(str(number), number=f"1555001{number:04d}")
    await stage.until(lambda: len(stage.platform.messages()) == 200)
    assert stage.platform.posts < 200


async def test_reset_forgets_what_happened_but_not_who_is_there(stage: Stage) -> None:
    await stage.send(text())
    await stage.call("PUT /sim/faults", {"outage": True})
    await stage.call("PUT /sim/clock", {"offset_seconds": 99})
    _, state = await stage.call("POST /sim/reset")
    assert (state["accepted"], state["phones"], state["businesses"]) == (0, 0, 1)
    assert (await stage.call(f"GET /v23.0/{PHONE}"))[0] == 200
    _, state = await stage.call("POST /sim/reset", {"businesses": True})
    assert state["businesses"] == 0
    await stage.say("Hello")
    await stage.until(stage.platform.messages)
