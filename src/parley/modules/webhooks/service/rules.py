"""What an endpoint may be: the rules of its address, types, headers and channels."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from uuid import UUID

from parley.core.errors import Fault, InvalidInput, NotFound, fault
from parley.kit.addresses import is_own, is_public
from parley.kit.targets import Refused, literal_address, read_target
from parley.kit.unit import Unit
from parley.modules.channels import Routes
from parley.modules.webhooks.catalogue import sentences
from parley.modules.webhooks.domain import unknown_types

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}\Z")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?\Z")
_RESERVED: Final = frozenset(
    {"host", "connection", "content-length", "content-type", "transfer-encoding", "te", "upgrade", "keep-alive"}
    | {"user-agent", "x-hub-signature-256", "accept-encoding", "expect", "trailer"}
)


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """What this installation allows. `allow_private`: the development switch."""

    routes: Routes
    allow_private: bool

    def check(self, url: str, event_types: Sequence[str], headers: Mapping[str, str]) -> None:
        """Raises InvalidInput with everything that is wrong."""
        found = [*self._url_faults(url), *_type_faults(event_types), *_header_faults(headers)]
        if found:
            raise InvalidInput("The endpoint can't be like this.", found)

    async def channels(self, unit: Unit, wanted: Sequence[UUID]) -> tuple[UUID, ...]:
        """The channels to hear of. Raises NotFound for one that the caller doesn't see.

        Who is restricted to some channels and names none hears of those: nobody learns of more by a webhook.
        """
        seen = [each.id for each in await self.routes.seen_by(unit)]
        if not set(seen).issuperset(wanted):
            raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")
        bounds = unit.caller.bounds if unit.caller else None
        return tuple(wanted) if wanted or bounds is None or bounds.hidden else tuple(seen)

    def _url_faults(self, url: str) -> Iterator[Fault]:
        try:
            target = read_target(url)
        except Refused as error:
            yield fault("/url", "bad_url", str(error))
            return
        if target.scheme == "http" and not self.allow_private:
            yield fault("/url", "not_encrypted", "Give an https:// address: what is told there is not for everybody.")
        literal = literal_address(target)
        if literal is None or is_public(literal) or (self.allow_private and is_own(literal)):
            return
        sentence = (
            "This address is not on the public internet, so it is not called. While developing, "
            "PARLEY_WEBHOOKS_ALLOW_PRIVATE=1 allows this machine and private networks."
        )
        yield fault("/url", "private_address", sentence)


def _type_faults(event_types: Sequence[str]) -> Iterator[Fault]:
    known = list(sentences())
    unknown = set(unknown_types(event_types, known))
    for index, each in enumerate(event_types):
        if each in unknown:
            near = get_close_matches(each, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            sentence = f"There is no such type of event. {hint}GET /v1/event-types lists them."
            yield fault(f"/event_types/{index}", "unknown_event_type", sentence)


def _header_faults(headers: Mapping[str, str]) -> Iterator[Fault]:
    for name, value in headers.items():
        where = "/headers/" + name.replace("~", "~0").replace("/", "~1")
        if not _NAME.match(name):
            yield fault(where, "bad_header_name", "A header's name has letters, digits and hyphens.")
        elif name.lower() in _RESERVED or name.lower().startswith("webhook-"):
            yield fault(where, "reserved_header", "This header is ours; take another name.")
        if not _VALUE.match(value):
            yield fault(where, "bad_header_value", "A header's value has 1 to 1,024 visible ASCII characters.")
