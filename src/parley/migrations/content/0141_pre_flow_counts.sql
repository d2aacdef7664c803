-- What flows did, counted: by day and version, how often a node was left by an exit. A sprint's steps are written in the
-- row of its log, which is written anyway, and are added up some minutes later: nothing on the message path waits for
-- a counter. `counted_to` is up to when they have been.
alter table flow_sprint add column steps facts;

create table flow_count (
    workspace_id  uuid     not null,
    slug          keyword  not null,
    flow_version  integer  not null,
    day           date     not null,
    node          keyword  not null,
    exit          keyword  not null,
    count         bigint   not null,
    primary key (workspace_id, slug, flow_version, day, node, exit)
);
call isolate('flow_count');
call open_lane('flow_count', 'sweep', 'all');

create table flow_tally (
    one         boolean      primary key default true check (one),
    counted_to  timestamptz  not null
);
grant select, insert, update on flow_tally to parley_app;
