"""Media, templates, accounts, webhooks by hand."""

import base64
import hashlib

from parley.sim.web import Answer, Json
from tests.unit.sim.stage import ADA, PHONE, WABA, Platform, Stage, code, dig, rows, text

PICTURE = b"\xff\xd8\xff\xe0 picture"
BODY: list[Json] = [{"type": "BODY", "text": "Hello {{1}}, welcome."}]


def form(content: bytes, kind: str, *, product: str = "whatsapp") -> bytes:
    return (
        (
            f'--edge\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n{product}\r\n'
            f'--edge\r\nContent-Disposition: form-data; name="type"\r\n\r\n{kind}\r\n'
            f'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: {kind}\r\n\r\n'
        ).encode()
        + content
        + b"\r\n--edge--\r\n"
    )


async def upload(stage: Stage, content: bytes, kind: str, *, product: str = "whatsapp") -> Answer:
    body = form(content, kind, product=product)
    return await stage.answer(f"POST /v23.0/{PHONE}/media", body, kind="multipart/form-data; boundary=edge")


async def test_media_go_up_and_come_down_again(stage: Stage) -> None:
    answer = await upload(stage, PICTURE, "image/jpeg")
    assert answer.status == 200
    media_id = answer.body.decode().split('"')[3]
    _, facts = await stage.call(f"GET /v23.0/{media_id}?phone_number_id={PHONE}")
    assert (facts["mime_type"], facts["file_size"]) == ("image/jpeg", str(len(PICTURE)))
    assert facts["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    fetch = "GET " + str(facts["url"]).removeprefix("http://sim.test")
    assert await stage.answer(fetch) == Answer(200, PICTURE, b"image/jpeg")
    assert (await stage.answer(fetch, token="")).status == 401
    assert (await stage.answer(fetch.replace("hash=", "hash=0"))).status == 404
    await stage.call("PUT /sim/clock", {"advance_seconds": 301})
    assert (await stage.answer(fetch)).status == 404
    assert await stage.call(f"DELETE /v23.0/{media_id}") == (200, {"success": True})
    assert code((await stage.call(f"GET /v23.0/{media_id}"))[1]) == 100


async def test_media_that_meta_does_not_take(stage: Stage) -> None:
    too_large = bytes(5 * 1024 * 1024 + 1)
    for content, kind, product, wanted in (
        (PICTURE, "image/tiff", "whatsapp", b'"code":100'),
        (too_large, "image/jpeg", "whatsapp", b'"code":131053'),
        (b"", "image/jpeg", "whatsapp", b'"code":131053'),
        (PICTURE, "image/jpeg", "telegram", b'"code":100'),
    ):
        answer = await upload(stage, content, kind, product=product)
        assert answer.status == 400
        assert wanted in answer.body
    assert code((await stage.call(f"POST /v23.0/{PHONE}/media", {}))[1]) == 100


async def test_every_kind_of_inbound_message(stage: Stage) -> None:
    contact = {"name": {"formatted_name": "Alan", "first_name": "Alan"}}
    said: dict[str, object] = {
        "text": {"body": "Hello"},
        "image": {"caption": "Look"},
        "video": None,
        "audio": None,
        "document": {"filename": "a.pdf"},
        "sticker": None,
        "location": {"latitude": 1.5, "longitude": 2.5},
        "contacts": [contact],
        "reaction": {"message_id": "wamid.X", "emoji": "👍"},
        "order": {"catalog_id": "1", "product_items": []},
        "button": {"payload": "p", "text": "t"},
        "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}},
        "edit": {"original_message_id": "wamid.X", "message": {"type": "text", "text": {"body": "y"}}},
        "revoke": {"original_message_id": "wamid.X"},
        "unsupported": {"type": "poll_creation"},
        "request_welcome": None,
    }
    for kind, body in said.items():
        message = {"to": PHONE, "type": kind} | ({} if body is None else {kind: body})
        status, answer = await stage.call(f"POST /sim/phones/+{ADA}/messages", message)
        assert status == 200, answer
    await stage.until(lambda: len(stage.platform.messages()) == len(said))
    heard = {str(message["type"]): message for message in stage.platform.messages()}
    assert set(heard) == set(said)
    assert dig(heard, "unsupported.errors.0.code") == 131051


async def test_an_inbound_picture_can_be_fetched(stage: Stage) -> None:
    data = base64.b64encode(PICTURE).decode()
    message = {"to": PHONE, "type": "image", "image": {"data": data, "mime_type": "image/jpeg"}}
    await stage.call(f"POST /sim/phones/+{ADA}/messages", message)
    await stage.until(stage.platform.messages)
    image = dig(stage.platform.messages(), "0.image")
    assert isinstance(image, dict)
    assert image["sha256"] == base64.b64encode(hashlib.sha256(PICTURE).digest()).decode()
    fetch = "GET " + str(image["url"]).removeprefix("http://sim.test")
    assert await stage.answer(fetch) == Answer(200, PICTURE, b"image/jpeg")


async def test_a_resumable_upload_gives_a_handle(stage: Stage) -> None:
    _, begun = await stage.call("POST /v23.0/200/uploads?file_type=image/png")
    _, done = await stage.call(f"POST /v23.0/{begun['id']}", raw=PICTURE)
    assert str(done["h"]).startswith("4::")
    assert (await stage.call(f"GET /v23.0/{begun['id']}"))[1]["file_offset"] == len(PICTURE)
    for handle, status in ((done["h"], 200), ("4::nobodys", 400)):
        change = {"messaging_product": "whatsapp", "profile_picture_handle": handle}
        assert (await stage.call("POST /v23.0/200/whatsapp_business_profile", change))[0] == status


async def test_the_life_of_a_template(stage: Stage) -> None:
    body = {"name": "greeting", "language": "en_US", "category": "MARKETING", "components": BODY}
    status, made = await stage.call(f"POST /v23.0/{WABA}/message_templates", body)
    assert (status, made["status"]) == (200, "PENDING")
    told = "message_template_status_update"
    await stage.until(lambda: stage.platform.values(told))
    assert stage.platform.values(told)[0] == {
        "event": "APPROVED",
        "message_template_id": int(str(made["id"])),
        "message_template_name": "greeting",
        "message_template_language": "en_US",
        "reason": "NONE",
        "message_template_category": "MARKETING",
    }
    await stage.call("PUT /sim/templates/greeting", {"quality": "RED", "status": "PAUSED", "category": "UTILITY"})
    await stage.until(lambda: len(stage.platform.heard) == 4)
    assert dig(stage.platform.values("message_template_quality_update"), "0.new_quality_score") == "RED"
    assert dig(stage.platform.values("template_category_update"), "0.previous_category") == "MARKETING"
    new_body = [{"type": "BODY", "text": "Hello {{1}}, welcome back."}]
    assert (await stage.call(f"POST /v23.0/{made['id']}", {"components": new_body}))[0] == 200
    await stage.until(lambda: len(stage.platform.values(told)) == 3)
    _, node = await stage.call(f"GET /v23.0/{made['id']}?fields=status,components")
    assert (node["status"], node["components"]) == ("APPROVED", new_body)
    assert (await stage.call(f"DELETE /v23.0/{WABA}/message_templates?name=greeting"))[0] == 200
    assert code((await stage.call(f"GET /v23.0/{made['id']}"))[1]) == 100


async def test_a_rejected_template_can_not_be_sent(stage: Stage) -> None:
    await stage.call("PUT /sim/settings", {"review_verdict": "REJECTED"})
    body = {"name": "greeting", "language": "en_US", "category": "UTILITY", "components": BODY}
    await stage.call(f"POST /v23.0/{WABA}/message_templates", body)
    await stage.until(lambda: stage.platform.values("message_template_status_update"))
    assert dig(stage.platform.values("message_template_status_update"), "0.event") == "REJECTED"
    _, answer = await stage.send({"type": "template", "template": {"name": "greeting", "language": {"code": "en_US"}}})
    assert code(answer) == 132001


async def test_pages_of_templates_lead_to_each_other(stage: Stage) -> None:
    for number in range(5):
        body = {"name": f"t{number}", "waba_id": WABA, "language": "en", "category": "UTILITY", "components": BODY}
        await stage.call("POST /sim/templates", body)
    seen, after = [], ""
    while True:
        _, page = await stage.call(f"GET /v23.0/{WABA}/message_templates?limit=4&fields=name{after}")
        seen += [node["name"] for node in rows(page, "data")]
        paging = page["paging"]
        assert isinstance(paging, dict)
        if "next" not in paging:
            break
        after = f"&after={paging['cursors']['after']}"
    assert seen == ["hello_world", "t0", "t1", "t2", "t3", "t4"]


async def test_an_account_may_have_its_own_callback(stage: Stage, platform: Platform) -> None:
    other = await Platform().open()
    try:
        override = {"override_callback_uri": other.url, "verify_token": "verify"}
        assert (await stage.call(f"POST /v23.0/{WABA}/subscribed_apps", override))[0] == 200
        await stage.say("Hello")
        await stage.until(other.messages)
        assert platform.heard == []
        wrong = {**override, "verify_token": "wrong"}
        assert code((await stage.call(f"POST /v23.0/{WABA}/subscribed_apps", wrong))[1]) == 100
    finally:
        await other.close()


async def test_the_handshake(stage: Stage) -> None:
    assert (await stage.call("POST /sim/handshake"))[0] == 200
    assert (await stage.call("POST /sim/handshake", {"verify_token": "wrong"}))[0] == 400


async def test_any_update_can_be_posted_by_hand(stage: Stage) -> None:
    update = {"waba_id": WABA, "field": "account_review_update", "value": {"decision": "APPROVED"}}
    await stage.call("POST /sim/webhooks", update)
    payload = {"entry": [{"id": WABA, "changes": [{"field": "security", "value": {"event": "PIN_CHANGED"}}]}]}
    await stage.call("POST /sim/webhooks", {"payload": payload})
    await stage.until(lambda: len(stage.platform.heard) == 2)
    assert stage.platform.values("account_review_update") == [{"decision": "APPROVED"}]
    assert stage.platform.values("security") == [{"event": "PIN_CHANGED"}]


async def test_an_unknown_number_is_served_unless_strict(stage: Stage) -> None:
    body = {"messaging_product": "whatsapp", "to": ADA, **text()}
    _, answer = await stage.call("POST /v23.0/555/messages", body, token="whatever")
    assert code(answer) == 131047
    await stage.call("PUT /sim/settings", {"lenient": False})
    assert code((await stage.call("POST /v23.0/556/messages", body))[1]) == 100


async def test_unknown_people_may_be_accepted(stage: Stage) -> None:
    await stage.call("PUT /sim/settings", {"unknown_recipients": "accept"})
    await stage.send(text(), to="15550009999")
    await stage.until(lambda: len(stage.platform.statuses()) == 3)


async def test_the_wrong_pin(stage: Stage) -> None:
    register = {"messaging_product": "whatsapp", "pin": "123456"}
    await stage.call(f"POST /v23.0/{PHONE}/register", register)
    _, answer = await stage.call(f"POST /v23.0/{PHONE}/register", {**register, "pin": "654321"})
    assert code(answer) == 133005
    await stage.call(f"POST /v23.0/{PHONE}/deregister", {})
    assert code((await stage.send(text()))[1]) == 133010


async def test_marketing_needs_the_terms(stage: Stage) -> None:
    await stage.call("POST /sim/businesses", {"phone_number_id": "777", "waba_id": WABA, "marketing_terms": False})
    template = {"name": "hello_world", "language": {"code": "en_US"}}
    body = {"messaging_product": "whatsapp", "to": ADA, "type": "template", "template": template}
    status, told = await stage.call("POST /v23.0/777/marketing_messages", body)
    assert (status, dig(told, "error.code")) == (400, 131055)
    assert (await stage.call("POST /v23.0/777/messages", body))[0] == 200
