"""The same load on an empty and on a grown database: 500,000 contacts, a million messages and (long) five million."""

from bench.findings import Finding, details_of
from bench.options import Options
from bench.profile import profiled
from bench.seed import seed
from bench.session import Session, Stretch, at_rate, in_flight, open_session
from bench.traffic import Crowd

MILLION = 1_000_000
RATE = 300
SECONDS = 8.0
IN_FLIGHT = 256
WORST = 1.3


async def run(options: Options) -> list[Finding]:
    crowd = Crowd()
    findings: list[Finding] = []
    async with open_session(crowd, with_statuses=True, wrap=profiled(options)) as session:
        empty = await _both(session, options)
        stored = 0
        for messages in (1, 5) if options.long else (1,):
            await seed(session.stack, workspaces=crowd.workspaces, messages=(messages - stored) * MILLION)
            stored = messages
            await in_flight(session, IN_FLIGHT, SECONDS / 2)
            findings += _compare(f"{messages} M messages, 500,000 contacts", empty, await _both(session, options))
    return findings


async def _both(session: Session, options: Options) -> tuple[Stretch, Stretch]:
    seconds = options.seconds or SECONDS
    return await at_rate(session, RATE, seconds), await in_flight(session, IN_FLIGHT, seconds)


def _compare(what: str, empty: tuple[Stretch, Stretch], grown: tuple[Stretch, Stretch]) -> list[Finding]:
    calm, full = grown[0], grown[1]
    slower = calm.reply["p95"] / empty[0].reply["p95"]
    less = empty[1].replies_a_second / full.replies_a_second
    dearer = sum(full.cpu.values()) / sum(empty[1].cpu.values())
    return [
        Finding(
            what=f"{what}: reply p95 at {RATE}/s against empty",
            figure=f"{calm.reply['p95']:.0f} / {empty[0].reply['p95']:.0f} ms = {slower:.2f} x",
            aim=f"<= {WORST} x",
            met=slower <= WORST,
            details=details_of(calm),
        ),
        Finding(
            what=f"{what}: saturated rate, empty against grown",
            figure=f"{empty[1].replies_a_second:.0f} / {full.replies_a_second:.0f} = {less:.2f} x; CPU {dearer:.2f} x",
            aim=f"<= {WORST} x",
            met=less <= WORST,
            details=details_of(full),
        ),
    ]
