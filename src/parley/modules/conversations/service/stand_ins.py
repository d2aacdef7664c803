"""Which messages a Cloud API program knows by a stand-in, though the provider names them by ids of its own."""

from collections.abc import Collection

from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.conversations.service.receive import REF
from parley.modules.conversations.stand_in import stand_in
from parley.modules.conversations.store.outcomes import stood_in


async def stand_ins_of(unit: Unit, keys: KeyService, provider_ids: Collection[str]) -> dict[str, str]:
    """The stand-ins by the provider's ids; those that have none are missing."""
    if not provider_ids:
        return {}
    index = (await keys.scope(unit.workspace)).index
    by_ref = {blind_index(index, REF, each): each for each in provider_ids}
    return {by_ref[ref]: stand_in(message) for ref, message in await stood_in(unit, list(by_ref))}
