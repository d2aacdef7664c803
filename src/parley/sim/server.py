"""Starting the simulator: uvicorn on uvloop and httptools, with a way to drop a connection unanswered."""

import os
import socket

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from parley.core.errors import Refused
from parley.sim.app import SimApp
from parley.sim.config import SimConfig
from parley.sim.world import World

KEEP_ALIVE_SECONDS = 75  # longer than any client's, so that a request never meets a closing connection
SHUTDOWN_SECONDS = 3  # long polls are cut after this


class DroppableProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which leaves the application a `drop` in the request's state."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["drop"] = self.transport.abort


class SimServer(uvicorn.Server):
    """A server that answers its long polls before it waits for them."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.end_polls()
        await super().shutdown(sockets)


def server(config: SimConfig) -> SimServer:
    """A server ready to run; Refused in production mode."""
    if os.environ.get("PARLEY_ENV", "").lower() == "production":
        raise Refused("The simulator is never started in production mode: unset PARLEY_ENV to use it.")
    world = World(config)
    return SimServer(
        uvicorn.Config(
            SimApp(world),
            host=config.host,
            port=config.port,
            loop="uvloop",
            http=DroppableProtocol,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            server_header=False,
            date_header=False,
        ),
        world,
    )


def run(config: SimConfig) -> None:
    """Serve until SIGINT or SIGTERM."""
    server(config).run()
