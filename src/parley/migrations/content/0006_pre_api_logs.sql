-- partners -------------------------------------------------------------------------------------------------------------
-- A route as it is documented: nothing that a caller wrote is in it.
create domain route_template as text check (octet_length(value) <= 200 and value ~ '^/[A-Za-z0-9_./{}-]*$');

-- Where a caller is, never who: an address without the part that names a house.
create domain network as cidr check (masklen(value) <= case family(value) when 4 then 24 else 48 end);

-- A row a request. Its id is the request's, a UUIDv7, which begins with the moment: so the day is a range of ids.
-- `network` is the caller's address cut to /24 or /48, `host` the whole of it, forgotten after a day.
create table api_log (
    workspace_id   uuid           not null,
    id             uuid           not null,
    key_id         uuid,
    method         keyword        not null,
    route          route_template not null,
    ids            facts,
    status         smallint       not null,
    error          keyword,
    faults         facts,
    micros         integer        not null,
    request_size   integer        not null,
    response_size  integer        not null,
    network        network,
    host           sealed,
    agent          keyword        not null,
    version        date,
    idempotency    blind_index,
    replayed       boolean        not null,
    rate_left      integer,
    rate_violated  keyword,
    made           opaque_id,
    primary key (workspace_id, id)
) partition by range (id);
create index api_log_failed on api_log (workspace_id, id) where status >= 400;
create index api_log_host on api_log (id) where host is not null;
call isolate('api_log');
call open_lane('api_log', 'sweep', 'all');

-- What a workspace chose for its use of the API; null is our default.
create table api_setting (
    workspace_id    uuid     not null primary key,
    log_days        smallint check (log_days between 1 and 90),
    key_rate        integer  check (key_rate > 0),
    workspace_rate  integer  check (workspace_rate > 0),
    channel_rate    integer  check (channel_rate > 0),
    concurrency     integer  check (concurrency > 0),
    queue_bound     integer  check (queue_bound > 0)
);
call isolate('api_setting');
call open_lane('api_setting', 'sweep', 'select');

-- The bodies of a key's requests are kept until this moment.
create table api_capture_rule (
    workspace_id  uuid        not null,
    key_id        uuid        not null,
    until         timestamptz not null,
    primary key (workspace_id, key_id)
);
call isolate('api_capture_rule');
call open_lane('api_capture_rule', 'sweep', 'all');
call open_lane('api_capture_rule', 'sign_in', 'select');

create table api_capture (
    workspace_id  uuid        not null,
    id            uuid        not null,
    expires_at    timestamptz not null,
    bodies        sealed      not null,
    primary key (workspace_id, id)
);
create index api_capture_age on api_capture (expires_at);
call isolate('api_capture');
call open_lane('api_capture', 'sweep', 'all');

create function first_id_of(day date) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- The application may not create or drop tables: the owner does it for it, a few days at a time, and only these.
create function prepare_api_log(first date, days integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '3s' as $$
declare
    made integer := 0;
    day date;
    name text;
begin
    perform pg_advisory_xact_lock(hashtext('api_log'));
    for at in 0 .. least(days, 8) - 1 loop
        day := first + at;
        name := 'api_log_' || to_char(day, 'YYYYMMDD');
        continue when to_regclass('public.' || name) is not null;
        execute format('create table public.%I partition of public.api_log for values from (%L) to (%L)',
            name, public.first_id_of(day), public.first_id_of(day + 1));
        execute format('alter table public.%I enable row level security', name);
        execute format('alter table public.%I force row level security', name);
        made := made + 1;
    end loop;
    return made;
end $$;

create function drop_api_log(before date) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '3s' as $$
declare
    dropped integer := 0;
    child record;
begin
    perform pg_advisory_xact_lock(hashtext('api_log'));
    for child in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'public.api_log'::regclass and c.relname < 'api_log_' || to_char(before, 'YYYYMMDD') loop
        execute format('drop table public.%I', child.relname);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
revoke execute on function prepare_api_log(date, integer), drop_api_log(date) from public;
grant execute on function prepare_api_log(date, integer), drop_api_log(date) to parley_app;
