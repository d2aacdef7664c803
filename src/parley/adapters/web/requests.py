"""The requests of flows' http nodes, made so that no flow can reach what is not on the public internet."""

import codecs
import re
from typing import Final

from parley.core.ids import WorkspaceId
from parley.kit.egress import Egress, Got, NoAnswer, Wanted
from parley.kit.settings import Settings
from parley.kit.targets import Refused
from parley.modules.flows import HTTP_BODY_BYTES, Answer, Effect, EffectFailed, HttpAnswer, HttpEffect

_CHARSET: Final = re.compile(r"charset=\"?([A-Za-z0-9._-]{1,40})")


class WebRequests:
    """Performs the effects of flows. Close it, so that its connections end before the process does."""

    def __init__(self, settings: Settings) -> None:
        self._egress = Egress(allow_own=settings.webhooks_allow_private)

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:  # noqa: ARG002  # of any workspace
        """The answer, with whatever status; EffectFailed with a sentence for the author when there is none."""
        if not isinstance(effect, HttpEffect):
            return EffectFailed(reason="This is no request.")
        wanted = Wanted(
            method=effect.method,
            url=effect.url,
            headers=effect.headers,
            body=None if effect.body is None else effect.body.encode(),
            seconds=effect.timeout,
            # One byte more than the engine takes: it sees that the answer is too large, and says so to the author.
            most_bytes=HTTP_BODY_BYTES + 1,
        )
        try:
            got = await self._egress.ask(wanted)
        except (Refused, NoAnswer) as error:
            return EffectFailed(reason=str(error))
        return HttpAnswer(status=got.status, headers=got.headers, body=_text(got))

    async def close(self) -> None:
        """Drop all connections."""
        await self._egress.close()


def _text(got: Got) -> str:
    named = _CHARSET.search(got.headers.get("content-type", ""))
    try:
        charset = codecs.lookup(named[1]).name if named else "utf-8"
        return got.body.decode(charset, errors="replace")
    except (LookupError, UnicodeError):
        return got.body.decode(errors="replace")
