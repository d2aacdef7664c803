"""Pass a request on to the Graph API as it is, with a channel's token in place of the caller's."""

from dataclasses import dataclass
from typing import Final

from parley.adapters.whatsapp.graph import DEADLINE_SECONDS, authorization
from parley.kit.http import Answer, HttpClient
from parley.modules.channels.ports import ChannelAccess

JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A request as it goes on: the version's path segment (`v23.0`), the path below it, the query as written."""

    method: str
    version: str
    path: str
    query: str = ""
    body: bytes | None = None


async def pass_on(http: HttpClient, graph_url: str, access: ChannelAccess, given: Passing) -> Answer:
    """Meta's answer, whatever it is. Raises HttpFailure."""
    url = f"{graph_url.rstrip('/')}/{given.version}/{given.path}"
    return await http.request(
        given.method,
        f"{url}?{given.query}" if given.query else url,
        headers=authorization(access) | (JSON if given.body is not None else {}),
        body=given.body,
        deadline=DEADLINE_SECONDS,
    )
