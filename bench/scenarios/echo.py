"""The echo bot's full loop, three statuses a reply: latency at fixed rates, and the highest rate that is kept."""

from bench.findings import Finding, cpu_line, details_of, memory_line
from bench.options import Options
from bench.profile import profiled
from bench.session import Session, Stretch, at_rate, in_flight, open_session
from bench.traffic import Crowd

CALM_RATE, FULL_RATE, LEAST_RATE = 300, 1000, 600
CALM_SECONDS, FULL_SECONDS = 15.0, 40.0
REPLY_P99 = 60.0
SATURATING = 256
SEARCH_SECONDS = 8.0
SHARES = (0.95, 0.85, 0.75)
"""Of the saturated throughput: the rates tried, until one is kept."""


async def run(options: Options) -> list[Finding]:
    async with open_session(Crowd(), with_statuses=True, wrap=profiled(options)) as session:
        if options.rate:
            return [_line(await at_rate(session, options.rate, options.seconds or FULL_SECONDS), options.rate)]
        calm = await at_rate(session, CALM_RATE, FULL_SECONDS if options.long else CALM_SECONDS)
        full = await at_rate(session, FULL_RATE, FULL_SECONDS)
        return [_calm(calm), _line(full, FULL_RATE), *await _highest(session, full)]


def _calm(stretch: Stretch) -> Finding:
    return Finding(
        what=f"echo, 3 statuses, {CALM_RATE}/s: reply p50 / p95 / p99",
        figure=_latency(stretch),
        aim=f"p99 <= {REPLY_P99:.0f} ms",
        met=stretch.reply["p99"] <= REPLY_P99,
        details=details_of(stretch),
    )


def _line(stretch: Stretch, rate: float) -> Finding:
    return Finding(
        what=f"echo, 3 statuses, {rate:.0f}/s for {stretch.messages / rate:.0f} s",
        figure="; ".join(
            (f"{stretch.replies_a_second:.0f}/s, {_latency(stretch)}", cpu_line(stretch), memory_line(stretch))
        ),
        aim=f"kept {rate:.0f}/s",
        met=stretch.kept,
        details=details_of(stretch),
    )


def _latency(stretch: Stretch) -> str:
    reply = stretch.reply
    return f"{reply['p50']:.0f} / {reply['p95']:.0f} / {reply['p99']:.0f} ms (ack p99 {stretch.ack['p99']:.0f})"


async def _highest(session: Session, full: Stretch) -> list[Finding]:
    saturated = await in_flight(session, SATURATING, SEARCH_SECONDS)
    found = [
        Finding(
            what=f"echo, 3 statuses, saturated ({SATURATING} in flight)",
            figure=f"{saturated.replies_a_second:.0f}/s, CPU {cpu_line(saturated)}",
            details=details_of(saturated),
        )
    ]
    if full.kept and saturated.replies_a_second < FULL_RATE:
        return found
    rate, tried = 0.0, saturated
    for share in SHARES:
        rate = saturated.replies_a_second * share // 10 * 10
        tried = await at_rate(session, rate, SEARCH_SECONDS)
        if tried.kept:
            break
    highest = Finding(
        what="echo, 3 statuses, highest rate kept",
        figure=f"{rate:.0f}/s, {_latency(tried)}" if tried.kept else f"below {rate:.0f}/s",
        aim=f">= {LEAST_RATE}/s, better {FULL_RATE}/s",
        met=tried.kept and rate >= LEAST_RATE,
        details=details_of(tried),
    )
    return [*found, highest]
