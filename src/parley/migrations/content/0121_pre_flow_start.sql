-- Starts of flows with other contacts that a flow asked for, by the conversation and the step that asked: a request that
-- is made again after a crash starts nothing again. Kept for as long as flows' log is.
create table flow_start (
    workspace_id  uuid        not null,
    id            opaque_id   not null,
    at            timestamptz not null,
    primary key (workspace_id, id)
);
create index flow_start_age on flow_start using brin (at);
call isolate('flow_start');
call open_lane('flow_start', 'sweep', 'all');
