"""Wire shapes of channels. The access token never leaves."""

from typing import Literal

from pydantic import Field, JsonValue

from parley.core.ids import public
from parley.kit.rest.shapes import ChannelId, Moment, NoticeId, Shown
from parley.modules.channels.domain import TEST_KIND, Channel
from parley.modules.channels.service.notices import Notice


class ChannelShape(Shown):
    """A configured number."""

    id: ChannelId
    kind: str = Field(examples=["whatsapp"])
    livemode: bool = Field(description="false for the workspace's test channel, which test keys use and no others.")
    number: str | None = Field(examples=["+15550009999"])
    phone_number_id: str = Field(description="The provider's id of the number.")
    waba_id: str = Field(description="The provider's id of the account.")
    throughput: int = Field(description="Messages a second that may leave.", examples=[80])
    state: Literal["active", "paused", "token_refused"]
    state_code: int | None = Field(description="The provider's error code that stopped it.")
    paused_until: Moment | None = Field(description="Null while active, or until somebody resumes it.")
    created_at: Moment

    @classmethod
    def of(cls, channel: Channel) -> "ChannelShape":
        return cls(
            id=public("chn", channel.id),
            kind=channel.kind,
            livemode=channel.kind != TEST_KIND,
            number=channel.access.number,
            phone_number_id=channel.access.number_id,
            waba_id=channel.access.account_id,
            throughput=channel.rate,
            state=channel.state,
            state_code=channel.state_code,
            paused_until=channel.paused_until,
            created_at=channel.created_at,
        )


class NoticeShape(Shown):
    """What the provider said about the account, number, a template, call, group, form, or something yet unknown."""

    id: NoticeId
    channel_id: ChannelId | None
    kind: str = Field(description="account, template, call, group, form, unknown")
    field: str = Field(description="The provider's field.", examples=["account_update"])
    event: str = Field(examples=["ACCOUNT_VIOLATION"])
    at: Moment | None
    received_at: Moment
    body: dict[str, JsonValue] = Field(description="All of it, in the provider's words.")

    @classmethod
    def of(cls, notice: Notice) -> "NoticeShape":
        return cls(
            id=public("ntc", notice.id),
            channel_id=public("chn", notice.channel) if notice.channel else None,
            kind=notice.kind,
            field=notice.field,
            event=notice.event,
            at=notice.at,
            received_at=notice.received_at,
            body=dict(notice.body),  # type: ignore[arg-type]  # what was sealed was JSON
        )
