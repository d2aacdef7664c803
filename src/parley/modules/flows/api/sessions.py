"""Routes of sessions: started, looked at step by step, interrupted, resumed, begun anew."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from parley.core.ids import ChannelId, ContactId, ConversationId, FlowId
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.conversations import get_conversation
from parley.modules.flows.schemas.sessions import (
    InterruptRequest,
    ResumeRequest,
    SessionShape,
    SessionStory,
    StartRequest,
)
from parley.modules.flows.service.get_flow import held_flow
from parley.modules.flows.service.session_desk import SessionDesk, Start
from parley.modules.flows.store import sprints

router = resource("sessions")
starts = resource("flows")

DeskHere = Annotated[SessionDesk, provided(SessionDesk)]
Waiting = Annotated[bool, Query(description="Only those that wait for something.")]


@router.get("/sessions", operation_id="list_sessions", summary="List sessions")
async def read_sessions(
    unit: UnitHere,
    window: WindowHere,
    flow_id: ids.OfFlow = None,
    conversation_id: ids.OfConversation = None,
    waiting: Waiting = False,  # noqa: FBT002 - in the query
) -> Page[SessionShape]:
    """Sessions that began in the last 30 days, newest first."""
    if flow_id is not None:
        await held_flow(unit, flow_id)
    if conversation_id is not None:
        await get_conversation(unit, ConversationId(conversation_id))
    wanted = sprints.Wanted(flow=flow_id, conversation=conversation_id, waiting=waiting)

    async def read(after: UUID | None, limit: int) -> Sequence[sprints.SessionStands]:
        return await sprints.page(unit, wanted, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[SessionShape.of(each) for each in found], next_cursor=cursor)


@router.get("/sessions/{session_id}", operation_id="get_session", summary="Get a session")
async def read_session(unit: UnitHere, desk: DeskHere, session_id: ids.SessionPath) -> SessionStory:
    """A session step by step: what came, what the bot did about it, and why it began."""
    found = await desk.get(unit, session_id)
    return SessionStory.told(found, await desk.steps(unit, session_id))


@router.post("/sessions/{session_id}/interrupt", operation_id="interrupt_session", summary="Interrupt a session")
async def interrupt_session(
    unit: UnitHere, desk: DeskHere, session_id: ids.SessionPath, given: InterruptRequest
) -> SessionShape:
    """End a session without a word. One that is over stays as it is."""
    return SessionShape.of(await desk.interrupt(unit, session_id, given.outcome))


@router.post("/sessions/{session_id}/resume", operation_id="resume_session", summary="Resume a session")
async def resume_session(
    unit: UnitHere, desk: DeskHere, session_id: ids.SessionPath, given: ResumeRequest
) -> SessionShape:
    """Go on with a session that waits, as if the person had written, or as if the time were up."""
    return SessionShape.of(await desk.resume(unit, session_id, given.text))


@router.post("/sessions/{session_id}/restart", operation_id="restart_session", summary="Restart a session")
async def restart_session(unit: UnitHere, desk: DeskHere, session_id: ids.SessionPath) -> SessionShape:
    """End a session and begin its flow anew in the same conversation, on the version that is live."""
    return SessionShape.of(await desk.restart(unit, session_id))


@starts.post("/flows/{flow_id}/start", operation_id="start_flow", summary="Start a flow", status_code=201)
async def start_flow(unit: UnitHere, desk: DeskHere, flow_id: ids.FlowPath, given: StartRequest) -> SessionShape:
    """Start a flow in a conversation or with a contact. Outside the 24-hour window only its templates are sent."""
    start = Start(
        flow=FlowId(flow_id),
        version=given.version,
        conversation=ConversationId(ids.read_id(ids.CONVERSATION, given.conversation_id))
        if given.conversation_id
        else None,
        contact=ContactId(ids.read_id(ids.CONTACT, given.contact_id)) if given.contact_id else None,
        channel=ChannelId(ids.read_id(ids.CHANNEL, given.channel_id)) if given.channel_id else None,
        variables=given.variables,
        replace=given.replace,
    )
    return SessionShape.of(await desk.start(unit, start))
