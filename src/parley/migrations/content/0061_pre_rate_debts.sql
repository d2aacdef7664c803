-- How far each subject of a rate limit (a key, a workspace, a number, a keyed hash of an address) is ahead of its rate, as
-- all web processes together counted. Lost with a crash, which only forgives; so it is not logged.
create unlogged table rate_debt (
    subject  uuid        not null primary key,
    arrival  timestamptz not null
) with (fillfactor = 50);
grant select, insert, update, delete on rate_debt to parley_app;
