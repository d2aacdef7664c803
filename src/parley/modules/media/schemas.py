"""The public shape of a file."""

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from parley.core.ids import public
from parley.kit.rest.shapes import Moment, Shown
from parley.modules.media.domain import Media


class MediaShape(Shown):
    """A file: what came with a message, or was uploaded to be sent."""

    model_config = ConfigDict(frozen=True, title="Media")

    id: str = Field(pattern=r"^med_[0-9a-f]{32}$", examples=["med_01943f2c8a7b7c3e8d5f6a7b8c9d0e1f"])
    state: Literal["fetching", "stored", "failed"] = Field(description="Content can be read once it is `stored`.")
    kind: str = Field(examples=["image"], description="image, video, audio, document or sticker.")
    content_type: str = Field(examples=["image/jpeg"])
    filename: str | None = None
    size: int | None = Field(description="Bytes; null until it is stored.")
    sha256: str | None = Field(description="Of the content, in hex; null until it is stored.")
    message_id: str | None = Field(description="The message it came with; null for an upload.")
    contact_id: str | None
    sendable_as: list[str] = Field(
        examples=[["image", "document"]],
        description='Kinds of message that take this file; `voice` is `audio` with `"voice": true`.',
    )
    problem: str | None = Field(description="Why it could not be fetched, as a word.")
    created_at: Moment
    expires_at: Moment = Field(description="When it is deleted.")

    @classmethod
    def of(cls, media: Media, sendable_as: Sequence[str] = ()) -> "MediaShape":
        return cls(
            id=public("med", media.id),
            state=media.state,
            kind=media.kind,
            content_type=media.content_type,
            filename=media.about.filename,
            size=media.size,
            sha256=media.about.sha256,
            message_id=public("msg", media.message) if media.message else None,
            contact_id=public("con", media.contact) if media.contact else None,
            sendable_as=list(sendable_as),
            problem=media.problem,
            created_at=media.created_at,
            expires_at=media.expires_at,
        )
