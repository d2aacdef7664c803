"""What we send: taken by our check and by Meta's own schema, refused where it should be, and read back as it was."""

import json
import re
from uuid import UUID

import pytest

from parley.adapters.whatsapp.check import check
from parley.adapters.whatsapp.files import check_file
from parley.adapters.whatsapp.limits import INTERACTIVE
from parley.adapters.whatsapp.render import content_of, encode, mark_read, marketing, render
from parley.core.content import KINDS, Content
from parley.core.ids import MessageId
from parley.core.json import JsonValue
from parley.modules.channels.inbound import Party
from parley.modules.channels.ports import FileFacts, Marketing, Outgoing
from tests.cases.whatsapp.openapi import schemas
from tests.cases.whatsapp.samples import needs_openapi, needs_payloads, payload, payloads, table

MESSAGES = table("messages.yaml")
LIMITS = table("limits.yaml")
ID = MessageId(UUID("01920000000070008000000000000001"))
PERSON = Party(phone="+16505551234")

OTHER_BODIES = {"mark_read.json", "typing.json"}
REQUESTS = {
    "other/block_users_req.json": "block_users",
    "other/call_accept_req.json": "calls",
    "other/register_req.json": "register",
    "other/subscribed_apps_req.json": "subscribed_apps",
    "other/template_create_auth.json": "message_templates",
    "other/template_create_named.json": "message_templates",
}


def outgoing(content: Content, to: Party = PERSON, group_id: str | None = None) -> Outgoing:
    return Outgoing(message_id=ID, to=to, content=content, group_id=group_id)


def content(message: JsonValue) -> Content:
    assert isinstance(message, dict)
    found = content_of(message)
    assert found is not None
    return found


@pytest.mark.parametrize("name", MESSAGES)
def test_every_type_passes_our_check(name: str) -> None:
    assert check(content(MESSAGES[name])) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_every_type_reads_back_as_it_was_written(name: str) -> None:
    meant = content(MESSAGES[name])
    assert content_of(json.loads(encode(render(outgoing(meant))))) == meant


def test_the_table_has_every_type() -> None:
    meant = [content(message) for message in MESSAGES.values()]
    assert {one.kind for one in meant} == set(KINDS)
    assert {one.body["type"] for one in meant if one.kind == "interactive"} == set(INTERACTIVE)


@needs_openapi
@pytest.mark.parametrize("name", MESSAGES)
def test_every_type_validates_against_metas_openapi(name: str) -> None:
    assert schemas().message_errors(render(outgoing(content(MESSAGES[name])))) == []


@needs_openapi
def test_reading_marks_and_marketing_validate_against_metas_openapi() -> None:
    template = content(MESSAGES["template of text"])
    for body in (mark_read("wamid.1"), mark_read("wamid.1", typing=True)):
        assert schemas().errors("MarkMessageRequestPayload", body) == []
    body = marketing(outgoing(template), Marketing(policy="STRICT", share_activity=True))
    # Newer than the file: the pages say that a marketing message takes the members of any template message.
    del body["biz_opaque_callback_data"]
    assert schemas().errors("MarketingMessageRequestPayload", body) == []


@needs_openapi
@needs_payloads
@pytest.mark.parametrize("name", REQUESTS)
def test_sample_requests_validate_against_metas_openapi(name: str) -> None:
    assert schemas().post_errors(REQUESTS[name], json.loads(payload(name))) == []


@needs_payloads
@pytest.mark.parametrize("name", payloads("outbound"))
def test_sample_messages_pass_our_check_and_render_the_same(name: str) -> None:
    sample = without_placeholders(json.loads(payload(name)))
    if name.removeprefix("outbound/") in OTHER_BODIES:
        assert mark_read(str(sample["message_id"]), typing="typing_indicator" in sample) == sample
        return
    meant = content(sample)
    assert check(meant) == []
    rendered = render(outgoing(meant))
    expected = {"type": "text", "recipient_type": "individual", **sample, "to": "+16505551234"}
    expected["biz_opaque_callback_data"] = "msg_01920000000070008000000000000001"
    assert json.loads(encode(rendered)) == expected


def without_placeholders(value: JsonValue) -> dict[str, JsonValue]:
    text = json.dumps(value)
    text = text.replace("http(s)://", "https://").replace("<https://document-url>", "https://example.com/a.pdf")
    text = text.replace("<HEADER_TYPE>", "text").replace("<LANGUAGE_AND_LOCALE_CODE>", "en_US")
    text = text.replace("language-and-locale-code", "en_US").replace("template-name", "template_name")
    text = re.sub(r"<TEMPLATE_NAME>", "template_name", text)
    found = json.loads(re.sub(r"<([A-Z0-9_-]{20})[A-Z0-9_-]*>", r"\1", text))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", LIMITS)
def test_what_meta_would_refuse_is_found_with_its_place(name: str) -> None:
    case = spelt_out(LIMITS[name])
    assert isinstance(case, dict)
    expected = case.pop("faults")
    assert isinstance(expected, dict)
    is_partial = case.pop("more", None)
    found = {(fault.pointer, fault.code) for fault in check(content(case))}
    wanted = set(expected.items())
    assert found >= wanted if is_partial else found == wanted


@pytest.mark.parametrize("name", LIMITS)
def test_every_fault_says_what_to_do(name: str) -> None:
    case = spelt_out(LIMITS[name])
    for fault in check(content(case)):
        assert re.fullmatch(r"[A-Z].+\.", fault.detail), fault
        assert "Give" in fault.detail or len(fault.detail.split()) > 3


def spelt_out(value: JsonValue) -> JsonValue:
    if isinstance(value, str) and re.fullmatch(r"~\d+", value):
        return "a" * int(value[1:])
    if isinstance(value, list) and value and isinstance(value[0], str) and re.fullmatch(r"\*\d+", value[0]):
        text = json.dumps(spelt_out(value[1]))
        return [json.loads(text.replace("#", str(index))) for index in range(int(value[0][1:]))]
    if isinstance(value, list):
        return [spelt_out(item) for item in value]
    if isinstance(value, dict):
        return {name: spelt_out(member) for name, member in value.items()}
    return value


def test_recipients() -> None:
    text = Content("text", {"body": "hi"})
    assert render(outgoing(text))["to"] == "+16505551234"
    by_user_id = render(outgoing(text, Party(user_id="US.1349")))
    assert by_user_id["recipient"] == "US.1349"
    assert "to" not in by_user_id
    to_group = render(outgoing(text, group_id="G1"))
    assert (to_group["recipient_type"], to_group["to"]) == ("group", "G1")


def test_our_own_files_get_the_providers_ids() -> None:
    cards: JsonValue = [{"header": {"type": "image", "image": {"id": own}}} for own in ("med_1", "med_2")]
    carousel = Content("interactive", {"type": "carousel", "action": {"cards": cards}})
    ids = {"med_1": "111", "med_2": "222"}
    rendered = render(Outgoing(message_id=ID, to=PERSON, content=carousel, provider_media_ids=ids))
    assert '"111"' in json.dumps(rendered)
    assert '"222"' in json.dumps(rendered)
    single = Content("image", {"id": "med_1", "caption": "c"})
    rendered = render(Outgoing(message_id=ID, to=PERSON, content=single, provider_media_id="111"))
    assert rendered["image"] == {"id": "111", "caption": "c"}
    assert single.body["id"] == "med_1"


def test_a_message_that_nests_without_end_is_refused() -> None:
    deep: JsonValue = {}
    for _ in range(40):
        deep = {"a": deep}
    assert [fault.code for fault in check(Content("interactive", {"type": "flow", "x": deep}))] == ["too_deep"]


def test_files_are_refused_by_type_and_size() -> None:
    def told(
        kind: str, content_type: str, size: int, *, animated: bool = False, opus: bool = False
    ) -> list[tuple[str, str]]:
        facts = FileFacts(content_type=content_type, size=size, animated=animated, opus=opus)
        return [(each.pointer, each.code) for each in check_file(kind, facts)]

    assert told("image", "image/jpeg", 5_000_000) == []
    assert told("image", "image/gif", 6_000_000) == [("/image", "not_allowed"), ("/image", "too_large")]
    assert told("audio", "audio/ogg; codecs=opus", 10, opus=True) == []
    assert told("audio", "audio/ogg", 10) == [("/audio", "not_allowed")]
    assert told("voice", "audio/mpeg", 10) == [("/audio", "not_allowed")]
    assert told("sticker", "image/webp", 200_000) == [("/sticker", "too_large")]
    assert told("sticker", "image/webp", 200_000, animated=True) == []
    assert told("document", "application/x-anything", 100 * 1024 * 1024) == []
    assert told("poll", "x/y", 1) == [("/type", "not_allowed")]
