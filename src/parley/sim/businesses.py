"""The businesses' side: numbers of WhatsApp Business Accounts (WABAs), their tokens and where their webhooks go."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.sim.refusals import MetaError, unknown_object
from parley.sim.web import Json, Request, text_of

DEFAULT_WABA = "100000000000001"
STANDARD, HIGH = 80, 1000  # messages a second: Meta's two levels of throughput
MOST_BUSINESSES = 10_000  # numbers kept in memory; a test that needs more is running away
SIGNUP_PREFIX = "signup-"
INVALID_PREFIX = "invalid"  # a token beginning so is refused also where any token is taken


@dataclass(slots=True, kw_only=True)
class Business:
    """One business phone number. `token` None: any token not beginning `invalid` is good."""

    phone_number_id: str
    waba_id: str = DEFAULT_WABA
    number: str = ""
    name: str = "Simulated business"
    token: str | None = field(default=None, repr=False)
    app_secret: str | None = field(default=None, repr=False)
    callback_url: str | None = None
    verify_token: str | None = field(default=None, repr=False)
    throughput: int = STANDARD
    quality: str = "GREEN"
    limit_tier: str = "TIER_2K"
    pin: str | None = field(default=None, repr=False)
    registered: bool = True
    on_business_app: bool = False
    marketing_terms: bool = True
    onboarded_at: float | None = None
    shared: set[str] = field(default_factory=set)
    profile: Json = field(default_factory=dict)
    settings: Json = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.number = self.number.lstrip("+") or f"1555{int(_digest(self.phone_number_id), 16) % 10**7:07d}"

    @property
    def level(self) -> str:
        return "HIGH" if self.throughput >= HIGH else "STANDARD"

    @property
    def metadata(self) -> Json:
        """The `metadata` of every webhook about this number."""
        return {"display_phone_number": self.number, "phone_number_id": self.phone_number_id}

    def node(self) -> Json:
        """The fields of `GET /{phone}`."""
        return {
            "id": self.phone_number_id,
            "display_phone_number": f"+{self.number}",
            "verified_name": self.name,
            "quality_rating": self.quality,
            "code_verification_status": "VERIFIED",
            "name_status": "APPROVED",
            "status": "CONNECTED" if self.registered else "DISCONNECTED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": self.level},
            "is_official_business_account": False,
            "is_on_biz_app": self.on_business_app,
            "whatsapp_business_manager_messaging_limit": self.limit_tier,
            "messaging_limit_tier": self.limit_tier,
            "health_status": {"can_send_message": "AVAILABLE", "entities": []},
            "webhook_configuration": {"application": self.callback_url or ""},
        }


@dataclass(frozen=True, slots=True)
class Signup:
    """A code that Embedded Signup gave out: for which number, and until when."""

    phone_number_id: str
    until: float


class Businesses:
    """The registry: by phone number id and by display number."""

    def __init__(self) -> None:
        self._by_id: dict[str, Business] = {}
        self._by_number: dict[str, Business] = {}
        self.overrides: dict[str, str] = {}
        self.unsubscribed: set[str] = set()
        self.signups: dict[str, Signup] = {}

    def __iter__(self) -> Iterator[Business]:
        return iter(self._by_id.values())

    def put(self, business: Business) -> Business:
        """Register or replace a number."""
        if len(self._by_id) >= MOST_BUSINESSES:
            raise MetaError(4, f"The simulator keeps at most {MOST_BUSINESSES} numbers: POST /sim/reset first.")
        old = self._by_id.get(business.phone_number_id)
        if old is not None:
            self._by_number.pop(old.number, None)
        self._by_id[business.phone_number_id] = business
        self._by_number[business.number] = business
        return business

    def get(self, phone_number_id: str) -> Business | None:
        return self._by_id.get(phone_number_id)

    def named(self, name: str) -> Business | None:
        """By phone number id or by number, in any spelling of it."""
        return self._by_id.get(name) or self._by_number.get(name.lstrip("+"))

    def of_waba(self, waba_id: str) -> list[Business]:
        return [business for business in self if business.waba_id == waba_id]

    def clear(self) -> None:
        self._by_id.clear()
        self._by_number.clear()
        self.overrides.clear()
        self.unsubscribed.clear()
        self.signups.clear()


def check_token(request: Request, owners: list[Business]) -> str:
    """The request's token, or 190: it must be that of one of the owners (of any, when these take any)."""
    token = token_of(request)
    if not token:
        raise MetaError(190, "An access token is required: send it as `Authorization: Bearer …`.")
    if token.startswith(INVALID_PREFIX):
        raise MetaError(190, "The access token could not be decrypted.")
    if owners and not any(owner.token is None or owner.token == token for owner in owners):
        raise MetaError(190, "The access token is not valid for this object, or has expired.", subcode=463)
    return token


def token_of(request: Request) -> str:
    """The bearer token of the header (also spelled OAuth, for uploads), or `access_token` of the query."""
    kind, _, token = request.header(b"authorization").partition(" ")
    if kind.lower() in ("bearer", "oauth") and token:
        return token.strip()
    return text_of(request.query, "access_token")


def find_business(registry: Businesses, node: str, *, lenient: bool) -> Business:
    """The number with this id; a lenient simulator registers an unknown decimal one on first use."""
    found = registry.get(node)
    if found is not None:
        return found
    if lenient and node.isascii() and node.isdigit():
        return registry.put(Business(phone_number_id=node))
    raise unknown_object(node)


def find_owners(registry: Businesses, waba_id: str, *, lenient: bool) -> list[Business]:
    """The numbers of an account; a lenient simulator knows every account, with or without numbers."""
    owners = registry.of_waba(waba_id)
    if not owners and not lenient:
        raise unknown_object(waba_id)
    return owners


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
