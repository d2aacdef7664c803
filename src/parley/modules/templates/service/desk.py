"""Create, edit and delete templates at their provider. No unit is held while the provider is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, Refused, fault
from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels import Channel, Routes, Samples, told_by_provider
from parley.modules.channels.ports import SendFailed
from parley.modules.templates import store
from parley.modules.templates.domain import EDITABLE, GONE, Edit, NewTemplate, Seen, Template, TemplateBody
from parley.modules.templates.ports import TemplateExists, TemplateProvider
from parley.modules.templates.service.accounts import channel_of_account
from parley.modules.templates.service.follow import see
from parley.modules.templates.service.read import find_template, get_template
from parley.modules.templates.service.samples import alike, with_handles


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and in which workspace."""

    workspace: WorkspaceId
    caller: Caller


@dataclass(frozen=True, slots=True)
class TemplateDesk:
    """What managing templates needs."""

    units: Units
    keys: KeyService
    routes: Routes
    providers: Mapping[str, TemplateProvider]
    samples: Samples

    async def create(self, channel: Channel, caller: Caller, new: NewTemplate, *, repeated: bool) -> Seen:
        """Create a template at the provider; to be kept by `keep`. Raises InvalidInput, Conflict, Unavailable.

        `repeated`: the request may have been cut off halfway, so a template that is there just so counts as created.
        """
        provider = self._provider(channel)
        faults = provider.check(new)
        if faults:
            raise InvalidInput("The template can't be created like this.", faults)
        if not repeated:
            await self._not_known(channel, new)
        new = replace(new, components=await with_handles(self.samples, channel, caller, new.components))
        try:
            created = await provider.create(channel.access, new)
        except TemplateExists:
            found = await self._found(channel, new.name, new.language)
            if not repeated or found is None or not _made_so(found, new):
                raise _exists(new) from None
            created = found
        except SendFailed as error:
            raise told_by_provider(error) from error
        return replace(created, account=channel.access.account_id, body=created.body or _body(new))

    async def keep(self, unit: Unit, seen: Seen) -> Template:
        """Enter what the provider said, in the unit of the request."""
        return await see(unit, self.keys, WorkspaceId(unit.workspace), seen)

    async def edit(self, asking: Asking, wanted: UUID, change: Edit) -> Template:
        """Change a template by the provider's rules. Raises NotFound, InvalidInput, Refused, Unavailable."""
        template = await self._one(asking, wanted)
        channel = await channel_of_account(self.routes, asking.workspace, template.account)
        provider = self._provider(channel)
        _check_edit(provider, template, change)
        if change.components is not None:
            handled = await with_handles(self.samples, channel, asking.caller, change.components)
            change = replace(change, components=handled)
        try:
            await provider.edit(channel.access, template.provider_id or "", change)
        except SendFailed as error:
            raise told_by_provider(error) from error
        seen = await self._found(channel, template.name, template.language)
        async with self.units.begin(asking.workspace, caller=asking.caller) as unit:
            return await self.keep(unit, replace(seen or _edited(template, change), account=template.account))

    async def delete(self, asking: Asking, wanted: UUID) -> None:
        """Delete one language. Raises NotFound, Unavailable."""
        template = await self._one(asking, wanted)
        await self._delete(asking, [template], template.provider_id)

    async def delete_named(self, asking: Asking, account: str, name: str) -> int:
        """Delete a name in all its languages; how many were known here. Raises NotFound, Unavailable."""
        async with self.units.begin(asking.workspace, caller=asking.caller) as unit:
            rows = await store.page(unit, None, _MANY, store.Wanted(name=name, accounts=(account,)))
            found = [await get_template(unit, self.keys, row.id) for row in rows]
        if not found:
            raise NotFound("There is no template of this name in the account.")
        await self._delete(asking, found, None)
        return len(found)

    async def _delete(self, asking: Asking, found: list[Template], provider_id: str | None) -> None:
        first = found[0]
        channel = await channel_of_account(self.routes, asking.workspace, first.account)
        try:
            await self._provider(channel).delete(channel.access, first.name, provider_id)
        except SendFailed as error:
            raise told_by_provider(error) from error
        async with self.units.begin(asking.workspace, caller=asking.caller) as unit:
            for each in found:
                account, name, language = each.named
                gone = Seen(account=account, name=name, language=language, at=now(), status="DELETED")
                await self.keep(unit, gone)

    async def _one(self, asking: Asking, wanted: UUID) -> Template:
        async with self.units.begin(asking.workspace, caller=asking.caller) as unit:
            return await get_template(unit, self.keys, wanted)

    async def _not_known(self, channel: Channel, new: NewTemplate) -> None:
        named = (channel.access.account_id, new.name, new.language)
        async with self.units.begin(channel.workspace) as unit:
            known = await find_template(unit, self.keys, channel.workspace, named)
        if known is not None and known.status not in GONE:
            raise _exists(new)

    def _provider(self, channel: Channel) -> TemplateProvider:
        found = self.providers.get(channel.kind)
        if found is None:
            raise Refused("Channels of this kind have no templates of their own.", code="no_templates")
        return found

    async def _found(self, channel: Channel, name: str, language: str) -> Seen | None:
        try:
            return await self._provider(channel).find(channel.access, name, language)
        except SendFailed as error:
            raise told_by_provider(error) from error


_MANY = 100
"""Languages of one name; Meta knows about seventy."""


def _made_so(found: Seen, new: NewTemplate) -> bool:
    return found.body is not None and alike(found.body.components, new.components)  # type: ignore[arg-type]  # JSON


def _exists(new: NewTemplate) -> Conflict:
    return Conflict(f"The account has a template {new.name} in {new.language} already; edit it, or take another name.")


def _body(new: NewTemplate) -> TemplateBody:
    return TemplateBody(
        components=[dict(each) for each in new.components],
        parameter_format=new.parameter_format,
        sub_category=new.sub_category,
        ttl_seconds=new.ttl_seconds,
    )


def _edited(template: Template, change: Edit) -> Seen:
    account, name, language = template.named
    return Seen(account=account, name=name, language=language, at=now(), status="PENDING", category=change.category)


def _check_edit(provider: TemplateProvider, template: Template, change: Edit) -> None:
    """Meta's rules of editing. Raises Refused, InvalidInput."""
    if template.status not in EDITABLE or template.provider_id is None:
        sentence = f"A template can be edited while it is APPROVED, REJECTED or PAUSED; it is {template.status}."
        raise Refused(sentence, code="template_not_editable")
    faults = []
    if template.status == "APPROVED" and change.category not in (None, template.category):
        faults.append(fault("/category", "not_allowed", "The category of an approved template can't be changed."))
    if change.components is not None:
        whole = NewTemplate(
            name=template.name,
            language=template.language,
            category=change.category or template.category or "",
            components=change.components,
            parameter_format=template.body.parameter_format if template.body else None,
            ttl_seconds=change.ttl_seconds,
        )
        faults.extend(provider.check(whole))
    if faults:
        raise InvalidInput("The template can't be changed like this.", faults)
