-- Column types say what may be in them; a test refuses any plain text, bytea or json column.
create domain sealed as bytea check (value is null or get_byte(value, 0) = 1);   -- ciphertext, see kit/crypto.py
create domain blind_index as bytea check (octet_length(value) = 16);             -- keyed hash, 16 bytes
create domain secret_hash as bytea check (octet_length(value) = 32);             -- SHA-256 of a random secret
create domain password_hash as text check (value like '$argon2id$%');
-- A word of ours or of a provider. No counted repetition: `{0,126}` costs 15 us a value, this 1.
create domain keyword as text check (octet_length(value) <= 127 and value ~ '^[A-Za-z*]' and value !~ '[^A-Za-z0-9_.:*-]');
create domain opaque_id as text check (octet_length(value) <= 160);              -- a business object's id at a provider
create domain facts as jsonb;                                                    -- ids, codes and words, no personal data

-- accounts ------------------------------------------------------------------------------------------------------------
create table workspace (
    id          uuid        primary key,
    name        sealed      not null,
    created_at  timestamptz not null default now()
);

create table person (
    workspace_id  uuid          not null,
    id            uuid          not null,
    email         sealed        not null,
    email_lookup  blind_index   not null,
    password      password_hash,
    role          keyword       not null,
    created_at    timestamptz   not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, email_lookup)
);
create index person_email on person (email_lookup);

create table api_key (
    workspace_id  uuid          not null,
    id            uuid          not null,
    name          sealed        not null,
    secret        secret_hash   not null unique,
    scopes        keyword[]     not null,
    created_at    timestamptz   not null default now(),
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    primary key (workspace_id, id)
);

create table idempotency (
    workspace_id  uuid          not null,
    lookup        blind_index   not null,
    fingerprint   blind_index   not null,
    status        smallint,
    response      sealed,
    created_at    timestamptz   not null default now(),
    primary key (workspace_id, lookup)
);
create index idempotency_age on idempotency (created_at);

-- channels ------------------------------------------------------------------------------------------------------------
create table channel (
    workspace_id  uuid          not null,
    id            uuid          not null,
    kind          keyword       not null,
    number_id     opaque_id     not null,
    account_id    opaque_id     not null,
    number        sealed,
    token         sealed        not null,
    rate          integer       not null,
    state         keyword       not null default 'active',
    state_code    integer,
    paused_until  timestamptz,
    created_at    timestamptz   not null default now(),
    primary key (workspace_id, id),
    unique (kind, number_id)
);
create index channel_account on channel (kind, account_id);

-- One row a channel, locked by the claim: the bucket of its provider's messages a second (GCRA's theoretical arrival).
create table channel_lane (
    workspace_id  uuid          not null,
    channel_id    uuid          not null,
    arrival       timestamptz   not null default '-infinity',
    closed_until  timestamptz,
    primary key (workspace_id, channel_id)
) with (fillfactor = 50);

-- Raw deliveries waiting to be read; of no workspace until they are parsed.
create table delivery (
    id            bigint        generated always as identity,
    shard         smallint      not null,
    received_at   timestamptz   not null default now(),
    attempts      smallint      not null default 0,
    body          sealed        not null
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create index delivery_queue on delivery (id) where attempts < 5;
create index delivery_parked on delivery (id) where attempts >= 5;

-- What a provider said about an account, number, template, call, group or something we don't know yet: kept, listed.
create table notice (
    workspace_id  uuid          not null,
    id            uuid          not null,
    channel_id    uuid,
    digest        blind_index   not null,
    kind          keyword       not null,
    field         keyword       not null,
    event         keyword       not null,
    at            timestamptz,
    received_at   timestamptz   not null default now(),
    body          sealed        not null,
    primary key (workspace_id, id),
    unique (workspace_id, digest)
);

create table template (
    workspace_id  uuid          not null,
    id            uuid          not null,
    account_id    opaque_id     not null,
    provider_id   opaque_id,
    name          keyword       not null,
    language      keyword       not null,
    category      keyword,
    status        keyword       not null,
    quality       keyword,
    paused_until  timestamptz,
    category_at   timestamptz   not null,
    status_at     timestamptz   not null,
    quality_at    timestamptz   not null,
    primary key (workspace_id, id),
    unique (workspace_id, account_id, name, language)
);

-- contacts ------------------------------------------------------------------------------------------------------------
create table contact (
    workspace_id  uuid          not null,
    id            uuid          not null,
    kind          keyword       not null default 'person',
    profile       sealed        not null,
    merged_into   uuid,
    created_at    timestamptz   not null default now(),
    updated_at    timestamptz   not null default now(),
    primary key (workspace_id, id)
) with (fillfactor = 80);

create table consent (
    workspace_id  uuid          not null,
    id            uuid          not null,
    contact_id    uuid          not null,
    purpose       keyword       not null,
    state         keyword       not null,
    method        keyword       not null,
    message_id    uuid,
    digest        blind_index,
    occurred_at   timestamptz   not null,
    recorded_at   timestamptz   not null default now(),
    primary key (workspace_id, contact_id, id),
    unique (workspace_id, digest)
);

-- Who wants no marketing now: the ledger's present state, kept with it.
create table opt_out (
    workspace_id  uuid          not null,
    contact_id    uuid          not null,
    purpose       keyword       not null,
    since         timestamptz   not null,
    primary key (workspace_id, contact_id, purpose)
);

-- conversations -------------------------------------------------------------------------------------------------------
create table conversation (
    workspace_id      uuid        not null,
    id                uuid        not null,
    channel_id        uuid        not null,
    contact_id        uuid        not null,
    floor             keyword     not null default 'bot',
    state             keyword     not null default 'open',
    last_inbound_at   timestamptz,
    entry_expires_at  timestamptz,
    last_message_at   timestamptz,
    pair_arrival      timestamptz,
    merged_into       uuid,
    created_at        timestamptz not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, channel_id, contact_id)
) with (fillfactor = 60);

create table message (
    workspace_id     uuid        not null,
    id               uuid        not null,
    conversation_id  uuid        not null,
    contact_id       uuid        not null,
    channel_id       uuid        not null,
    outbound         boolean     not null,
    origin           keyword     not null,
    kind             keyword     not null,
    status           smallint    not null,
    at               timestamptz not null,
    created_at       timestamptz not null default now(),
    primary key (workspace_id, id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
create index message_conversation on message (workspace_id, conversation_id, id);

-- The sealed body apart from the narrow row above, so that status changes stay cheap (heap-only updates).
create table message_body (
    workspace_id  uuid   not null,
    message_id    uuid   not null,
    body          sealed not null,
    primary key (workspace_id, message_id)
);

-- A provider's id of a message. The id holds the phone number, so it is looked up by keyed hash and kept sealed.
create table message_ref (
    workspace_id  uuid        not null,
    ref           blind_index not null,
    message_id    uuid        not null,
    provider_id   sealed      not null,
    primary key (workspace_id, ref)
);
create index message_ref_message on message_ref (workspace_id, message_id);

create table message_status (
    workspace_id  uuid        not null,
    message_id    uuid        not null,
    status        smallint    not null,
    part          blind_index not null default '\x00000000000000000000000000000000',
    at            timestamptz not null,
    recorded_at   timestamptz not null default now(),
    detail        facts,
    words         sealed,
    primary key (workspace_id, message_id, status, part)
);

-- Statuses that came before the provider's id of their message was known.
create table parked_status (
    workspace_id  uuid        not null,
    ref           blind_index not null,
    status        smallint    not null,
    at            timestamptz not null,
    part          blind_index not null default '\x00000000000000000000000000000000',
    recorded_at   timestamptz not null default now(),
    detail        facts,
    words         sealed,
    primary key (workspace_id, ref, status, part)
);
create index parked_status_age on parked_status (recorded_at);

-- Later words about a message: its edits and its withdrawal, by the provider's id of the original, for they may come
-- before it.
create table message_revision (
    workspace_id  uuid        not null,
    original      blind_index not null,
    ref           blind_index not null,
    kind          keyword     not null,
    at            timestamptz not null,
    body          sealed,
    primary key (workspace_id, original, ref)
);

-- Messages waiting to leave, until their outcome is known. `claimed_until` marks one that is being sent, and by whom.
create table outbox (
    workspace_id     uuid        not null,
    channel_id       uuid        not null,
    priority         smallint    not null,
    due_at           timestamptz not null,
    id               uuid        not null,
    conversation_id  uuid        not null,
    contact_id       uuid        not null,
    marketing        boolean     not null,
    attempts         smallint    not null default 0,
    expires_at       timestamptz not null,
    claimed_until    timestamptz,
    claimed_by       uuid,
    media_id         uuid,
    body             sealed      not null,
    primary key (workspace_id, id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create index outbox_queue on outbox (workspace_id, channel_id, priority, due_at, id);
create index outbox_conversation on outbox (workspace_id, conversation_id, id);

-- Messages the provider may or may not have, until that is known.
create table unsure (
    workspace_id  uuid        not null,
    message_id    uuid        not null,
    since         timestamptz not null,
    asked_at      timestamptz not null,
    primary key (workspace_id, message_id)
);

-- media ---------------------------------------------------------------------------------------------------------------
-- The file itself is on disk, encrypted (kit/storage.py). Every file has a term, after which row and file are deleted.
create table media (
    workspace_id  uuid        not null,
    id            uuid        not null,
    contact_id    uuid,
    message_id    uuid,
    channel_id    uuid,
    state         keyword     not null,
    kind          keyword     not null,
    size          bigint,
    about         sealed      not null,
    problem       keyword,
    attempts      smallint    not null default 0,
    due_at        timestamptz,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    primary key (workspace_id, id),
    check (expires_at > created_at and isfinite(expires_at)),
    check ((state = 'fetching') = (due_at is not null))
);
create index media_fetch on media (due_at) where state = 'fetching';
create index media_expiry on media (expires_at);
create unique index media_message on media (workspace_id, message_id) where message_id is not null;
create index media_contact on media (workspace_id, contact_id) where contact_id is not null;

-- The provider's ids of our uploaded files, one a channel.
create table media_upload (
    workspace_id  uuid        not null,
    media_id      uuid        not null,
    channel_id    uuid        not null,
    provider_id   sealed      not null,
    expires_at    timestamptz not null,
    primary key (workspace_id, media_id, channel_id)
);
create index media_upload_expiry on media_upload (expires_at);

-- flows ---------------------------------------------------------------------------------------------------------------
create table flow (
    workspace_id  uuid        not null,
    id            uuid        not null,
    name          sealed      not null,
    slug          keyword     not null,
    live_version  integer,
    created_at    timestamptz not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, slug)
);

create table flow_version (
    workspace_id  uuid        not null,
    flow_id       uuid        not null,
    version       integer     not null,
    definition    sealed      not null,
    created_at    timestamptz not null default now(),
    primary key (workspace_id, flow_id, version)
);

create table session (
    workspace_id     uuid        not null,
    conversation_id  uuid        not null,
    contact_id       uuid        not null,
    id               uuid        not null,
    flow_id          uuid        not null,
    flow_version     integer     not null,
    version          integer     not null,
    effect_id        uuid,
    timer_at         timestamptz,
    state            sealed      not null,
    primary key (workspace_id, conversation_id)
) with (fillfactor = 60);
create index session_timer on session (timer_at) where timer_at is not null;

-- What a waiting session needs from the world (an HTTP request), done by a worker, answered once.
create table flow_effect (
    workspace_id     uuid        not null,
    id               uuid        not null,
    conversation_id  uuid        not null,
    contact_id       uuid        not null,
    due_at           timestamptz not null,
    claimed_until    timestamptz,
    expires_at       timestamptz not null,
    body             sealed      not null,
    primary key (workspace_id, id)
);
create index flow_effect_queue on flow_effect (due_at);

-- facts ---------------------------------------------------------------------------------------------------------------
create table event (
    workspace_id     uuid        not null,
    id               uuid        not null,
    kind             keyword     not null,
    contact_id       uuid,
    conversation_id  uuid,
    message_id       uuid,
    subject_id       uuid,
    at               timestamptz not null,
    detail           facts,
    primary key (workspace_id, id)
);

-- Processes at work and what they counted; the web's /metrics adds them up.
create table process (
    id          uuid        primary key,
    role        keyword     not null,
    seen_at     timestamptz not null,
    counters    facts       not null
);
