"""Starting the simulated WhatsApp of these settings, and finding whom a customer writes to there."""

import asyncio
import json
from collections.abc import Sequence

from parley.entrypoints.local import DEMO_NUMBER_ID, sim_secrets, web_url
from parley.kit.settings import Settings
from parley.sim import SimConfig
from parley.sim import run as run_simulator
from parley.sim.businesses import Business
from parley.sim.poster import Address, Connection, get_request

LOOK_SECONDS = 5.0


def simulate(
    settings: Settings, *, host: str, callback_url: str | None, businesses: Sequence[tuple[str, str, str]]
) -> None:
    """Serve until told to stop. Raises Refused in production mode."""
    secrets = sim_secrets(settings)
    run_simulator(
        SimConfig(
            host=host,
            port=settings.sim_port,
            callback_url=callback_url or f"{web_url(settings)}/webhooks/meta",
            app_secret=secrets.app_secret,
            verify_token=secrets.verify_token,
            businesses=tuple(
                Business(phone_number_id=number_id, waba_id=account, number=number)
                for number_id, account, number in businesses
            ),
        )
    )


def usual_business(url: str) -> str:
    """Whom a customer writes to who names nobody: the demo's number where it is; empty for the only one.

    Raises OSError when no simulator answers.
    """
    try:
        known = asyncio.run(_registered(url))
    except (ValueError, KeyError, TypeError):
        raise ConnectionError(f"{url} is no simulator") from None
    return DEMO_NUMBER_ID if DEMO_NUMBER_ID in known else ""


async def _registered(url: str) -> list[str]:
    address = Address(f"{url}/sim/businesses")
    connection = Connection(address)
    try:
        _, told = await connection.exchange(get_request(address, ""), LOOK_SECONDS)
    finally:
        connection.close()
    return [str(each["phone_number_id"]) for each in json.loads(told)["data"]]
