"""Wire shapes of drafts and versions, and of what differs between them."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from parley.core.ids import public
from parley.core.json import JsonObject
from parley.kit.rest.shapes import OUR_WORD, FlowId, Given, Moment, Shown
from parley.modules.flows.engine import Issue
from parley.modules.flows.engine.differences import Change, Difference, NodeDifference
from parley.modules.flows.schemas.flows import IssueShape
from parley.modules.flows.service.drafts import Draft
from parley.modules.flows.service.list_versions import Written
from parley.modules.flows.store.definitions import VersionRow
from parley.modules.flows.store.lives import Publication

EXAMPLE: JsonValue = {
    "schema": 2,
    "id": "hello",
    "name": "Hello",
    "triggers": {"keywords": ["hi"]},
    "start": "greet",
    "nodes": {"greet": {"type": "message", "text": "Hello!"}},
}
Document = Annotated[
    dict[str, JsonValue],
    Field(description="A flow as `GET /v1/schemas/flow.json` describes it.", examples=[EXAMPLE]),
]


class DraftRequest(Given):
    """A draft to keep. It may have faults."""

    document: Document
    revision: int | None = Field(
        None, ge=1, description="Of the draft that this was made from; `If-Match` says the same. Left out for a first."
    )


class DraftPatch(Given):
    """A change to the draft."""

    document: dict[str, JsonValue] = Field(
        description="A JSON Merge Patch (RFC 7396): members to change, null for those to take out.",
        examples=[{"nodes": {"greet": {"text": "Hi!"}}}],
    )
    revision: int | None = Field(None, ge=1, description="Of the draft that was read; `If-Match` says the same.")


class DraftShape(Shown):
    """A flow as somebody works on it."""

    flow_id: FlowId
    revision: int = Field(description="Grows with each change; it is also the `ETag`.")
    based_on: int | None = Field(description="The version that was the latest when the draft was begun.")
    updated_at: Moment
    updated_by: str | None = Field(description="Who changed it last.", json_schema_extra=OUR_WORD)
    document: dict[str, JsonValue]
    issues: list[IssueShape]

    @classmethod
    def of(cls, draft: Draft) -> "DraftShape":
        return cls(
            flow_id=public("flw", draft.flow),
            revision=draft.revision,
            based_on=draft.based_on,
            updated_at=draft.updated_at,
            updated_by=draft.updated_by,
            document=plain(draft.document),
            issues=[IssueShape.of(each) for each in draft.issues],
        )


class FlowVersionShape(Shown):
    """An immutable version of a flow."""

    version: int
    created_at: Moment

    @classmethod
    def of(cls, row: VersionRow) -> "FlowVersionShape":
        return cls(version=row.version, created_at=row.created_at)


class FlowVersionDetail(Shown):
    """A version with its document."""

    version: int
    document: dict[str, JsonValue]
    issues: list[IssueShape] = Field(description="What can be said of it today.")

    @classmethod
    def of(cls, found: Written) -> "FlowVersionDetail":
        issues = [IssueShape.of(each) for each in found.issues]
        return cls(version=found.version, document=plain(found.document), issues=issues)


class PublicationShape(Shown):
    """A version began to answer everybody."""

    version: int
    at: Moment
    actor: str | None = Field(description="Who published it, where that is known.", json_schema_extra=OUR_WORD)

    @classmethod
    def of(cls, row: Publication) -> "PublicationShape":
        return cls(version=row.version, at=row.at, actor=row.actor)


class InspectedFlow(Shown):
    """What can be said of a definition."""

    valid: bool = Field(description="Whether it may be published.")
    issues: list[IssueShape]

    @classmethod
    def of(cls, issues: tuple[Issue, ...]) -> "InspectedFlow":
        shown = [IssueShape.of(each) for each in issues]
        return cls(valid=all(each.severity != "error" for each in shown), issues=shown)


class ChangeShape(Shown):
    """A place that differs."""

    pointer: str = Field(json_schema_extra=OUR_WORD)
    before: JsonValue
    after: JsonValue
    words: bool = Field(description="Whether customers read it.")
    language: str | None = Field(description="Whose words, where they are a translation.")

    @classmethod
    def of(cls, each: Change) -> "ChangeShape":
        (before, after) = plain({"before": each.before, "after": each.after}).values()
        return cls(pointer=each.pointer, before=before, after=after, words=each.words, language=each.language)


class NodeDifferenceShape(Shown):
    """A node that is new, gone, or not what it was."""

    node: str
    verdict: Literal["added", "removed", "changed"]
    changes: list[ChangeShape]

    @classmethod
    def of(cls, each: NodeDifference) -> "NodeDifferenceShape":
        return cls(node=each.node, verdict=each.verdict, changes=[ChangeShape.of(change) for change in each.changes])


class FlowDifference(Shown):
    """What differs between two versions of a flow."""

    same: bool
    nodes: list[NodeDifferenceShape]
    settings: list[ChangeShape] = Field(description="Outside of nodes: triggers, hours, languages, the start.")

    @classmethod
    def of(cls, found: Difference) -> "FlowDifference":
        return cls(
            same=found.same,
            nodes=[NodeDifferenceShape.of(each) for each in found.nodes],
            settings=[ChangeShape.of(each) for each in found.settings],
        )


def plain(document: JsonObject) -> dict[str, JsonValue]:
    """A document as pydantic takes it."""
    return dict(document)  # type: ignore[arg-type]  # the same JSON, spelled otherwise
