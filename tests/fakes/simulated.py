"""The simulated Graph API called in process: what the adapters' HTTP client is replaced with."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from parley.adapters.whatsapp.graph import Graph
from parley.kit.http import Answer, FormFile, HttpClient
from parley.modules.media import SampleDesk
from parley.sim.app import SimApp
from parley.sim.businesses import Business
from parley.sim.config import Settings, SimConfig
from parley.sim.web import Request
from parley.sim.world import World
from tests.fakes.meta import Numbered
from tests.fakes.stack import Stack

VERSION = 23
QUICK = Settings(review_seconds=0.0, lenient=False)


class SimClient(HttpClient):
    """Sends each request to a simulator; `asked` has their methods and paths."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.app = SimApp(world)
        self.asked: list[tuple[str, str]] = []

    async def get(self, url: str, *, headers: Mapping[str, str], deadline: float) -> Answer:
        return await self._call("GET", url, headers, b"")

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
        return await self._call("POST", url, headers, body)

    async def delete(self, url: str, *, headers: Mapping[str, str], deadline: float) -> Answer:
        return await self._call("DELETE", url, headers, b"")

    async def upload(
        self, url: str, *, headers: Mapping[str, str], fields: Mapping[str, str], file: FormFile, deadline: float
    ) -> Answer:
        raise NotImplementedError

    async def _call(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(url)
        path = [part for part in parts.path.split("/") if part][1:]
        self.asked.append((method, "/".join(path)))
        answer = await self.app.answer(
            Request(
                method=method,
                parts=path,
                version=VERSION,
                body=body,
                headers=[(name.lower().encode(), value.encode()) for name, value in headers.items()],
                query_string=parts.query,
            )
        )
        return Answer(status=answer.status, headers={}, body=answer.body)


def simulated(*shops: Numbered, token: str = "token") -> tuple[World, SimClient, Graph]:
    """A simulated Meta that has the numbers of these shops."""
    numbers = tuple(Business(phone_number_id=each.number_id, waba_id=each.account_id, token=token) for each in shops)
    world = World(SimConfig(settings=QUICK, businesses=numbers))
    client = SimClient(world)
    return world, client, Graph(client, "https://graph.example", f"v{VERSION}.0")


def sample_desk(stack: Stack) -> SampleDesk:
    """Where the stack uploads samples."""
    desk = stack.app.health.samples
    assert isinstance(desk, SampleDesk)
    return desk
