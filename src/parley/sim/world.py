"""Everything the simulator knows, in memory, and how a fact becomes a webhook."""

import asyncio
from dataclasses import dataclass, replace

from parley.core import ids
from parley.sim.businesses import Business, Businesses
from parley.sim.calls import Calls
from parley.sim.clock import SimClock
from parley.sim.config import SimConfig
from parley.sim.customers import Customer, Customers
from parley.sim.deliveries import Deliveries, Delivery, Target
from parley.sim.faults import FaultTable, happens
from parley.sim.ledger import Ledger
from parley.sim.limits import Paces
from parley.sim.media import MediaShelf
from parley.sim.refusals import MetaError
from parley.sim.templates import Template, TemplateShelf, hello_world
from parley.sim.web import Json, encode

APPLICATION_ID = "200000000000002"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose fact it is: a WABA, and the number where there is one."""

    waba_id: str
    business: Business | None = None


class World:
    """The state of one simulated Meta. Nothing of it is written to disk."""

    def __init__(self, config: SimConfig) -> None:
        self.config = config
        self.settings = config.settings
        self.clock = SimClock()
        self.businesses = Businesses()
        for business in config.businesses:
            self.businesses.put(replace(business))
        self.customers = Customers()
        self.ledger = Ledger()
        self.media = MediaShelf()
        self.templates = TemplateShelf()
        self.calls = Calls()
        self.faults = FaultTable()
        self.paces = Paces()
        self.uploads: dict[str, Json] = {}
        self.orders: dict[str, Json] = {}
        self.deliveries = Deliveries(lambda: self.settings)
        self.polls: set[asyncio.Event] = set()
        self.closing = False

    def now(self) -> float:
        return self.clock.now()

    def reset(self, *, businesses: bool) -> None:
        """Forget what happened, and with `businesses` also who is registered."""
        self.settings = self.config.settings
        self.clock = SimClock()
        self.customers.clear()
        self.ledger = Ledger()
        self.media.clear()
        self.templates.clear()
        self.calls.clear()
        self.faults.clear()
        self.paces.clear()
        self.uploads.clear()
        self.orders.clear()
        self.deliveries.clear()
        if businesses:
            self.businesses.clear()

    def uploaded(self, handle: str) -> bool:
        """Whether a resumable upload gave this handle."""
        return any(each.get("h") == handle for each in self.uploads.values())

    def end_polls(self) -> None:
        """Answer every long poll now: the server stops."""
        self.closing = True
        for bell in self.polls:
            bell.set()

    def templates_of(self, waba_id: str) -> list[Template]:
        """The templates of a WABA, which is born with `hello_world`."""
        found = self.templates.of_waba(waba_id)
        return found or [self.templates.put(hello_world(waba_id))]

    def customer(self, number: str) -> Customer:
        """The phone with this number, created when there is none."""
        found = self.customers.by_number(number)
        return found or self.customers.put(Customer(number=number))

    def publish(self, origin: Origin, field: str, value: Json, *, lane: str | None = None) -> None:
        """Post a webhook to whoever listens; those of a lane in order."""
        target = None if origin.waba_id in self.businesses.unsubscribed else self.target(origin)
        if target is None:
            self.deliveries.counters.unaddressed += 1
            return
        entry: Json = {"id": origin.waba_id, "changes": [{"value": value, "field": field}]}
        if origin.business is None:
            entry["time"] = int(self.now())
        self._send(origin, Delivery(target, encode(entry), lane))

    def check_room(self) -> None:
        """Refuse new work while the queue of webhooks is full: 131016."""
        if self.deliveries.full:
            raise MetaError(131016, "Too many webhooks wait for the callback; the simulator takes nothing more.")

    def _send(self, origin: Origin, delivery: Delivery) -> None:
        business = origin.business
        faults = self.faults.of(business.phone_number_id if business else "")
        later = asyncio.get_running_loop().call_later
        if happens(faults.duplicate_webhooks):
            again = Delivery(delivery.target, delivery.entry)
            later(ids.chance.random() * faults.reorder_seconds, self.deliveries.post, again)
        if happens(faults.reorder_webhooks):
            delivery.lane = None
            later(ids.chance.random() * faults.reorder_seconds, self.deliveries.post, delivery)
        else:
            self.deliveries.post(delivery)

    def target(self, origin: Origin) -> Target | None:
        """Where webhooks of this origin go: its number's URL, its account's, the application's; or None."""
        business = origin.business
        owners = [business] if business else self.businesses.of_waba(origin.waba_id)
        own_url = next((owner.callback_url for owner in owners if owner.callback_url), None)
        secret = next((owner.app_secret for owner in owners if owner.app_secret), None)
        url = own_url or self.businesses.overrides.get(origin.waba_id) or self.config.callback_url
        return self.deliveries.target(url, secret or self.config.app_secret) if url else None
