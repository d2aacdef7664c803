"""What can be wrong with a request before anyone understands it."""

from typing import ClassVar

from parley.core.errors import ParleyError


class BadRequest(ParleyError):
    """The request can't be read. `status` is its HTTP status."""

    code = "malformed_request"
    status: ClassVar[int] = 400


class SlowRequest(BadRequest):
    code = "request_timeout"
    status = 408


class TooLarge(BadRequest):
    code = "too_large"
    status = 413


class UnsupportedType(BadRequest):
    code = "unsupported_media_type"
    status = 415
