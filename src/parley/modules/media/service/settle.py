"""Write down how a fetch went: kept, due again, or given up."""

from dataclasses import dataclass
from datetime import timedelta

from parley.core.errors import NotFound, ParleyError
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.crypto import CannotUnseal
from parley.kit.storage import FileTooLarge
from parley.kit.unit import Units
from parley.modules.channels.ports import SendFailed
from parley.modules.media import store
from parley.modules.media.domain import GIVE_UP, next_attempt
from parley.modules.media.events import MediaFailed, MediaStored

BROKEN = "broken"
"""The word for what nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an attempt failed: a word, the provider's code, whether trying again is no use, what it asked to wait."""

    word: str
    code: int | None = None
    final: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt went: the length and what is known (sealed) of a file that is kept, or the problem."""

    size: int = 0
    about: bytes = b""
    problem: Problem | None = None

    @property
    def word(self) -> str:
        return "stored" if self.problem is None else self.problem.word


def problem_of(error: Exception) -> Problem:
    """What an attempt's failure means."""
    match error:
        case SendFailed():
            return Problem("provider", error.code, error.remedy in GIVE_UP, error.retry_after)
        case TimeoutError():
            return Problem("timeout")
        case CannotUnseal():
            return Problem("unreadable", final=True)
        case FileTooLarge() | NotFound():
            return Problem(error.reason, final=True)
        case ParleyError():
            return Problem(error.reason)
    return Problem(BROKEN)


async def settle_fetch(units: Units, row: store.Row, outcome: Outcome, *, jitter: float) -> bool:
    """Whether the file was still waited for; if not (deleted, or settled by another worker) nothing is changed."""
    moment = now()
    async with units.begin(row.workspace) as unit:
        if outcome.problem is None:
            if await store.mark_stored(unit, row.id, outcome.size, outcome.about):
                detail: JsonObject = {"kind": row.kind, "size": outcome.size}
                unit.record(
                    MediaStored(
                        workspace=row.workspace,
                        at=moment,
                        contact=row.contact,
                        message=row.message,
                        subject=row.id,
                        detail=detail,
                    )
                )
                return True
            found = await store.one(unit, row.id)
            return found is not None and found.state == "stored"
        problem = outcome.problem
        due = None if problem.final else next_attempt(row.attempts, row.created_at, moment, jitter)
        if due is not None:
            await store.put_off(unit, row.id, max(due, moment + timedelta(seconds=problem.retry_after or 0)))
            return True
        if await store.mark_failed(unit, row.id, problem.word):
            unit.record(
                MediaFailed(
                    workspace=row.workspace,
                    at=moment,
                    contact=row.contact,
                    message=row.message,
                    subject=row.id,
                    detail={"reason": problem.word, "code": problem.code},
                )
            )
        return True
