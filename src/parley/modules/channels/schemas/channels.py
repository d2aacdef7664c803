"""Wire shapes of channels. The access token never leaves."""

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.core.time import from_unix
from parley.kit.rest.shapes import ChannelId, Given, Moment, NoticeId, Shown
from parley.modules.channels.domain import TEST_KIND, Channel, LastSeen, advice_of
from parley.modules.channels.service.health import Checked
from parley.modules.channels.service.notices import Notice

_NEW: JsonValue = {
    "phone_number_id": "106540352242922",
    "waba_id": "102290129340398",
    "number": "+15550009999",
    "access_token": "EAAG…",
}


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
    marketing_messages: bool = Field(
        description="Marketing templates go by the marketing messages API, and as others do where it takes them not."
    )
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
            marketing_messages=channel.marketing_messages,
            created_at=channel.created_at,
        )


class HealthShape(Shown):
    """How a number stands at its provider, as last looked at."""

    checked_at: Moment
    token: Literal["valid", "refused", "unknown"]
    token_expires_at: Moment | None = Field(description="Null when it does not expire, or is not known.")
    subscribed: bool | None = Field(description="Whether the account's webhooks come to us.")
    status: str | None = Field(examples=["CONNECTED"])
    name: str | None = Field(description="The name that people see.")
    name_status: str | None = Field(examples=["APPROVED"])
    quality: str | None = Field(examples=["GREEN"])
    messaging_limit: str | None = Field(examples=["TIER_2K"], description="People written to first in 24 hours.")
    throughput_level: str | None = Field(examples=["STANDARD"])
    coexistence: bool | None = Field(description="The number is used in the Business app as well.")
    can_send: str | None = Field(examples=["AVAILABLE"])
    problem: int | None = Field(description="The provider's code, where it did not answer.")
    advice: str | None = Field(description="What the provider says is wrong, in its words.")

    @classmethod
    def of(cls, checked: Checked) -> "HealthShape":
        health = checked.health
        expires = health.token_expires_at
        return cls(
            checked_at=checked.at,
            token=health.token,
            token_expires_at=from_unix(expires) if expires else None,
            subscribed=health.subscribed,
            status=health.status,
            name=health.name,
            name_status=health.name_status,
            quality=health.quality,
            messaging_limit=health.limit,
            throughput_level=health.throughput,
            coexistence=health.coexistence,
            can_send=health.can_send,
            problem=health.problem,
            advice=health.advice,
        )


class ChannelDetailShape(ChannelShape):
    """A channel, how it stands, and what should be done about it."""

    health: HealthShape | None = Field(description="Null until it was looked at for the first time.")
    what_to_do: str | None = Field(description="Null when all is well.")
    last_inbound_at: Moment | None
    last_outbound_at: Moment | None

    @classmethod
    def told(cls, channel: Channel, checked: Checked | None, traffic: LastSeen) -> "ChannelDetailShape":
        return cls(
            **ChannelShape.of(channel).model_dump(mode="python", round_trip=True),
            health=HealthShape.of(checked) if checked else None,
            what_to_do=advice_of(channel, checked.health if checked else None),
            last_inbound_at=traffic.inbound_at,
            last_outbound_at=traffic.outbound_at,
        )


class ChannelRequest(Given):
    """A number to add."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    kind: Literal["whatsapp"] = "whatsapp"
    phone_number_id: str
    waba_id: str
    number: str = Field(examples=["+15550009999"])
    access_token: str = Field(description="Kept encrypted; never shown again.")
    throughput: int | None = Field(None, description="Messages a second; asked of the provider when left out.")


class ChannelPatch(Given):
    """What to change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "paused"}, {"access_token": "EAAG…"}]})

    access_token: str | None = Field(None, description="A new token; a channel stopped for the old one sends again.")
    state: Literal["active", "paused"] | None = None
    throughput: int | None = None
    marketing_messages: bool | None = Field(
        None, description="Send marketing templates by the marketing messages API; its terms are accepted at Meta."
    )


class ProfileChange(Given):
    """What to change of the business profile; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"about": "Fresh bread daily"}]})

    about: str | None = Field(None, min_length=1, max_length=139)
    address: str | None = Field(None, max_length=256)
    description: str | None = Field(None, max_length=512)
    email: str | None = Field(None, max_length=128)
    websites: list[str] | None = Field(None, max_length=2)
    vertical: str | None = Field(None, examples=["RETAIL"])
    profile_picture: str | None = Field(
        None, examples=["med_0190f5fe4b5c7c8e9d7a5b3c2d1e0f00"], description="A JPEG or PNG of yours, uploaded before."
    )
    profile_picture_handle: str | None = Field(None, description="The handle of an upload to the provider.")


class ProfileShape(Shown):
    """What people see of the business."""

    about: str | None = None
    address: str | None = None
    description: str | None = None
    email: str | None = None
    websites: list[str] = []
    vertical: str | None = None
    profile_picture_url: str | None = None


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
