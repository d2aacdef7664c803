"""Wire shapes of templates."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.core.json import JsonObject
from parley.kit.rest.shapes import ChannelId, Given, Moment, Shown, TemplateId
from parley.modules.templates.compile import Preview
from parley.modules.templates.domain import Edit, NewTemplate, Template
from parley.modules.templates.store import Step, Sync

_COMPONENTS: list[JsonValue] = [
    {
        "type": "BODY",
        "text": "Hello {{first_name}}, your order {{order}} is on its way.",
        "example": {
            "body_text_named_params": [
                {"param_name": "first_name", "example": "Ada"},
                {"param_name": "order", "example": "17"},
            ]
        },
    },
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Where is it?"}]},
]
_NEW: JsonValue = {
    "name": "order_shipped",
    "language": "en_US",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": _COMPONENTS,
}
_VARIABLES: JsonValue = {"variables": {"first_name": {"contact": "name", "default": "there"}, "order": "17"}}

Category = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
Components = Annotated[
    list[dict[str, JsonValue]],
    Field(
        min_length=1,
        max_length=20,
        description="Meta's components; a sample (`header_handle`) may be a file of yours (`med_…`).",
    ),
]
Seconds = Annotated[int | None, Field(description="How long a message may wait for delivery, in seconds.")]


class TemplateRequest(Given):
    """A template to create, in Meta's words, and the channel (or account) whose it is to be."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    channel_id: str | None = Field(None, description="May be left out where the workspace has one account.")
    waba_id: str | None = Field(None, description="The account itself, instead of a channel of it.")
    name: str
    language: str = Field(examples=["en_US"])
    category: str = Field(examples=["UTILITY"], description="MARKETING, UTILITY or AUTHENTICATION.")
    components: Components
    parameter_format: Literal["POSITIONAL", "NAMED", "positional", "named"] | None = None
    sub_category: str | None = None
    message_send_ttl_seconds: Seconds = None
    allow_category_change: bool | None = Field(None, description="Taken as Meta takes it: it changes nothing any more.")

    def new(self) -> NewTemplate:
        return NewTemplate(
            name=self.name,
            language=self.language,
            category=self.category.upper(),
            components=[dict(each) for each in self.components],
            parameter_format=self.parameter_format.upper() if self.parameter_format else None,
            sub_category=self.sub_category,
            ttl_seconds=self.message_send_ttl_seconds,
        )


class TemplateChange(Given):
    """What to change. Components are replaced whole; the provider judges the template anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"components": _COMPONENTS}]})

    category: Category | None = None
    components: Components | None = None
    message_send_ttl_seconds: Seconds = None

    def edit(self) -> Edit:
        components: list[JsonObject] | None = list(self.components) if self.components is not None else None
        return Edit(category=self.category, components=components, ttl_seconds=self.message_send_ttl_seconds)


class TemplateShape(Shown):
    """One language of a template."""

    id: TemplateId
    provider_template_id: str | None
    waba_id: str
    name: str = Field(examples=["order_shipped"])
    language: str = Field(examples=["en_US"])
    category: str | None = Field(description="As the provider has it, which may differ from what was asked for.")
    status: str = Field(description="APPROVED, PENDING, REJECTED, PAUSED, DISABLED, … in the provider's word.")
    quality: str | None = Field(description="GREEN, YELLOW, RED or UNKNOWN.")
    reason: str | None = Field(description="Why it was rejected, paused or disabled.")
    paused_until: Moment | None = Field(description="When it is tried again, where it was paused while sending.")
    parameter_format: str | None
    sub_category: str | None
    message_send_ttl_seconds: int | None
    components: list[dict[str, JsonValue]] | None = Field(description="Null until it was read at the provider.")
    created_at: Moment = Field(description="When it came to be known here.")
    updated_at: Moment

    @classmethod
    def of(cls, template: Template) -> "TemplateShape":
        body = template.body
        return cls(
            id=public("tpl", template.id),
            provider_template_id=template.provider_id,
            waba_id=template.account,
            name=template.name,
            language=template.language,
            category=template.category,
            status=template.status,
            quality=template.quality,
            reason=template.reason,
            paused_until=template.paused_until,
            parameter_format=body.parameter_format if body else None,
            sub_category=body.sub_category if body else None,
            message_send_ttl_seconds=body.ttl_seconds if body else None,
            components=body.components if body else None,  # type: ignore[arg-type]  # what was sealed was JSON
            created_at=template.created_at,
            updated_at=template.updated_at,
        )


class TemplateStepShape(Shown):
    """A change of a template's status, quality or category."""

    aspect: Literal["status", "quality", "category"]
    before: str | None
    after: str
    reason: str | None
    at: Moment

    @classmethod
    def of(cls, step: Step) -> "TemplateStepShape":
        return cls(aspect=step.aspect, before=step.before, after=step.after, reason=step.reason, at=step.at)


class SyncRequest(Given):
    """Which account to read; with neither member, all of the workspace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    channel_id: ChannelId | None = None
    waba_id: str | None = None


class SyncShape(Shown):
    """How the reading of an account's templates stands."""

    waba_id: str
    state: Literal["waiting", "running", "done", "failed"]
    requested_at: Moment
    finished_at: Moment | None = Field(description="When it was last read.")
    found: int | None = Field(description="How many templates the account had then.")
    problem: int | None = Field(description="The provider's code, where the last reading failed.")

    @classmethod
    def of(cls, sync: Sync) -> "SyncShape":
        fresh = sync.finished_at is not None and sync.finished_at >= sync.requested_at
        rested: Literal["failed", "done"] = "failed" if sync.problem is not None else "done"
        return cls(
            waba_id=sync.account,
            state="running" if sync.running else rested if fresh else "waiting",
            requested_at=sync.requested_at,
            finished_at=sync.finished_at,
            found=sync.found,
            problem=sync.problem,
        )


class SyncsShape(Shown):
    """The readings of a workspace's accounts."""

    data: list[SyncShape]


class PreviewRequest(Given):
    """What to fill in, and whose values to take where a variable asks for the contact's."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VARIABLES]})

    variables: dict[str, JsonValue] = {}
    contact_id: str | None = None


class PreviewShape(Shown):
    """What a person will read."""

    header: dict[str, JsonValue] | None = None
    body: str | None = None
    footer: str | None = None
    buttons: list[dict[str, JsonValue]] = []
    cards: list["PreviewShape"] = []
    components: list[dict[str, JsonValue]] = Field(default=[], description="The components of the send, as Meta's.")

    @classmethod
    def of(cls, shown: Preview, components: list[JsonObject]) -> "PreviewShape":
        return cls.model_validate(
            {
                "header": shown.header,
                "body": shown.body,
                "footer": shown.footer,
                "buttons": shown.buttons,
                "cards": [cls.of(each, []) for each in shown.cards],
                "components": components,
            }
        )


class DeletedShape(Shown):
    """How many languages were deleted."""

    deleted: int


class SchemaShape(Shown):
    """A JSON Schema (2020-12)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Literal["object"]
