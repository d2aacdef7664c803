"""Faults that pydantic's own rules don't know, told together with those that they do."""

from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

OURS = "ours"
"""In the context of a fault whose code and sentence are to be told as they are."""


def told(code: str, member: str, sentence: str) -> InitErrorDetails:
    """A fault of a member, for `ValidationError.from_exception_data`."""
    # The sentence is a template to pydantic, so what the caller wrote goes in as a value.
    error = PydanticCustomError(code, "{sentence}", {"sentence": sentence, OURS: True})
    return InitErrorDetails(type=error, loc=(member,), input=None)


def again(error: ErrorDetails) -> InitErrorDetails:
    """A fault that was found already, to be told with others."""
    kind = PydanticCustomError(error["type"], "{sentence}", {"sentence": error["msg"]})
    return InitErrorDetails(type=kind, loc=error["loc"], input=None)
