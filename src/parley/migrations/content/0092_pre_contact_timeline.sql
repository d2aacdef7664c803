-- Which contacts were merged into another.
create index contact_merged on contact (workspace_id, merged_into) where merged_into is not null;

-- A contact's timeline is the feed of facts without how far each message came; so is its index, which those facts then
-- cost nothing.
create index event_timeline on event (workspace_id, contact_id, id)
    where kind not in ('message.sent', 'message.delivered', 'message.read', 'message.played');
