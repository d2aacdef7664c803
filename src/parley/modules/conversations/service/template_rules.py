"""What is known of the provider's templates says about a draft: may it be used, is it marketing, how is it filled."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from parley.core.content import Content
from parley.core.errors import Fault
from parley.kit.unit import Unit
from parley.modules.channels import Routes
from parley.modules.conversations.domain import Draft, Refused
from parley.modules.privacy import People
from parley.modules.templates import Template, find_template, language_of, use_template


@dataclass(frozen=True, slots=True)
class Judged:
    """Drafts as they are to be said: marked as marketing where their template is, their variables filled in.

    `refused` and `faults` are by the draft's place.
    """

    drafts: list[Draft]
    refused: dict[int, Refused] = field(default_factory=dict)
    faults: dict[int, tuple[Fault, ...]] = field(default_factory=dict)


async def judge_templates(
    unit: Unit, people: People, routes: Routes, drafts: Sequence[Draft], moment: datetime
) -> Judged:
    """The drafts judged. A template that is not known here is the provider's to judge."""
    judged = Judged(list(drafts))
    known: dict[tuple[str, str, str], Template | None] = {}
    for place, draft in enumerate(drafts):
        if draft.content.kind != "template":
            continue
        channel = await routes.get(draft.thread.channel)
        named = (channel.access.account_id, *template_named(draft.content))
        if named not in known:
            known[named] = await find_template(unit, people.scopes, draft.thread.workspace, named)
        template = known[named]
        contact = (draft.thread.workspace, draft.thread.contact)
        used = await use_template(unit, people, template, draft.content, contact)
        marketing = draft.marketing or (template is not None and template.category == "MARKETING")
        judged.drafts[place] = replace(draft, content=used.content, marketing=marketing)
        if used.faults:
            judged.faults[place] = used.faults
        if template is not None and not template.usable(moment):
            sentence = f"The template {named[1]} ({named[2]}) is {template.status.lower()}; use another or wait."
            judged.refused[place] = Refused("template_not_usable", sentence)
    return judged


def template_named(content: Content | None) -> tuple[str, str]:
    """Name and language of the template a content names; empty texts when it names none."""
    body = content.body if content is not None and content.kind == "template" else {}
    return str(body.get("name") or ""), language_of(body) or ""
