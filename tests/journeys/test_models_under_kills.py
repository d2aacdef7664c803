"""A worker is killed while a language model thinks: nothing is said twice, and the conversation goes on."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
import yaml

from tests.fakes.model import model_server
from tests.journeys.running import Platform, parley_up

pytestmark = [pytest.mark.journey, pytest.mark.kill]

ADA = "+15550007777"
SECONDS = 60.0
AGENT = {"type": "ai_agent", "instructions": "Be kind.", "within": "1s", "failed": "sorry", "unsure": "sorry"}
FLOW = {
    "id": "agent",
    "name": "Agent",
    "triggers": {"keywords": ["agent"]},
    "start": "talk",
    "nodes": {"talk": AGENT, "sorry": {"type": "end", "text": "Please write again."}},
}


def said(platform: Platform, command: str, *arguments: str) -> list[str]:
    """What the bot said to anybody, the newest first."""
    key = ("--key", platform.told["api_key"], "--url", platform.told["url"], "--json")
    done = platform.run("api", command, *arguments, *key)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = json.loads(done.stdout).get("data", [])
    return [each["text"]["body"] for each in shown if each["direction"] == "outbound"]


async def heard(platform: Platform, words: str) -> None:
    """Wait until the bot has said this."""
    async with asyncio.timeout(SECONDS):
        while words not in await asyncio.to_thread(said, platform, "list_messages"):  # noqa: ASYNC110 - a process rings none
            await asyncio.sleep(0.5)


async def test_a_worker_killed_while_the_model_thinks(tmp_path: Path) -> None:
    async with model_server() as server:
        with parley_up(tmp_path, models_allow_private="1") as platform:
            (tmp_path / "agent.yaml").write_text(yaml.safe_dump(FLOW))
            workspace = ("--workspace", platform.told["workspace_id"])
            done = await asyncio.to_thread(platform.run, "flow", "import", "agent.yaml", *workspace, "--publish")
            assert done.returncode == 0, done.stdout + done.stderr
            settings = ("enabled=true", f"base_url={server.url}", "model=small")
            await asyncio.to_thread(said, platform, "set_model_processor", *settings)
            server.gate.clear()
            first = asyncio.create_task(asyncio.to_thread(platform.chat, ADA, "agent"))
            async with asyncio.timeout(SECONDS):
                while not server.asked:  # noqa: ASYNC110 - the server rings no bell
                    await asyncio.sleep(0.005)
            os.kill(platform.child("work").pid, signal.SIGKILL)
            server.answers(reply={"text": "Too late.", "kind": "chat", "confidence": 1})
            server.gate.set()
            await heard(platform, "Please write again.")
            await first
            server.answers(reply={"text": "Hello!", "kind": "chat", "confidence": 1})
            await asyncio.to_thread(platform.chat, ADA, "agent")
            await heard(platform, "Hello!")
            assert await asyncio.to_thread(said, platform, "list_messages") == ["Hello!", "Please write again."]
            assert len(server.asked) == 2
