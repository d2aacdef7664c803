# ruff: noqa: S608 - the statements are made of our own constants
"""Years of history, made by the database itself: rows of the right shape and size whose content is noise.

Nobody reads them. They make the tables, the indexes and the vault as large as in a business that has run for long.
"""

import asyncpg

from bench.stack import Stack
from parley.kit.keys import INSTALLATION

CONTACTS = 500_000
CHUNK = 250_000
"""Messages made by one statement."""
_SEALED = "('\\x0101'::bytea || uuid_send({key}) || decode(repeat('a7', {size}), 'hex'))"
_BODY = _SEALED.format(key="c", size=300)
_PROFILE = _SEALED.format(key="c", size=180)
_PROVIDER_ID = _SEALED.format(key="c", size=90)
_WRAPPED = _SEALED.format(key="c", size=60)

_VAULT = (
    """create unlogged table bench_people as
        select i, (array(select distinct workspace_id from scope_key where workspace_id <> {nobody} order by 1))
            [1 + i % {workspaces}] as w, uuidv7(-interval '1 year' + i * interval '1 second') as c
        from generate_series(0, {contacts} - 1) i""",
    f"""insert into subject_key (workspace_id, key_id, contact_id, epoch, wrapped)
        select w, c, c, 1, {_WRAPPED} from bench_people""",
    """insert into identity (workspace_id, lookup, contact_id, kind)
        select w, uuid_send(gen_random_uuid()), c, 'phone' from bench_people""",
    "drop table bench_people",
)
_PEOPLE = (
    """create unlogged table bench_people as
        select i, t.workspace_id as w, t.id as ch, uuidv7(-interval '1 year' + i * interval '1 second') as c,
            uuidv7(-interval '1 year' + i * interval '1 second') as v
        from generate_series(0, {contacts} - 1) i
        join (select *, row_number() over (order by id) - 1 as n from channel) t on t.n = i % {workspaces}""",
    f"insert into contact (workspace_id, id, profile) select w, c, {_PROFILE} from bench_people",
    """insert into conversation (workspace_id, id, channel_id, contact_id, last_inbound_at, last_message_at)
        select w, v, ch, c, now() - interval '9 days', now() - interval '9 days' from bench_people""",
    "create unique index on bench_people (i)",
)
_MESSAGES = (
    """create unlogged table bench_messages as
        select w, c, v, ch, uuidv7(-interval '300 days' + n * interval '1 second') as m, n % 2 = 1 as outbound,
            now() - interval '300 days' + n * interval '1 second' as at
        from generate_series({first}, {last} - 1) n join bench_people p on p.i = n::bigint / 2 * 7919 % {contacts}""",
    """insert into message
        (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
        select w, m, v, c, ch, outbound, case when outbound then 'bot' else 'live' end, 'text',
            case when outbound then 60 else 5 end, at from bench_messages""",
    f"insert into message_body (workspace_id, message_id, body) select w, m, {_BODY} from bench_messages",
    f"""insert into message_ref (workspace_id, ref, message_id, provider_id)
        select w, uuid_send(gen_random_uuid()), m, {_PROVIDER_ID} from bench_messages""",
    """insert into message_status (workspace_id, message_id, status, at)
        select w, m, s, at from bench_messages, unnest('{{30,50,60}}'::int[]) s where outbound""",
    """insert into event (workspace_id, id, kind, contact_id, conversation_id, message_id, at)
        select w, uuidv7(at - now()), 'message.received', c, v, m, at from bench_messages""",
    "drop table bench_messages",
)


async def seed(stack: Stack, *, workspaces: int, messages: int, contacts: int = CONTACTS) -> None:
    """Add so many people, once, and so many messages. The product may run meanwhile, and does better stopped."""
    numbers = {"workspaces": workspaces, "contacts": contacts, "nobody": f"'{INSTALLATION}'"}
    vault = await asyncpg.connect(stack.postgres.url("parley_vault"))
    content = await asyncpg.connect(stack.postgres.url("parley"))
    try:
        for connection in (vault, content):
            await connection.execute("set synchronous_commit = off; set work_mem = '256MB'")
        if not await content.fetchval("select to_regclass('bench_people') is not null"):
            for statement in _VAULT:
                await vault.execute(statement.format(**numbers))
            for statement in _PEOPLE:
                await content.execute(statement.format(**numbers))
        for first in range(0, messages, CHUNK):
            for statement in _MESSAGES:
                await content.execute(statement.format(**numbers, first=first, last=min(messages, first + CHUNK)))
        for connection in (vault, content):
            # Now, so that autovacuum does not do it while we measure.
            await connection.execute("vacuum (analyze)", timeout=None)
        await content.execute("checkpoint")
    finally:
        await vault.close()
        await content.close()
