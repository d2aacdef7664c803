"""The faults that pydantic finds, in our words; and those that its own rules don't know, told together with them."""

from collections.abc import Mapping, Sequence

from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from parley.core.errors import Fault, fault

OURS = "ours"
"""In the context of a fault whose code and sentence are to be told as they are."""


_WORDS = {
    "missing": ("missing", "This is missing; add it."),
    "extra_forbidden": ("unknown_member", "There is no such member; take it out."),
    "string_type": ("wrong_type", "This must be text."),
    "dict_type": ("wrong_type", "This must be an object."),
    "model_type": ("wrong_type", "This must be a JSON object."),
    "model_attributes_type": ("wrong_type", "This must be a JSON object."),
    "list_type": ("wrong_type", "This must be a list."),
    "bool_type": ("wrong_type", "This must be true or false."),
    "bool_parsing": ("wrong_type", "This must be true or false."),
    "int_type": ("wrong_type", "This must be a whole number."),
    "int_parsing": ("wrong_type", "This must be a whole number."),
    "literal_error": ("not_allowed", None),
    "string_too_short": ("too_short", None),
    "string_too_long": ("too_long", None),
    "too_long": ("too_many", None),
    "too_short": ("too_few", None),
    "string_pattern_mismatch": ("bad_format", None),
    "greater_than_equal": ("out_of_range", None),
    "less_than_equal": ("out_of_range", None),
}
"""Our code and sentence for each kind of fault that pydantic finds; None: its own sentence tells enough."""


def told(code: str, member: str, sentence: str) -> InitErrorDetails:
    """A fault of a member, for `ValidationError.from_exception_data`."""
    # The sentence is a template to pydantic, so what the caller wrote goes in as a value.
    error = PydanticCustomError(code, "{sentence}", {"sentence": sentence, OURS: True})
    return InitErrorDetails(type=error, loc=(member,), input=None)


def again(error: ErrorDetails) -> InitErrorDetails:
    """A fault that was found already, to be told with others."""
    kind = PydanticCustomError(error["type"], "{sentence}", {"sentence": error["msg"]})
    return InitErrorDetails(type=kind, loc=error["loc"], input=None)


def fault_of(found: Mapping[str, object]) -> Fault:
    """A fault that pydantic found, as it is answered: its place as a JSON Pointer from the body or query."""
    place = found["loc"]
    steps = place[1:] if isinstance(place, tuple) and place[:1] in (("body",), ("query",), ("header",)) else place
    if isinstance(steps, tuple) and steps[-1:] == ("[key]",):
        steps = steps[:-1]
    code, sentence = _WORDS.get(str(found["type"]), (str(found["type"]), None))
    context = found.get("ctx")
    if isinstance(context, dict) and OURS in context:
        code, sentence = str(found["type"]), str(found["msg"])
    told = sentence or str(found["msg"]).rstrip(".") + "."
    return fault(pointer(steps if isinstance(steps, tuple) else ()), code, told)


def pointer(steps: Sequence[object]) -> str:
    """A JSON Pointer (RFC 6901) from its steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
