"""Write what people said about marketing into the ledger."""

from collections.abc import Sequence

from parley.core.ids import new_uuid
from parley.core.time import now
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.privacy.domain import Consent
from parley.modules.privacy.events import ContactOptedIn, ContactOptedOut
from parley.modules.privacy.store import consents as store


async def record_consent(unit: Unit, keys: KeyService, said: Sequence[Consent]) -> None:
    """Append entries; a repeated one (same contact, purpose, method, evidence, moment) is written once."""
    if not said:
        return
    entries = [(new_uuid(), await _digest(keys, each), each) for each in said]
    for change in await store.append(unit, entries):
        happened = ContactOptedOut if change.state == "withdrawn" else ContactOptedIn
        unit.record(happened(workspace=change.workspace, at=now(), contact=change.contact))


async def _digest(keys: KeyService, said: Consent) -> bytes:
    own = await keys.scope(said.workspace)
    parts = (said.contact.hex, said.purpose, said.state, said.method, said.evidence or "", said.occurred_at.isoformat())
    return blind_index(own.index, "consent", "|".join(parts))
