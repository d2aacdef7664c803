-- A template's name at Meta: up to 512 of a small alphabet, and it may begin with a digit, so it is no keyword.
create domain template_name as text check (octet_length(value) between 1 and 512 and value !~ '[^a-z0-9_]');

alter table template alter column name type template_name;
alter table template add column body sealed;
alter table template add column reason keyword;
alter table template add column created_at timestamptz not null default now();
alter table template add column updated_at timestamptz not null default now();

-- What became of a template: each change of status, quality or category, by whoever told it.
create table template_change (
    workspace_id  uuid         not null,
    id            uuid         not null,
    template_id   uuid         not null,
    aspect        keyword      not null,
    before        keyword,
    after         keyword      not null,
    reason        keyword,
    at            timestamptz  not null,
    primary key (workspace_id, template_id, id)
);
call isolate('template_change');

-- The reading of an account's templates at its provider: one row an account, due when it is to be read (again).
create table template_sync (
    workspace_id   uuid         not null,
    account_id     opaque_id    not null,
    due_at         timestamptz  not null,
    claimed_until  timestamptz,
    requested_at   timestamptz  not null,
    finished_at    timestamptz,
    attempts       smallint     not null default 0,
    found          integer,
    problem        integer,
    primary key (workspace_id, account_id)
);
create index template_sync_due on template_sync (due_at);
call isolate('template_sync');
call open_lane('template_sync', 'claim', 'all');

-- A caller who sees some channels only sees the templates of their accounts. `channel` is bounded itself (0007).
create policy channels on template as restrictive to parley_caller using (exists (
    select from channel c where c.workspace_id = template.workspace_id and c.account_id = template.account_id));
create policy channels on template_sync as restrictive to parley_caller using (exists (
    select from channel c where c.workspace_id = template_sync.workspace_id and c.account_id = template_sync.account_id));
create policy channels on template_change as restrictive to parley_caller using (exists (
    select from template t where t.workspace_id = template_change.workspace_id and t.id = template_change.template_id));
create policy templates on event as restrictive for select to parley_caller using (kind not like 'template.%' or exists (
    select from template t where t.workspace_id = event.workspace_id and t.id = event.subject_id));
