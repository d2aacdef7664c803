"""What a key may be allowed: `resource:action`, from this list. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from parley.core.errors import Fault, InvalidInput, fault

ALL: Final = "*"
ACTIONS: Final = ("read", "write")
_SCOPE: Final = re.compile(r"([a-z][a-z-]*):(\*|[a-z]+)\Z")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that scopes name. `of_channels`: its things belong to channels, so a key's channels bound them."""

    name: str
    words: str
    of_channels: bool = False


RESOURCES: Final = {
    each.name: each
    for each in (
        Resource("analytics", "Figures of the workspace."),
        Resource("api-keys", "API keys: make, change, rotate and revoke them."),
        Resource("api-logs", "What was asked of this API."),
        Resource("api-settings", "How much of the API is used, and how long its logs are kept."),
        Resource("audit-log", "Who did what in the workspace."),
        Resource("calls", "Voice calls.", of_channels=True),
        Resource("campaigns", "Messages to many."),
        Resource("channels", "Configured numbers.", of_channels=True),
        Resource("consents", "What people allowed."),
        Resource("contacts", "People, and what they consented to."),
        Resource("conversations", "One person on one channel.", of_channels=True),
        Resource("event-types", "What can happen.", of_channels=True),
        Resource("events", "What happened.", of_channels=True),
        Resource("flows", "Bots."),
        Resource("knowledge", "Documents that answers are drawn from."),
        Resource("media", "Files.", of_channels=True),
        Resource("members", "Who works in the workspace."),
        Resource("messages", "What was said, in and out.", of_channels=True),
        Resource("oauth-apps", "Apps of partners that may ask for access."),
        Resource("oauth-installations", "Which apps have access to the workspace."),
        Resource("privacy-requests", "Requests of people about their data."),
        Resource("processors", "Services of others that may work on the workspace's data."),
        Resource("retention-rules", "How long things are kept."),
        Resource("roles", "What members may do."),
        Resource("scopes", "This list."),
        Resource("segments", "Groups of contacts by rule."),
        Resource("templates", "Messages approved beforehand."),
        Resource("sessions", "Conversations of bots, step by step.", of_channels=True),
        Resource("tickets", "Conversations that people work on."),
        Resource("webhook-deliveries", "What was delivered to webhook endpoints.", of_channels=True),
        Resource("webhook-endpoints", "Where facts are delivered to.", of_channels=True),
    )
}
"""By name. A resource of the API that is not here has no scope, and nobody may use it."""


def covers(held: Collection[str], wanted: str, *, bounded: bool) -> bool:
    """Whether scopes held include one wanted. `*` of a key bound to channels is only what belongs to channels."""
    if wanted in held:
        return True
    if wanted == ALL:
        return False
    resource = wanted.partition(":")[0]
    if f"{resource}:*" in held:
        return True
    known = RESOURCES.get(resource)
    return ALL in held and (not bounded or (known is not None and known.of_channels))


def check_scopes(scopes: Iterable[str]) -> None:
    """Raises InvalidInput naming every scope that there is not, with the nearest that there is."""
    given = list(scopes)
    faults = [found for at, scope in enumerate(given) if (found := _fault(at, scope)) is not None]
    if not given:
        faults.append(fault("/scopes", "too_few", "Name at least one scope; GET /v1/scopes lists them."))
    if faults:
        raise InvalidInput("A scope is not known.", faults)


def _fault(at: int, scope: str) -> Fault | None:
    if scope == ALL:
        return None
    parts = _SCOPE.match(scope)
    if parts is None:
        sentence = f"`{scope[:60]}` is no scope; write `*` or `resource:action`, as messages:write."
        return fault(f"/scopes/{at}", "bad_scope", sentence)
    resource, action = parts.groups()
    if resource not in RESOURCES:
        near = get_close_matches(resource, RESOURCES, n=1)
        hint = f"did you mean `{near[0]}:{action}`?" if near else "GET /v1/scopes lists those there are."
        return fault(f"/scopes/{at}", "unknown_resource", f"There is no resource `{resource[:60]}`; {hint}")
    if action not in (*ACTIONS, ALL):
        sentence = f"`{action[:60]}` is no action; there are read, write and *."
        return fault(f"/scopes/{at}", "unknown_action", sentence)
    return None
