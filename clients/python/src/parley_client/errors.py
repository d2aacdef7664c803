"""What can go wrong."""

from collections.abc import Mapping, Sequence


class ParleyError(Exception):
    """Any failure of this client."""


class NoAnswer(ParleyError):
    """Nobody answered, though it was tried again. A POST may be repeated with the same `idempotency_key`."""


class Refused(ParleyError):
    """The API said no. `code` is stable; `errors` name each fault: its JSON Pointer (`pointer`), `code`, `detail`."""

    def __init__(self, status: int, problem: Mapping[str, object]) -> None:
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.detail = str(problem.get("detail", ""))
        self.request_id = problem.get("request_id")
        errors = problem.get("errors")
        self.errors: Sequence[Mapping[str, str]] = errors if isinstance(errors, list) else ()
        places = "".join(f"\n  {each.get('pointer') or '/'}: {each.get('detail')}" for each in self.errors)
        super().__init__(f"{status} {self.code}: {self.detail}{places}")
