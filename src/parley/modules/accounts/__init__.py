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
from parley.modules.accounts.scopes import RESOURCES
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
from parley.modules.accounts.service.read_keys import ApiKey, list_keys
from parley.modules.accounts.store.allowances import forget_debts, log_days
from parley.modules.accounts.store.requests import Stored
from parley.modules.accounts.store.workspaces import workspace_ids

__all__ = [
    "DEFAULT_LOG_DAYS",
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
    "BeingWorkedOn",
    "KeyDesk",
    "KeyTerms",
    "KeyUses",
    "NewKey",
    "NewWorkspace",
    "Principal",
    "Stored",
    "allows",
    "authenticate",
    "check_key",
    "check_owner",
    "choose_allowance",
    "create_key",
    "create_workspace",
    "digest_of",
    "finish_request",
    "forget_debts",
    "holds_key",
    "is_expired",
    "list_keys",
    "log_days",
    "may_come_from",
    "pin_version",
    "read_allowance",
    "revoke_key",
    "rotate_key",
    "shown_to",
    "sweep_requests",
    "take_request",
    "workspace_ids",
]
