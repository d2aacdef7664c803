"""Make a workspace with its owner."""

from dataclasses import dataclass

from parley.core.ids import UserId, WorkspaceId, new_uuid
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.domain import check_owner, normalise_email
from parley.modules.accounts.passwords import hash_password
from parley.modules.accounts.store import workspaces as store


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkspace:
    name: str
    owner_email: str
    owner_password: str | None = None
    id: WorkspaceId


async def create_workspace(unit: Unit, keys: KeyService, new: NewWorkspace) -> UserId:
    """The owner's id. The unit is bound to `new.id`, whose keys exist already. Raises InvalidInput."""
    check_owner(new.name, new.owner_email, new.owner_password)
    email = normalise_email(new.owner_email) or ""
    own = await keys.scope(new.id)
    everywhere = await keys.installation()
    await store.add_workspace(unit, store.WORKSPACE_NAME.seal(own.data, new.id, new.id, new.name.strip()))
    owner = UserId(new_uuid())
    await store.add_person(
        unit,
        store.NewPerson(
            id=owner,
            email=store.PERSON_EMAIL.seal(own.data, new.id, owner, email),
            email_lookup=blind_index(everywhere.index, "email", email),
            password=hash_password(new.owner_password) if new.owner_password else None,
            role="owner",
        ),
    )
    return owner
