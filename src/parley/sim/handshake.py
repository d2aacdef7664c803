"""Meta's verification of a callback URL: a GET with a challenge that must come back."""

from urllib.parse import urlencode

from parley.core import ids
from parley.sim.poster import Address, Connection, get_request
from parley.sim.refusals import MetaError

HANDSHAKE_SECONDS = 10.0
_OK = 200


async def shake_hands(url: str, verify_token: str) -> None:
    """Verify a callback, or 100 with what it did wrong."""
    challenge = str(int.from_bytes(ids.random_bytes(4)))
    query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
    try:
        address = Address(url)
        connection = Connection(address)
        try:
            status, body = await connection.exchange(get_request(address, query), HANDSHAKE_SECONDS)
        finally:
            connection.close()
    except (ValueError, OSError, TimeoutError) as error:
        raise MetaError(
            100, f"The callback URL could not be verified: {type(error).__name__}.", subcode=2200
        ) from error
    if status != _OK or body.strip() != challenge.encode():
        raise MetaError(100, f"The callback URL could not be verified: it answered {status}.", subcode=2200)
