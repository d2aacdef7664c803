"""How soon a webhook is acknowledged, which is after its delivery is durable."""

from bench.findings import Finding, details_of
from bench.options import Options
from bench.session import at_rate, open_session
from bench.traffic import Crowd

WEBHOOKS = 1000
A_MESSAGE = 4
"""Webhooks a message in the full loop: the message and its reply's three statuses."""
P99 = 15.0
SECONDS = 6.0


async def run(options: Options) -> list[Finding]:
    seconds = options.seconds or SECONDS
    async with open_session(Crowd(), with_statuses=True) as session:
        loop = await at_rate(session, WEBHOOKS / A_MESSAGE, seconds)
        session.traffic.with_statuses = False
        only = await at_rate(session, WEBHOOKS, seconds)
    return [
        Finding(
            what=what,
            figure=f"p50 {stretch.ack['p50']:.1f}, p99 {stretch.ack['p99']:.1f} ms",
            aim=f"p99 <= {P99:.0f} ms",
            met=stretch.ack["p99"] <= P99,
            details=details_of(stretch),
        )
        for what, stretch in (
            (f"ack, {WEBHOOKS} webhooks/s: {WEBHOOKS // A_MESSAGE} messages and their statuses", loop),
            (f"ack, {WEBHOOKS} webhooks/s: all messages to answer", only),
        )
    ]
