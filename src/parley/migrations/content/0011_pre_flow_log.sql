-- What each sprint of a flow was given (what came, and what the world was like), so that any session can be run again.
-- Appended to, never changed; kept for as long as flows' log is. By age it is found block by block: rows come in order.
create table flow_sprint (
    workspace_id     uuid        not null,
    session_id       uuid        not null,
    number           integer     not null,
    conversation_id  uuid        not null,
    contact_id       uuid        not null,
    flow_id          uuid        not null,
    flow_version     integer     not null,
    at               timestamptz not null,
    recorded         sealed      not null,
    primary key (workspace_id, session_id, number)
);
create index flow_sprint_age on flow_sprint using brin (at);
call isolate('flow_sprint');
call open_lane('flow_sprint', 'sweep', 'all');
