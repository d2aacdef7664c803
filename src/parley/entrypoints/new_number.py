"""Add a WhatsApp number: what Meta knows of it, the channel, and the subscription that makes its webhooks come."""

from dataclasses import dataclass
from uuid import UUID

from parley.adapters.whatsapp.graph import Graph
from parley.adapters.whatsapp.management import RATES, read_number, subscribe_app
from parley.core.ids import public
from parley.entrypoints.installation import check_workspace, installation
from parley.kit.settings import Settings
from parley.modules.channels import NewChannel, add_channel
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed
from parley.wiring import App

USUAL_RATE = RATES["STANDARD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNumber:
    """What the operator says. `throughput` None: ask Meta. Holds the secret token: never logged."""

    workspace: UUID
    number_id: str
    account_id: str
    number: str
    token: str
    throughput: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The channel's id as `chn_…`, how fast it may send, and what the operator should know."""

    id: str
    rate: int
    warnings: tuple[str, ...]


async def add_number(settings: Settings, new: NewNumber) -> Added:
    """Add it. Raises NotFound, InvalidInput, Conflict. That Meta is away is a warning: it works once Meta is back."""
    async with installation(settings) as app:
        await check_workspace(app, new.workspace)
        warnings: list[str] = []
        rate = await _rate(app, new, warnings)
        async with app.units.begin(new.workspace) as unit:
            channel = await add_channel(
                unit,
                app.keys,
                NewChannel(
                    kind="whatsapp",
                    number_id=new.number_id,
                    account_id=new.account_id,
                    number=new.number,
                    token=new.token,
                    rate=rate,
                ),
            )
        return Added(id=public("chn", channel), rate=rate, warnings=tuple(warnings))


async def _rate(app: App, new: NewNumber, warnings: list[str]) -> int:
    """The rate given, else what Meta says; and the app subscribed to the account."""
    graph = Graph(app.http, app.settings.graph_url, app.settings.graph_version)
    access = ChannelAccess(number_id=new.number_id, account_id=new.account_id, number=new.number, token=new.token)
    rate = new.throughput or USUAL_RATE
    try:
        if new.throughput is None:
            rate = (await read_number(graph, access)).messages_per_second
        await subscribe_app(graph, access)
    except SendFailed as error:
        warnings.append(_told(error, app.settings.graph_url, rate))
    return rate


def _told(error: SendFailed, graph_url: str, rate: int) -> str:
    if error.code == 0:
        why = f"{graph_url} can't be reached"
    elif error.remedy is Remedy.REFRESH_TOKEN:
        why = f"Meta refuses the access token ({error.code})"
    else:
        why = f"Meta would not tell about this number ({error.code} {error.title})"
    return (
        f"{why}, so the number is added unseen, at {rate} messages a second. When that is mended, `parley doctor` "
        "looks at it again; `parley channel resume CHANNEL --access-token …` takes a new token."
    )
