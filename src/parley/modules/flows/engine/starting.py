"""When a flow starts by itself, as an author writes it."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.fields import Name

Keyword = Annotated[str, Meta(min_length=1, max_length=100)]
Keywords = Annotated[list[Keyword], Meta(max_length=500)]
LanguageTag = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="`en`, `pt-BR`, …")]
Words: TypeAlias = Keywords | dict[LanguageTag, Keywords]
Kind: TypeAlias = Literal[
    "form_answer",
    "template_reply",
    "order",
    "reaction",
    "location",
    "contacts",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
]


class Triggers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the flow starts by itself. Where several flows could, one decides.

    What says more comes first: a payload, a keyword, a phrase, a pattern, a kind of message, an ad, the first message,
    any message; then the higher priority.
    """

    keywords: Annotated[
        Words,
        Meta(description="Whole messages that start it: a list, or lists by language. Case and punctuation are free."),
    ] = []
    phrases: Annotated[
        Words, Meta(description="Words that start it wherever they stand in a message: a list, or lists by language.")
    ] = []
    patterns: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=500)]],
        Meta(max_length=50, description="Patterns (RE2) that start it where a message has them."),
    ] = []
    payloads: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=256)]],
        Meta(max_length=200, description="Payloads of tapped buttons: of templates, and of other flows' messages."),
    ] = []
    kinds: Annotated[list[Kind], Meta(description="Kinds of message that start it.")] = []
    reactions: Annotated[
        list[Keyword], Meta(max_length=50, description="Emojis that start it as a reaction to a message.")
    ] = []
    ad_referral: Annotated[
        bool | Annotated[list[Keyword], Meta(max_length=200)],
        Meta(description="Start with who comes by an ad: by any, or by those with these `source_id`s."),
    ] = False
    first_message: Annotated[bool, Meta(description="Start with the first message that a person ever writes.")] = False
    default: Annotated[bool, Meta(description="Start with any message that no other trigger claims.")] = False
    during: Annotated[Name | None, Meta(description="Only while these `hours` of the flow are open.")] = None
    outside: Annotated[Name | None, Meta(description="Only while these `hours` of the flow are closed.")] = None
    priority: Annotated[int, Meta(ge=-1000, le=1000, description="The higher wins where two flows could start.")] = 0
