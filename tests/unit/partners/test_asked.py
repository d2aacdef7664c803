"""What programs write is read as Meta reads it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.json import JsonObject
from parley.modules.conversations import Group
from parley.modules.partners import MetaRefusal, media_ids, pages, read_message

MEDIA = UUID("0198f3b2-c6d0-7a51-b0c3-d1e2f3a4b5c6")
TEXT: JsonObject = {"messaging_product": "whatsapp", "to": "15550001111", "text": {"body": "Hi"}}


def test_the_type_may_be_left_out() -> None:
    assert read_message(TEXT).content.kind == "text"


def test_numbers_nulls_and_texts_of_json_are_taken() -> None:
    written = '[{"name": {"formatted_name": "Ada", "first_name": "Ada"}, "birthday": null}]'
    asked = read_message({"messaging_product": "whatsapp", "to": 15550001111, "type": "contacts", "contacts": written})
    assert asked.to == "15550001111"
    assert asked.content.body == {"contacts": [{"name": {"formatted_name": "Ada", "first_name": "Ada"}}]}


def test_a_group_and_a_user_id() -> None:
    assert read_message({**TEXT, "recipient_type": "group"}).to == Group("15550001111")
    assert read_message({**TEXT, "to": None, "recipient": "US.17"}).to == "US.17"


def test_files_of_ours_are_found_wherever_they_stand() -> None:
    image: JsonObject = {"image": {"id": media_ids.spell(MEDIA)}}
    card: JsonObject = {"header": {"type": "image", **image}}
    carousel: JsonObject = {"type": "carousel", "action": {"cards": [card]}}
    body: JsonObject = {**TEXT, "type": "interactive", "interactive": carousel}
    content = read_message(body).content.body
    assert media_ids.own_files(content) == {MEDIA}
    theirs = read_message({**TEXT, "type": "image", "image": {"id": "137524587935346"}}).content.body
    assert (theirs["id"], media_ids.own_files(theirs)) == ("137524587935346", frozenset())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({**TEXT, "messaging_product": "sms"}, 100),
        ({**TEXT, "to": ""}, 100),
        ({**TEXT, "type": "hologram"}, 100),
        ({**TEXT, "recipient_type": "crowd"}, 100),
        ({**TEXT, "context": {"id": "wamid.17"}}, 100),
        ({**TEXT, "biz_opaque_callback_data": "x" * 513}, 100),
        ({**TEXT, "type": "image"}, 131008),
        ({**TEXT, "type": "contacts", "contacts": {}}, 131008),
    ],
)
def test_what_is_wrong(wrong: JsonObject, code: int) -> None:
    with pytest.raises(MetaRefusal) as refused:
        read_message(wrong)
    assert refused.value.code == code


@given(st.integers(1 << 100, (1 << 128) - 1).map(lambda number: UUID(int=number)))
def test_a_media_id_is_read_back(media: UUID) -> None:
    assert media_ids.read(media_ids.spell(media)) == media


@pytest.mark.parametrize("other", ["137524587935346", "12345678901234567890", "9" * 40, "", "med_17", "wamid.17"])
def test_other_ids_are_none_of_ours(other: str) -> None:
    assert media_ids.read(other) is None


def test_page_addresses_lead_to_us_and_carry_no_token() -> None:
    link = "https://graph.facebook.com/v23.0/17/message_templates?limit=1&after=abc&access_token=EAAG"
    told = pages.without_token({"data": [], "paging": {"cursors": {}, "next": link}}, "https://p.example/graph/v23.0")
    assert told["paging"] == {
        "cursors": {},
        "next": "https://p.example/graph/v23.0/17/message_templates?limit=1&after=abc",
    }
