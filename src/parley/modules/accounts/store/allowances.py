"""SQL of what workspaces chose for their use of the API, and of what processes counted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.accounts.allowances import Allowance

_COLUMNS = "log_days, key_rate, workspace_rate, channel_rate, concurrency, queue_bound"
_GET = f"select {_COLUMNS} from api_setting where workspace_id = $1"
_PUT = f"""
insert into api_setting (workspace_id, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (workspace_id) do update set log_days = $2, key_rate = $3, workspace_rate = $4, channel_rate = $5,
    concurrency = $6, queue_bound = $7"""
_LOG_DAYS = "select workspace_id, log_days from api_setting where log_days is not null"
_SETTLE = """
insert into rate_debt as d (subject, arrival)
select subject, statement_timestamp() + owed * interval '1 second'
from unnest($1::uuid[], $2::float8[]) as x (subject, owed) order by subject
on conflict (subject) do update
    set arrival = greatest(d.arrival, statement_timestamp()) + (excluded.arrival - statement_timestamp())
returning subject, extract(epoch from arrival - statement_timestamp())::float8 as ahead"""
_FORGET_DEBTS = "delete from rate_debt where arrival < now()"
_OTHERS = "select exists (select from process where role = 'web' and id <> $1 and seen_at > now() - interval '10 s')"


async def get(unit: Unit) -> Allowance:
    row = await sql.fetch_one(unit, _GET)
    return Allowance(**row) if row else Allowance()


async def put(unit: Unit, chosen: Allowance) -> None:
    values = (chosen.log_days, chosen.key_rate, chosen.workspace_rate, chosen.channel_rate)
    await sql.execute(unit, _PUT, *values, chosen.concurrency, chosen.queue_bound)


async def log_days(unit: Unit) -> dict[UUID, int]:
    """How many days of logs workspaces keep that chose so; needs the lane `sweep`."""
    return {row[0]: row[1] for row in await sql.fetch_many(unit, _LOG_DAYS)}


async def others_serve(unit: Unit, process: UUID) -> bool:
    """Whether another web process is at work."""
    return bool((await sql.fetch_many(unit, _OTHERS, process))[0][0])


async def settle_debts(unit: Unit, owed: Mapping[UUID, float]) -> dict[UUID, float]:
    """Add what a process let through, in seconds of pace; how far ahead each subject now is."""
    subjects: Sequence[UUID] = list(owed)
    rows = await sql.fetch_many(unit, _SETTLE, subjects, [owed[each] for each in subjects])
    return {row["subject"]: row["ahead"] for row in rows}


async def forget_debts(unit: Unit) -> None:
    """Subjects that are not ahead need no row."""
    await sql.execute_many(unit, _FORGET_DEBTS)
