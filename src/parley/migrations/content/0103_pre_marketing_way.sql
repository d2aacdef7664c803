-- Whether a channel's marketing templates go by the provider's own way for marketing; and when it last carried a
-- message each way, to within a few seconds, so that nobody has to look for it among the messages.
alter table channel
    add column marketing_messages boolean not null default false,
    add column last_inbound_at timestamptz,
    add column last_outbound_at timestamptz;
