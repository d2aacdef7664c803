"""Meta's error vocabulary: the codes the simulator uses, their HTTP status, and the two shapes they travel in."""

from dataclasses import dataclass

from parley.core import ids
from parley.sim.web import Answer, Json, answer

DOCUMENTATION = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: HTTP status, a title, and whether trying again may help."""

    status: int
    title: str
    transient: bool = False


KINDS: dict[int, Kind] = {
    1: Kind(500, "API unknown", transient=True),
    2: Kind(503, "API service", transient=True),
    4: Kind(400, "API too many calls", transient=True),
    10: Kind(403, "Permission denied"),
    100: Kind(400, "Invalid parameter"),
    190: Kind(401, "Access token not valid"),
    368: Kind(403, "Temporarily blocked for policy violations"),
    2635: Kind(400, "API version not available"),
    80007: Kind(400, "Rate limit issues", transient=True),
    130403: Kind(400, "Recipient blocked"),
    130429: Kind(400, "Rate limit hit", transient=True),
    130472: Kind(400, "Recipient is part of an experiment"),
    131000: Kind(500, "Something went wrong", transient=True),
    131005: Kind(403, "Access denied"),
    131008: Kind(400, "Required parameter is missing"),
    131009: Kind(400, "Parameter value is not valid"),
    131016: Kind(500, "Service unavailable", transient=True),
    131021: Kind(400, "Recipient cannot be sender"),
    131026: Kind(400, "Message undeliverable"),
    131031: Kind(403, "Account locked"),
    131041: Kind(400, "Group unknown"),
    131042: Kind(400, "Payment problem"),
    131047: Kind(400, "Re-engagement message"),
    131048: Kind(400, "Spam rate limit hit"),
    131049: Kind(400, "Not delivered, to keep the ecosystem healthy"),
    131050: Kind(400, "Recipient stopped marketing messages"),
    131051: Kind(400, "Unsupported message type"),
    131052: Kind(400, "Media download error"),
    131053: Kind(400, "Media upload error"),
    131055: Kind(400, "Method not allowed"),
    131056: Kind(400, "Pair rate limit hit", transient=True),
    131057: Kind(500, "Account in maintenance mode", transient=True),
    131062: Kind(400, "User id not allowed for this message"),
    132000: Kind(400, "Number of parameters does not match the template"),
    132001: Kind(404, "Template does not exist"),
    132005: Kind(400, "Template text too long"),
    132007: Kind(400, "Template content policy violated"),
    132012: Kind(400, "Template parameter format does not match"),
    132015: Kind(400, "Template is paused"),
    132016: Kind(400, "Template is disabled"),
    133005: Kind(400, "Two-step verification PIN mismatch"),
    133010: Kind(400, "Phone number not registered"),
    134100: Kind(400, "Only marketing templates are supported"),
    138000: Kind(401, "Calling not enabled"),
    138001: Kind(400, "Receiver cannot take calls"),
    138006: Kind(401, "No call permission"),
    139100: Kind(400, "Some users could not be blocked or unblocked"),
    2593107: Kind(400, "Synchronisation was asked for already"),
    2593108: Kind(400, "Synchronisation is possible for 24 hours after onboarding"),
}
_OTHER = Kind(400, "Refused")


class MetaError(Exception):
    """A refusal of the simulated Meta: a code of its table, the details, and sometimes a subcode."""

    def __init__(self, code: int, details: str, *, subcode: int | None = None) -> None:
        super().__init__(f"{code} {details}")
        self.code = code
        self.details = details
        self.subcode = subcode
        self.kind = KINDS.get(code, _OTHER)

    def body(self) -> Json:
        """The `{"error": …}` object of an HTTP answer."""
        error: Json = {
            "message": f"(#{self.code}) {self.kind.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "A" + ids.new_uuid().hex[:22],
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.kind.transient:
            error["is_transient"] = True
        return {"error": error}

    def answer(self) -> Answer:
        return answer(self.body(), status=self.kind.status)

    def webhook(self) -> Json:
        """One item of `errors` in a failed status."""
        return {
            "code": self.code,
            "title": self.kind.title,
            "message": self.kind.title,
            "error_data": {"details": self.details},
            "href": DOCUMENTATION,
        }


def unknown_object(node: str) -> MetaError:
    """What Meta says of an id that is not there, or not yours."""
    return MetaError(100, f"Object with ID '{node}' does not exist or cannot be reached with this token.", subcode=33)
