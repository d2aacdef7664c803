"""The simulated WhatsApp: Meta's Graph API, its webhooks, and virtual customers, for tests, demos and benchmarks.

Front door: `run(SimConfig(...))` serves; `chat(ChatOptions(...))` is a customer in the terminal. The control API is
described in `parley.sim.control`. State lives in memory, bounded; nothing is written to disk; it is refused in
production mode (`PARLEY_ENV=production`).
"""

from parley.sim.chat import ChatOptions, chat
from parley.sim.config import Settings, SimConfig
from parley.sim.server import run, server

__all__ = ["ChatOptions", "Settings", "SimConfig", "chat", "run", "server"]
