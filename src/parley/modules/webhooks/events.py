"""Facts about webhooks themselves. `subject` is the endpoint."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """An endpoint is told nothing any more: it answered 410, failed for five days, or was switched off (`reason`)."""

    kind: ClassVar[str] = "webhook_endpoint.disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointEnabled(Event):
    """An endpoint that was disabled is told again what happens from now on."""

    kind: ClassVar[str] = "webhook_endpoint.enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointTested(Event):
    """Somebody asked for a test; only this endpoint is told, with an example of the type in `detail`."""

    kind: ClassVar[str] = "webhook_endpoint.tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDeliveryExhausted(Event):
    """A delivery is given up: its last attempt failed, or its receiver wants it no more; `delivery_id` names it."""

    kind: ClassVar[str] = "webhook_delivery.exhausted"
