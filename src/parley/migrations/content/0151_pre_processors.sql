-- Other companies' services that a workspace lets work on its data: off until it switches one on.
create table processor (
    workspace_id  uuid         not null,
    id            uuid         not null,
    name          keyword      not null,
    enabled       boolean      not null,
    about         sealed       not null,
    updated_at    timestamptz  not null,
    primary key (workspace_id, name)
);
call isolate('processor');

-- What was used of a processor in a month: reserved before each request, corrected after it. `cost` in millionths.
create table processor_use (
    workspace_id   uuid     not null,
    name           keyword  not null,
    month          date     not null,
    calls          bigint   not null default 0,
    tokens         bigint   not null default 0,
    input_tokens   bigint   not null default 0,
    output_tokens  bigint   not null default 0,
    cost           bigint   not null default 0,
    primary key (workspace_id, name, month)
);
call isolate('processor_use');
