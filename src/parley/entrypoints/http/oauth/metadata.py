"""What the authorization server says of itself (RFC 8414)."""

from parley.adapters.oauth.client import AUTHENTICATION, GRANTS
from parley.core.json import JsonObject
from parley.modules.accounts import APP_SCOPES


def metadata(issuer: str) -> JsonObject:
    """The document, for the address under which the world reaches us."""
    ways = list(AUTHENTICATION)
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "scopes_supported": list(APP_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "token_endpoint_auth_methods_supported": ways,
        "revocation_endpoint_auth_methods_supported": ways,
        "introspection_endpoint_auth_methods_supported": ways,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": False,
    }
