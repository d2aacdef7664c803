"""The requests of webhooks, made so that no endpoint can reach what is not on the public internet."""

from typing import Final

from parley.kit.egress import Egress, Wanted
from parley.kit.egress import NoAnswer as NothingCame
from parley.kit.settings import Settings
from parley.kit.targets import Refused
from parley.modules.webhooks.ports import Answer, NoAnswer, Post

REQUEST_SECONDS: Final = 15.0
"""From looking up the name to the last byte of the answer (Standard Webhooks recommends 15 to 30)."""
MOST_ANSWER_BYTES: Final = 64 * 1024
"""Read of an answer, unpacked; what follows is not read."""
CLIENTS: Final = 512
"""Receivers with connections kept, many more than flows call."""


class WebMessenger:
    """A Messenger over the guarded way out. Close it, so that its connections end before the process does."""

    def __init__(self, settings: Settings) -> None:
        self._egress = Egress(allow_own=settings.webhooks_allow_private, clients=CLIENTS)

    async def ask(self, post: Post) -> Answer | NoAnswer:
        """The answer, with whatever status; or why there is none."""
        wanted = Wanted(
            method="GET" if post.body is None else "POST",
            url=post.url,
            headers=post.headers,
            body=post.body,
            seconds=REQUEST_SECONDS,
            most_bytes=MOST_ANSWER_BYTES,
        )
        try:
            got = await self._egress.ask(wanted)
        except Refused as error:
            return NoAnswer(reason=str(error), refused=True)
        except NothingCame as error:
            return NoAnswer(reason=str(error), refused=False)
        return Answer(status=got.status, headers=got.headers, body=got.body)

    async def close(self) -> None:
        """Drop all connections."""
        await self._egress.close()
