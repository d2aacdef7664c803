"""`/debug_token` and `/oauth/access_token`."""

from parley.core import ids
from parley.sim.businesses import INVALID_PREFIX, SIGNUP_PREFIX, check_token
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer
from parley.sim.world import APPLICATION_ID, World

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


async def debug_token(world: World, request: Request) -> Answer:
    """What a token may do: the WABAs whose numbers have it."""
    check_token(request, [])
    token = request.query.get("input_token", "")
    if not token:
        raise MetaError(100, "The parameter input_token is required.")
    accounts = sorted({business.waba_id for business in world.businesses if business.token in (None, token)})
    known = not token.startswith(INVALID_PREFIX) and (bool(accounts) or world.settings.lenient)
    facts: Json = {
        "app_id": APPLICATION_ID,
        "application": "Parley simulator",
        "type": "SYSTEM_USER",
        "is_valid": known,
    }
    if known:
        facts |= {"expires_at": 0, "scopes": SCOPES, "user_id": "300000000000003"}
        facts["granular_scopes"] = [{"scope": scope, "target_ids": accounts} for scope in SCOPES]
    return answer({"data": facts})


async def exchange_code(world: World, request: Request) -> Answer:
    """An Embedded Signup code for a business token; a code beginning `invalid` has expired."""
    query = {**request.query, **{key: str(value) for key, value in (request.json() or {}).items()}}
    if query.get("grant_type") != "client_credentials":
        if not query.get("code"):
            raise MetaError(100, "The parameter code is required.")
        if query["code"].startswith(INVALID_PREFIX):
            raise MetaError(100, "This authorization code has expired or was used.", subcode=36009)
    if not query.get("client_id") or not query.get("client_secret"):
        raise MetaError(100, "The parameters client_id and client_secret are required.")
    token = f"simulated-{ids.new_uuid().hex}"
    if query.get("code"):
        _grant(world, query["code"], token)
    return answer({"access_token": token, "token_type": "bearer"})


def _grant(world: World, code: str, token: str) -> None:
    """The number of a signup gets the token; its code is used once, and for thirty seconds."""
    signup = world.businesses.signups.pop(code, None)
    business = world.businesses.get(signup.phone_number_id) if signup else None
    if signup is None or business is None or signup.until < world.now():
        if world.settings.lenient and not code.startswith(SIGNUP_PREFIX):
            return
        raise MetaError(100, "This authorization code has expired or was used.", subcode=36009)
    business.token = token
