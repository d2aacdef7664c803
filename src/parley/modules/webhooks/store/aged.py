"""SQL of forgetting, across workspaces."""

from datetime import datetime

from parley.kit import sql
from parley.kit.unit import Unit

_ATTEMPTS = """
with old as (select ctid from webhook_attempt where at < $1 limit $2),
    gone as (delete from webhook_attempt a using old where a.ctid = old.ctid returning 1)
select count(*) from gone"""
_DELIVERIES = """
with old as (select ctid from webhook_delivery where created_at < $1 and state <> 'pending' limit $2),
    gone as (delete from webhook_delivery d using old where d.ctid = old.ctid returning d.workspace_id, d.id),
    gathered as (delete from webhook_gathered g using gone d
        where g.workspace_id = d.workspace_id and g.delivery_id = d.id)
select count(*) from gone"""


async def forget_attempts(unit: Unit, before: datetime, most: int) -> int:
    """Attempts made before a moment; how many."""
    return int((await sql.fetch_many(unit, _ATTEMPTS, before, most))[0][0])


async def forget_deliveries(unit: Unit, before: datetime, most: int) -> int:
    """Ended deliveries made before a moment, and what they gathered; how many."""
    return int((await sql.fetch_many(unit, _DELIVERIES, before, most))[0][0])
