"""A message that was claimed, as its driver takes it: its files at the provider, and the way it leaves by."""

from parley.modules.channels import Channel
from parley.modules.channels.ports import ChannelDriver, Marketing, Outgoing
from parley.modules.conversations.domain import CARRIERS, MessageBody, own_files
from parley.modules.conversations.service.parties import party_of
from parley.modules.conversations.store import claims
from parley.modules.media import MediaLibrary

BY_SETTING = Marketing()


async def outgoing_of(
    media: MediaLibrary, channel: Channel, driver: ChannelDriver, message: claims.Claimed, body: MessageBody
) -> Outgoing:
    """Files that the provider does not have are uploaded. Raises SendFailed, Unavailable."""
    files = own_files(body.body) if body.kind in CARRIERS else ()
    uploaded = {each: await media.at_provider(channel, driver, file) for each, file in files}
    return Outgoing(
        message_id=message.id,
        to=party_of(body.party),
        content=body.content(),
        group_id=body.group_id,
        provider_media_id=await media.at_provider(channel, driver, message.media) if message.media else None,
        provider_media_ids=uploaded,
        marketing=body.marketing or _by_setting(channel, message, body),
    )


def _by_setting(channel: Channel, message: claims.Claimed, body: MessageBody) -> Marketing | None:
    to_one = body.kind == "template" and body.group_id is None
    return BY_SETTING if channel.marketing_messages and message.marketing and to_one else None
