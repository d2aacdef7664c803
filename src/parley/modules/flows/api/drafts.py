"""Routes of a flow's draft."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response

from parley.core.errors import InvalidInput, fault
from parley.kit.rest.ids import FlowPath
from parley.kit.rest.route import UnitHere, resource
from parley.modules.flows.api.flows import KeysHere
from parley.modules.flows.schemas.versions import DraftPatch, DraftRequest, DraftShape
from parley.modules.flows.service.drafts import Draft, discard_draft, patch_draft, read_draft, save_draft

router = resource("flows")

_TAG = re.compile(r'(?:W/)?"(?P<revision>[0-9]{1,9})"\Z')


@dataclass(frozen=True, slots=True)
class _Tags:
    """The draft's revision as HTTP spells it: `If-Match` of the request, `ETag` of the answer."""

    response: Response
    if_match: str | None

    def shown(self, draft: Draft) -> DraftShape:
        self.response.headers["etag"] = f'"{draft.revision}"'
        return DraftShape.of(draft)

    def revision(self, given: int | None) -> int | None:
        """What was said in the body or the header. Raises InvalidInput where they differ."""
        if self.if_match is None:
            return given
        tag = _TAG.match(self.if_match.strip())
        if tag is None or given not in {None, int(tag["revision"])}:
            sentence = 'Give the draft\'s `ETag` as it was, for example "3"; and the same `revision`, or none.'
            raise InvalidInput(sentence, [fault("/If-Match", "bad_format", sentence)])
        return int(tag["revision"])


_IfMatch = Annotated[str | None, Header(description="The `ETag` of the draft that was read.", examples=['"3"'])]


async def _tags(response: Response, if_match: _IfMatch = None) -> _Tags:
    return _Tags(response, if_match)


TagsHere = Annotated[_Tags, Depends(_tags)]


@router.get("/flows/{flow_id}/draft", operation_id="get_draft", summary="Get a flow's draft")
async def show_draft(unit: UnitHere, keys: KeysHere, flow_id: FlowPath, response: Response) -> DraftShape:
    """The draft with everything that is wrong or doubtful in it."""
    return _Tags(response, None).shown(await read_draft(unit, keys, flow_id))


@router.put("/flows/{flow_id}/draft", operation_id="save_draft", summary="Save a flow's draft")
async def put_draft(
    unit: UnitHere, keys: KeysHere, flow_id: FlowPath, given: DraftRequest, tags: TagsHere
) -> DraftShape:
    """Keep a document as the draft; nothing that answers changes.

    It must say which revision it was made from. Where somebody has changed the draft meanwhile, it is refused: 409.
    """
    return tags.shown(await save_draft(unit, keys, flow_id, given.document, tags.revision(given.revision)))


@router.patch("/flows/{flow_id}/draft", operation_id="update_draft", summary="Change a flow's draft")
async def change_draft(
    unit: UnitHere, keys: KeysHere, flow_id: FlowPath, given: DraftPatch, tags: TagsHere
) -> DraftShape:
    """Change some members of the draft, of the revision that was read."""
    revision = tags.revision(given.revision)
    if revision is None:
        sentence = "Say which revision of the draft you read, here or in `If-Match`."
        raise InvalidInput(sentence, [fault("/revision", "missing", sentence)])
    return tags.shown(await patch_draft(unit, keys, flow_id, given.document, revision))


@router.delete("/flows/{flow_id}/draft", operation_id="discard_draft", summary="Discard a draft", status_code=204)
async def drop_draft(unit: UnitHere, flow_id: FlowPath) -> None:
    """Throw the draft away. Versions stay."""
    await discard_draft(unit, flow_id)
