"""What the mirror of the provider's templates says about a draft: whether it may be used, whether it is marketing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from parley.core.content import Content
from parley.kit.unit import Unit
from parley.modules.channels import Routes, TemplateState, template_state
from parley.modules.conversations.domain import Draft, Refused

_UNUSABLE = frozenset(("PAUSED", "DISABLED", "REJECTED", "DELETED", "PENDING_DELETION", "LOCKED", "ARCHIVED"))


async def judge_templates(
    unit: Unit, routes: Routes, drafts: Sequence[Draft], moment: datetime
) -> tuple[list[Draft], dict[int, Refused]]:
    """The drafts, marked as marketing where their template is, and those whose template can't be used, by place.

    A template that the mirror does not know is the provider's to judge.
    """
    judged = list(drafts)
    refused: dict[int, Refused] = {}
    for place, draft in enumerate(drafts):
        if draft.content.kind != "template":
            continue
        channel = await routes.get(draft.thread.channel)
        named = template_named(draft.content)
        state = await template_state(unit, draft.thread.workspace, channel.access.account_id, named)
        if state is None:
            continue
        if state.category == "MARKETING" and not draft.marketing:
            judged[place] = replace(draft, marketing=True)
        if not _usable(state, moment):
            sentence = f"The template {named[0]} ({named[1]}) is {state.status.lower()}; use another or wait."
            refused[place] = Refused("template_not_usable", sentence)
    return judged, refused


def template_named(content: Content | None) -> tuple[str, str]:
    """Name and language of the template a content names; empty texts when it names none."""
    body = content.body if content is not None and content.kind == "template" else {}
    language = body.get("language")
    code = language.get("code") if isinstance(language, dict) else None
    return str(body.get("name") or ""), str(code or "")


def _usable(state: TemplateState, moment: datetime) -> bool:
    if state.status not in _UNUSABLE:
        return True
    return state.paused_until is not None and state.paused_until <= moment
