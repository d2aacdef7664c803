-- A quiet window: the person writes in fragments, and is answered once they pause. `quiet_since` is the first message that
-- waits, `quiet_until` when it is answered.
alter table conversation add column quiet_since uuid, add column quiet_until timestamptz;
create index conversation_quiet_until on conversation (quiet_until) where quiet_until is not null;

-- Lanes see the conversations that wait for them, and no others.
create policy lane_claim on conversation for select using (
    (select current_setting('app.lane', true)) = 'claim' and quiet_until is not null);
drop policy lane_sweep on conversation;
create policy lane_sweep on conversation using (
    (select current_setting('app.lane', true)) = 'sweep' and floor_until is not null)
    with check ((select current_setting('app.lane', true)) = 'sweep');

-- A turn that has done nothing yet but ask the world can be begun again: the first message of it, and the state that the
-- session had before (null: it began with this turn).
alter table session add column began_with uuid, add column began_state sealed;
