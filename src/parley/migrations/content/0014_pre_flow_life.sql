-- A flow's life: a draft that is worked on, what was published when and by whom, a version on trial with some of the
-- contacts, and the end. Published versions themselves never change.
alter table flow add column trial_version integer;
alter table flow add column trial_percent integer check (trial_percent between 1 and 99);
alter table flow add column archived_at timestamptz;

create table flow_draft (
    workspace_id  uuid        not null,
    flow_id       uuid        not null,
    revision      integer     not null,
    based_on      integer,
    updated_at    timestamptz not null,
    updated_by    keyword,
    document      sealed      not null,
    primary key (workspace_id, flow_id)
);
call isolate('flow_draft');

create table flow_publication (
    workspace_id  uuid        not null,
    id            uuid        not null,
    flow_id       uuid        not null,
    version       integer     not null,
    at            timestamptz not null,
    actor         keyword,
    primary key (workspace_id, flow_id, id)
);
call isolate('flow_publication');

-- What was published before publications were kept; the flow's own id serves for the one there is.
insert into flow_publication (workspace_id, id, flow_id, version, at)
select workspace_id, id, id, live_version, created_at from flow where live_version is not null;
