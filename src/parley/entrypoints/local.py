"""This machine's addresses and the simulated WhatsApp's secrets, as the settings and the data folder have them."""

from dataclasses import dataclass

from parley.kit.kept import kept_or_new, new_phrase
from parley.kit.settings import Settings

DEMO_NUMBER_ID = "150000000009999"
DEMO_ACCOUNT_ID = "150000000000001"
DEMO_NUMBER = "+15550009999"


@dataclass(frozen=True, slots=True)
class SimSecrets:
    """What signs the simulator's webhooks, and its handshake's token."""

    app_secret: str
    verify_token: str


def sim_secrets(settings: Settings) -> SimSecrets:
    """Those of the settings; what is not set is made once and kept in `<data_dir>/sim`."""
    folder = settings.data_dir / "sim"
    secret = settings.app_secrets[0] if settings.app_secrets else kept_or_new(folder / "app_secret", new_phrase)
    token = settings.meta_verify_token or kept_or_new(folder / "verify_token", new_phrase)
    return SimSecrets(secret, token)


def listening_host(settings: Settings) -> str:
    """The host by which this machine reaches its own web node."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound


def web_url(settings: Settings) -> str:
    """Where the web is reached from this machine."""
    host = listening_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def sim_url(settings: Settings) -> str:
    """Where `parley up` has its simulator."""
    return f"http://127.0.0.1:{settings.sim_port}"
