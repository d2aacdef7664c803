"""Accounts: workspaces, people, API keys."""

from parley.modules.accounts.allowances import (
    DEFAULT_LOG_DAYS,
    MAX_CONCURRENCY,
    MAX_LOG_DAYS,
    MAX_QUEUE,
    MAX_RATE,
    Allowance,
)
from parley.modules.accounts.domain import WARNED_BEFORE as KEY_WARNED_BEFORE
from parley.modules.accounts.domain import (
    KeyTerms,
    Principal,
    allows,
    check_owner,
    is_expired,
    may_come_from,
    shown_to,
)
from parley.modules.accounts.key_format import MODES, digest_of, holds_key
from parley.modules.accounts.oauth import APP_SCOPES, App, Grant, Installation
from parley.modules.accounts.oauth import LIFETIMES as GRANT_LIFETIMES
from parley.modules.accounts.scopes import RESOURCES, covers
from parley.modules.accounts.service.allowances import WAKE as SETTINGS_CHANGED
from parley.modules.accounts.service.allowances import Allowances, choose_allowance, read_allowance
from parley.modules.accounts.service.authenticate import authenticate, pin_version
from parley.modules.accounts.service.change_key import WAKE as KEYS_CHANGED
from parley.modules.accounts.service.change_key import revoke_key, rotate_key
from parley.modules.accounts.service.check_key import check_key
from parley.modules.accounts.service.create_key import KeyDesk, NewKey, create_key
from parley.modules.accounts.service.create_workspace import NewWorkspace, create_workspace
from parley.modules.accounts.service.idempotency import BeingWorkedOn, finish_request, sweep_requests, take_request
from parley.modules.accounts.service.note_uses import KeyUses
from parley.modules.accounts.service.oauth_apps import find_app, install
from parley.modules.accounts.service.oauth_grants import Known, Verdict, look_up, new_grant, sweep_grants, write_down
from parley.modules.accounts.service.prove_owner import OwnerProof, Words
from parley.modules.accounts.service.read_keys import ApiKey, list_keys
from parley.modules.accounts.store.allowances import forget_debts, log_days
from parley.modules.accounts.store.requests import Stored
from parley.modules.accounts.store.workspaces import workspace_ids

__all__ = [
    "APP_SCOPES",
    "DEFAULT_LOG_DAYS",
    "GRANT_LIFETIMES",
    "KEYS_CHANGED",
    "KEY_WARNED_BEFORE",
    "MAX_CONCURRENCY",
    "MAX_LOG_DAYS",
    "MAX_QUEUE",
    "MAX_RATE",
    "MODES",
    "RESOURCES",
    "SETTINGS_CHANGED",
    "Allowance",
    "Allowances",
    "ApiKey",
    "App",
    "BeingWorkedOn",
    "Grant",
    "Installation",
    "KeyDesk",
    "KeyTerms",
    "KeyUses",
    "Known",
    "NewKey",
    "NewWorkspace",
    "OwnerProof",
    "Principal",
    "Stored",
    "Verdict",
    "Words",
    "allows",
    "authenticate",
    "check_key",
    "check_owner",
    "choose_allowance",
    "covers",
    "create_key",
    "create_workspace",
    "digest_of",
    "find_app",
    "finish_request",
    "forget_debts",
    "holds_key",
    "install",
    "is_expired",
    "list_keys",
    "log_days",
    "look_up",
    "may_come_from",
    "new_grant",
    "pin_version",
    "read_allowance",
    "revoke_key",
    "rotate_key",
    "shown_to",
    "sweep_grants",
    "sweep_requests",
    "take_request",
    "workspace_ids",
    "write_down",
]
