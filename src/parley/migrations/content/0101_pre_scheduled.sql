-- Messages that are to leave later. The message itself and its body are there already; it is queued when its time comes.
create table scheduled (
    workspace_id  uuid         not null,
    message_id    uuid         not null,
    channel_id    uuid         not null,
    due_at        timestamptz  not null,
    expires_at    timestamptz,
    priority      smallint     not null,
    marketing     boolean      not null,
    primary key (workspace_id, message_id)
);
create index scheduled_due on scheduled (due_at);
call isolate('scheduled');
call bound_by_channel('scheduled');
call open_lane('scheduled', 'claim', 'all');
