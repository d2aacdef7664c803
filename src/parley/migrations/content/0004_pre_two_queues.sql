-- Deliveries that tell nothing but statuses wait in a queue of their own (1), so that nobody's reply waits behind them.
alter table delivery add column queue smallint not null default 0;
drop index delivery_queue;
create index delivery_queue on delivery (queue, id) where attempts < 5;
