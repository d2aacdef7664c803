"""What is under way: processes at work, deliveries that nobody reads, webhooks that nobody takes."""

from parley.core.time import now
from parley.entrypoints.doctor.finding import Finding, note, ok, wrong
from parley.kit.database_facts import processes_seen
from parley.modules.channels import Backlog, backlog
from parley.modules.webhooks import WebhookTrouble, webhook_trouble
from parley.wiring import App

LATE_SECONDS = 60.0
"""A delivery is read within milliseconds; one that waits a minute waits for something."""


async def look_at_traffic(app: App) -> list[Finding]:
    """Processes, what comes in, and what is told."""
    async with app.units.begin(lane="claim") as unit:
        waiting = await backlog(unit)
        seen = await processes_seen(unit.connection)
    async with app.units.begin(lane="webhooks") as unit:
        trouble = await webhook_trouble(unit, now())
    return [_processes(seen, waiting), _deliveries(waiting), _webhooks(trouble)]


def _processes(seen: dict[str, int], waiting: Backlog) -> Finding:
    mend = "Start `parley up`, or `parley serve` and `parley work`."
    missing = [role for role in ("web", "worker") if not seen.get(role)]
    if not missing:
        return ok("processes", ", ".join(f"{count} {role}" for role, count in seen.items()))
    detail = f"no {' and no '.join(missing)} at work"
    return wrong("processes", detail, mend) if waiting.waiting or len(missing) == 1 else note("processes", detail, mend)


def _deliveries(waiting: Backlog) -> Finding:
    if waiting.failed:
        mend = "A worker's log says why; please report it. They are kept and read again after an update."
        return wrong("deliveries", f"{waiting.failed} could not be read", mend)
    if waiting.waiting and waiting.age > LATE_SECONDS:
        mend = "Start more workers: `parley work`, or PARLEY_WORKERS."
        return wrong("deliveries", f"{waiting.waiting} wait, the oldest for {waiting.age:.0f} s", mend)
    if waiting.unrouted:
        mend = "Add that number with `parley channel add whatsapp`, and they are read at once."
        return note("deliveries", f"{waiting.unrouted} are for a number that no workspace has", mend)
    return ok("deliveries", f"{waiting.waiting} waiting, none parked")


def _webhooks(trouble: WebhookTrouble) -> Finding:
    if trouble.late and trouble.overdue > LATE_SECONDS:
        detail = f"{trouble.late} wait, the oldest for {trouble.overdue:.0f} s"
        return wrong("webhooks", detail, "Start more workers: `parley work`, or PARLEY_WORKERS.")
    counts = {"fail": trouble.failing, "were given up": trouble.given_up, "await a handshake": trouble.unverified}
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if told:
        mend = "GET /v1/webhook-endpoints says which and why; …/recover sends again what failed."
        return note("webhooks", f"of the endpoints {told}", mend)
    return ok("webhooks", "all endpoints take what they are told")
