"""Calls of the simulated Meta: bounded records by call id. No media flows."""

from collections import OrderedDict
from dataclasses import dataclass

from parley.sim.web import Json

MOST_CALLS = 10_000  # calls remembered; the oldest are forgotten first


@dataclass(slots=True, kw_only=True)
class Call:
    """One call. `direction` is USER_INITIATED or BUSINESS_INITIATED; `state` ringing, accepted, ended."""

    id: str
    phone_number_id: str
    number: str
    direction: str
    offer: str = ""
    answer: str = ""
    state: str = "ringing"
    started_at: float | None = None
    biz: str | None = None

    def view(self) -> Json:
        return {
            "id": self.id,
            "phone_number_id": self.phone_number_id,
            "number": self.number,
            "direction": self.direction,
            "state": self.state,
            "offer": self.offer,
            "answer": self.answer,
        }


class Calls:
    """Calls by id."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Call] = OrderedDict()

    def put(self, call: Call) -> Call:
        if len(self._kept) >= MOST_CALLS:
            self._kept.popitem(last=False)
        self._kept[call.id] = call
        return call

    def get(self, call_id: str) -> Call | None:
        return self._kept.get(call_id)

    def clear(self) -> None:
        self._kept.clear()
