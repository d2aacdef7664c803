"""What `parley api` makes of the words it is given, against the API's own description."""

import json
from pathlib import Path

import pytest

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject
from parley.entrypoints.cli.api.operations import Operation, find, operations_of
from parley.entrypoints.cli.api.words_given import Asked, asked
from parley.entrypoints.docs import PAGES


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return operations_of(json.loads(PAGES["openapi.json"]()))


@pytest.mark.parametrize(
    ("line", "method", "target", "body"),
    [
        (
            "send_message to=+15550001111 type=text text.body=Hello",
            "POST",
            "/v1/messages",
            {"to": "+15550001111", "type": "text", "text": {"body": "Hello"}},
        ),
        ('send-message text:={"body":"a=b"}', "POST", "/v1/messages", {"text": {"body": "a=b"}}),
        ("list_messages limit=2 conversation_id=cnv_1", "GET", "/v1/messages?limit=2&conversation_id=cnv_1", None),
        ("get_contact contact_id=a/b", "GET", "/v1/contacts/a%2Fb", None),
    ],
)
def test_asked(operations: dict[str, Operation], line: str, method: str, target: str, body: JsonObject | None) -> None:
    name, *words = line.split(" ")
    assert asked(find(operations, name), words, None) == Asked(method=method, target=target, body=body)


def test_words_add_to_a_body_from_a_file(operations: dict[str, Operation]) -> None:
    given = asked(operations["send_message"], ["text.body=Hi"], {"type": "text", "text": {"preview_url": True}})
    assert given.body == {"type": "text", "text": {"preview_url": True, "body": "Hi"}}


def test_an_upload_takes_a_file(operations: dict[str, Operation]) -> None:
    assert asked(operations["upload_media"], ["file=@a.png"], None).file == Path("a.png")


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ("get_message", "/message_id"),
        ("send_message text:={", "/text"),
        ("send_message nonsense", ""),
        ("send_message text=a text.body=b", "/text/body"),
        ("list_messages colour=red", ""),
    ],
)
def test_wrong_words_are_named(operations: dict[str, Operation], line: str, pointer: str) -> None:
    name, *words = line.split(" ")
    with pytest.raises(InvalidInput) as refused:
        asked(find(operations, name), words, None)
    assert [each.pointer for each in refused.value.faults] == [pointer]


def test_an_unknown_operation_is_told_with_its_neighbours(operations: dict[str, Operation]) -> None:
    with pytest.raises(InvalidInput, match="send_message"):
        find(operations, "send_mesage")
