"""One platform for the programs that others wrote, each pointed at it by its base URL and nothing else."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from pywa import WhatsApp  # type: ignore[attr-defined]

from parley.entrypoints.local import DEMO_ACCOUNT_ID, DEMO_NUMBER_ID
from tests.cases.whatsapp.openapi import Schemas
from tests.cases.whatsapp.samples import SHARED
from tests.journeys.running import Platform, parley_up

META = "graph.facebook.com"
ADA = "15550001111"
NUMBER, ACCOUNT = "/{Phone-Number-ID}", "/{WABA-ID}"
DESCRIBED = {
    **{edge: f"{NUMBER}/{edge}" for edge in ("messages", "media", "whatsapp_business_profile", "block_users")},
    **{edge: f"{ACCOUNT}/{edge}" for edge in ("message_templates", "phone_numbers")},
}
"""Where Meta's file describes what an edge answers."""
REPAIRS = [{"at": "WhatsAppPhoneNumberStatus/enum"}]
"""The file leaves out CONNECTED, which Meta's pages and numbers say."""


class Redirected(httpx.BaseTransport):
    """Everything meant for Meta goes to the façade. What came back is kept."""

    def __init__(self, facade: str) -> None:
        self._facade = httpx.URL(facade)
        self._inner = httpx.HTTPTransport()
        self.seen: list[tuple[str, str, httpx.Response]] = []
        self._schemas: Schemas | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == META:
            path = self._facade.raw_path + request.url.raw_path
            request.url = self._facade.copy_with(raw_path=path)
            request.headers["host"] = self._facade.netloc.decode()
        answer = self._inner.handle_request(request)
        if "json" in answer.headers.get("content-type", ""):
            answer.read()
            self._hold(request.method, request.url.path, answer)
            self.seen.append((request.method, request.url.path, answer))
        return answer

    def close(self) -> None:
        self._inner.close()

    def _hold(self, method: str, path: str, answer: httpx.Response) -> None:
        """Hold a good answer against Meta's own description."""
        if not SHARED.exists() or answer.status_code != 200:
            return
        self._schemas = self._schemas or Schemas(REPAIRS)
        edge = path.rpartition("/")[2]
        described = DESCRIBED.get(edge) or ("/{Media-ID}" if b'"sha256"' in answer.content else None)
        if described is not None:
            problems = self._schemas.answer_errors(method, described, answer.json())
            assert not problems, f"{method} {path}: {problems}"


@dataclass(frozen=True, slots=True)
class Shop:
    """The demo workspace behind the façade, and the simulated Meta behind that."""

    platform: Platform
    number: str = DEMO_NUMBER_ID
    account: str = DEMO_ACCOUNT_ID

    @property
    def facade(self) -> str:
        return f"{self.platform.told['url']}/graph"

    @property
    def key(self) -> str:
        return self.platform.told["api_key"]

    def sim(self, method: str, path: str, body: object = None) -> Any:
        """Ask the simulator's control API."""
        request = urllib.request.Request(  # noqa: S310 - loopback of our own
            f"{self.platform.told['sim_url']}/sim/{path}",
            data=body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None,
            headers={"content-type": "text/plain" if isinstance(body, bytes) else "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def arrived(self, phone: str = ADA) -> list[Any]:
        """What a customer's phone shows, oldest first."""
        return list(self.sim("GET", f"phones/+{phone}/messages?limit=100")["data"])


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with parley_up(tmp_path_factory.mktemp("facade")) as platform:
        shop = Shop(platform)
        shop.sim("POST", "phones", {"number": f"+{ADA}", "window_with": [shop.number]})
        yield shop


@pytest.fixture(scope="package")
def redirected(shop: Shop) -> Redirected:
    return Redirected(shop.facade)


@pytest.fixture(scope="package")
def wa(shop: Shop, redirected: Redirected) -> Iterator[WhatsApp]:
    """pywa as its users have it; only its session's transport is ours."""
    with httpx.Client(transport=redirected, timeout=30) as session:
        yield WhatsApp(phone_id=shop.number, token=shop.key, session=session, waba_id=shop.account)
