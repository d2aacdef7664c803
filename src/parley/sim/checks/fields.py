"""Reading a member that must or may be there, with Meta's refusal when it is missing or wrong."""

from parley.sim.refusals import MetaError
from parley.sim.web import Json, as_object

MISSING, WRONG = 131008, 131009


def needed(parent: Json, key: str, at: str) -> object:
    """The member, which must be there. `at` is the path of the parent, for the sentence."""
    value = parent.get(key)
    if value is None:
        raise MetaError(MISSING, f"Parameter '{_path(at, key)}' is required.")
    return value


def needed_object(parent: Json, key: str, at: str) -> Json:
    value = as_object(needed(parent, key, at))
    if value is None:
        raise MetaError(WRONG, f"Parameter '{_path(at, key)}' must be an object.")
    return value


def needed_text(parent: Json, key: str, at: str, most: int) -> str:
    """Text of 1 to `most` characters."""
    value = needed(parent, key, at)
    if not isinstance(value, str):
        raise MetaError(WRONG, f"Parameter '{_path(at, key)}' must be text.")
    if not 1 <= len(value) <= most:
        raise MetaError(WRONG, f"Parameter '{_path(at, key)}' must have 1 to {most} characters; it has {len(value)}.")
    return value


def optional_text(parent: Json, key: str, at: str, most: int) -> str | None:
    return None if parent.get(key) is None else needed_text(parent, key, at, most)


def needed_objects(parent: Json, key: str, at: str, bounds: tuple[int, int]) -> list[Json]:
    """A list of objects with a number of items within the bounds."""
    value = needed(parent, key, at)
    items = [item for given in value if (item := as_object(given)) is not None] if isinstance(value, list) else None
    if items is None or not isinstance(value, list) or len(items) != len(value):
        raise MetaError(WRONG, f"Parameter '{_path(at, key)}' must be a list of objects.")
    least, most = bounds
    if not least <= len(items) <= most:
        raise MetaError(WRONG, f"Parameter '{_path(at, key)}' must have {least} to {most} items; it has {len(items)}.")
    return items


def distinct(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise MetaError(WRONG, f"Each {what} must be different.")


def _path(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
