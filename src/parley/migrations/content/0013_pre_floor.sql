-- The floor is a lease: who took it (`flow`, `phone`, `key_…`, `usr_…`), and until when; null: until it is given back.
-- After its end the bot speaks again, whether or not the row says so already.
alter table conversation add column floor_by keyword, add column floor_until timestamptz;
create index conversation_floor_until on conversation (floor_until) where floor_until is not null;
call open_lane('conversation', 'sweep', 'all');
