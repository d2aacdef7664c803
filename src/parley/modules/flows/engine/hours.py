"""Opening hours: when people are there. Written once in a flow, asked by nodes and conditions."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Span = Annotated[
    str,
    Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        description="From when to when: `09:00-17:30`, over midnight `22:00-02:00`, all day `00:00-24:00`.",
    ),
]
Day = Annotated[
    str,
    Meta(pattern=r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$", description="A day: `2026-12-24`, or every year: `12-25`."),
]
_WEEK: Final[tuple[Weekday, ...]] = (
    *("monday", "tuesday", "wednesday", "thursday", "friday"),
    *("saturday", "sunday"),
)
LOOK_AHEAD_DAYS = 60
"""Where nothing opens for so long, nobody is told to wait for it."""
_MIDNIGHT: Final = "24:00"


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Opening hours, in the flow's time zone."""

    week: dict[Weekday, list[Span]]
    """A weekday that is not named is closed."""
    days: dict[Day, list[Span]] = {}
    """Days that differ from their week: `12-24: ["09:00-12:00"]`, `12-25: []`."""

    def on(self, day: date) -> list[str]:
        """The spans of a day."""
        for form in (day.isoformat(), f"{day:%m-%d}"):
            if form in self.days:
                return list(self.days[form])
        return list(self.week.get(_WEEK[day.weekday()], ()))


def is_open(hours: Hours, now: datetime, zone: tzinfo) -> bool:
    """Whether this moment lies within the hours."""
    return any(begins <= now < ends for begins, ends in _spans(hours, _day(now, zone) - timedelta(days=1), 2, zone))


def next_opening(hours: Hours, now: datetime, zone: tzinfo) -> datetime | None:
    """When it opens next: now, if it is open; None if not within LOOK_AHEAD_DAYS."""
    today = _day(now, zone)
    spans = sorted(_spans(hours, today - timedelta(days=1), LOOK_AHEAD_DAYS, zone))
    return next((max(begins, now) for begins, ends in spans if now < ends), None)


def _day(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date()


def _spans(hours: Hours, first: date, days: int, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    for number in range(days):
        day = first + timedelta(days=number)
        for span in hours.on(day):
            begins, _, ends = span.partition("-")
            over_midnight = ends == _MIDNIGHT or ends <= begins
            yield _at(day, begins, zone), _at(day + timedelta(days=over_midnight), ends.replace("24:", "00:"), zone)


def _at(day: date, clock: str, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)
