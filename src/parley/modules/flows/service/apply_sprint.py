"""Turn sprints into rows: carry out what happened, keep the session, note the wait that holds."""

from collections.abc import Sequence
from datetime import datetime

from parley.core.ids import ConversationId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Directory
from parley.modules.conversations import Speaker
from parley.modules.flows.engine import Session, SprintEvent, WaitForEffect, encode
from parley.modules.flows.service.carriers import CARRIED, CARRIERS
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.keep_log import log_sprints
from parley.modules.flows.service.shelf import Version
from parley.modules.flows.service.turn import Happened, Turn
from parley.modules.flows.store import effects, sessions


class Hands:
    """Carries sprints out, many conversations in one go."""

    def __init__(self, directory: Directory, speaker: Speaker) -> None:
        self._directory = directory
        self._tools = Tools(directory, speaker)

    async def apply(self, unit: Unit, turns: Sequence[Turn]) -> None:
        """Write everything the turns brought."""
        by_kind: dict[type[SprintEvent], list[Happened]] = {}
        for turn in turns:
            for ran in turn.sprints:
                for event in ran.sprint.events:
                    if type(event) in CARRIED:
                        by_kind.setdefault(type(event), []).append(Happened(turn, ran.version, event))
        for kinds, carry in CARRIERS:
            happened = [each for kind in kinds for each in by_kind.get(kind, ())]
            if happened:
                await carry(self._tools, unit, happened)
        await self._keep_sessions(unit, turns)
        await log_sprints(unit, self._directory.people, turns)

    async def _keep_sessions(self, unit: Unit, turns: Sequence[Turn]) -> None:
        kept: list[sessions.SessionRow] = []
        ended: list[tuple[WorkspaceId, ConversationId]] = []
        asked: list[tuple[effects.EffectRow, datetime]] = []
        for turn in turns:
            if turn.session is None:
                if turn.stored:
                    ended.append((turn.thread.workspace, turn.thread.id))
                continue
            effect = self._wait(turn)
            if effect is not None:
                asked.append((effect, now()))
            kept.append(self._row(turn, turn.session, turn.sprints[-1].version))
        if ended:
            await sessions.end_sessions(unit, ended)
        if kept:
            await sessions.save_sessions(unit, kept)
        if asked:
            await effects.add_effects(unit, asked)
            unit.wake("effects")

    def _wait(self, turn: Turn) -> effects.EffectRow | None:
        """Note the wait that holds now; the effect to be done, if it is for one."""
        wait = turn.wait
        if wait is None:
            return None
        turn.effect, turn.timer_at, turn.began_with = None, wait.until, None
        if not isinstance(wait, WaitForEffect):
            return None
        if wait.effect.can_be_given_up and _has_done_nothing(turn):
            turn.began_with = turn.heard_from
        turn.effect = new_uuid()
        thread, key = turn.thread, self._directory.people.held_key(turn.thread.contact)
        body = effects.EffectBody(wait.id, wait.effect)
        sealed = effects.EFFECT.seal(key, thread.workspace, turn.effect, body)
        return effects.EffectRow(thread.workspace, turn.effect, thread.id, thread.contact, wait.until, sealed)

    def _row(self, turn: Turn, session: Session, version: Version) -> sessions.SessionRow:
        thread, session_id = turn.thread, turn.session_id or new_uuid()
        key = self._directory.people.held_key(thread.contact)
        return sessions.SessionRow(
            workspace=thread.workspace,
            conversation=thread.id,
            contact=thread.contact,
            id=session_id,
            flow=version.flow,
            flow_version=version.number,
            version=turn.number + 1,
            effect=turn.effect,
            timer_at=turn.timer_at,
            state=sessions.STATE.seal(key, thread.workspace, session_id, encode(session)),
            began_with=turn.began_with,
            began_state=sessions.BEGAN.seal(key, thread.workspace, session_id, encode(turn.before))
            if turn.began_with is not None and turn.before is not None
            else None,
        )


def _has_done_nothing(turn: Turn) -> bool:
    """Whether a turn has changed and said nothing outside the engine so far."""
    return not any(type(event) in CARRIED for ran in turn.sprints for event in ran.sprint.events)
