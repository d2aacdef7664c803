"""Operations that will end: said in their description and in each answer, long before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime

_MARK = "x-ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Since when an operation is not to be used any more, when it ends, and the page that tells what to use."""

    since: date
    until: date
    page: str

    @property
    def mark(self) -> dict[str, object]:
        """For a route's `openapi_extra`."""
        told = {"since": self.since.isoformat(), "until": self.until.isoformat(), "page": self.page}
        return {"deprecated": True, _MARK: told}

    @property
    def headers(self) -> dict[str, str]:
        """Deprecation (RFC 9745), Sunset (RFC 8594) and where to read about both."""
        return {
            "deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "sunset": format_datetime(_midnight(self.until), usegmt=True),
            "link": f'<{self.page}>; rel="deprecation"; type="text/html", <{self.page}>; rel="sunset"',
        }


def ending_in(extra: Mapping[str, object] | None) -> Ending | None:
    """What `Ending.mark` said of a route."""
    told = (extra or {}).get(_MARK)
    if not isinstance(told, dict):
        return None
    return Ending(
        since=date.fromisoformat(told["since"]), until=date.fromisoformat(told["until"]), page=str(told["page"])
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
