"""Ask a workspace's owner whether an app may act for it, and send the answer to the app."""

from hmac import compare_digest

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from parley.adapters.oauth.request import Asked
from parley.adapters.oauth.server import Answer, authorize, consent
from parley.core.errors import TooManyRequests
from parley.core.ids import public, random_bytes
from parley.entrypoints.http.oauth.page import Consent, consent_page, refusal_page
from parley.modules.accounts import Known, OwnerProof, Words, find_app, install, write_down
from parley.wiring import App

COOKIE = "parley_consent"
CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "workspace_id",
)
TOKEN_BYTES = 24
WRONG = "These words don't open a workspace of yours."
SEVERAL = "You own several workspaces; ask the app to name one (workspace_id)."
SEE_OTHER = 303
UNAUTHORIZED = 401


class ConsentDesk:
    """Both halves of /oauth/authorize. Nothing is kept between them: the form carries the request."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._proof = OwnerProof(app.units, app.keys)

    def unreadable(self) -> Response:
        return refusal_page("Its parameters can't be read, or one of them comes twice.")

    async def ask(self, request: Request, given: dict[str, str]) -> Response:
        """The page that asks."""
        known, asked = await self._known(given)
        scopes, refused = consent(known, asked)
        if refused is not None:
            return _sent(refused)
        form_token = request.cookies.get(COOKIE) or random_bytes(TOKEN_BYTES).hex()
        return self._page(request, self._question(known, given, scopes, form_token))

    async def decide(self, request: Request, given: dict[str, str], address: str) -> Response:
        """The person's answer, sent on to the app."""
        known, asked = await self._known(given)
        scopes, refused = consent(known, asked)
        if refused is not None:
            return _sent(refused)
        form_token = request.cookies.get(COOKIE, "")
        if not form_token or not compare_digest(form_token.encode(), given.get("form_token", "").encode()):
            return refusal_page("It was opened elsewhere; go back to the app and begin again.", 403)
        if given.get("decision") != "allow":
            return _sent(authorize(known, asked, None)[0])
        question = self._question(known, given, scopes, form_token)
        return await self._allowed(request, known, asked, question, address)

    async def _allowed(self, request: Request, known: Known, asked: Asked, question: Consent, address: str) -> Response:
        form = asked.form
        try:
            said = Words(form.get("email", ""), form.get("password", ""))
            owners = await self._proof.owners(said, address, asked.workspace)
        except TooManyRequests as error:
            return self._page(request, question, error.detail, 429)
        if len(owners) != 1 or known.app is None:
            return self._page(request, question, SEVERAL if owners else WRONG, UNAUTHORIZED)
        owner = owners[0]
        await self._app.keys.scope(owner.workspace)
        async with self._app.units.begin(owner.workspace) as unit:
            by = public("usr", owner.id)
            installed = await install(unit, self._app.keys, known.app, tuple(question.scopes), by)
            answer, verdict = authorize(known, asked, installed.row.installation())
            await write_down(unit, verdict)
        return _sent(answer)

    async def _known(self, given: dict[str, str]) -> tuple[Known, Asked]:
        asked = Asked("GET", given)
        async with self._app.units.begin(lane="oauth") as unit:
            return Known(app=await find_app(unit, self._app.keys, asked.client_id)), asked

    def _question(self, known: Known, given: dict[str, str], scopes: tuple[str, ...], form_token: str) -> Consent:
        return Consent(
            app=known.app.terms.name if known.app is not None else "",
            scopes=scopes,
            redirect_uri=given["redirect_uri"],
            carried={name: given[name] for name in CARRIED if name in given},
            token=form_token,
        )

    def _page(self, request: Request, question: Consent, wrong: str = "", status: int = 200) -> Response:
        page = consent_page(question, wrong=wrong, status=status)
        secure = request.url.scheme == "https"
        page.set_cookie(COOKIE, question.token, path="/oauth", secure=secure, httponly=True, samesite="strict")
        return page


def _sent(answer: Answer) -> Response:
    """Back to the app; or a page, where the app's address can't be trusted."""
    if answer.location is not None:
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(answer.location, status_code=SEE_OTHER, headers=headers)
    return refusal_page(str(answer.body.get("error_description") or answer.body.get("error")))
