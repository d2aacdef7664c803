"""Which account a request about templates means, and the channel that leads to it."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.ids import WorkspaceId
from parley.modules.channels import Channel, Routes


async def channel_of_account(routes: Routes, workspace: WorkspaceId, account: str) -> Channel:
    """A channel of an account, one that works where there is a choice. Raises NotFound."""
    own = [each for each in await routes.of_workspace(workspace) if each.access.account_id == account]
    if not own:
        raise NotFound("No channel of this workspace belongs to that account any more.")
    return min(own, key=lambda each: each.state == "token_refused")


def channel_meant(seen: Sequence[Channel], channel: UUID | None, account: str | None) -> Channel:
    """The channel that is meant, of those that the caller sees. Raises NotFound, InvalidInput."""
    found = [each for each in seen if channel in (None, each.id) and account in (None, each.access.account_id)]
    if not found and (channel is not None or account is not None):
        raise NotFound("There is no such channel or account in this workspace; GET /v1/channels lists yours.")
    accounts = accounts_of(found)
    if len(accounts) == 1:
        return min(found, key=lambda each: each.state == "token_refused")
    sentence = "Name the channel whose account is meant." if accounts else "Add a channel first: POST /v1/channels."
    raise InvalidInput("No account was named.", [fault("/channel_id", "missing", sentence)])


def accounts_of(channels: Sequence[Channel]) -> list[str]:
    """The accounts behind channels."""
    return sorted({each.access.account_id for each in channels})
