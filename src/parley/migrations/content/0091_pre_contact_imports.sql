-- A file of contacts being taken in. The file itself is on disk, encrypted; `rows_done` says how far it came, and is moved
-- on in the transaction that keeps those rows.
create table contact_import (
    workspace_id   uuid         not null,
    id             uuid         not null,
    state          keyword      not null,
    size           bigint       not null,
    about          sealed       not null,
    rows_done      integer      not null default 0,
    created        integer      not null default 0,
    updated        integer      not null default 0,
    failed         integer      not null default 0,
    claimed_until  timestamptz,
    created_at     timestamptz  not null,
    started_at     timestamptz,
    finished_at    timestamptz,
    expires_at     timestamptz  not null,
    primary key (workspace_id, id)
);
create index contact_import_queue on contact_import (started_at) where state = 'running';
create index contact_import_expiry on contact_import (expires_at);
call isolate('contact_import');
call open_lane('contact_import', 'claim', 'all');

-- Rows of the file that were not taken, and why.
create table contact_import_error (
    workspace_id  uuid     not null,
    import_id     uuid     not null,
    place         integer  not null,
    about         sealed   not null,
    primary key (workspace_id, import_id, place)
);
call isolate('contact_import_error');
call open_lane('contact_import_error', 'claim', 'all');

-- A question about contacts that is kept under a name.
create table segment (
    workspace_id  uuid         not null,
    id            uuid         not null,
    about         sealed       not null,
    created_at    timestamptz  not null default now(),
    updated_at    timestamptz  not null default now(),
    primary key (workspace_id, id)
);
call isolate('segment');
