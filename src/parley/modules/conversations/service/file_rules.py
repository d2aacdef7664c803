"""Files of ours that drafts name: whether they are there, and whether the channel's provider takes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.content import MEDIA_KINDS, Content
from parley.core.errors import Fault, fault
from parley.core.ids import parse_public
from parley.core.json import JsonValue
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver
from parley.modules.conversations.domain import Draft
from parley.modules.media import Media, media_by_id
from parley.modules.privacy import People

WITH_FILES = MEDIA_KINDS | {"interactive", "template"}
MAX_DEPTH = 32
"""Nothing that a channel takes is nested deeper."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file of ours in a content: where, and the kind of message it is to be."""

    pointer: str
    kind: str
    file: UUID


def files_named(content: Content) -> list[Named]:
    """Every `med_…` under an `id`, wherever it stands."""
    if content.kind not in WITH_FILES:
        return []
    return list(_named(content.body, f"/{content.kind}", content.kind, 0))


async def judge_files(
    unit: Unit, people: People, channels: tuple[Routes, Mapping[str, ChannelDriver]], drafts: Sequence[Draft]
) -> dict[int, tuple[Fault, ...]]:
    """What is wrong with the files of each draft, by place; a draft that names none costs nothing."""
    named = {place: found for place, draft in enumerate(drafts) if (found := files_named(draft.content))}
    if not named:
        return {}
    wanted = {(drafts[place].thread.workspace, each.file) for place, found in named.items() for each in found}
    known = await media_by_id(unit, people, sorted(wanted))
    routes, drivers = channels
    judged: dict[int, tuple[Fault, ...]] = {}
    for place, found in named.items():
        thread = drafts[place].thread
        driver = drivers[(await routes.get(thread.channel)).kind]
        faults = [each for name in found for each in _faults(driver, name, known.get((thread.workspace, name.file)))]
        if faults:
            judged[place] = tuple(faults)
    return judged


def _faults(driver: ChannelDriver, named: Named, media: Media | None) -> list[Fault]:
    if media is None or media.expires_at <= now():
        return [fault(named.pointer, "unknown_file", "There is no such file in this workspace; upload it (again).")]
    if media.state == "failed":
        return [fault(named.pointer, "unknown_file", "The file could not be fetched from the person who sent it.")]
    if media.state == "fetching":
        return []
    return [fault(named.pointer, each.code, each.detail) for each in driver.check_file(named.kind, media.facts)]


def _named(value: JsonValue, pointer: str, kind: str, depth: int) -> Iterator[Named]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        text = value.get("id")
        file = parse_public("med", text) if isinstance(text, str) else None
        if file is not None and kind in MEDIA_KINDS:
            voice = kind == "audio" and value.get("voice") is True
            yield Named(f"{pointer}/id", "voice" if voice else kind, file)
        for name, each in value.items():
            yield from _named(each, f"{pointer}/{name}", name, depth + 1)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _named(each, f"{pointer}/{place}", kind, depth + 1)
