"""`parley channel`: the numbers of a workspace."""

import sys
from uuid import UUID

import click

from parley.entrypoints.cli.ids import CHANNEL, WORKSPACE
from parley.entrypoints.cli.words import Group, Said, run, settings, warn

TOKEN_HELP = "Its account's access token; `-` reads it from standard input. Also PARLEY_ACCESS_TOKEN."


@click.group(cls=Group)
def channel() -> None:
    """Channels: the numbers that a workspace writes and answers from."""


@channel.group(cls=Group)
def add() -> None:
    """Add a number."""


@add.command()
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose number it is.")
@click.option("--phone-number-id", required=True, metavar="ID", help="The number's id at Meta.")
@click.option("--waba-id", required=True, metavar="ID", help="The id of its WhatsApp Business Account.")
@click.option("--number", required=True, metavar="+E164", help="The number itself.")
@click.option("--access-token", required=True, envvar="PARLEY_ACCESS_TOKEN", metavar="TOKEN", help=TOKEN_HELP)
@click.option(
    "--throughput", type=click.IntRange(1, 5000), help="Messages a second. Asked of Meta when left out (80 as a rule)."
)
def whatsapp(workspace: UUID, *, access_token: str, throughput: int | None, **named: str) -> Said:
    """Add a WhatsApp number, so that its messages come in and go out here."""
    from parley.entrypoints.new_number import NewNumber, add_number

    new = NewNumber(
        workspace=workspace,
        number_id=named["phone_number_id"].strip(),
        account_id=named["waba_id"].strip(),
        number=named["number"].strip(),
        token=_token(access_token),
        throughput=throughput,
    )
    added = run(add_number(settings(), new))
    for sentence in added.warnings:
        warn(sentence)
    return Said(
        machine={"channel_id": added.id},
        hints=[f"It may send {added.rate} messages a second. `parley doctor` looks at it with Meta."],
    )


@channel.command("list")
@click.option("--workspace", type=WORKSPACE, help="Only this workspace's.")
def list_channels(workspace: UUID | None) -> Said:
    """The numbers there are, and how they are."""
    found = run(_list(workspace))
    lines = [f"{each['id']}  {each['number']}  {each['state']}  {each['rate']}/s" for each in found]
    return Said(machine={"data": found}, people=lines or ["There is none yet. `parley channel add whatsapp` adds one."])


@channel.command()
@click.argument("channel_id", type=CHANNEL, metavar="CHANNEL")
@click.option("--access-token", envvar="PARLEY_ACCESS_TOKEN", metavar="TOKEN", help=f"A new one. {TOKEN_HELP}")
def resume(channel_id: UUID, access_token: str | None) -> Said:
    """Let a paused number send again, with a new token where Meta refused the old one."""
    return run(_resume(channel_id, _token(access_token) if access_token else None))


def _token(given: str) -> str:
    return sys.stdin.readline().strip() if given == "-" else given.strip()


async def _list(workspace: UUID | None) -> "list[dict[str, str | int | None]]":
    from parley.core.ids import WorkspaceId, public
    from parley.entrypoints.installation import check_workspace, installation
    from parley.modules.accounts import workspace_ids

    async with installation(settings()) as app:
        if workspace is not None:
            await check_workspace(app, workspace)
        async with app.units.begin(lane="route") as unit:
            wanted = [workspace] if workspace is not None else await workspace_ids(unit)
        found = [each for one in wanted for each in await app.routes.of_workspace(WorkspaceId(one))]
    return [
        {
            "id": public("chn", each.id),
            "workspace_id": public("wks", each.workspace),
            "kind": each.kind,
            "phone_number_id": each.access.number_id,
            "waba_id": each.access.account_id,
            "number": each.access.number,
            "state": each.state,
            "rate": each.rate,
        }
        for each in found
    ]


async def _resume(channel_id: UUID, token: str | None) -> Said:
    from parley.core.ids import ChannelId, public
    from parley.entrypoints.installation import installation
    from parley.modules.channels import resume_channel

    async with installation(settings()) as app:
        found = await app.routes.get(ChannelId(channel_id))
        async with app.units.begin(found.workspace) as unit:
            await resume_channel(unit, app.keys, found.id, token)
    named = public("chn", found.id)
    return Said(machine={"channel_id": named, "state": "active"}, people=[f"{named} sends again."])
