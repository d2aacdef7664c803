"""What becomes of an accepted message, and what people do on their phones."""

from parley.sim.names import person_of
from parley.sim.web import Json, as_object
from tests.unit.sim.stage import ADA, NUMBER, PHONE, WABA, Stage, code, dig, rows, text

BUTTONS: Json = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Choose"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "yes", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "no", "title": "No"}},
            ]
        },
    },
}
LIST: Json = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "header": {"type": "text", "text": "Times"},
        "body": {"text": "Choose"},
        "action": {"button": "Open", "sections": [{"rows": [{"id": "a", "title": "Nine", "description": "Early"}]}]},
    },
}


async def statuses_of(stage: Stage, wamid: object) -> list[object]:
    return [one["status"] for one in stage.platform.statuses() if one["id"] == wamid]


async def test_a_message_is_sent_delivered_and_read(stage: Stage) -> None:
    _, answer = await stage.send({**text(), "biz_opaque_callback_data": "msg_1"})
    wamid = dig(answer, "messages.0.id")
    assert person_of(str(wamid)) == ADA
    await stage.until(lambda: len(stage.platform.statuses()) == 3)
    told = {str(one["status"]): one for one in stage.platform.statuses()}
    assert set(told) == {"sent", "delivered", "read"}
    assert {one["biz_opaque_callback_data"] for one in told.values()} == {"msg_1"}
    assert dig(told, "sent.pricing") == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert "conversation" in told["sent"]
    assert "pricing" not in told["read"]
    assert stage.platform.wrong_signatures == 0


async def test_from_version_24_on_a_status_has_no_conversation(stage: Stage) -> None:
    await stage.call(f"POST /v24.0/{PHONE}/messages", {"messaging_product": "whatsapp", "to": ADA, **text()})
    await stage.until(lambda: len(stage.platform.statuses()) == 3)
    assert not any("conversation" in one for one in stage.platform.statuses())


async def test_a_template_outside_the_window_costs(stage: Stage) -> None:
    await stage.call("PUT /sim/clock", {"advance_seconds": 25 * 3600})
    await stage.send({"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}})
    await stage.until(stage.platform.statuses)
    pricing = dig(stage.platform.statuses(), "0.pricing")
    assert pricing == {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}


async def test_a_phone_that_is_off_gets_only_sent(stage: Stage) -> None:
    await stage.call(f"PUT /sim/phones/+{ADA}", {"delivered_seconds": -1})
    _, answer = await stage.send(text())
    wamid = dig(answer, "messages.0.id")
    await stage.until(stage.platform.statuses)
    assert await statuses_of(stage, wamid) == ["sent"]


async def test_a_person_reads_when_they_wish(stage: Stage) -> None:
    await stage.call(f"PUT /sim/phones/+{ADA}", {"read_seconds": -1})
    await stage.send(text())
    await stage.until(lambda: len(stage.platform.statuses()) == 2)
    _, answer = await stage.call(f"POST /sim/phones/+{ADA}/read", {"to": NUMBER})
    assert answer == {"read": 1}
    await stage.until(lambda: len(stage.platform.statuses()) == 3)


async def test_a_message_fails_with_the_code_of_the_phone(stage: Stage) -> None:
    await stage.call(f"PUT /sim/phones/+{ADA}", {"fail_with": 131049})
    status, _ = await stage.send(text())
    await stage.until(stage.platform.statuses)
    (failed,) = stage.platform.statuses()
    assert (status, failed["status"], dig(failed, "errors.0.code")) == (200, "failed", 131049)
    assert "contacts" not in stage.platform.values("messages")[0]


async def test_a_refusal_may_be_told_late_or_at_once(stage: Stage) -> None:
    await stage.call("PUT /sim/settings", {"late_codes": [131047]})
    await stage.call("PUT /sim/clock", {"advance_seconds": 25 * 3600})
    late, _ = await stage.send(text())
    now, answer = await stage.send({"text": {"body": "x"}}, to="15550009999")
    assert (late, now, code(answer)) == (200, 400, 131026)


async def test_one_who_blocked_the_business_is_unreachable(stage: Stage) -> None:
    await stage.call(f"POST /sim/phones/+{ADA}/block", {"to": PHONE})
    await stage.send(text())
    await stage.until(stage.platform.statuses)
    assert dig(stage.platform.statuses()[0], "errors.0.code") == 131026
    await stage.call(f"POST /sim/phones/+{ADA}/unblock", {"to": PHONE})
    await stage.send(text())
    await stage.until(lambda: len(stage.platform.statuses()) == 4)


async def test_one_whom_the_business_blocked_is_not_heard(stage: Stage) -> None:
    body = {"messaging_product": "whatsapp", "block_users": [{"user": ADA}]}
    await stage.call(f"POST /v23.0/{PHONE}/block_users", body)
    await stage.say("Hello?")
    _, answer = await stage.send(text())
    assert code(answer) == 130403
    _, listed = await stage.call(f"GET /v23.0/{PHONE}/block_users")
    assert dig(listed, "data.0.block_users.0.wa_id") == ADA
    await stage.call(f"DELETE /v23.0/{PHONE}/block_users", body)
    await stage.say("And now?")
    await stage.until(stage.platform.messages)
    assert [message["text"] for message in stage.platform.messages()] == [{"body": "And now?"}]


async def test_stopping_marketing_is_told_and_kept(stage: Stage) -> None:
    await stage.call(f"POST /sim/phones/+{ADA}/marketing", {"to": PHONE, "value": "stop"})
    await stage.until(lambda: stage.platform.values("user_preferences"))
    (preference,) = rows(stage.platform.values("user_preferences")[0], "user_preferences")
    assert (preference["value"], preference["wa_id"]) == ("stop", ADA)


async def test_writing_opens_the_window_and_arrives_signed(stage: Stage) -> None:
    said = await stage.say("Grüße / やあ", number="15550005555")
    await stage.until(stage.platform.messages)
    (message,) = stage.platform.messages()
    assert (message["id"], message["text"], message["from"]) == (said["id"], {"body": "Grüße / やあ"}, "15550005555")
    value = stage.platform.values("messages")[0]
    assert value["metadata"] == {"display_phone_number": NUMBER, "phone_number_id": PHONE}
    assert dig(stage.platform.heard[0], "entry.0.id") == WABA
    status, _ = await stage.send(text(), to="15550005555")
    assert status == 200


async def test_one_persons_messages_arrive_in_order(stage: Stage) -> None:
    stage.platform.answers = [500, 200, 500, 500]
    for number in range(20):
        await stage.say(str(number))
    await stage.until(lambda: len(stage.platform.messages()) == 20)
    assert [message["text"] for message in stage.platform.messages()] == [{"body": str(at)} for at in range(20)]


async def test_tapping_a_button_and_a_row(stage: Stage) -> None:
    _, answer = await stage.send(BUTTONS)
    wamid = dig(answer, "messages.0.id")
    await stage.call(f"GET /sim/phones/+{ADA}/messages?after=0&wait=2")
    await stage.call(f"POST /sim/phones/+{ADA}/tap", {"index": 2})
    await stage.until(stage.platform.messages)
    tapped = stage.platform.messages()[0]
    assert tapped["interactive"] == {"type": "button_reply", "button_reply": {"id": "no", "title": "No"}}
    assert tapped["context"] == {"from": NUMBER, "id": wamid}
    await stage.send(LIST)
    _, page = await stage.call(f"GET /sim/phones/+{ADA}/messages?after=1&wait=2")
    assert dig(page, "data.0.words") == "Times\nChoose"
    await stage.call(f"POST /sim/phones/+{ADA}/tap", {"title": "Nine"})
    await stage.until(lambda: len(stage.platform.messages()) == 2)
    row = {"id": "a", "title": "Nine", "description": "Early"}
    assert dig(stage.platform.messages(), "1.interactive") == {"type": "list_reply", "list_reply": row}


async def test_nothing_to_tap(stage: Stage) -> None:
    status, _ = await stage.call(f"POST /sim/phones/+{ADA}/tap", {"index": 1})
    assert status == 404


async def test_a_template_is_shown_filled_and_its_button_tapped(stage: Stage) -> None:
    components: list[Json] = [
        {"type": "BODY", "text": "Hello {{1}}, it is time."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"}]},
    ]
    body = {"waba_id": WABA, "name": "hi", "language": "en", "category": "UTILITY", "components": components}
    await stage.call("POST /sim/templates", body)
    parameters = [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}]
    template = {"name": "hi", "language": {"code": "en"}, "components": parameters}
    status, _ = await stage.send({"type": "template", "template": template})
    assert status == 200
    _, page = await stage.call(f"GET /sim/phones/+{ADA}/messages?after=0&wait=2")
    assert dig(page, "data.0.words") == "Hello Ada, it is time."
    await stage.call(f"POST /sim/phones/+{ADA}/tap", {"index": 1})
    await stage.until(stage.platform.messages)
    assert dig(stage.platform.messages(), "0.button") == {"payload": "Thanks", "text": "Thanks"}


async def test_a_person_without_a_visible_number(stage: Stage) -> None:
    await stage.call(f"PUT /sim/phones/+{ADA}", {"hide_number": True, "username": "ada"})
    await stage.say("Guess who")
    await stage.until(stage.platform.messages)
    (message,) = stage.platform.messages()
    assert "from" not in message
    body = {"messaging_product": "whatsapp", "recipient": message["from_user_id"], **text()}
    status, answer = await stage.call(f"POST /v23.0/{PHONE}/messages", body)
    assert (status, dig(answer, "contacts.0.user_id")) == (200, message["from_user_id"])


async def test_moving_to_another_number(stage: Stage) -> None:
    await stage.call(f"POST /sim/phones/+{ADA}/number", {"number": "+15550008888"})
    await stage.until(stage.platform.messages)
    (message,) = stage.platform.messages()
    assert (message["type"], message["from"], dig(message, "system.wa_id")) == ("system", ADA, "15550008888")
    assert "contacts" not in stage.platform.values("messages")[0]


async def test_seeing_read_ticks_and_typing(stage: Stage) -> None:
    said = await stage.say("Hello?")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}
    await stage.call(f"POST /v23.0/{PHONE}/messages", {**mark, "typing_indicator": {"type": "text"}})
    _, phone = await stage.call(f"GET /sim/phones/+{ADA}")
    assert (phone["seen_read"], phone["typing"]) == (said["id"], True)


async def test_history_tells_what_became_of_a_message(stage: Stage) -> None:
    _, answer = await stage.send(text())
    wamid = dig(answer, "messages.0.id")
    await stage.until(lambda: len(stage.platform.statuses()) == 3)
    _, page = await stage.call(f"GET /v23.0/{PHONE}/message_history?message_id={wamid}")
    (item,) = rows(page, "data")
    events = rows(as_object(item["events"]) or {}, "data")
    assert [event["delivery_status"] for event in events] == ["SENT", "DELIVERED", "READ"]
    _, reads = await stage.call(f"GET /v23.0/{item['id']}/events?status_filter=READ")
    assert [event["delivery_status"] for event in rows(reads, "data")] == ["READ"]


async def test_calls_ring_and_end(stage: Stage) -> None:
    _, call = await stage.call(f"POST /sim/phones/+{ADA}/calls", {"to": PHONE})
    await stage.until(lambda: stage.platform.values("calls"))
    accept = {"action": "accept", "call_id": call["id"], "session": {"sdp_type": "answer", "sdp": "v=0"}}
    await stage.call(f"POST /v23.0/{PHONE}/calls", {"messaging_product": "whatsapp", **accept})
    await stage.call(f"POST /sim/calls/{call['id']}/hangup")
    await stage.until(lambda: len(stage.platform.values("calls")) == 2)
    connect, terminate = (rows(value, "calls")[0] for value in stage.platform.values("calls"))
    assert (connect["event"], dig(connect, "session.sdp_type")) == ("connect", "offer")
    assert (terminate["event"], terminate["status"]) == ("terminate", "COMPLETED")
