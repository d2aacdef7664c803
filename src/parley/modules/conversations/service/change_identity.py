"""A person's number or user id changed, or the business's phone book was synced."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.channels.inbound import ContactSynced, IdentityChanged, InboundMessage
from parley.modules.contacts import Directory, Identity, Sighting
from parley.modules.conversations.service.follow_merge import follow_merge
from parley.modules.conversations.service.parties import sighting_of
from parley.modules.conversations.service.receive import Arrival, receive

Change = ContactSynced | IdentityChanged


async def change_identities(unit: Unit, directory: Directory, changes: Sequence[tuple[Channel, Change]]) -> None:
    """Bring contacts up to date. A changed number is shown in the conversation as the system message it came as."""
    for channel, change in changes:
        if isinstance(change, IdentityChanged):
            await _change(unit, directory, channel, change)
        elif not change.removed:
            who = sighting_of(channel.workspace, change.party)
            if who is not None:
                await directory.recognise(unit, [who])


async def _change(unit: Unit, directory: Directory, channel: Channel, change: IdentityChanged) -> None:
    before = sighting_of(channel.workspace, change.before)
    after = sighting_of(channel.workspace, change.after)
    if before is None or after is None:
        return
    both = Sighting(channel.workspace, before.identities + after.identities, after.name or before.name)
    known = (await directory.recognise(unit, [both]))[both]
    for other in known.others:
        await follow_merge(unit, directory, channel.workspace, other, known.contact)
    message = InboundMessage(
        account=change.account,
        provider_id=change.provider_id,
        sender=change.after,
        at=change.at,
        content=change.content,
        origin="history",
    )
    await receive(unit, directory, [Arrival(channel, message)])
    given_up = [each for each in before.identities if each not in after.identities and each.kind != "username"]
    unit.then(lambda: _give_up(directory, channel, given_up))


async def _give_up(directory: Directory, channel: Channel, identities: Sequence[Identity]) -> None:
    """The old number may be another person's tomorrow: it no longer leads here."""
    for identity in identities:
        await directory.people.unlink(channel.workspace, await directory.lookup(channel.workspace, identity))
    directory.forget()
