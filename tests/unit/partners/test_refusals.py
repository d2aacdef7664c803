"""Our errors in Meta's words; the class that pywa raises for each code is the one it would for Meta."""

import pytest
from pywa.errors import WhatsAppError

from parley.core.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    ParleyError,
    Refused,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    fault,
)
from parley.kit.rest.errors import BadRequest, TooLarge
from parley.modules.partners import MetaRefusal, refusal_of, unknown_object, unknown_path
from parley.modules.partners.facade.refusals import KINDS

CASES: dict[str, tuple[ParleyError, tuple[int, int], str]] = {
    "unknown key": (Unauthorized("Who?"), (401, 190), "ExpiredAccessToken"),
    "key in the address": (BadRequest("Not there.", code="key_in_query"), (401, 190), "ExpiredAccessToken"),
    "scope": (Forbidden("No."), (403, 10), "PermissionDenied"),
    "nowhere": (NotFound("No."), (400, 100), "WhatsAppError"),
    "missing": (
        InvalidInput("No.", [fault("/text/body", "missing", "Give it.")]),
        (400, 131008),
        "MissingRequiredParameter",
    ),
    "wrong": (InvalidInput("No.", [fault("/text/body", "too_long", "Less.")]), (400, 131009), "InvalidParameter"),
    "type": (InvalidInput("No.", [fault("/type", "not_allowed", "One of.")]), (400, 100), "WhatsAppError"),
    "file": (InvalidInput("No.", [fault("/file", "empty", "Send it.")]), (400, 131053), "MediaUploadError"),
    "unreadable": (BadRequest("No JSON."), (400, 100), "WhatsAppError"),
    "large": (TooLarge("Too much."), (400, 100), "WhatsAppError"),
    "window": (Refused("No.", code="window_closed"), (400, 131047), "ReEngagementMessage"),
    "opted out": (Refused("No.", code="opted_out"), (400, 131050), "UserStoppedMarketingMessages"),
    "too fast": (TooManyRequests("Wait.", retry_after=3), (429, 130429), "RateLimitHit"),
    "busy": (Conflict("Wait."), (503, 131016), "ServiceUnavailable"),
    "away": (Unavailable("Wait.", retry_after=2), (503, 131016), "ServiceUnavailable"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_of_ours(name: str) -> None:
    error, expected, raised = CASES[name]
    refusal = refusal_of(error, sending=True)
    assert (refusal.kind.status, refusal.code) == expected
    told = refusal.body("req_1")["error"]
    assert isinstance(told, dict)
    assert type(WhatsAppError.from_dict(told)).__name__ == raised
    assert told["fbtrace_id"] == "req_1"


def test_elsewhere_than_sending_limits_are_the_accounts() -> None:
    assert refusal_of(TooManyRequests("Wait.", retry_after=3), sending=False).code == 80007
    assert refusal_of(Unavailable("Wait.", retry_after=3), sending=False).code == 2


def test_faults_are_told_with_their_places() -> None:
    faults = [fault(f"/contacts/{n}/name", "missing", "Give it.") for n in range(9)]
    told = refusal_of(InvalidInput("No.", faults), sending=True).details
    assert told.startswith("/contacts/0/name: Give it.; /contacts/1/name")
    assert told.count("Give it.") == 5


def test_an_unknown_object_and_path() -> None:
    assert (unknown_object("GET", "17").code, unknown_object("GET", "17").subcode) == (100, 33)
    assert (unknown_path(["17", "foo"]).code, unknown_path(["17", "foo"]).kind.status) == (2500, 400)


@pytest.mark.parametrize("code", [code for code in KINDS if 130000 < code < 134000])
def test_every_code_of_sending_has_a_class_of_its_own(code: int) -> None:
    """Those from 134000 on are of the marketing messages API, for which pywa has no classes."""
    told = MetaRefusal(code, "Why.").body("req_1")["error"]
    assert isinstance(told, dict)
    assert type(WhatsAppError.from_dict(told)) is not WhatsAppError
