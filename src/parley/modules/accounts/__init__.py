"""Accounts: workspaces, people, API keys."""

from parley.modules.accounts.domain import Principal, allows, check_owner, digest_of
from parley.modules.accounts.service.authenticate import authenticate
from parley.modules.accounts.service.check_key import check_key
from parley.modules.accounts.service.create_key import NewKey, create_key
from parley.modules.accounts.service.create_workspace import NewWorkspace, create_workspace
from parley.modules.accounts.service.idempotency import Stored, finish_request, sweep_requests, take_request
from parley.modules.accounts.store import workspace_ids

__all__ = [
    "NewKey",
    "NewWorkspace",
    "Principal",
    "Stored",
    "allows",
    "authenticate",
    "check_key",
    "check_owner",
    "create_key",
    "create_workspace",
    "digest_of",
    "finish_request",
    "sweep_requests",
    "take_request",
    "workspace_ids",
]
