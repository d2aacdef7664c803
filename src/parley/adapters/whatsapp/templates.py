"""Templates of a WhatsApp Business Account by the Graph API: created, edited, deleted, listed."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from parley.adapters.whatsapp.check_definition import check_definition
from parley.adapters.whatsapp.graph import Graph, segment
from parley.core.errors import Fault
from parley.core.json import JsonValue
from parley.core.time import now
from parley.kit.http import Answer
from parley.modules.channels import word_of
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed
from parley.modules.templates.ports import Edit, Listed, NewTemplate, Seen, TemplateBody, TemplateExists

FIELDS: Final = (
    "id,name,language,status,category,sub_category,components,parameter_format,quality_score,rejected_reason,"
    "message_send_ttl_seconds"
)
PAGE: Final = 100
"""A page of a hundred templates with their texts is some 200 KB, which Meta answers in a second or two."""
EXISTS: Final = 2388024
"""The subcode of a name that has this language already."""
MISSING: Final = 2593002
"""The subcode of a name that is not there."""


class _Score(msgspec.Struct):
    score: str | None = None


class _Node(msgspec.Struct):
    id: str | int | None = None
    name: str = ""
    language: str = ""
    status: str | None = None
    category: str | None = None
    sub_category: str | None = None
    components: list[dict[str, Any]] | None = None
    parameter_format: str | None = None
    quality_score: _Score | None = None
    rejected_reason: str | None = None
    message_send_ttl_seconds: int | None = None


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    cursors: _Cursors | None = None
    next: str | None = None


class _Page(msgspec.Struct):
    data: list[_Node] = []
    paging: _Paging | None = None


_page = msgspec.json.Decoder(_Page)
_node = msgspec.json.Decoder(_Node)


class WhatsAppTemplates:
    """Implements the templates room's provider. Holds no state but the connections."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def check(self, template: NewTemplate) -> Sequence[Fault]:
        """What Meta would refuse, each with a JSON Pointer into the request."""
        return check_definition(template)

    async def create(self, access: ChannelAccess, template: NewTemplate) -> Seen:
        """Create it. Raises SendFailed, TemplateExists."""
        body: dict[str, JsonValue] = {
            "name": template.name,
            "language": template.language,
            "category": template.category,
            "components": template.components,
            "parameter_format": template.parameter_format,
            "sub_category": template.sub_category,
            "message_send_ttl_seconds": template.ttl_seconds,
        }
        given = {name: value for name, value in body.items() if value is not None}
        try:
            answer = await self._graph.post(access, f"{segment(access.account_id)}/message_templates", given)
        except SendFailed as error:
            if error.subcode == EXISTS:
                raise TemplateExists from error
            raise
        made = _decoded(_node, answer)
        return Seen(
            account=access.account_id,
            name=template.name,
            language=template.language,
            at=now(),
            provider_id=str(made.id) if made.id else None,
            category=word_of(made.category or template.category),
            status=word_of(made.status or "PENDING"),
        )

    async def edit(self, access: ChannelAccess, provider_id: str, change: Edit) -> None:
        """Change it; components are replaced whole. Raises SendFailed."""
        body: dict[str, JsonValue] = {
            "category": change.category,
            "components": change.components,
            "message_send_ttl_seconds": change.ttl_seconds,
        }
        given = {name: value for name, value in body.items() if value is not None}
        await self._graph.post(access, segment(provider_id), given)

    async def delete(self, access: ChannelAccess, name: str, provider_id: str | None) -> None:
        """Delete one language (by its id) or all. Raises SendFailed."""
        query = urlencode({"name": name, **({"hsm_id": provider_id} if provider_id else {})})
        try:
            await self._graph.delete(access, f"{segment(access.account_id)}/message_templates?{query}")
        except SendFailed as error:
            if error.subcode != MISSING:
                raise

    async def find(self, access: ChannelAccess, name: str, language: str) -> Seen | None:
        """One template as Meta has it now. Raises SendFailed."""
        listed = await self._list(access, {"name": name, "language": language})
        return next((each for each in listed.templates if each.name == name and each.language == language), None)

    async def page(self, access: ChannelAccess, after: str | None) -> Listed:
        """A page of the account's templates. Raises SendFailed."""
        return await self._list(access, {"after": after} if after else {})

    async def _list(self, access: ChannelAccess, query: dict[str, str]) -> Listed:
        asked = urlencode({"fields": FIELDS, "limit": PAGE, **query})
        answer = await self._graph.get(access, f"{segment(access.account_id)}/message_templates?{asked}")
        found = _decoded(_page, answer)
        paging = found.paging
        after = paging.cursors.after if paging and paging.next and paging.cursors else None
        return Listed(
            templates=[_seen(access, each) for each in found.data if each.name and each.language], after=after
        )


def _decoded(decoder: "msgspec.json.Decoder[Any]", answer: Answer) -> Any:
    try:
        return decoder.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SendFailed(Remedy.UNSURE, code=0, title="Meta's answer could not be read.") from error


def _seen(access: ChannelAccess, node: _Node) -> Seen:
    reason = node.rejected_reason if node.rejected_reason not in (None, "", "NONE") else None
    score = node.quality_score.score if node.quality_score else None
    body = TemplateBody(
        components=node.components or [],
        parameter_format=node.parameter_format,
        sub_category=node.sub_category,
        ttl_seconds=node.message_send_ttl_seconds,
    )
    return Seen(
        account=access.account_id,
        name=node.name,
        language=node.language,
        at=now(),
        provider_id=str(node.id) if node.id else None,
        category=word_of(node.category) if node.category else None,
        status=word_of(node.status) if node.status else None,
        quality=word_of(score) if score else None,
        reason=word_of(reason) if reason else None,
        body=body,
    )
