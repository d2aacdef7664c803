"""Channels: configured numbers, what comes in from their providers, and how fast they may send."""

from parley.modules.channels.domain import (
    GIVE_UP_AFTER,
    PARKED,
    RATES,
    TEST_KIND,
    Channel,
    ChannelState,
    LastSeen,
    NewChannel,
    Queue,
    word_of,
)
from parley.modules.channels.service.accept import Intake, open_delivery, seal_delivery
from parley.modules.channels.service.add_channel import add_channel
from parley.modules.channels.service.health import HealthDesk, Samples, request_check
from parley.modules.channels.service.notices import Notice, Noticeable, Noticed, keep_notices, list_notices, notices_of
from parley.modules.channels.service.onboard import OnboardingDesk
from parley.modules.channels.service.open_test_channel import open_test_channel
from parley.modules.channels.service.pause_channel import pause_channel, resume_channel
from parley.modules.channels.service.plan_deliveries import LANE as PLANNED
from parley.modules.channels.service.plan_deliveries import PlannedDeliveries
from parley.modules.channels.service.refusal import told_by_provider
from parley.modules.channels.service.routes import Routes
from parley.modules.channels.store.channels import Pause, note_traffic, slow_down, test_channels
from parley.modules.channels.store.deliveries import Backlog, Delivery, backlog
from parley.modules.channels.store.deliveries import claim as claim_deliveries
from parley.modules.channels.store.deliveries import put_back as put_delivery_back

__all__ = [
    "GIVE_UP_AFTER",
    "PARKED",
    "PLANNED",
    "RATES",
    "TEST_KIND",
    "Backlog",
    "Channel",
    "ChannelState",
    "Delivery",
    "HealthDesk",
    "Intake",
    "LastSeen",
    "NewChannel",
    "Notice",
    "Noticeable",
    "Noticed",
    "OnboardingDesk",
    "Pause",
    "PlannedDeliveries",
    "Queue",
    "Routes",
    "Samples",
    "add_channel",
    "backlog",
    "claim_deliveries",
    "keep_notices",
    "list_notices",
    "note_traffic",
    "notices_of",
    "open_delivery",
    "open_test_channel",
    "pause_channel",
    "put_delivery_back",
    "request_check",
    "resume_channel",
    "seal_delivery",
    "slow_down",
    "test_channels",
    "told_by_provider",
    "word_of",
]
