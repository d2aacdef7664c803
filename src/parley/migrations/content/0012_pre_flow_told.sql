-- What flows told other systems in their authors' own events: the data, sealed beside the fact that has the name. Kept
-- for as long as flows' log is.
create table flow_told (
    workspace_id  uuid        not null,
    event_id      uuid        not null,
    contact_id    uuid        not null,
    at            timestamptz not null,
    data          sealed      not null,
    primary key (workspace_id, event_id)
);
create index flow_told_age on flow_told using brin (at);
call isolate('flow_told');
call open_lane('flow_told', 'sweep', 'all');
