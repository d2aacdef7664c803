-- Keys with a mode, bounds and a term; two secrets while one replaces the other.
alter table api_key
    add column mode              keyword     not null default 'live',
    add column ending            opaque_id,
    add column channels          uuid[],
    add column addresses         sealed,
    add column expires_at        timestamptz,
    add column created_by        keyword     not null default 'cli',
    add column last_used_from    sealed,
    add column old_secret        secret_hash unique,
    add column old_secret_until  timestamptz,
    add column leaked_at         timestamptz,
    add column leak_source       sealed;

-- Who did it: `key_…`, `app_…`, `usr_…`; null: Parley itself.
alter table event add column actor keyword;

-- The role of a unit whose caller sees some channels only (kit/unit.py). Policies below bind nobody else, so the message
-- path does not pay for them. Not inherited: who is parley_app must say that it acts for a caller.
do $$ begin
    if not exists (select from pg_roles where rolname = 'parley_caller') then create role parley_caller; end if;
exception when duplicate_object or unique_violation then null;
end $$;
grant parley_caller to parley_app with inherit false, set true;
grant parley_caller to current_user with inherit false, set true;
grant usage on schema public to parley_caller;
grant select, insert, update, delete on all tables in schema public to parley_caller;
grant usage on all sequences in schema public to parley_caller;
alter default privileges in schema public grant select, insert, update, delete on tables to parley_caller;
alter default privileges in schema public grant usage on sequences to parley_caller;

-- What every table with things of a channel calls: a caller sees those of its channels, and those of none. The
-- sub-selects are evaluated once a statement, the list looked up by hash.
create function channel_shown(col text) returns text language sql immutable as $f$
    select format($p$(%s in (select unnest(string_to_array(nullif(current_setting('app.channels'), ''), ',')::uuid[])))
        <> (select current_setting('app.channels_hidden')::boolean)$p$, col)
$f$;

create procedure bound_by_channel(name regclass, col text default 'channel_id') language plpgsql as $$
begin
    execute format('create policy channels on %s as restrictive to parley_caller using (%I is null or %s)',
        name, col, channel_shown(quote_ident(col)));
end $$;

do $$
declare name text;
begin
    for name in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'channel_id'
    loop
        call bound_by_channel(name::regclass);
    end loop;
    call bound_by_channel('channel', 'id');
end $$;

-- A fact is of the channel of its conversation, or of the one that it tells of. Writing facts is not bounded.
do $$ begin
    execute format($p$create policy channels on event as restrictive for select to parley_caller using (
        (conversation_id is null or exists (
            select from conversation c where c.workspace_id = event.workspace_id and c.id = event.conversation_id))
        and (detail ->> 'channel_id' is null or %s)
        and (kind not in ('channel.added', 'channel.paused', 'channel.resumed') or %s))$p$,
        channel_shown('(detail ->> ''channel_id'')::uuid'), channel_shown('subject_id'));
end $$;
