"""Between the provider's parties, the contacts room's sightings, and the addresses messages are sent to."""

from parley.core.ids import WorkspaceId
from parley.modules.channels.inbound import Party
from parley.modules.contacts import Identity, Profile, Sighting


def sighting_of(workspace: WorkspaceId, party: Party) -> Sighting | None:
    """How a person was met; None when the provider named nobody."""
    identities = []
    if party.phone:
        identities.append(Identity("phone", party.phone))
    if party.user_id:
        identities.append(Identity("user_id", party.user_id))
    if party.username:
        identities.append(Identity("username", party.username))
    return Sighting(workspace, tuple(identities), party.name) if identities else None


def group_sighting(workspace: WorkspaceId, group_id: str) -> Sighting:
    """A group conversation's pseudo-contact."""
    return Sighting(workspace, (Identity("group", group_id),))


def address_of(party: Party, group_id: str | None = None) -> dict[str, str]:
    """The address a reply goes to, as kept with a message: no name, nothing that is not needed to send."""
    if group_id is not None:
        return {"group_id": group_id}
    return {name: value for name, value in (("phone", party.phone), ("user_id", party.user_id)) if value is not None}


def address_in(profile: Profile) -> dict[str, str]:
    """The newest address of a contact; empty when there is none to send to."""
    group = profile.identity("group")
    if group is not None:
        return {"group_id": group}
    pairs = (("phone", profile.identity("phone")), ("user_id", profile.identity("user_id")))
    return {name: value for name, value in pairs if value is not None}


def party_of(address: dict[str, str]) -> Party:
    """The provider's party of an address."""
    return Party(phone=address.get("phone"), user_id=address.get("user_id"))
