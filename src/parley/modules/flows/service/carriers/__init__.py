"""Carriers: what the events of sprints mean outside the engine. One file per subject, many conversations in one go."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from parley.kit.unit import Unit
from parley.modules.flows.engine import SprintEvent
from parley.modules.flows.engine.events.asking_the_world import Emitted, HttpAnswered
from parley.modules.flows.engine.events.contact import ConsentGiven, FieldSet, LanguageSet, TagSet
from parley.modules.flows.engine.events.course import FlowEnded
from parley.modules.flows.engine.events.people import Closed, HandedOver
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed
from parley.modules.flows.service.carriers.consent import carry_consent
from parley.modules.flows.service.carriers.contact import carry_contact
from parley.modules.flows.service.carriers.emitted import carry_emitted
from parley.modules.flows.service.carriers.facts import carry_facts
from parley.modules.flows.service.carriers.people import carry_closed, carry_people
from parley.modules.flows.service.carriers.requests import RequestWatch
from parley.modules.flows.service.carriers.saying import carry_saying
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened

Carrier: TypeAlias = Callable[[Tools, Unit, Sequence[Happened]], Awaitable[None]]

CARRIERS: tuple[tuple[tuple[type[SprintEvent], ...], Carrier], ...] = (
    ((Say,), carry_saying),
    ((FieldSet, LanguageSet, TagSet), carry_contact),
    ((ConsentGiven,), carry_consent),
    ((Emitted,), carry_emitted),
    ((HttpAnswered,), RequestWatch()),
    ((LimitHit, NodeFailed, FlowEnded), carry_facts),
    ((Closed,), carry_closed),
    ((HandedOver,), carry_people),
)
"""In this order: what is said is said while the bot has the floor, so a hand-over is last."""

CARRIED: frozenset[type[SprintEvent]] = frozenset(kind for kinds, _ in CARRIERS for kind in kinds)
