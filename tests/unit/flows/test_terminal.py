"""The terminal drives the same engine: numbers tap, time runs out on demand, requests go out through what is given."""

from parley.modules.flows.demos import demo
from parley.modules.flows.engine import Answer, Effect, HttpAnswer, HttpEffect, read_definition
from parley.modules.flows.terminal import converse


def talk(name: str, lines: list[str]) -> tuple[str | None, str]:
    said: list[str] = []
    asked: list[HttpEffect] = []

    def http(effect: Effect) -> Answer:
        assert isinstance(effect, HttpEffect)
        asked.append(effect)
        return HttpAnswer(status=200, body='{"number": "10482", "status": "delivered"}')

    left = iter(lines)
    outcome = converse(read_definition(demo(name)), lambda: next(left, None), said.append, http)
    return outcome, "\n".join(said)


def test_an_order() -> None:
    outcome, said = talk("order_status", ["order", "10482", "3"])
    assert outcome == "answered"
    assert "bot> Order 10482 has been delivered." in said
    assert "[GET http://127.0.0.1:8081/sim/demo/orders/10482]" in said
    assert "     [3] No, thank you" in said


def test_time_runs_out() -> None:
    outcome, said = talk("appointment", ["/timeout", "book", "/vars", "/what", "/timeout"])
    assert outcome == "silent"
    assert "Nothing waits yet" in said
    assert "vars: {}" in said


def test_broken_off() -> None:
    assert talk("appointment", ["book", "/quit"])[0] is None
    assert talk("appointment", ["book"])[0] is None


def test_a_list_and_fields() -> None:
    outcome, said = talk("appointment", ["book", "1", "tomorrow", "2", "3", "ada@example.org", "1"])
    assert outcome == "booked"
    assert "[the contact's email is now 'ada@example.org']" in said
    assert " at 11:00." in said


def test_a_place_and_a_person() -> None:
    outcome, said = talk("opening_hours", ["hi", "2", "2", "a refund"])
    assert outcome == "handed_over"
    assert "(location)" in said
    assert "handed over to Front desk, normal priority: Asks for a person: a refund" in said
