"""People told the provider to stop or resume marketing from this business."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.channels.inbound import PreferenceChanged
from parley.modules.contacts import Directory
from parley.modules.conversations.service.parties import sighting_of
from parley.modules.privacy import Consent, record_consent


async def take_preferences(
    unit: Unit, directory: Directory, changes: Sequence[tuple[Channel, PreferenceChanged]]
) -> None:
    """Write them into the consent ledger; who is not known yet becomes a contact, so that the wish is kept."""
    met = [(channel, change, sighting_of(channel.workspace, change.party)) for channel, change in changes]
    known = await directory.recognise(unit, [who for _, _, who in met if who is not None])
    said = [
        Consent(
            workspace=channel.workspace,
            contact=known[who].contact,
            state="withdrawn" if change.marketing == "stop" else "granted",
            method="provider_preference",
            occurred_at=change.at,
        )
        for channel, change, who in met
        if who is not None
    ]
    await record_consent(unit, directory.people.scopes, said)
