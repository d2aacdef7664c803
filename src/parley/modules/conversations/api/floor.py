"""Routes of the floor."""

from parley.core.ids import ConversationId
from parley.core.time import now
from parley.kit.rest import ids
from parley.kit.rest.route import UnitHere, resource
from parley.modules.conversations.schemas import ConversationShape, FloorGiven
from parley.modules.conversations.service.floor import give_floor
from parley.modules.conversations.service.read import get_conversation

router = resource("conversations")


@router.post("/conversations/{conversation_id}/floor", operation_id="give_floor", summary="Give or take the floor")
async def create_floor(unit: UnitHere, conversation_id: ids.ConversationPath, given: FloorGiven) -> ConversationShape:
    """Say who speaks: `person` silences the bot at once, also what it said and has not left yet; `bot` gives back."""
    wanted = ConversationId(conversation_id)
    await give_floor(unit, wanted, given.holder, given.expires_at)
    return ConversationShape.of(await get_conversation(unit, wanted), now())
