-- How a channel's number stands at its provider, as last looked at; due when it is to be looked at (again).
create table channel_health (
    workspace_id   uuid         not null,
    channel_id     uuid         not null,
    due_at         timestamptz  not null,
    claimed_until  timestamptz,
    checked_at     timestamptz,
    facts          facts,
    words          sealed,
    primary key (workspace_id, channel_id)
);
create index channel_health_due on channel_health (due_at);
call isolate('channel_health');
call bound_by_channel('channel_health');
call open_lane('channel_health', 'claim', 'all');

-- A number on its way to becoming a channel, by Embedded Signup: which steps are done, and what the last one met.
create table onboarding (
    workspace_id   uuid         not null,
    id             uuid         not null,
    number_id      opaque_id    not null,
    account_id     opaque_id    not null,
    state          keyword      not null,
    coexistence    boolean      not null,
    channel_id     uuid,
    created_at     timestamptz  not null,
    updated_at     timestamptz  not null,
    body           sealed       not null,
    primary key (workspace_id, id),
    unique (workspace_id, number_id)
);
call isolate('onboarding');
call bound_by_channel('onboarding');
