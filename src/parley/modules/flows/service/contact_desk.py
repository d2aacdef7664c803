"""Find and change other contacts for flows, each in a unit of its own."""

from parley.core.errors import InvalidInput, NotFound
from parley.core.ids import ContactId, WorkspaceId, parse_public, public
from parley.core.json import JsonObject, JsonValue
from parley.kit.unit import Unit, Units
from parley.modules.contacts import (
    KEEP,
    Contact,
    Directory,
    Edit,
    FieldAmong,
    Identity,
    Search,
    contact_of,
    edit_contact,
    search_contacts,
)
from parley.modules.flows.engine import Answer, Effect, EffectFailed
from parley.modules.flows.engine.effects.contact import (
    ContactAnswer,
    ContactUpdated,
    FindContactEffect,
    FoundContact,
    UpdateContactEffect,
)


class ContactDesk:
    """The Performer of `find_contact` and `update_contact`. Asked twice, it finds and leaves the same."""

    def __init__(self, units: Units, directory: Directory) -> None:
        self._units = units
        self._directory = directory

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """Who was found, or that it is changed; EffectFailed with what does not fit."""
        try:
            async with self._units.begin(workspace) as unit:
                if isinstance(effect, FindContactEffect):
                    found = await self._find(unit, effect)
                    return ContactAnswer(contact=_shown(found) if found else None)
                if isinstance(effect, UpdateContactEffect):
                    await self._update(unit, effect)
                    return ContactUpdated()
        except (InvalidInput, NotFound) as misfit:
            return EffectFailed(reason=_told(misfit))
        return EffectFailed(reason="This is nothing to ask of contacts.")

    async def _find(self, unit: Unit, effect: FindContactEffect) -> Contact | None:
        if effect.phone is not None:
            return await contact_of(unit, self._directory, Identity("phone", effect.phone))
        value: JsonValue = effect.value  # type: ignore[assignment]  # a definition is read from JSON
        wanted = Search(condition=FieldAmong(effect.field or "", (value,), "/equals"))
        found, _ = await search_contacts(unit, self._directory, wanted, None, 1)
        return found[0] if found else None

    async def _update(self, unit: Unit, effect: UpdateContactEffect) -> None:
        contact = parse_public("con", effect.contact)
        if contact is None:
            raise NotFound(f"{effect.contact!r} is no contact's id.")
        fields: JsonObject = dict(effect.fields)  # type: ignore[arg-type]  # a definition is read from JSON
        edit = Edit(
            workspace=WorkspaceId(unit.workspace),
            contact=ContactId(contact),
            name=effect.name or KEEP,
            language=effect.language or KEEP,
            fields=fields,
            add_tags=effect.add_tags,
            remove_tags=effect.remove_tags,
        )
        await edit_contact(unit, self._directory, edit)


def _shown(contact: Contact) -> FoundContact:
    profile = contact.profile
    return FoundContact(
        id=public("con", contact.id),
        name=profile.name,
        phone=profile.identity("phone"),
        language=profile.language,
        fields=dict(profile.fields),
    )


def _told(misfit: InvalidInput | NotFound) -> str:
    faults = misfit.faults if isinstance(misfit, InvalidInput) else ()
    return " ".join(each.detail for each in faults) or str(misfit)
