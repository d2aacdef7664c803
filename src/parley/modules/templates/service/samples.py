"""Sample files of a template's headers: ours (`med_…`) become the provider's handles before it sees them."""

from collections.abc import Iterator, Mapping, Sequence

from parley.core.json import JsonObject, JsonValue
from parley.kit.unit import Caller
from parley.modules.channels import Channel, Samples

HANDLE = "header_handle"
OWN = "med_"


async def with_handles(
    samples: Samples, channel: Channel, caller: Caller, components: Sequence[JsonObject]
) -> list[JsonObject]:
    """The components as the provider takes them. Raises ParleyError."""
    handles: dict[str, str] = {}
    for pointer, file in named_in(components, "/components"):
        if file not in handles:
            handles[file] = await samples.handle_of(channel, caller, (pointer, file))
    return [_replaced_in(each, handles) for each in components]


def named_in(value: JsonValue, pointer: str) -> Iterator[tuple[str, str]]:
    """The files of ours that are named as samples, each with its place."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from named_in(member, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            here = f"{pointer}/{place}"
            if pointer.endswith(f"/{HANDLE}") and isinstance(item, str) and item.startswith(OWN):
                yield here, item
            else:
                yield from named_in(item, here)


def alike(one: JsonValue, other: JsonValue) -> bool:
    """Whether components differ in nothing but their samples, which a provider shows by addresses of its own."""
    return _without_samples(one) == _without_samples(other)


def _replaced_in(value: JsonObject, handles: Mapping[str, str]) -> JsonObject:
    return {name: _replaced(name, member, handles) for name, member in value.items()}


def _replaced(name: str, value: JsonValue, handles: Mapping[str, str]) -> JsonValue:
    if isinstance(value, Mapping):
        return _replaced_in(value, handles)
    if isinstance(value, list | tuple):
        if name == HANDLE:
            return [handles.get(item, item) if isinstance(item, str) else item for item in value]
        return [_replaced("", item, handles) for item in value]
    return value


def _without_samples(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return {name: None if name == HANDLE else _without_samples(member) for name, member in value.items()}
    return [_without_samples(item) for item in value] if isinstance(value, list | tuple) else value
