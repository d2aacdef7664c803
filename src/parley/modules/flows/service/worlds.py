"""The facts of the world that a sprint is told: only what its flow can look at is read."""

from uuid import UUID

from parley.core.ids import chance
from parley.core.json import JsonValue
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, Profile, names_of_tags, profiles_of
from parley.modules.conversations import Thread
from parley.modules.flows.engine import ContactView, Session, World
from parley.modules.flows.service.shelf import Shelf, Version

TIMEZONE_FIELD = "timezone"
"""The field of a contact that tells where they live, as an IANA name."""

_STRANGER = Profile()


class Worlds:
    """Makes the world of each sprint."""

    def __init__(self, directory: Directory, shelf: Shelf) -> None:
        self._directory = directory
        self._shelf = shelf

    async def of(
        self, unit: Unit, thread: Thread, version: Version, session: Session | None, profiles: dict[UUID, Profile]
    ) -> World:
        """The world of a session, or of one that is to start. `profiles` are those already read in this unit."""
        return World(
            now=now(),
            contact=await self._contact(unit, thread, version, profiles),
            conversation_id=f"cnv_{thread.id.hex}",
            channel_id=f"chn_{thread.channel.hex}",
            seed=chance.getrandbits(32),
            flows=await self._shelf.flows(thread.workspace, thread.contact, version, session),
        )

    async def _contact(
        self, unit: Unit, thread: Thread, version: Version, profiles: dict[UUID, Profile]
    ) -> ContactView:
        contact, needs = thread.contact, version.needs
        if (needs.contact or needs.tags) and contact not in profiles:
            profiles.update(await profiles_of(unit, self._directory.people, [(thread.workspace, contact)]))
        profile = profiles.get(contact, _STRANGER)
        tags: frozenset[str] = frozenset()
        if needs.tags and profile.tags:
            wanted = [(thread.workspace, tag) for tag in profile.tags]
            tags = frozenset((await names_of_tags(unit, self._directory.people.scopes, wanted)).values())
        fields: dict[str, JsonValue] = dict(profile.fields)
        zone = fields.get(TIMEZONE_FIELD)
        return ContactView(
            id=f"con_{contact.hex}",
            name=profile.name,
            phone=profile.identity("phone"),
            language=profile.language,
            fields=fields,
            tags=tags,
            timezone=zone if isinstance(zone, str) else None,
        )
