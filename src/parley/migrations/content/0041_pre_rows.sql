-- What the statements of the message path take many of: one array of rows each, which the driver and the server handle
-- quicker than as many arrays of columns. Plain types: what is stored is checked by the columns it goes into, once.
-- A type is never altered, for processes of the version before may send it: another shape is another type.
create type new_event as (
    workspace_id uuid, id uuid, kind text, contact_id uuid, conversation_id uuid, message_id uuid, subject_id uuid,
    at timestamptz, detail jsonb
);
create type new_opening as (
    workspace_id uuid, id uuid, channel_id uuid, contact_id uuid, floor text, inbound_at timestamptz,
    entry_expires_at timestamptz, at timestamptz
);
create type new_arrival as (
    workspace_id uuid, ref bytea, id uuid, provider_id bytea, conversation_id uuid, contact_id uuid,
    channel_id uuid, outbound boolean, origin text, kind text, status smallint, at timestamptz, body bytea
);
create type new_outgoing as (
    workspace_id uuid, id uuid, conversation_id uuid, contact_id uuid, channel_id uuid, origin text, kind text,
    at timestamptz, body bytea, priority smallint, marketing boolean, due_at timestamptz, expires_at timestamptz,
    media_id uuid
);
create type new_slot as (workspace_id uuid, conversation_id uuid, pair_arrival timestamptz, at timestamptz);
create type new_sent as (workspace_id uuid, id uuid, ref bytea, provider_id bytea, at timestamptz);
create type new_status as (
    workspace_id uuid, message_id uuid, ref bytea, status smallint, part bytea, at timestamptz, detail jsonb,
    words bytea
);
