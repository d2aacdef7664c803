"""What `parley channel add` asks Meta: the facts of a number, the app's subscription, the registration."""

from dataclasses import dataclass
from typing import Final

import msgspec

from parley.adapters.whatsapp.errors import classify
from parley.adapters.whatsapp.graph import Graph, segment
from parley.adapters.whatsapp.wire import NumberAnswer
from parley.core import phones
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed

NUMBER_FIELDS: Final = "display_phone_number,verified_name,quality_rating,throughput,platform_type,is_on_biz_app,status"
RATES: Final = {"STANDARD": 80, "HIGH": 1_000}
"""Messages a second, both directions together, by `throughput.level`. September 2026."""
COEXISTENCE_RATE: Final = 20
"""A number that is used in the Business app as well, whatever its level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFacts:
    """A business number as Meta knows it."""

    display_number: str | None
    """E.164 where it is one."""
    verified_name: str | None
    quality: str | None
    """GREEN, YELLOW, RED, UNKNOWN or NA."""
    throughput_level: str | None
    platform: str | None
    on_business_app: bool
    status: str | None

    @property
    def messages_per_second(self) -> int:
        """How fast the number may send."""
        if self.on_business_app:
            return COEXISTENCE_RATE
        return RATES.get(self.throughput_level or "", RATES["STANDARD"])


async def read_number(graph: Graph, access: ChannelAccess) -> NumberFacts:
    """The number's facts. Raises SendFailed."""
    answer = await graph.get(access, f"{segment(access.number_id)}?fields={NUMBER_FIELDS}")
    try:
        number = msgspec.json.decode(answer.body, type=NumberAnswer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise classify(answer.status, answer.body, answer.headers) from error
    shown = number.display_phone_number
    return NumberFacts(
        display_number=(phones.normalise(shown) or shown) if shown else None,
        verified_name=number.verified_name,
        quality=number.quality_rating,
        throughput_level=number.throughput.level if number.throughput else None,
        platform=number.platform_type,
        on_business_app=bool(number.is_on_biz_app),
        status=number.status,
    )


async def subscribe_app(graph: Graph, access: ChannelAccess) -> None:
    """Have Meta send the account's webhooks to our app; without it none arrive. Raises SendFailed."""
    await graph.post(access, f"{segment(access.account_id)}/subscribed_apps", {})


async def register(graph: Graph, access: ChannelAccess, pin: str) -> None:
    """Register the number with its six-digit PIN; not for numbers in the Business app. Raises SendFailed."""
    six_digits = 6
    if len(pin) != six_digits or not pin.isdecimal():
        raise SendFailed(Remedy.TELL_SENDER, code=100, title="The PIN has six digits. Give all six.")
    await graph.post(access, f"{segment(access.number_id)}/register", {"messaging_product": "whatsapp", "pin": pin})
