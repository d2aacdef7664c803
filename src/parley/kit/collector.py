"""Python's cycle collector, told what a server process is like: a large lasting memory, and much short-lived work."""

import gc

YOUNG = 20_000
"""New objects before the young are looked through (Python's own 700 costs a worker 8 % of its CPU)."""
OLDER = 50
"""Times the young are looked through before the next generation is."""


def calm_collector() -> None:
    """Call once everything lasting is built: it is never looked through again, and the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
