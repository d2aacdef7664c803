"""Partners' apps: the ways to a token, and the attacks on them (RFC 9700)."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import pytest_asyncio
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from parley.core.ids import public
from parley.core.time import now
from parley.kit.rates import Quota
from parley.modules.accounts.passwords import hash_password
from tests.fakes.api import Caller, Reply, caller
from tests.fakes.asgi import Answered, ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

BACK = "https://shop.example/callback?from=parley"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PASSWORD = "correct horse battery staple"
FORM = {"content-type": "application/x-www-form-urlencoded"}
Params = dict[str, Any]


@dataclass
class Partner:
    """An app of one workspace, and an owner of another who may let it in."""

    stack: Stack
    maker: Caller
    user: Caller
    id: str
    secret: str
    email: str

    async def post(self, path: str, **given: str) -> Reply:
        """A request of the app, or of another whose id and secret are given."""
        name, secret = given.pop("as_id", self.id), given.pop("as_secret", self.secret)
        credentials = base64.b64encode(f"{name}:{secret}".encode()).decode()
        headers = {**FORM, "authorization": f"Basic {credentials}"}
        answered = await ask(self.user.api, "POST", path, headers=headers, body=urlencode(given).encode())
        return Reply(answered.status, answered.headers, answered.body)

    def asking(self, **changes: str | None) -> Params:
        whole: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": BACK,
            "scope": "messages:read",
            "state": "s t&te",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "workspace_id": public("wks", self.user.shop.workspace),
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    async def open_page(self, **changes: str | None) -> Answered:
        return await ask(self.user.api, "GET", f"/oauth/authorize?{urlencode(self.asking(**changes))}")

    async def decide(self, decision: str = "allow", password: str = PASSWORD, **changes: str | None) -> Answered:
        """Fill in the page and send it."""
        page = await self.open_page(**changes)
        cookie = page.headers["set-cookie"].partition(";")[0]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body.decode()))
        fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
        fields |= {"email": self.email, "password": password, "decision": decision}
        headers = {**FORM, "cookie": cookie}
        return await ask(self.user.api, "POST", "/oauth/authorize", headers=headers, body=urlencode(fields).encode())

    async def code(self) -> str:
        answered = await self.decide()
        assert answered.status == 303, answered.body
        return returned(answered)["code"]

    async def redeem(self, code: str, **changes: str) -> Reply:
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return await self.post("/oauth/token", **{**given, **changes})

    async def refresh(self, token: str, **more: str) -> Reply:
        return await self.post("/oauth/token", grant_type="refresh_token", refresh_token=token, **more)

    async def use(self, token: str, path: str = "/v1/messages") -> int:
        return (await Caller(self.user.app, self.user.api, self.user.shop, token)("GET", path)).status


def returned(answered: Answered) -> dict[str, str]:
    """The parameters that were sent back to the app."""
    location = urlsplit(answered.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK.partition("?")[0]
    return {name: values[0] for name, values in parse_qs(location.query).items()}


@pytest_asyncio.fixture(loop_scope="session")
async def partner(stack: Stack) -> AsyncIterator[Partner]:
    maker, user = await caller(stack), await caller(stack)
    given = {"name": "Shop <b>", "redirect_uris": [BACK], "scopes": ["messages:*", "channels:read"]}
    app = (await maker("POST", "/v1/oauth-apps", given)).json
    await stack.look("update person set password = $2 where workspace_id = $1", user.shop.workspace, HASH)
    yield Partner(stack, maker, user, app["id"], app["client_secret"], "owner@example.org")


HASH = hash_password(PASSWORD)


async def test_a_person_lets_an_app_in(partner: Partner) -> None:
    back = returned(await partner.decide())
    assert (back["state"], back["from"]) == ("s t&te", "parley")
    answered = await partner.redeem(back["code"])
    assert (answered.status, answered.headers["cache-control"]) == (200, "no-store")
    given = answered.json
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "messages:read")
    assert given["workspace_id"] == public("wks", partner.user.shop.workspace)
    assert await partner.use(given["access_token"]) == 200
    assert await partner.use(given["access_token"], "/v1/channels") == 403
    (installed,) = (await partner.user("GET", "/v1/oauth-installations")).json["data"]
    assert (installed["client_id"], installed["name"]) == (partner.id, "Shop <b>")
    assert installed["installed_by"].startswith("usr_")
    told = (await partner.post("/oauth/introspect", token=given["access_token"])).json
    assert (told["active"], told["scope"], told["client_id"]) == (True, "messages:read", partner.id)
    assert (await partner.user("DELETE", f"/v1/oauth-installations/{installed['id']}")).status == 204
    assert await partner.use(given["access_token"]) == 401
    assert (await partner.refresh(given["refresh_token"])).json["error"] == "invalid_grant"


async def test_the_page_is_closed(partner: Partner) -> None:
    page = await partner.open_page()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://shop.example;" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert b"Shop &lt;b&gt;" in page.body
    assert b"<script" not in page.body
    assert "SameSite=strict" in page.headers["set-cookie"]


async def test_an_app_acts_for_itself(partner: Partner) -> None:
    workspace = public("wks", partner.user.shop.workspace)
    early = await partner.post("/oauth/token", grant_type="client_credentials", workspace_id=workspace)
    assert (early.status, early.json["error"]) == (400, "invalid_request")
    body = {"client_id": partner.id, "scopes": ["messages:read"]}
    assert (await partner.user("POST", "/v1/oauth-installations", body)).status == 201
    given = (await partner.post("/oauth/token", grant_type="client_credentials", workspace_id=workspace)).json
    assert "refresh_token" not in given
    assert await partner.use(given["access_token"]) == 200
    wider = await partner.post(
        "/oauth/token", grant_type="client_credentials", workspace_id=workspace, scope="messages:write"
    )
    assert wider.json["error"] == "invalid_scope"
    other = public("wks", partner.maker.shop.workspace)
    assert (await partner.post("/oauth/token", grant_type="client_credentials", workspace_id=other)).status == 400
    assert (await partner.maker("DELETE", f"/v1/oauth-apps/{partner.id}")).status == 204
    assert await partner.use(given["access_token"]) == 401


async def test_refreshing(partner: Partner) -> None:
    first = (await partner.redeem(await partner.code())).json
    wider = await partner.refresh(first["refresh_token"], scope="messages:write")
    assert wider.json["error"] == "invalid_scope"
    second = (await partner.refresh(first["refresh_token"])).json
    assert await partner.use(second["access_token"]) == 200
    assert second["scope"] == "messages:read"
    assert (await partner.refresh(first["refresh_token"])).json["error"] == "invalid_grant"
    assert await partner.use(second["access_token"]) == 401, "one shown twice was stolen: all of the family ends"
    assert (await partner.refresh(second["refresh_token"])).json["error"] == "invalid_grant"


async def test_a_code_shown_twice_ends_its_tokens(partner: Partner) -> None:
    code = await partner.code()
    given = (await partner.redeem(code)).json
    assert await partner.use(given["access_token"]) == 200
    assert (await partner.redeem(code)).json["error"] == "invalid_grant"
    assert await partner.use(given["access_token"]) == 401


async def test_a_code_ends_within_a_minute(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await partner.code()
    monkeypatch.setattr("parley.adapters.oauth.grants.now", lambda: now() + timedelta(seconds=61))
    assert (await partner.redeem(code)).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": "https://shop.example/callback"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_grant"),
    ],
    ids=["another verifier", "no verifier", "another address", "no address"],
)
async def test_a_stolen_code_is_worth_nothing(partner: Partner, changes: dict[str, str], error: str) -> None:
    answered = await partner.redeem(await partner.code(), **changes)
    assert (answered.status, answered.json["error"]) == (400, error)


async def test_another_app_with_a_stolen_code(partner: Partner) -> None:
    given = {"name": "Thief", "redirect_uris": [BACK], "scopes": ["messages:*"]}
    thief = (await partner.maker("POST", "/v1/oauth-apps", given)).json
    code = await partner.code()
    own = {"as_id": thief["id"], "as_secret": thief["client_secret"]}
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    assert (await partner.post("/oauth/token", **own, **form)).json["error"] == "invalid_grant"
    tokens = (await partner.redeem(code)).json
    assert tokens["access_token"], "its failing did not burn the code"
    assert (await partner.post("/oauth/introspect", **own, token=tokens["access_token"])).json == {"active": False}
    assert (await partner.post("/oauth/revoke", **own, token=tokens["access_token"])).status == 400
    refreshed = await partner.post(
        "/oauth/token", **own, grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    )
    assert refreshed.json["error"] == "invalid_grant"
    assert await partner.use(tokens["access_token"]) == 200


async def test_revoking(partner: Partner) -> None:
    given = (await partner.redeem(await partner.code())).json
    assert (await partner.post("/oauth/revoke", token="parley_rt_unknown")).status == 200
    assert (await partner.post("/oauth/revoke", token=given["refresh_token"])).status == 200
    assert await partner.use(given["access_token"]) == 401
    assert (await partner.post("/oauth/introspect", token=given["access_token"])).json == {"active": False}


@pytest.mark.parametrize("secret", ["wrong", ""])
async def test_an_app_proves_itself(partner: Partner, secret: str) -> None:
    code = await partner.code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    refused = await partner.post("/oauth/token", as_secret=secret, **form)
    assert (refused.status, refused.json["error"]) == (401, "invalid_client")
    nobody = await ask(partner.user.api, "POST", "/oauth/token", headers=FORM, body=urlencode(form).encode())
    assert nobody.status in (400, 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": BACK + "&more=1"},
        {"redirect_uri": "https://shop.example/callback?from=parley#x"},
        {"redirect_uri": None},
        {"client_id": "app_" + "0" * 32},
        {"client_id": None},
    ],
    ids=["elsewhere", "longer", "fragment", "none", "unknown app", "no app"],
)
async def test_nobody_is_sent_to_an_address_not_registered(partner: Partner, changes: dict[str, str | None]) -> None:
    answered = await partner.open_page(**changes)
    assert answered.status == 400
    assert "location" not in answered.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "messages:read contacts:read"}, "invalid_scope"),
        ({"scope": "*"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
    ids=["no PKCE", "plain", "no method", "bad challenge", "beyond the app", "all", "implicit"],
)
async def test_what_an_app_may_not_ask(partner: Partner, changes: dict[str, str | None], error: str) -> None:
    back = returned(await partner.open_page(**changes))
    assert (back["error"], back["state"]) == (error, "s t&te")


async def test_a_parameter_twice(partner: Partner) -> None:
    target = f"/oauth/authorize?{urlencode(partner.asking())}&redirect_uri=https%3A%2F%2Fevil.example"
    answered = await ask(partner.user.api, "GET", target)
    assert (answered.status, "location" in answered.headers) == (400, False)


async def test_who_says_no_or_is_somebody_else(partner: Partner) -> None:
    assert returned(await partner.decide("deny"))["error"] == "access_denied"
    wrong = await partner.decide(password="wrong")
    assert (wrong.status, "location" in wrong.headers) == (401, False)
    assert (await partner.user("GET", "/v1/oauth-installations")).json["data"] == []


async def test_a_form_from_elsewhere(partner: Partner) -> None:
    fields = {**partner.asking(), "email": partner.email, "password": PASSWORD, "decision": "allow", "form_token": "x"}
    for cookie in ({}, {"cookie": "parley_consent=y"}):
        headers = {**FORM, **cookie}
        answered = await ask(
            partner.user.api, "POST", "/oauth/authorize", headers=headers, body=urlencode(fields).encode()
        )
        assert (answered.status, "location" in answered.headers) == (403, False)


async def test_guessing_ends(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.accounts.service.prove_owner.MAX_FAILURES", 1)
    api = partner.user.api
    page = await partner.open_page()
    cookie = page.headers["set-cookie"].partition(";")[0]
    token = cookie.partition("=")[2]
    statuses = []
    for password in ("wrong", PASSWORD):
        fields = {**partner.asking(), "email": partner.email, "password": password, "form_token": token}
        body = urlencode({**fields, "decision": "allow"}).encode()
        statuses.append(
            (await ask(api, "POST", "/oauth/authorize", headers={**FORM, "cookie": cookie}, body=body)).status
        )
    assert statuses == [401, 429]


async def test_an_app_that_asks_in_a_loop_waits(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.entrypoints.http.rate_limit.APPS", Quota("app", 0.001, 2))
    replies = [await partner.post("/oauth/introspect", token="x") for _ in range(3)]
    assert [each.status for each in replies] == [200, 200, 429]
    assert replies[-1].json["violated-policies"] == ["app"]
    assert int(replies[-1].headers["retry-after"]) >= 1
    assert (await partner.post("/oauth/introspect", token="x", as_id="app_" + "0" * 32)).status == 401, "another app"


async def test_an_address_with_many_wrong_credentials(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.entrypoints.http.rate_limit.STRANGERS", Quota("address", 0.001, 2))
    wrong = [await partner.post("/oauth/token", grant_type="client_credentials", as_secret="guess") for _ in range(3)]
    assert [each.status for each in wrong] == [401, 401, 429]


BAD_APPS = [
    ({"redirect_uris": ["http://shop.example/x"]}, "/redirect_uris/0"),
    ({"redirect_uris": ["https://shop.example/x#y"]}, "/redirect_uris/0"),
    ({"redirect_uris": ["https://user@shop.example/x"]}, "/redirect_uris/0"),
    ({"redirect_uris": ["javascript:alert(1)"]}, "/redirect_uris/0"),
    ({"scopes": ["*"]}, "/scopes/0"),
    ({"scopes": ["messages:read", "api-keys:write"]}, "/scopes/1"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_APPS)
async def test_an_app_that_can_not_be(stack: Stack, changes: Params, pointer: str) -> None:
    call = await caller(stack)
    refused = await call("POST", "/v1/oauth-apps", {"name": "x", "scopes": ["messages:read"], **changes})
    assert (refused.status, refused.faults[0][0]) == (422, pointer)


async def test_the_server_describes_itself(partner: Partner) -> None:
    answered = await ask(partner.user.api, "GET", "/.well-known/oauth-authorization-server")
    told = Reply(answered.status, answered.headers, answered.body).json
    AuthorizationServerMetadata({**told, **_secure(told)}).validate()
    assert told["code_challenge_methods_supported"] == ["S256"]


def _secure(told: Params) -> Params:
    """As behind TLS, which the document has to say."""
    return {name: value.replace("http:", "https:") for name, value in told.items() if isinstance(value, str)}
