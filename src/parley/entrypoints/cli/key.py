"""`parley key`: API keys of a workspace."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import click

from parley.core.json import JsonObject
from parley.entrypoints.cli.ids import CHANNEL, KEY, WORKSPACE
from parley.entrypoints.cli.words import Group, Said, run, settings

if TYPE_CHECKING:
    from datetime import datetime

    from parley.kit.unit import Unit
    from parley.modules.accounts import ApiKey, KeyTerms
    from parley.wiring import App

KEEP_IT = "Keep the key: it is shown this once. Programs send it as `Authorization: Bearer …`."
DAY_SECONDS = 86_400
MANY = 1000


@click.group(cls=Group)
def key() -> None:
    """API keys, with which programs act for a workspace."""


@key.command()
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose key it is.")
@click.option("--name", required=True, help="What it is for, to know it again.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="What it may do, as `messages:write`; more than once. `*`, the default, is everything.",
)
@click.option("--test", is_flag=True, help="Make a test key: it acts on the workspace's test channel only.")
@click.option("--channel", "channels", multiple=True, type=CHANNEL, help="Restrict it to this channel; more than once.")
@click.option("--from", "addresses", multiple=True, metavar="NETWORK", help="From where it may come; more than once.")
@click.option("--days", type=click.IntRange(min=1), help="For how many days it works. Without this: for good.")
def create(
    workspace: UUID, *, test: bool, channels: tuple[UUID, ...], days: int | None, **named: Sequence[str]
) -> Said:
    """Make an API key. It is shown this once and stored nowhere."""
    from parley.modules.accounts import KeyTerms

    terms = KeyTerms(
        name="".join(named["name"]),
        scopes=tuple(named["scopes"]) or ("*",),
        mode="test" if test else "live",
        channels=frozenset(channels) or None,
        addresses=tuple(named["addresses"]),
        expires_at=_in_days(days),
    )
    return run(_create(workspace, terms))


@key.command("list")
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose keys.")
def list_keys(workspace: UUID) -> Said:
    """The keys there are, what they may do, and when they were last used."""
    found = run(_list(workspace))
    lines = [f"{each['id']}  {each['hint']}  {each['state']:<8}  {each['scopes']}  {each['name']}" for each in found]
    return Said(machine={"data": found}, people=lines or ["There is none yet. `parley key create` makes one."])


@key.command()
@click.argument("key_id", type=KEY, metavar="KEY")
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose key it is.")
@click.option(
    "--overlap",
    default=DAY_SECONDS,
    show_default=True,
    type=click.IntRange(min=0),
    help="Seconds for which the secret before still works.",
)
def rotate(key_id: UUID, workspace: UUID, overlap: int) -> Said:
    """Give a key a new secret."""
    return run(_rotate(workspace, key_id, overlap))


@key.command()
@click.argument("key_id", type=KEY, metavar="KEY")
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose key it is.")
def revoke(key_id: UUID, workspace: UUID) -> Said:
    """End a key, for good and at once."""
    return run(_revoke(workspace, key_id))


def _in_days(days: int | None) -> "datetime | None":
    from datetime import timedelta

    from parley.core.time import now

    return now() + timedelta(days=days) if days is not None else None


async def _create(workspace: UUID, terms: "KeyTerms") -> Said:
    from parley.core.ids import public
    from parley.modules.accounts import create_key

    async with _workspace(workspace) as (app, unit):
        made = await create_key(unit, app.key_desk, terms)
    return Said(machine={"id": public("key", made.id), "key": made.secret}, hints=[KEEP_IT])


async def _list(workspace: UUID) -> list[JsonObject]:
    from parley.modules.accounts import list_keys as read

    async with _workspace(workspace) as (app, unit):
        found = await read(unit, app.keys, None, MANY)
    return [_shown(each) for each in found]


async def _rotate(workspace: UUID, key_id: UUID, overlap: int) -> Said:
    from datetime import timedelta

    from parley.core.ids import public
    from parley.modules.accounts import rotate_key

    async with _workspace(workspace) as (app, unit):
        made = await rotate_key(unit, app.key_desk, key_id, timedelta(seconds=overlap), None)
    hint = f"The secret before works for {overlap} seconds more." if overlap else "The secret before works no more."
    return Said(machine={"id": public("key", made.id), "key": made.secret}, hints=[KEEP_IT, hint])


async def _revoke(workspace: UUID, key_id: UUID) -> Said:
    from parley.core.ids import public
    from parley.modules.accounts import revoke_key

    async with _workspace(workspace) as (app, unit):
        await revoke_key(unit, app.keys, key_id)
    named = public("key", key_id)
    return Said(machine={"id": named, "revoked": True}, people=[f"{named} works no more."])


@asynccontextmanager
async def _workspace(workspace: UUID) -> "AsyncIterator[tuple[App, Unit]]":
    """The installation, and a unit of this workspace of it."""
    from parley.entrypoints.installation import check_workspace, installation

    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        await app.routes.refresh()
        async with app.units.begin(workspace) as unit:
            yield app, unit


def _shown(each: "ApiKey") -> JsonObject:
    from parley.core.ids import public
    from parley.core.time import now, rfc3339
    from parley.modules.accounts import is_expired

    expires_at = each.terms.expires_at
    state = "revoked" if each.revoked_at else "expired" if is_expired(expires_at, now()) else "works"
    return {
        "id": public("key", each.id),
        "name": each.terms.name,
        "hint": each.hint,
        "mode": each.terms.mode,
        "state": state,
        "scopes": " ".join(each.terms.scopes),
        "expires_at": rfc3339(expires_at) if expires_at else None,
        "last_used_at": rfc3339(each.last_used_at) if each.last_used_at else None,
    }
