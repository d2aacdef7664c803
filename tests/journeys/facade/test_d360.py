"""A script written for 360dialog: its base URL and its key are all that changed."""

import os
import re

import httpx
import pytest

from tests.journeys.facade.conftest import ADA, Shop
from tests.journeys.running import wait_until

pytestmark = [pytest.mark.journey]


@pytest.fixture
def client(shop: Shop) -> httpx.Client:
    return httpx.Client(base_url=f"{shop.facade}/d360", headers={"D360-API-KEY": shop.key}, timeout=30)


def test_the_number_is_implied(client: httpx.Client) -> None:
    with client:
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": ADA}
        sent = client.post("/messages", json={**body, "type": "text", "text": {"body": "Hello, dear customer!"}})
        assert (sent.status_code, sent.json()["messages"][0]["id"][:6]) == (200, "wamid.")
        assert client.get("/health").json() == {"health": {"gateway_status": "connected"}}
        assert client.get("/whatsapp_business_profile").json()["data"]


def test_a_file_goes_round(client: httpx.Client) -> None:
    with client:
        form = {"messaging_product": "whatsapp"}
        media = client.post("/media", data=form, files={"file": ("a.txt", b"a note", "text/plain")}).json()["id"]
        found = client.get(f"/{media}").json()
        # As 360dialog tells its customers to: Meta's host becomes the base URL, the rest of the address stays.
        path = re.sub(r"^https?://[^/]+", "", found["url"]).removeprefix("/graph/d360")
        assert path.startswith("/whatsapp_business/attachments/?mid=")
        assert client.get(path).content == b"a note"
        assert client.delete(f"/{media}").json() == {"success": True}


def test_templates_have_addresses_of_their_own(client: httpx.Client) -> None:
    with client:
        name = f"d360_{os.getpid()}"
        components = [{"type": "BODY", "text": "Good morning to you all."}]
        body = {"name": name, "language": "en_US", "category": "UTILITY", "components": components}
        made = client.post("/v1/configs/templates", json=body)
        assert (made.status_code, made.json()["name"]) == (201, name)

        def approved() -> bool:
            listed = client.get("/v1/configs/templates").json()["waba_templates"]
            return next((each["status"] for each in listed if each["name"] == name), None) == "approved"

        wait_until("it is approved", approved, seconds=10)
        assert client.delete(f"/v1/configs/templates/{name}").json()["meta"]["success"] is True


def test_the_webhook_is_set_and_read(client: httpx.Client) -> None:
    with client:
        assert client.get("/v1/configs/webhook").json()["error"]["code"] == 100
        for url in ("http://127.0.0.1:9/first", "http://127.0.0.1:9/second"):
            set_to = client.post("/v1/configs/webhook", json={"url": url, "headers": {"Authorization": "Basic YTpi"}})
            assert set_to.json()["url"] == url
            assert client.get("/v1/configs/webhook").json() == set_to.json()


def test_what_is_wrong_is_told_as_meta_does(client: httpx.Client, shop: Shop) -> None:
    with client:
        wrong = client.post("/messages", json={"messaging_product": "whatsapp", "to": ADA, "type": "text", "text": {}})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, 131008)
        stranger = client.get("/health", headers={"D360-API-KEY": "nobody"})
        assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, 190)
        bearer = httpx.get(f"{shop.facade}/d360/health", headers={"Authorization": f"Bearer {shop.key}"})
        assert bearer.status_code == 401
