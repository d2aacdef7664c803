"""Which messages a Cloud API program knows by a stand-in, though the provider names them by ids of its own."""

from collections.abc import Iterable

from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.conversations.domain import MessageBody
from parley.modules.conversations.service.receive import REF
from parley.modules.conversations.stand_in import stand_in
from parley.modules.conversations.store.outcomes import stood_in


async def stand_ins_of(unit: Unit, keys: KeyService, bodies: Iterable[MessageBody]) -> dict[str, str]:
    """Of the messages that these answer or react to: the stand-ins, by the provider's ids; who has none is missing."""
    named = {name for body in bodies for name in (body.context, body.body.get("message_id")) if isinstance(name, str)}
    if not named:
        return {}
    index = (await keys.scope(unit.workspace)).index
    by_ref = {blind_index(index, REF, each): each for each in named}
    return {by_ref[ref]: stand_in(message) for ref, message in await stood_in(unit, list(by_ref))}
