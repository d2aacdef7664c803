"""The WhatsApp Cloud API as a channel: the one place of this adapter that talks to Meta."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from parley.adapters.whatsapp import media
from parley.adapters.whatsapp.check import check
from parley.adapters.whatsapp.errors import explain
from parley.adapters.whatsapp.exchange import Watch
from parley.adapters.whatsapp.files import check_file
from parley.adapters.whatsapp.graph import UNKNOWN, Graph, segment
from parley.adapters.whatsapp.parse import NEVER, parse
from parley.adapters.whatsapp.parse.reading import moment
from parley.adapters.whatsapp.render import mark_read, marketing, own_files, render
from parley.adapters.whatsapp.wire import HistoryAnswer, SendAnswer, SentContact
from parley.core import phones
from parley.core.content import Content
from parley.core.errors import Fault
from parley.core.json import JsonObject
from parley.kit.http import FormFile, HttpClient
from parley.modules.channels.inbound import Inbound, MediaFile, Party, ProviderError
from parley.modules.channels.ports import ChannelAccess, FileFacts, HistoryEntry, Outgoing, Receipt, Remedy, SendFailed

HELD: Final = frozenset({"held_for_quality_assessment", "paused"})
"""Taken, but delivered only if the template's first readers don't complain; else it fails later with 132015."""
NOT_THIS_WAY: Final = frozenset({131055, 134100, 134101, 134102})
"""Not switched on for the number, no marketing template, or one that is not ready for it. Nothing was sent."""
HISTORY_FIELDS: Final = "id,message_id,events{delivery_status,timestamp,error_description}"
HISTORY_LIMIT: Final = 100

_sent_decoder = msgspec.json.Decoder(SendAnswer)
_history_decoder = msgspec.json.Decoder(HistoryAnswer)


class WhatsAppDriver:
    """Implements the channel driver. Holds no state but the connections."""

    kind = "whatsapp"

    def __init__(self, http: HttpClient, graph_url: str, graph_version: str) -> None:
        self.graph = Graph(http, graph_url, graph_version)

    def parse(self, body: bytes, received_at: datetime = NEVER) -> Sequence[Inbound]:
        """Everything in one delivery. `received_at` dates events that Meta left without a time."""
        return parse(body, received_at)

    def check(self, content: Content) -> Sequence[Fault]:
        """What Meta would refuse, each with a JSON Pointer into the message object."""
        return check(content)

    def check_file(self, kind: str, file: FileFacts) -> Sequence[Fault]:
        """Why Meta would refuse a file for a kind of message."""
        return check_file(kind, file)

    def explain(self, error: ProviderError) -> SendFailed:
        """An error that came by webhook, in the terms of a failed send."""
        return explain(error)

    async def send(self, access: ChannelAccess, message: Outgoing) -> Receipt:
        """Post one message. Raises SendFailed, nothing else.

        A marketing template that the marketing messages API does not take for this number goes as any other message.
        """
        way = message.marketing
        if way is None:
            return await self._post(access, "messages", render(message))
        try:
            return await self._post(access, "marketing_messages", marketing(message, way))
        except SendFailed as error:
            if way.insists or error.code not in NOT_THIS_WAY:
                raise
            return await self._post(access, "messages", render(message))

    async def mark_read(self, access: ChannelAccess, provider_id: str, *, typing: bool) -> None:
        """Mark a message and those before it as read, and show that we type. Raises SendFailed."""
        await self.graph.post(access, f"{segment(access.number_id)}/messages", mark_read(provider_id, typing=typing))

    async def history(self, access: ChannelAccess, provider_id: str) -> Sequence[HistoryEntry]:
        """The statuses Meta remembers for a message, oldest first. Raises SendFailed."""
        query = f"message_id={segment(provider_id)}&fields={segment(HISTORY_FIELDS)}&limit={HISTORY_LIMIT}"
        answer = await self.graph.get(access, f"{segment(access.number_id)}/message_history?{query}")
        try:
            found = _history_decoder.decode(answer.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SendFailed(Remedy.RETRY, code=0, title="Meta's answer was broken; it is asked again.") from error
        return _entries(found, provider_id)

    def download(self, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:
        """The bytes of an inbound file, in chunks; its hash is checked at the end. Raises SendFailed."""
        return media.download(self.graph, access, file)

    async def upload(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        """Store a file with Meta for 30 days; its id there. Raises SendFailed."""
        file = FormFile(data=data, content_type=content_type, filename=filename)
        answer = await self.graph.upload(access, f"{segment(access.number_id)}/media", file)
        try:
            stored = msgspec.json.decode(answer.body, type=_Stored)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SendFailed(Remedy.RETRY, code=0, title="Meta's answer was broken; it is uploaded again.") from error
        return stored.id

    async def _post(self, access: ChannelAccess, edge: str, body: JsonObject) -> Receipt:
        if left := own_files(body):
            title = f"The file {min(left)} was not uploaded to Meta. Upload it before sending."
            raise SendFailed(Remedy.TELL_SENDER, code=131009, title=title)
        watch = Watch(access, body)
        try:
            answer = await self.graph.post(access, f"{segment(access.number_id)}/{edge}", body)
            receipt = _receipt(answer.body)
        except SendFailed as failure:
            failure.exchange = watch.failed(failure)
            raise
        return replace(receipt, exchange=watch.answered(answer))


class _Stored(msgspec.Struct):
    id: str


def _receipt(body: bytes) -> Receipt:
    try:
        answer = _sent_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SendFailed(Remedy.UNSURE, code=0, title=UNKNOWN, detail="the answer is not readable") from error
    sent = answer.messages[0] if answer.messages else None
    if sent is None or not sent.id:
        raise SendFailed(Remedy.UNSURE, code=0, title=UNKNOWN, detail="the answer names no message")
    party = _party(answer.contacts[0]) if answer.contacts else None
    return Receipt(provider_id=sent.id, party=party, held=sent.message_status in HELD)


def _party(contact: SentContact) -> Party | None:
    """The identities Meta revealed; the number it knows may differ from the one written to (Brazil, Mexico)."""
    number = phones.normalise(str(contact.wa_id)) if contact.wa_id else None
    return Party(phone=number, user_id=contact.user_id) if number or contact.user_id else None


def _entries(found: HistoryAnswer, provider_id: str) -> list[HistoryEntry]:
    entries = [
        HistoryEntry(
            status=event.delivery_status.lower(),
            at=(moment(event.timestamp) or NEVER).timestamp(),
            detail=event.error_description,
        )
        for item in found.data
        if item.message_id in (None, provider_id) and item.events
        for event in item.events.data
        if event.delivery_status
    ]
    return sorted(entries, key=lambda entry: entry.at)
