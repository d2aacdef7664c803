"""Errors in the words of RFC 9457: `application/problem+json` with a stable `code`, and a JSON Pointer a fault."""

from collections.abc import Sequence
from http import HTTPStatus
from math import ceil

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from parley.core.errors import (
    Conflict,
    Fault,
    Forbidden,
    InvalidInput,
    NotFound,
    ParleyError,
    Refused,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from parley.entrypoints.http.reference.pages import ERRORS
from parley.kit.rates import QuotaExceeded
from parley.kit.rest.errors import BadRequest
from parley.kit.rest.faults import fault_of
from parley.modules.accounts import BeingWorkedOn

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:parley:problem:"
"""A problem's `type` is this and its code: a stable name that need not be looked up."""

_TYPES = {QuotaExceeded.code: "https://iana.org/assignments/http-problem-types#quota-exceeded"}
"""Kinds of problems that the world has a name for."""

_STATUS: tuple[tuple[type[ParleyError], int], ...] = (
    (InvalidInput, 422),
    (Unauthorized, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Refused, 422),
    (TooManyRequests, 429),
    (Unavailable, 503),
)
_CODES = {400: "malformed_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_DETAILS = {
    404: "There is nothing at this address; GET /v1/openapi.json lists what there is.",
    405: "This address does not take that method; the header Allow says which it takes.",
}
_UNEXPECTED = "Something went wrong on our side; it was logged under this request_id."


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    doc_url: str
    """Where people read what the code means and what mends it."""
    request_id: str
    errors: list[dict[str, str]] = []
    violated_policies: list[str] = msgspec.field(default=[], name="violated-policies")


def problem(request: Request, status: int, code: str, detail: str, faults: Sequence[Fault] = ()) -> Response:
    """An error as it is answered."""
    request.state.error = code
    request.state.faults = tuple((each.pointer, each.code) for each in faults)
    body = Problem(
        type=_TYPES.get(code, TYPE_PREFIX + code),
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        code=code,
        doc_url=f"{str(request.base_url).rstrip('/')}{ERRORS}/{code}",
        request_id=request.state.request_id,
        errors=[{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in faults],
        violated_policies=getattr(request.state, "violated", []),
    )
    return Response(msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE)


def add_problems(api: FastAPI) -> None:
    """Let the API answer all that goes wrong with problems."""
    api.add_exception_handler(ParleyError, _expected)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _refused_by_framework)


def unexpected(request: Request) -> Response:
    """The answer to what nobody foresaw; the details stay in the log."""
    return problem(request, 500, "internal_error", _UNEXPECTED)


async def _expected(request: Request, error: Exception) -> Response:
    if not isinstance(error, ParleyError):
        raise error
    status = error.status if isinstance(error, BadRequest) else _status_of(error)
    if status is None:
        raise error
    faults = error.faults if isinstance(error, InvalidInput) else ()
    request.state.violated = list(error.violated) if isinstance(error, QuotaExceeded) else []
    answer = problem(request, status, error.reason, error.detail, faults)
    if isinstance(error, TooManyRequests | Unavailable | BeingWorkedOn):
        answer.headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="parley"'
    return answer


def _status_of(error: ParleyError) -> int | None:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), None)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = [fault_of(each) for each in error.errors()]
    if any(each.code == "json_invalid" for each in found):
        return problem(request, 400, "malformed_json", "The body is not JSON.")
    detail = "The request can't be used like this; `errors` says where and why."
    return problem(request, 422, InvalidInput.code, detail, found)


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = error.status_code
    code = _CODES.get(status, HTTPStatus(status).phrase.lower().replace(" ", "_"))
    answer = problem(request, status, code, _DETAILS.get(status, str(error.detail)))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(_methods_at(request))
    return answer


def _methods_at(request: Request) -> list[str]:
    """Every method that this address takes, for it may have several routes."""
    path = request.scope["path"]
    routes = (each for each in request.app.routes if isinstance(each, Route) and each.path_regex.match(path))
    return sorted({method for route in routes for method in route.methods or ()})
