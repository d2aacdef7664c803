-- The version of the API that a key's first request was served in: what it is served in ever after, unless it names one.
alter table api_key add column version date;
