"""What Meta decides about templates and numbers, and the webhooks that tell it."""

from parley.sim.businesses import Business
from parley.sim.payloads import (
    number_quality_value,
    template_category_value,
    template_quality_value,
    template_status_value,
)
from parley.sim.templates import Template
from parley.sim.world import Origin, World


def review(world: World, template: Template) -> None:
    """Judge a pending template by the simulator's verdict."""
    if template.status != "PENDING" or world.templates.get(template.id) is not template:
        return
    verdict = world.settings.review_verdict
    template.rejected_reason = "NONE" if verdict == "APPROVED" else "INVALID_FORMAT"
    set_status(world, template, verdict)


def set_status(world: World, template: Template, status: str) -> None:
    """Move a template to a status and tell it."""
    template.status = status
    tell_status(world, template, status)


def tell_status(world: World, template: Template, event: str) -> None:
    _tell(world, template.waba_id, "message_template_status_update", template_status_value(template, event))


def set_quality(world: World, template: Template, quality: str) -> None:
    previous, template.quality = template.quality, quality
    _tell(world, template.waba_id, "message_template_quality_update", template_quality_value(template, previous))


def set_category(world: World, template: Template, category: str) -> None:
    previous, template.category = template.category, category
    _tell(world, template.waba_id, "template_category_update", template_category_value(template, previous))


def tell_number(world: World, business: Business, event: str) -> None:
    """A number's quality, limit or throughput changed."""
    _tell(world, business.waba_id, "phone_number_quality_update", number_quality_value(business, event))


def _tell(world: World, waba_id: str, field: str, value: dict[str, object]) -> None:
    world.publish(Origin(waba_id=waba_id), field, value)
