-- What was exchanged with the provider when a message that came by the API was posted: a row a try, kept for some days.
-- Under the person's key, like the message itself.
create table message_trace (
    workspace_id  uuid        not null,
    message_id    uuid        not null,
    attempt       smallint    not null,
    at            timestamptz not null,
    micros        integer     not null,
    exchange      sealed      not null,
    primary key (workspace_id, message_id, attempt)
);
create index message_trace_age on message_trace (at);
call isolate('message_trace');
call open_lane('message_trace', 'sweep', 'all');
