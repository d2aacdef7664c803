"""Meta: the app's secrets, the address it reaches us by, and each number with its token."""

from collections.abc import Sequence

from parley.adapters.whatsapp.graph import Graph
from parley.adapters.whatsapp.management import read_number
from parley.core.ids import WorkspaceId, public
from parley.entrypoints.doctor.finding import Finding, note, ok, wrong
from parley.entrypoints.local import DEMO_NUMBER_ID, sim_url
from parley.entrypoints.supervision.probes import answers
from parley.kit.http import HttpClient, HttpFailure
from parley.kit.settings import Settings
from parley.modules.accounts import workspace_ids
from parley.modules.channels import TEST_KIND, Channel
from parley.modules.channels.ports import Remedy, SendFailed
from parley.wiring import App

MOST_CHANNELS = 100
"""Asked one after another; an installation with more has its own monitoring."""
REACH_SECONDS = 10.0
BELOW_REDIRECT = 300


async def simulator_runs(settings: Settings) -> bool:
    """Whether a simulator answers where `parley up` would have it."""
    try:
        return await answers("127.0.0.1", settings.sim_port, "/sim/state")()
    except (OSError, TimeoutError):
        return False


def look_at_secrets(settings: Settings, *, simulated: bool) -> list[Finding]:
    """The app secret and the verify token."""
    own = settings.data_dir / "sim" / "app_secret"
    if not settings.app_secrets and simulated:
        return [ok("app secret", f"the simulator's own, {own}")]
    if not settings.app_secrets and own.exists() and settings.public_url is None:
        return [note("app secret", "not set; `parley up` uses its simulator's own until you connect a real number")]
    findings = []
    for name, value, mend in (
        ("app secret", settings.meta_app_secret, "Set PARLEY_META_APP_SECRET: without it every webhook gets 401."),
        ("verify token", settings.meta_verify_token, "Set PARLEY_META_VERIFY_TOKEN to the text given to Meta."),
    ):
        findings.append(ok(name, "set") if value else wrong(name, "not set", mend))
    return findings


async def look_at_address(settings: Settings, http: HttpClient, *, simulated: bool) -> list[Finding]:
    """PARLEY_PUBLIC_URL: https, and leading here."""
    url = settings.public_url
    if url is None:
        mend = "Set PARLEY_PUBLIC_URL to the https:// address under which Meta reaches this Parley."
        return [ok("address", "local only")] if simulated else [note("address", "PARLEY_PUBLIC_URL is not set", mend)]
    if not url.startswith("https://"):
        return [wrong("address", f"{url} is not https", "Meta posts webhooks to https only: put TLS in front of it.")]
    try:
        answer = await http.get(f"{url}/healthz", headers={}, deadline=REACH_SECONDS)
    except HttpFailure as error:
        mend = "Check DNS, certificate and proxy. It may still be reached from outside."
        return [note("address", f"{url} can't be reached from here ({error})", mend)]
    if answer.status >= BELOW_REDIRECT:
        return [wrong("address", f"{url}/healthz answers {answer.status}", "Lead it to this Parley's web node.")]
    return [ok("address", f"{url}, TLS in order")]


async def look_at_numbers(app: App, *, simulated: bool) -> list[Finding]:
    """Each number of every workspace, asked of Meta."""
    async with app.units.begin(lane="route") as unit:
        workspaces = await workspace_ids(unit)
    everywhere = [each for one in workspaces for each in await app.routes.of_workspace(WorkspaceId(one))]
    channels = [each for each in everywhere if each.kind != TEST_KIND]
    if not channels:
        return [note("numbers", "none yet", "`parley channel add whatsapp` adds one.")]
    url = sim_url(app.settings) if simulated else app.settings.graph_url
    graph = Graph(app.http, url, app.settings.graph_version)
    return await _each(graph, channels[:MOST_CHANNELS], url, simulated=simulated)


async def _each(graph: Graph, channels: Sequence[Channel], url: str, *, simulated: bool) -> list[Finding]:
    findings = []
    for channel in channels:
        if channel.access.number_id == DEMO_NUMBER_ID and not simulated:
            findings.append(note("number", f"{channel.access.number} is the demo's, and the simulator is not running"))
            continue
        try:
            facts = await read_number(graph, channel.access)
        except SendFailed as error:
            findings.append(_refused(channel, error, url))
            if error.code == 0:
                break
        else:
            findings.append(_state(channel, facts.quality, facts.throughput_level))
    return findings


def _refused(channel: Channel, error: SendFailed, url: str) -> Finding:
    named = public("chn", channel.id)
    if error.code == 0:
        return wrong(
            "Graph API", f"{url} can't be reached ({error.detail})", "Check the way out: DNS, proxy, firewall."
        )
    if error.remedy is Remedy.REFRESH_TOKEN:
        mend = f"Make a new one at Meta, then: parley channel resume {named} --access-token …"
        return wrong("number", f"{channel.access.number}: Meta refuses the access token ({error.code})", mend)
    return wrong("number", f"{channel.access.number}: {error.code} {error.title}", "See WhatsApp Manager at Meta.")


def _state(channel: Channel, quality: str | None, level: str | None) -> Finding:
    detail = f"{channel.access.number}: {channel.state}, {channel.rate}/s, quality {quality}, level {level}"
    if channel.state == "active":
        return ok("number", detail)
    return wrong("number", detail, f"Mend what stopped it, then: parley channel resume {public('chn', channel.id)}")
