"""Moments as authors write them: `2026-12-24 09:00`, `2026-12-24`, `09:00`, with values filled in before."""

from datetime import datetime, time, timedelta, tzinfo


def read_moment(written: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that is meant; a clock time alone is its next one. None where it cannot be read."""
    words = written.strip()
    clock = _clock(words)
    if clock is not None:
        today = datetime.combine(now.astimezone(zone).date(), clock, zone)
        return today if today > now else today + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _clock(words: str) -> time | None:
    if "-" in words or ":" not in words:
        return None
    try:
        return time.fromisoformat(words).replace(tzinfo=None)
    except ValueError:
        return None
