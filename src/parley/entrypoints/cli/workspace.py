"""`parley workspace`: businesses of this installation."""

import sys

import click

from parley.entrypoints.cli.words import Group, Said, run, settings


@click.group(cls=Group)
def workspace() -> None:
    """Workspaces: one for each business, and none sees another."""


@workspace.command()
@click.option("--name", required=True, help="What the business is called.")
@click.option("--owner-email", required=True, metavar="EMAIL", help="Who owns the workspace.")
@click.option("--owner-password-stdin", is_flag=True, help="Read the owner's password from standard input.")
def create(name: str, owner_email: str, *, owner_password_stdin: bool) -> Said:
    """Make a workspace with its owner."""
    password = _read_password() if owner_password_stdin else None
    return run(_create(name, owner_email, password))


@workspace.command("list")
def list_workspaces() -> Said:
    """The ids of all workspaces."""
    return run(_list())


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password of the owner", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


async def _create(name: str, email: str, password: str | None) -> Said:
    from parley.core.ids import WorkspaceId, new_uuid, public
    from parley.entrypoints.installation import installation
    from parley.modules.accounts import NewWorkspace, check_owner, create_workspace

    check_owner(name, email, password)
    new = NewWorkspace(name=name, owner_email=email, owner_password=password, id=WorkspaceId(new_uuid()))
    async with installation(settings(), may_create=True) as app:
        await app.keys.create_scope(new.id)
        async with app.units.begin(new.id) as unit:
            owner = await create_workspace(unit, app.keys, new)
    created = public("wks", new.id)
    return Said(
        machine={"workspace_id": created, "owner_id": public("usr", owner)},
        hints=[f"Next: parley key create --workspace {created} --name NAME"],
    )


async def _list() -> Said:
    from parley.core.ids import public
    from parley.entrypoints.installation import installation
    from parley.modules.accounts import workspace_ids

    async with installation(settings()) as app, app.units.begin(lane="route") as unit:
        found = [public("wks", each) for each in await workspace_ids(unit)]
    return Said(
        machine={"data": [{"workspace_id": each} for each in found]},
        people=found or ["There is none yet. `parley workspace create` makes one."],
    )
