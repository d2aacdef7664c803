"""Write what people said to consent questions into the ledger, with the message that proves it."""

from collections.abc import Sequence

from parley.core.ids import MessageId, parse_public
from parley.kit.unit import Unit
from parley.modules.flows.engine.events.contact import ConsentGiven
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened
from parley.modules.privacy import Consent, record_consent


async def carry_consent(tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """An entry each; the same answer to the same message is written once."""
    said = [_entry(each, each.event) for each in happened if isinstance(each.event, ConsentGiven)]
    await record_consent(unit, tools.directory.people.scopes, said)


def _entry(happened: Happened, given: ConsentGiven) -> Consent:
    thread, message = happened.turn.thread, parse_public("msg", given.message or "")
    return Consent(
        workspace=thread.workspace,
        contact=thread.contact,
        purpose=given.purpose,
        state=given.state,
        method="flow",
        occurred_at=happened.turn.sprints[-1].recorded.readings.now,
        message=MessageId(message) if message else None,
        evidence=message.hex if message else None,
    )
