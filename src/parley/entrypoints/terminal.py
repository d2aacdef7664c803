"""The keyboard and the world of `parley flow run`: lines from standard input, real requests."""

import sys
from typing import Self

import uvloop

from parley.adapters.web.requests import WebRequests
from parley.core.ids import WorkspaceId
from parley.kit.keys import INSTALLATION
from parley.kit.settings import Settings
from parley.modules.flows import Answer, Effect, EffectFailed, HttpEffect

PROMPT = "you> "
NOWHERE = WorkspaceId(INSTALLATION)
"""A flow in the terminal belongs to no workspace."""


class Terminal:
    """Use it as a context: it keeps an event loop for the flow's requests.

    Whoever runs a flow here could call the same addresses by hand, so private ones are allowed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.model_copy(update={"webhooks_allow_private": True})

    def __enter__(self) -> Self:
        self._loop = uvloop.new_event_loop()
        self._requests = WebRequests(self._settings)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run_until_complete(self._requests.close())
        self._loop.close()

    def read_line(self) -> str | None:
        """The next line of standard input, after a prompt when a person sits there."""
        if sys.stdin.isatty():
            sys.stderr.write(PROMPT)
            sys.stderr.flush()
        line = sys.stdin.readline()
        return line.rstrip("\r\n") if line else None

    def perform(self, effect: Effect) -> Answer:
        """Do what a node needs of the world."""
        if not isinstance(effect, HttpEffect):
            return EffectFailed(reason="The terminal asks no models and searches no documents.")
        answer: Answer = self._loop.run_until_complete(self._requests.perform(effect, NOWHERE))
        return answer
