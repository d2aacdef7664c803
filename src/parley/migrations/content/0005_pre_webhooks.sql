-- Where a workspace wants to be told what happens. `about` holds address, secrets and headers, which are its own.
create table webhook_endpoint (
    workspace_id    uuid        not null,
    id              uuid        not null,
    version         integer     not null default 1,
    kind            keyword     not null,
    state           keyword     not null,
    reason          keyword,
    event_types     keyword[]   not null,
    channel_ids     uuid[]      not null,
    body            keyword     not null,
    ordered         boolean     not null,
    buffer_seconds  integer,
    buffer_count    integer,
    rate            integer,
    about           sealed      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (workspace_id, id)
);

-- One row an endpoint, locked by the claim: its bucket of requests a second (GCRA's theoretical arrival), and its
-- circuit breaker. Written only when something is wrong, or a rate is set.
create table webhook_lane (
    workspace_id   uuid        not null,
    endpoint_id    uuid        not null,
    arrival        timestamptz not null default '-infinity',
    failures       integer     not null default 0,
    failing_since  timestamptz,
    closed_until   timestamptz,
    primary key (workspace_id, endpoint_id)
) with (fillfactor = 50);

-- Facts that are still to be handed to the endpoints of their workspace: written with the fact itself, so that no commit
-- order can hide one, and only where there is an endpoint.
create table webhook_feed (
    workspace_id  uuid not null,
    event_id      uuid not null,
    primary key (workspace_id, event_id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- One request to one endpoint, with all its attempts. It tells one fact, or `gathered` ones, listed in webhook_gathered.
create table webhook_delivery (
    workspace_id  uuid        not null,
    id            uuid        not null,
    endpoint_id   uuid        not null,
    event_id      uuid        not null,
    kind          keyword     not null,
    gathered      boolean     not null,
    events        integer     not null,
    state         keyword     not null default 'pending',
    attempts      smallint    not null default 0,
    status        smallint,
    created_at    timestamptz not null,
    finished_at   timestamptz,
    primary key (workspace_id, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create unique index webhook_delivery_event on webhook_delivery (workspace_id, endpoint_id, event_id);
create index webhook_delivery_age on webhook_delivery using brin (created_at);

create table webhook_gathered (
    workspace_id  uuid not null,
    delivery_id   uuid not null,
    event_id      uuid not null,
    primary key (workspace_id, delivery_id, event_id)
);

-- Deliveries that wait for their next attempt. `conversation_id` is set where the endpoint wants each conversation's
-- facts one after the other; `gathering` while more facts may be put into it.
create table webhook_queue (
    workspace_id     uuid        not null,
    delivery_id      uuid        not null,
    endpoint_id      uuid        not null,
    event_id         uuid        not null,
    conversation_id  uuid,
    due_at           timestamptz not null,
    attempts         smallint    not null default 0,
    gathered         boolean     not null,
    gathering        boolean     not null,
    claimed_until    timestamptz,
    claimed_by       uuid,
    primary key (workspace_id, delivery_id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create index webhook_queue_due on webhook_queue (workspace_id, endpoint_id, due_at, delivery_id);
create index webhook_queue_order on webhook_queue (workspace_id, endpoint_id, conversation_id, event_id)
    where conversation_id is not null;

-- What was asked and answered at each attempt, without secrets, for some days.
create table webhook_attempt (
    workspace_id  uuid        not null,
    delivery_id   uuid        not null,
    id            uuid        not null,
    at            timestamptz not null,
    outcome       keyword     not null,
    status        smallint,
    milliseconds  integer     not null,
    detail        sealed      not null,
    primary key (workspace_id, delivery_id, id)
);
create index webhook_attempt_age on webhook_attempt using brin (at);

call isolate('webhook_endpoint');
call isolate('webhook_lane');
call isolate('webhook_feed');
call isolate('webhook_delivery');
call isolate('webhook_gathered');
call isolate('webhook_queue');
call isolate('webhook_attempt');

call open_lane('webhook_endpoint', 'webhooks', 'select');
call open_lane('webhook_lane', 'webhooks', 'all');
call open_lane('webhook_feed', 'webhooks', 'all');
call open_lane('webhook_queue', 'webhooks', 'all');
call open_lane('event', 'webhooks', 'select');
call open_lane('webhook_queue', 'claim', 'select');
call open_lane('webhook_delivery', 'sweep', 'all');
call open_lane('webhook_gathered', 'sweep', 'all');
call open_lane('webhook_attempt', 'sweep', 'all');
