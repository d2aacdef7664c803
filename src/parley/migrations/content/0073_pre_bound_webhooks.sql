-- A caller of some channels sees the endpoints that listen to those only; everybody else, all but those that listen to a
-- channel hidden from them. Deliveries and attempts go with their endpoint.
create policy channels on webhook_endpoint as restrictive to parley_caller using (
    case when (select current_setting('app.channels_hidden')::boolean)
    then not channel_ids && (select string_to_array(nullif(current_setting('app.channels'), ''), ',')::uuid[])
    else cardinality(channel_ids) > 0
        and channel_ids <@ (select string_to_array(nullif(current_setting('app.channels'), ''), ',')::uuid[]) end);
create policy channels on webhook_delivery as restrictive for select to parley_caller using (exists (
    select from webhook_endpoint e where e.workspace_id = webhook_delivery.workspace_id and e.id = endpoint_id));
