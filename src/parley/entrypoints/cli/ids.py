"""Ids on the command line: `wks_…`, or the bare UUID."""

from uuid import UUID

import click

from parley.core.ids import parse_public


class PublicId(click.ParamType[UUID]):
    """An id with this prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.name = f"{prefix}_…"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> UUID:
        if isinstance(value, UUID):
            return value
        text = str(value).strip()
        found = parse_public(self.prefix, text)
        if found is not None:
            return found
        try:
            return UUID(text)
        except ValueError:
            self.fail(f"{text!r} is no such id; it looks like {self.prefix}_ and 32 hex digits.", param, ctx)


WORKSPACE = PublicId("wks")
CHANNEL = PublicId("chn")
KEY = PublicId("key")
SESSION = PublicId("ses")
