"""Wire shapes of flows."""

from typing import Literal

from pydantic import Field

from parley.core.ids import public
from parley.kit.rest.shapes import OUR_WORD, FlowId, Given, Moment, Shown
from parley.modules.flows.engine import Issue
from parley.modules.flows.service.get_flow import Flow
from parley.modules.flows.service.import_flow import Imported
from parley.modules.flows.service.publish import Publishing


class RolloutShape(Shown):
    """A version on trial: it answers so many percent of the contacts, always the same ones."""

    version: int
    percent: int


class FlowShape(Shown):
    """A flow and its versions."""

    id: FlowId
    name: str
    live_version: int | None = Field(description="The published version; null when none is.")
    latest_version: int
    rollout: RolloutShape | None = Field(description="A version that answers some of the contacts before the rest.")
    archived_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, flow: Flow) -> "FlowShape":
        return cls(
            id=public("flw", flow.id),
            name=flow.name,
            live_version=flow.live_version,
            latest_version=flow.latest_version,
            rollout=RolloutShape(version=flow.trial[0], percent=flow.trial[1]) if flow.trial else None,
            archived_at=flow.archived_at,
            created_at=flow.created_at,
        )


class ImportedFlow(Shown):
    """A definition that was taken in as an immutable version."""

    id: FlowId
    version: int
    published: bool
    warnings: list[str] = Field(description="Sentences for the author; they don't stop publishing.")

    @classmethod
    def of(cls, imported: Imported) -> "ImportedFlow":
        return cls(
            id=public("flw", imported.id),
            version=imported.version,
            published=imported.published,
            warnings=list(imported.warnings),
        )


class IssueShape(Shown):
    """A thing to look at. Errors forbid publishing, warnings don't."""

    severity: Literal["error", "warning"]
    node: str | None = Field(description="The node it is about; null for the flow as a whole.")
    pointer: str = Field(description="JSON Pointer into the definition.", json_schema_extra=OUR_WORD)
    code: str = Field(json_schema_extra=OUR_WORD)
    detail: str = Field(description="What is wrong, and what to do.")

    @classmethod
    def of(cls, issue: Issue) -> "IssueShape":
        return cls(
            severity=issue.severity, node=issue.node, pointer=issue.pointer, code=issue.code, detail=issue.detail
        )


class PublishRequest(Given):
    """What to publish: the draft, or a version."""

    version: int | None = Field(None, ge=1, description="A version that is there; without it, the draft is published.")
    revision: int | None = Field(None, ge=1, description="The draft's revision that was looked at; another is refused.")


class RollbackRequest(Given):
    """Which version to go back to."""

    version: int | None = Field(None, ge=1, description="Without it, the version that answered before.")


class RolloutRequest(Given):
    """A version and how many of the contacts it answers."""

    version: int = Field(ge=1)
    percent: int = Field(ge=1, le=100, description="100 publishes it.")


class PublishedFlow(Shown):
    """A version answers now."""

    id: FlowId
    version: int
    issues: list[IssueShape] = Field(description="What its author should look at.")

    @classmethod
    def of(cls, done: Publishing) -> "PublishedFlow":
        return cls(id=public("flw", done.flow), version=done.version, issues=[IssueShape.of(i) for i in done.issues])
