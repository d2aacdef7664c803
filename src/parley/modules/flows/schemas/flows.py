"""Wire shapes of flows."""

from pydantic import Field

from parley.core.ids import public
from parley.kit.rest.shapes import FlowId, Moment, Shown
from parley.modules.flows.service.import_flow import Imported
from parley.modules.flows.service.list_flows import Flow


class FlowShape(Shown):
    """A flow and its versions."""

    id: FlowId
    name: str
    live_version: int | None = Field(description="The published version; null when none is.")
    latest_version: int
    created_at: Moment

    @classmethod
    def of(cls, flow: Flow) -> "FlowShape":
        return cls(
            id=public("flw", flow.id),
            name=flow.name,
            live_version=flow.live_version,
            latest_version=flow.latest_version,
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
