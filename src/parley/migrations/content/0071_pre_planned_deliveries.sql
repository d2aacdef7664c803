-- What the test channel will be told, and when: raw deliveries that have not come in yet. Of no workspace, as deliveries.
create table planned_delivery (
    id      bigint       generated always as identity primary key,
    due_at  timestamptz  not null,
    shard   smallint     not null,
    body    sealed       not null
);
create index planned_delivery_due on planned_delivery (due_at, id);
grant select, insert, update, delete on planned_delivery to parley_app;
