"""The people's side: virtual phones that write, receive, read, block and stop marketing."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.core import phones
from parley.sim.ledger import Sent
from parley.sim.names import user_id_of
from parley.sim.refusals import MetaError
from parley.sim.web import Json

WINDOW_SECONDS = 24 * 3600.0  # after a person's last message anything may be sent to them
MOST_CUSTOMERS = 500_000  # phones kept in memory
MOST_ARRIVED = 1_000  # messages a phone keeps; the oldest go first


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """How a phone reacts; None for a pace means the simulator's setting, a negative one never.

    `fail_with`: every message to it is accepted and then fails with this code.
    """

    delivered_seconds: float | None = None
    read_seconds: float | None = None
    on_whatsapp: bool = True
    fail_with: int | None = None
    hide_number: bool = False
    answers_calls: bool = True


@dataclass(slots=True, kw_only=True)
class Customer:
    """One person's phone. `number` is digits without `+`; businesses are named by phone number id."""

    number: str
    name: str = "Simulated customer"
    username: str | None = None
    user_id: str = ""
    behaviour: Behaviour = field(default_factory=Behaviour)
    wrote_at: dict[str, float] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    stopped_marketing: set[str] = field(default_factory=set)
    seen_read: str | None = None
    typing: bool = False
    arrived: deque[Sent] = field(default_factory=deque)
    received: int = 0
    bell: asyncio.Event | None = None

    def __post_init__(self) -> None:
        self.user_id = self.user_id or user_id_of(self.number)

    @property
    def profile(self) -> Json:
        """The item of `contacts` in webhooks about this person."""
        profile: Json = {"name": self.name}
        if self.username:
            profile["username"] = self.username
        contact: Json = {"profile": profile, "user_id": self.user_id}
        if not self.behaviour.hide_number:
            contact["wa_id"] = self.number
        return contact

    def window_open(self, phone_number_id: str, now: float) -> bool:
        return now - self.wrote_at.get(phone_number_id, float("-inf")) < WINDOW_SECONDS

    def receive(self, sent: Sent) -> None:
        """A message appears on this phone."""
        if len(self.arrived) >= MOST_ARRIVED:
            self.arrived.popleft()
        self.arrived.append(sent)
        self.received += 1
        self.typing = False
        if self.bell is not None:
            self.bell.set()
            self.bell = None

    def arrived_after(self, position: int) -> list[tuple[int, Sent]]:
        """What arrived after the `position`-th message, with the position of each; the first one ever has 1."""
        first = self.received - len(self.arrived) + 1
        return [(first + at, sent) for at, sent in enumerate(self.arrived) if first + at > position]

    def next_bell(self) -> asyncio.Event:
        """Set when something arrives or changes; shared by all who wait."""
        self.bell = self.bell or asyncio.Event()
        return self.bell


class Customers:
    """The registry: by number, whose spellings (Brazil, Argentina, Mexico) are one person, and by user id."""

    def __init__(self) -> None:
        self._by_number: dict[str, Customer] = {}
        self._by_user_id: dict[str, Customer] = {}

    def __len__(self) -> int:
        return len(self._by_user_id)

    def __iter__(self) -> Iterator[Customer]:
        return iter(self._by_user_id.values())

    def put(self, customer: Customer) -> Customer:
        if len(self) >= MOST_CUSTOMERS:
            raise MetaError(4, f"The simulator keeps at most {MOST_CUSTOMERS} phones: POST /sim/reset first.")
        self._by_number[_key(customer.number)] = customer
        self._by_number[customer.number] = customer
        self._by_user_id[customer.user_id] = customer
        return customer

    def drop(self, customer: Customer) -> None:
        for spelling in (_key(customer.number), customer.number):
            self._by_number.pop(spelling, None)
        self._by_user_id.pop(customer.user_id, None)

    def by_number(self, text: str) -> Customer | None:
        """By a number in any spelling."""
        found = self._by_number.get(text) or self._by_number.get(text.lstrip("+"))
        return found or self._by_number.get(_key(text))

    def by_user_id(self, user_id: str) -> Customer | None:
        return self._by_user_id.get(user_id)

    def clear(self) -> None:
        self._by_number.clear()
        self._by_user_id.clear()


def digits_of(text: str) -> str | None:
    """The digits of a number as Meta writes it in `wa_id`; None when the text is no number."""
    number = phones.normalise(text)
    return number and number[1:]


def _key(text: str) -> str:
    number = phones.normalise(text)
    return phones.canonical(number) if number else text
