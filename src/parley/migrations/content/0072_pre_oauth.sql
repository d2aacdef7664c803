-- Apps of partners, where they are installed, and what they were given. Looked up by a stranger's word (an id, a secret),
-- so the lane `oauth` sees them across workspaces.
create table oauth_app (
    workspace_id   uuid         not null,
    id             uuid         not null,
    about          sealed       not null,
    secret         secret_hash  not null,
    scopes         keyword[]    not null,
    created_by     keyword      not null,
    created_at     timestamptz  not null,
    removed_at     timestamptz,
    primary key (workspace_id, id)
);
create unique index oauth_app_id on oauth_app (id);
call isolate('oauth_app');
call open_lane('oauth_app', 'oauth', 'select');

create table oauth_installation (
    workspace_id   uuid         not null,
    id             uuid         not null,
    app_id         uuid         not null,
    name           sealed       not null,
    scopes         keyword[]    not null,
    installed_by   keyword      not null,
    installed_at   timestamptz  not null,
    removed_at     timestamptz,
    primary key (workspace_id, id)
);
create unique index oauth_installation_app on oauth_installation (app_id, workspace_id) where removed_at is null;
call isolate('oauth_installation');
call open_lane('oauth_installation', 'oauth', 'select');

-- One-time codes and tokens. Everything that came of one code, or of one grant, is of its family and ends with it.
create table oauth_grant (
    workspace_id     uuid         not null,
    id               uuid         not null,
    installation_id  uuid         not null,
    app_id           uuid         not null,
    family           uuid         not null,
    kind             keyword      not null,
    secret           secret_hash  not null unique,
    scopes           keyword[]    not null,
    redirect_uri     secret_hash,
    challenge        secret_hash,
    issued_at        timestamptz  not null,
    expires_at       timestamptz  not null,
    used_at          timestamptz,
    revoked_at       timestamptz,
    primary key (workspace_id, id)
);
create index oauth_grant_family on oauth_grant (workspace_id, family);
create index oauth_grant_age on oauth_grant (expires_at);
call isolate('oauth_grant');
call open_lane('oauth_grant', 'oauth', 'select');
call open_lane('oauth_grant', 'sweep', 'all');

call open_lane('person', 'oauth', 'select');
