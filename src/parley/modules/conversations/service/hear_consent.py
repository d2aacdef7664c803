"""A whole message that is a word like STOP or START is written into the consent ledger, and confirmed once."""

from collections.abc import Sequence

from parley.core.content import Content
from parley.kit.unit import Unit
from parley.modules.contacts import Directory
from parley.modules.conversations.domain import Draft
from parley.modules.conversations.events import MessageReceived
from parley.modules.conversations.service.say import Speaker
from parley.modules.privacy import MARKETING, Consent, confirmation_of, opted_out, read_keyword, record_consent


async def hear_consent(unit: Unit, directory: Directory, speaker: Speaker, received: Sequence[MessageReceived]) -> None:
    """Record what was said; who changed their mind is told what holds now."""
    heard = [(each, state) for each in received if each.is_live and (state := read_keyword(each.arrival.content.text))]
    if not heard:
        return
    before = await opted_out(unit, MARKETING, [(each.thread.workspace, each.author) for each, _ in heard])
    said = [
        Consent(
            workspace=each.thread.workspace,
            contact=each.author,
            state=state,
            method="keyword",
            occurred_at=each.at,
            message=each.message_id,
            evidence=each.message_id.hex,
        )
        for each, state in heard
    ]
    await record_consent(unit, directory.people.scopes, said)
    drafts = [
        Draft(
            thread=each.thread,
            content=Content("text", {"body": confirmation_of(each.arrival.content.text)}),
            to=each.to,
        )
        for each, state in heard
        if (state == "withdrawn") != ((each.thread.workspace, each.author) in before) and each.thread.floor == "bot"
    ]
    if drafts:
        await speaker.say(unit, drafts)
