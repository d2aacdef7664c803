-- What a workspace keeps of its contacts beside name and language: `about` holds the label and options of a field.
create table contact_field (
    workspace_id  uuid          not null,
    id            uuid          not null,
    key           keyword       not null,
    kind          keyword       not null,
    about         sealed        not null,
    personal      boolean       not null,
    searchable    boolean       not null,
    created_at    timestamptz   not null default now(),
    updated_at    timestamptz   not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, key)
);
call isolate('contact_field');

-- A tag's name is the workspace's own word and may tell of health or debts, so it is sealed and found by keyed hash.
create table tag (
    workspace_id  uuid          not null,
    id            uuid          not null,
    lookup        blind_index   not null,
    name          sealed        not null,
    created_at    timestamptz   not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, lookup)
);
call isolate('tag');

-- What contacts are found by: keyed hashes of their tags, language, words of the name, values of searchable fields.
-- Rows and not an array under GIN: row-level security keeps conditions on arrays away from their index, for the
-- operators are not leakproof; equality is.
create table contact_mark (
    workspace_id  uuid          not null,
    mark          blind_index   not null,
    contact_id    uuid          not null,
    primary key (workspace_id, mark, contact_id)
);
create index contact_mark_contact on contact_mark (workspace_id, contact_id);
call isolate('contact_mark');

-- Workspaces whose contacts' marks are being made anew, and how far that came.
create table contact_reindex (
    workspace_id  uuid          primary key,
    after_id      uuid          not null default '00000000-0000-0000-0000-000000000000',
    asked_at      timestamptz   not null default now()
);
call isolate('contact_reindex');
call open_lane('contact_reindex', 'claim', 'all');
insert into contact_reindex (workspace_id) select id from workspace;
