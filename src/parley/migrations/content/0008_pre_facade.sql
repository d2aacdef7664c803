-- A message whose outcome was not known when the Cloud-API façade had to answer: it goes by an id of ours from then on.
create table stand_in (
    workspace_id  uuid        not null,
    message_id    uuid        not null,
    created_at    timestamptz not null default now(),
    primary key (workspace_id, message_id)
);
call isolate('stand_in');

-- A provider's refusal of a message as it was given, to be told again word for word.
create table provider_refusal (
    workspace_id  uuid        not null,
    message_id    uuid        not null,
    status        smallint    not null,
    body          sealed      not null,
    primary key (workspace_id, message_id)
);
call isolate('provider_refusal');

-- The provider's id of an inbound file, under which a program written for the provider asks for it.
alter table media add column ref blind_index;
create index media_ref on media (workspace_id, ref) where ref is not null;
