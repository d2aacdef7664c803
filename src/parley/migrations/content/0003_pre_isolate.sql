-- What every later table of a workspace's things calls once it is made: it sees its own workspace only (0002 says why the
-- policy is spelled like this), and the application may use it.
create procedure isolate(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format($p$create policy workspace on %s using (workspace_id in (select unnest(string_to_array(
        nullif(current_setting('app.workspaces', true), ''), ',')::uuid[])))$p$, name);
    execute format('grant select, insert, update, delete on %s to parley_app', name);
end $$;

-- Opens a table to the transactions of one lane, which look across workspaces before they know which one they serve.
create procedure open_lane(name regclass, lane text, command text) language plpgsql as $$
begin
    execute format($p$create policy lane_%s on %s for %s using ((select current_setting('app.lane', true)) = %L)$p$,
        lane, name, command, lane);
end $$;
