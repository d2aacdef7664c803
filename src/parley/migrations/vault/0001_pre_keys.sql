-- The vault: keys and the map from identities to people. It lives apart from the content, which is useless without it.

create domain wrapped_key as bytea;
create domain blind_index as bytea check (octet_length(value) = 16);
create domain keyword as text check (octet_length(value) <= 63 and value ~ '^[a-z]' and value !~ '[^a-z0-9_.]');

create table epoch_key (
    epoch       integer     primary key,
    wrapped     wrapped_key not null,
    created_at  timestamptz not null default now()
);

-- Keys of the installation itself (`workspace_id` is the zero id) and of each workspace: data, subject wrapping, index.
create table scope_key (
    workspace_id uuid        not null,
    purpose      keyword     not null,
    epoch        integer     not null references epoch_key (epoch),
    wrapped      wrapped_key not null,
    created_at   timestamptz not null default now(),
    primary key (workspace_id, purpose)
);

-- One key per person; `key_id` is written into every ciphertext, `contact_id` follows merges.
create table subject_key (
    workspace_id uuid        not null,
    key_id       uuid        not null,
    contact_id   uuid        not null,
    epoch        integer     not null,
    wrapped      wrapped_key not null,
    primary key (workspace_id, key_id)
);
create index subject_key_contact on subject_key (workspace_id, contact_id);

create table identity (
    workspace_id uuid        not null,
    lookup       blind_index not null,
    contact_id   uuid        not null,
    kind         keyword     not null,
    primary key (workspace_id, lookup)
);
create index identity_contact on identity (workspace_id, contact_id);

do $$
declare name text;
begin
    foreach name in array array['scope_key', 'subject_key', 'identity'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($p$create policy workspace on %I using (workspace_id in (select unnest(string_to_array(
            nullif(current_setting('app.workspaces', true), ''), ',')::uuid[])))$p$, name);
    end loop;
end $$;

grant select on epoch_key to parley_app;
grant select, insert, update, delete on scope_key, subject_key, identity to parley_app;
