"""The echo bot without statuses: 64 customers, each writing again only when acknowledged and answered; and at rest."""

from bench.findings import Finding, cpu_line, details_of
from bench.options import Options
from bench.profile import profiled
from bench.session import at_rate, in_flight, open_session
from bench.traffic import Crowd

IN_FLIGHT = 64
AIM = 2000
CALM_RATE = 100
CALM_P50 = 8.0
SECONDS = 8.0


async def run(options: Options) -> list[Finding]:
    seconds = options.seconds or SECONDS
    async with open_session(Crowd(), with_statuses=False, wrap=profiled(options)) as session:
        calm = await at_rate(session, CALM_RATE, seconds)
        await in_flight(session, IN_FLIGHT, seconds / 2)
        busy = await in_flight(session, IN_FLIGHT, seconds)
    return [
        Finding(
            what=f"echo, no statuses, {CALM_RATE}/s: reply p50 / p99",
            figure=f"{calm.reply['p50']:.1f} / {calm.reply['p99']:.1f} ms",
            aim=f"p50 <= {CALM_P50:.0f} ms",
            met=calm.reply["p50"] <= CALM_P50,
            details=details_of(calm),
        ),
        Finding(
            what=f"echo, no statuses, {IN_FLIGHT} in flight",
            figure=f"{busy.replies_a_second:.0f} replies/s, CPU {cpu_line(busy)}",
            aim=f"{AIM}/s",
            met=busy.replies_a_second >= AIM,
            details=details_of(busy),
        ),
    ]
