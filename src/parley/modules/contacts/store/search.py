"""SQL of questions about contacts, composed of our own constants; every value is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.contacts.query import Marketing, Within
from parley.modules.contacts.store.contacts import READ, Row

_MARK = "exists (select from contact_mark k where k.workspace_id = $1 and k.contact_id = c.id and k.mark = {0})"
_MARKS = "exists (select from contact_mark k where k.workspace_id = $1 and k.contact_id = c.id and k.mark = any({0}))"
_OPTED_OUT = (
    "exists (select from opt_out o where o.workspace_id = $1 and o.contact_id = c.id and o.purpose = 'marketing')"
)
_GRANTED = (
    "exists (select from consent g where g.workspace_id = $1 and g.contact_id = c.id and g.purpose = 'marketing' "
    "and g.state = 'granted')"
)
_STATES = {
    "withdrawn": _OPTED_OUT,
    "granted": f"({_GRANTED} and not {_OPTED_OUT})",
    "unknown": f"(not {_GRANTED} and not {_OPTED_OUT})",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """Has at least one of these marks."""

    marks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    of: "Wanted"


Wanted: TypeAlias = AllOf | AnyOf | NoneOf | Marked | Marketing | Within


async def page(unit: Unit, wanted: Wanted, after: UUID | None, limit: int) -> list[Row]:
    """Newest first, those created before `after`."""
    written = _Writer()
    condition = written.condition(wanted)
    before = written.argument(after, "uuid")
    most = written.argument(limit, "int")
    query = f"""
select {READ} from contact c
where c.workspace_id = $1 and c.merged_into is null and ({before} is null or c.id < {before}) and {condition}
order by c.id desc limit {most}"""
    return [Row(*row) for row in await sql.fetch(unit, query, *written.arguments)]


async def count(unit: Unit, wanted: Wanted) -> int:
    written = _Writer()
    condition = written.condition(wanted)
    query = f"select count(*) from contact c where c.workspace_id = $1 and c.merged_into is null and {condition}"
    row = await sql.fetch_one(unit, query, *written.arguments)
    return int(row[0]) if row else 0


class _Writer:
    """Writes a condition, and gathers its arguments from $2 on."""

    def __init__(self) -> None:
        self.arguments: list[object] = []

    def argument(self, value: object, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments) + 1}::{kind}"

    def condition(self, wanted: Wanted) -> str:
        match wanted:
            case AllOf(of=inner):
                return self._joined(inner, " and ", "true")
            case AnyOf(of=inner):
                return self._joined(inner, " or ", "false")
            case NoneOf(of=one):
                return f"not {self.condition(one)}"
            case Marked(marks=(mark,)):
                return _MARK.format(self.argument(mark, "bytea"))
            case Marked(marks=marks):
                return _MARKS.format(self.argument(list(marks), "bytea[]"))
            case Marketing(state=state):
                return _STATES[state]
        return self._within(wanted)

    def _within(self, wanted: Within) -> str:
        column = "c.created_at" if wanted.moment == "created" else "c.updated_at"
        bounds = [(">=", wanted.start), ("<", wanted.end)]
        parts = [f"{column} {sign} {self.argument(at, 'timestamptz')}" for sign, at in bounds if at is not None]
        return f"({' and '.join(parts)})"

    def _joined(self, inner: Sequence[Wanted], word: str, empty: str) -> str:
        return f"({word.join(self.condition(each) for each in inner)})" if inner else empty
