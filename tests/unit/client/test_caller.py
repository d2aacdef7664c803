"""The Python client asks again when that may help, does a POST once, and tells what was refused."""

import time

import httpx
import pytest

from parley_client import NoAnswer, Parley, Refused


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


class Server:
    """Answers in order; None breaks the connection."""

    def __init__(self, *answers: httpx.Response | None) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if answer is None:
            raise httpx.ConnectError("refused")
        return answer


def client(server: Server) -> Parley:
    return Parley("parley_live_x", client=httpx.Client(transport=httpx.MockTransport(server)))


MESSAGE = {"id": "msg_1", "status": "queued"}
TEXT = {"to": "+15550001111", "type": "text", "text": {"body": "Hello"}}


def test_what_is_tried_again_keeps_its_idempotency_key(pauses: list[float]) -> None:
    server = Server(None, httpx.Response(503, headers={"retry-after": "2"}), httpx.Response(202, json=MESSAGE))
    assert client(server).send_message(TEXT)["id"] == "msg_1"
    assert len({each.headers["idempotency-key"] for each in server.asked}) == 1
    assert pauses == [1.0, 2.0]
    assert {each.headers["authorization"] for each in server.asked} == {"Bearer parley_live_x"}


def test_a_refusal_is_not_tried_again() -> None:
    fault = {"pointer": "/to", "code": "bad_recipient", "detail": "Write it like +15550001111."}
    problem = {"code": "invalid_input", "detail": "No.", "request_id": "req_1", "errors": [fault]}
    server = Server(httpx.Response(422, json=problem))
    with pytest.raises(Refused, match=r"/to: Write it") as refused:
        client(server).send_message(TEXT)
    assert (refused.value.status, refused.value.code, refused.value.request_id) == (422, "invalid_input", "req_1")


@pytest.mark.parametrize("broken", [None, httpx.Response(429, headers={"retry-after": "3600"})])
def test_it_gives_up(broken: httpx.Response | None) -> None:
    server = Server(broken, broken, broken, broken)
    with pytest.raises(NoAnswer if broken is None else Refused):
        client(server).get_message("msg_1")


def test_every_page_is_read() -> None:
    pages = ({"data": [{"id": 1}], "next_cursor": "b"}, {"data": [{"id": 2}], "next_cursor": None})
    server = Server(*(httpx.Response(200, json=page) for page in pages))
    parley = client(server)
    assert [each["id"] for each in parley.every(parley.list_messages, conversation_id="cnv_1")] == [1, 2]
    assert [str(each.url.query, "ascii") for each in server.asked] == [
        "conversation_id=cnv_1",
        "conversation_id=cnv_1&after=b",
    ]


def test_ids_cannot_leave_their_place() -> None:
    server = Server(httpx.Response(200, json=MESSAGE))
    client(server).get_message("../contacts?x=1")
    assert server.asked[0].url.raw_path == b"/v1/messages/..%2Fcontacts%3Fx%3D1"


def test_a_file_comes_as_bytes() -> None:
    server = Server(httpx.Response(200, content=b"\x89PNG"))
    assert client(server).get_media_content("med_1") == b"\x89PNG"
