"""What the simulator is started with, and the settings that may be changed while it runs (`PUT /sim/settings`)."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from parley.sim.businesses import Business

Seconds = Annotated[float, msgspec.Meta(ge=0)]
Rate = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How strict and how quick the simulated Meta is.

    `lenient`: an unknown phone number id or WABA is registered on first use, with any token not starting `invalid`.
    `window`, `pair_rate`, `throughput`: whether these rules of Meta's are kept (benchmarks may switch them off).
    `unknown_recipients`: numbers nobody registered get 131026, or are taken as customers who wrote just now.
    `late_codes`: refusals that come as a `failed` status after a 200; every other one is the answer itself.
    `sent/delivered/read_seconds`: pace of the statuses, each counted from the one before; null means never.
    `review_seconds`, `review_verdict`: how a new or edited template is judged.
    `webhook_batch`: at most so many updates in one POST when several wait.
    `retry_*`: the first retry is immediate, the next after `retry_first_seconds`, then doubling up to the most.
    """

    lenient: bool = True
    window: bool = True
    pair_rate: bool = True
    throughput: bool = True
    unknown_recipients: Literal["refuse", "accept"] = "refuse"
    late_codes: tuple[int, ...] = (131026,)
    sent_seconds: Seconds | None = 0.01
    delivered_seconds: Seconds | None = 0.03
    read_seconds: Seconds | None = 0.1
    review_seconds: Seconds = 0.1
    review_verdict: Literal["APPROVED", "REJECTED"] = "APPROVED"
    webhook_batch: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    webhook_timeout_seconds: Annotated[float, msgspec.Meta(gt=0)] = 10.0
    retry_first_seconds: Annotated[float, msgspec.Meta(gt=0)] = 0.2
    retry_most_seconds: Annotated[float, msgspec.Meta(gt=0)] = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimConfig:
    """Where the simulator listens and whom it tells. `callback_url` None: webhooks are counted, not sent.

    `app_secret` signs them, `verify_token` is used in the handshake; both are kept in memory only. `businesses` are
    registered from the start.
    """

    host: str = "127.0.0.1"
    port: int = 8081
    callback_url: str | None = None
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    settings: Settings = field(default_factory=Settings)
    businesses: tuple[Business, ...] = ()
