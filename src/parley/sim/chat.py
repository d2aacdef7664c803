"""A customer in the terminal: writes to a business through the simulator and shows what comes back."""

import asyncio
import sys
import threading
from dataclasses import dataclass, field
from typing import TextIO
from urllib.parse import quote

import msgspec

from parley.sim.poster import Address, Connection, json_request
from parley.sim.web import Json, as_list, as_object, encode, text_of

HELP = (
    "Type to write; a number taps that button or row. /image /location /read /block /unblock /stop /resume /call /quit"
)
POLL_SECONDS = 20.0  # one long poll
ANSWER_SECONDS = 8.0  # with piped input: how long the first answer to a line is waited for
QUIET_SECONDS = 0.4  # with piped input: no answer for this long means the business has finished speaking
REQUEST_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """Who talks to whom. `business` is a number or phone number id; empty for the only one of the simulator."""

    sim_url: str
    phone: str
    business: str = ""
    name: str = "You"
    answer_seconds: float = ANSWER_SECONDS
    source: TextIO = field(default_factory=lambda: sys.stdin)
    screen: TextIO = field(default_factory=lambda: sys.stdout)


class Chat:
    """One conversation: what was shown, and what can be tapped now."""

    def __init__(self, options: ChatOptions) -> None:
        self._options = options
        self._address = Address(options.sim_url)
        self._ears, self._mouth = Connection(self._address), Connection(self._address)
        self._phone = f"/sim/phones/{quote(options.phone)}"
        self._after = 0
        self._taps: list[Json] = []
        self.shown = asyncio.Event()

    async def begin(self) -> None:
        customer = await self._ask(self._mouth, "PUT", self._phone, {"name": self._options.name})
        self._after = int(text_of(customer, "next") or 0)
        self._show(f"You are {text_of(customer, 'number')}. {HELP}")

    async def listen(self) -> None:
        """Show whatever arrives, until cancelled."""
        while True:
            query = f"?after={self._after}&wait={POLL_SECONDS}"
            if self._options.business:
                query += f"&from={quote(self._options.business)}"
            page = await self._ask(self._ears, "GET", f"{self._phone}/messages{query}", {})
            for message in as_list(page.get("data")):
                self._show_message(as_object(message) or {})
            self._after = int(text_of(page, "next") or self._after)

    async def take(self, line: str) -> bool:
        """Do what a line says; whether an answer may follow."""
        line = line.strip()
        if not line:
            return False
        if line.isdigit() and 1 <= int(line) <= len(self._taps):
            await self._act("tap", {"index": int(line), "message_id": self._taps[int(line) - 1]["message_id"]})
            return True
        command = COMMANDS.get(line.split()[0].lower()) if line.startswith("/") else None
        if line.startswith("/") and command is None:
            self._show(HELP)
            return False
        action, body = command or ("messages", {"text": line})
        await self._act(action, {"to": self._options.business, **body})
        return action == "messages"

    async def _act(self, action: str, body: Json) -> None:
        done = await self._ask(self._mouth, "POST", f"{self._phone}/{action}", body)
        if "detail" in done:
            self._show(f"! {text_of(done, 'detail')}")

    def end(self) -> None:
        self._ears.close()
        self._mouth.close()

    async def _ask(self, connection: Connection, method: str, path: str, body: Json) -> Json:
        request = json_request(self._address, method, path, encode(body))
        _, told = await connection.exchange(request, REQUEST_SECONDS)
        return as_object(msgspec.json.decode(told)) or {}

    def _show_message(self, message: Json) -> None:
        self.shown.set()
        for number, line in enumerate(text_of(message, "words").splitlines() or ["…"]):
            self._show(f"{'<' if number == 0 else ' '} {line}")
        options = [option for item in as_list(message.get("options")) if (option := as_object(item)) is not None]
        if options:
            self._taps = [{**option, "message_id": message["id"]} for option in options]
        for option in options:
            detail = text_of(option, "detail")
            self._show(f"  [{text_of(option, 'index')}] {text_of(option, 'title')}{f' · {detail}' if detail else ''}")

    def _show(self, line: str) -> None:
        self._options.screen.write(line + "\n")
        self._options.screen.flush()


COMMANDS: dict[str, tuple[str, Json]] = {
    "/image": ("messages", {"type": "image", "image": {"caption": "A picture"}}),
    "/location": ("messages", {"type": "location", "location": {"latitude": 52.52, "longitude": 13.405}}),
    "/read": ("read", {}),
    "/block": ("block", {}),
    "/unblock": ("unblock", {}),
    "/stop": ("marketing", {"value": "stop"}),
    "/resume": ("marketing", {"value": "resume"}),
    "/call": ("calls", {}),
}


async def talk(options: ChatOptions) -> None:
    """Talk until `/quit` or the end of the input. Piped lines wait for the answer to the one before."""
    chat = Chat(options)
    await chat.begin()
    listener = asyncio.create_task(chat.listen())
    try:
        await _converse(chat, options, listener)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        chat.end()


async def _converse(chat: Chat, options: ChatOptions, listener: "asyncio.Task[None]") -> None:
    lines = _lines(options.source)
    patient = not options.source.isatty()
    while True:
        reading = asyncio.ensure_future(lines.get())
        await asyncio.wait({reading, listener}, return_when=asyncio.FIRST_COMPLETED)
        if listener.done():
            reading.cancel()
            listener.result()
            return
        line = reading.result()
        if line is None or line.strip().lower() == "/quit":
            return
        chat.shown.clear()
        if await chat.take(line) and patient:
            await _answers(chat, options.answer_seconds)


async def _answers(chat: Chat, seconds: float) -> None:
    """Wait for the first answer, and then until the business is quiet."""
    patience = seconds
    while True:
        try:
            await asyncio.wait_for(chat.shown.wait(), patience)
        except TimeoutError:
            return
        chat.shown.clear()
        patience = QUIET_SECONDS


def _lines(source: TextIO) -> "asyncio.Queue[str | None]":
    """The input's lines as they come, then None. A thread reads, for a terminal can't be awaited."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def put(line: str | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, line)

    def read() -> None:
        for line in source:
            put(line)
        put(None)

    threading.Thread(target=read, name="chat-input", daemon=True).start()
    return queue


def chat(options: ChatOptions) -> None:
    """Be a customer until `/quit`, Ctrl-D or Ctrl-C. OSError when the simulator can't be reached."""
    try:
        asyncio.run(talk(options))
    except KeyboardInterrupt:
        return
