"""What `parley up` tells when everything serves."""

import os
import sys
from dataclasses import dataclass

from parley.entrypoints.demo import Demo
from parley.entrypoints.local import DEMO_NUMBER

CUSTOMER = "+15550001111"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is told when everything serves."""

    url: str
    sim_url: str | None
    demo: Demo | None
    seconds: float

    def machine(self) -> dict[str, str | None]:
        """For programs, as one JSON object."""
        told: dict[str, str | None] = {"event": "ready", "url": self.url, "sim_url": self.sim_url}
        if self.demo is not None:
            told |= {
                "workspace_id": self.demo.workspace_id,
                "channel_id": self.demo.channel_id,
                "owner_email": self.demo.owner_email,
                "owner_password": self.demo.password,
                "api_key": self.demo.api_key,
                "number": DEMO_NUMBER,
            }
        return told

    def people(self) -> list[str]:
        """For people, as lines."""
        lines = ["", f"Parley is ready ({self.seconds:.1f} s).", "", f"  address    {self.url}"]
        if self.sim_url is not None:
            lines.append(f"  WhatsApp   simulated, at {self.sim_url}")
        if self.demo is not None:
            password = self.demo.password or "(unknown: the file that kept it is gone)"
            lines += [
                f"  workspace  {self.demo.workspace_id} (Willow Street, a demo)",
                f"  login      {self.demo.owner_email}  {password}",
                f"  API key    {self.demo.api_key}",
            ]
        lines.append("")
        if self.demo is not None and self.sim_url is not None:
            lines += ["Be a customer, in another terminal:", "", f"  {_program()} sim chat --phone {CUSTOMER}", ""]
        return [*lines, "Ctrl-C stops everything.", ""]


def _program() -> str:
    """How this program is called from here."""
    called = sys.argv[0]
    if os.sep not in called or called.endswith("__main__.py"):
        return "parley"
    near = os.path.relpath(called)
    return called if near.startswith(os.pardir) else near
