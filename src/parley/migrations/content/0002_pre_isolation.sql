-- Each workspace sees itself only, whatever a query forgets: `app.workspaces` lists the ids of the running unit.
-- The sub-select is evaluated once a statement and looked up by hash. An array here (`= any (…)`) would be taken as the
-- index condition of a join, which reads every message of those workspaces to find a few.
do $$
declare name text;
begin
    foreach name in array array['person', 'api_key', 'idempotency', 'channel', 'channel_lane', 'notice', 'template',
        'contact', 'consent', 'opt_out', 'conversation', 'message', 'message_body', 'message_ref', 'message_status',
        'parked_status', 'message_revision', 'outbox', 'unsure', 'media', 'media_upload', 'flow', 'flow_version', 'session',
        'flow_effect', 'event'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($p$create policy workspace on %I using (workspace_id in (select unnest(string_to_array(
            nullif(current_setting('app.workspaces', true), ''), ',')::uuid[])))$p$, name);
    end loop;
end $$;

alter table workspace enable row level security;
alter table workspace force row level security;
create policy workspace on workspace using (id in (select unnest(string_to_array(
    nullif(current_setting('app.workspaces', true), ''), ',')::uuid[])));

-- Lanes: the few statements that must look across workspaces before they know which one they serve. Each lane opens
-- only the tables it claims from, and only for the transaction that set `app.lane`.
do $$
declare lane record;
begin
    for lane in select * from (values
        ('api_key', 'sign_in', 'select'),
        ('channel', 'route', 'select'), ('workspace', 'route', 'select'),
        ('outbox', 'claim', 'all'), ('unsure', 'claim', 'select'), ('channel_lane', 'claim', 'all'), ('channel', 'claim', 'select'),
        ('opt_out', 'claim', 'select'), ('session', 'claim', 'select'), ('flow_effect', 'claim', 'all'),
        ('media', 'claim', 'all'), ('idempotency', 'sweep', 'all'), ('parked_status', 'sweep', 'all'),
        ('media', 'sweep', 'all'), ('media_upload', 'sweep', 'all')) as l (tbl, lane, command)
    loop
        execute format($p$create policy lane_%s on %I for %s using (
            (select current_setting('app.lane', true)) = %L)$p$, lane.lane, lane.tbl, lane.command, lane.lane);
    end loop;
end $$;

grant select, insert, update, delete on all tables in schema public to parley_app;
grant usage on all sequences in schema public to parley_app;
