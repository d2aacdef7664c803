"""A newcomer runs `parley up` and chats with a bot; whatever is killed comes back; it stops cleanly."""

import json
import stat
from collections.abc import Iterator

import psutil
import pytest

from tests.journeys.running import STOP_SECONDS, Platform, parley_up

pytestmark = [pytest.mark.journey]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with parley_up(tmp_path_factory.mktemp("newcomer")) as running:
        yield running


def test_a_bot_answers_with_what_a_shop_told_it(platform: Platform) -> None:
    seen = platform.chat("+15550001111", "order", "1001")
    assert "What is your order number?" in seen
    assert "order 1001 is on its way" in seen


def test_what_it_told(platform: Platform) -> None:
    told = platform.told
    assert told["event"] == "ready"
    assert told["workspace_id"].startswith("wks_")
    assert told["api_key"].startswith("parley_live_")
    assert len(told["owner_password"]) >= 15
    for secret in ("demo.json", "sim/app_secret", "sim/verify_token", "keys/master.key"):
        assert stat.S_IMODE((platform.folder / "data" / secret).stat().st_mode) == 0o600, secret


def test_commands_beside_it(platform: Platform) -> None:
    made = platform.run("key", "create", "--workspace", platform.told["workspace_id"], "--name", "tour", "--json")
    assert json.loads(made.stdout)["key"].startswith("parley_live_")
    looked = platform.run("doctor", "--json")
    wrong = [each for each in json.loads(looked.stdout)["checks"] if each["state"] == "wrong"]
    assert (looked.returncode, wrong) == (0, [])


def test_a_vendor_listens(platform: Platform) -> None:
    asking = ("--key", platform.told["api_key"], "--url", platform.told["url"], "--json")
    with platform.begin("listen", "--event", "message.queued", *asking) as listening:
        assert listening.stderr is not None
        assert "Listening as whe_" in listening.stderr.readline()
        sent = platform.run("api", "send_message", "to=+15550001111", "type=text", "text.body=Hi", *asking)
        assert listening.stdout is not None
        told = json.loads(listening.stdout.readline())
        assert (told["type"], told["data"]["message_id"]) == ("message.queued", json.loads(sent.stdout)["id"])
        listening.terminate()
        assert listening.wait(STOP_SECONDS) == 0
    left = json.loads(platform.run("api", "list_webhook_endpoints", *asking).stdout)["data"]
    assert left == []


def test_a_second_one_is_told_so(platform: Platform) -> None:
    second = platform.run("up", "--json")
    assert second.returncode == 1
    error = json.loads(second.stdout)["error"]
    assert error["code"] == "already_running"
    assert str(platform.process.pid) in error["detail"]


@pytest.mark.kill
def test_whatever_is_killed_comes_back(platform: Platform) -> None:
    platform.kill("serve", "work", "sim", "postgres")
    assert "What is your order number?" in platform.chat("+15550002222", "order")


def test_it_stops_cleanly(platform: Platform) -> None:
    family = psutil.Process(platform.process.pid).children(recursive=True)
    platform.process.terminate()
    assert platform.process.wait(STOP_SECONDS) == 0, platform.reports
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert platform.reports.rstrip().endswith("Stopped.")
