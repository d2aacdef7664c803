"""The route that marks a person's message as read."""

from typing import Annotated

from fastapi import Query, Response

from parley.core.ids import MessageId, WorkspaceId
from parley.kit.rest import ids
from parley.kit.rest.route import CallerHere, StreamRoute, WorkspaceHere, provided, resource
from parley.modules.conversations.service.mark_read import Receipts

router = resource("messages", route=StreamRoute)
"""No unit is held while the provider is asked."""

Typing = Annotated[bool, Query(description="Also show that we type, until we send or 25 seconds are over.")]


@router.post(
    "/messages/{message_id}/read", operation_id="mark_message_read", summary="Mark a message as read", status_code=204
)
async def mark_message_read(
    receipts: Annotated[Receipts, provided(Receipts)],
    workspace: WorkspaceHere,
    caller: CallerHere,
    message_id: ids.MessagePath,
    typing: Typing = False,  # noqa: FBT002 - a query parameter is given by name
) -> Response:
    """Show a person that their message, and those before it, were read.

    The provider is asked at once: 204 says that it took it, 503 that it should be tried again. Doing it twice changes
    nothing more. Messages of theirs can be marked for thirty days.
    """
    await receipts.mark_read(WorkspaceId(workspace), MessageId(message_id), typing=typing, caller=caller)
    return Response(status_code=204)
