"""Liquid for authors who are not trusted: no clock, no chance, no files, no other template, bounded work and memory.

Only the tags and filters listed here exist. Every filter is guarded before (numbers, lists, growth) and after (size of
its result), since Liquid's own limits look at loops, assigned names and output, but not inside one expression.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import wraps
from typing import Protocol, cast

from liquid import BoundTemplate, Environment
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import FilterArgumentError, LiquidError
from liquid.expression import Expression

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.filters import OWN

TAGS = (
    *("content", "output", "illegal", "#", "comment"),
    *("if", "unless", "case", "for", "break", "continue", "assign", "capture"),
)
TEXT_FILTERS = (
    *("append", "prepend", "capitalize", "downcase", "upcase", "strip", "lstrip", "rstrip", "squish", "size", "slice"),
    *("replace", "replace_first", "remove", "remove_first", "truncate", "truncatewords", "split", "strip_newlines"),
    *("url_encode", "url_decode", "default"),
)
LIST_FILTERS = ("first", "last", "join", "map", "where", "sort", "uniq", "reverse", "compact", "concat")
NUMBER_FILTERS = (
    *("plus", "minus", "times", "divided_by", "modulo", "round", "ceil", "floor", "abs", "at_least", "at_most"),
)
FILTERS = (*TEXT_FILTERS, *LIST_FILTERS, *NUMBER_FILTERS, *OWN)

MAX_NUMBER = 10**15
"""Larger numbers are exact neither in JSON nor in a float."""
MAX_DECIMALS = 10

_FAILURES = (LiquidError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)


class Filter(Protocol):
    def __call__(self, value: object, /, *arguments: object, **options: object) -> object: ...


class TemplateFailed(Exception):
    """A text could not be read or filled; its sentence is for the author."""


class _Sandbox(Environment):
    loop_iteration_limit = limits.LIQUID_LOOPS
    output_stream_limit = limits.LIQUID_OUTPUT_BYTES
    local_namespace_limit = limits.LIQUID_NAMESPACE_BYTES

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {name: self.tags[name] for name in TAGS}
        known = self.filters
        self.filters = {name: _guarded(name, known[name]) for name in (*TEXT_FILTERS, *LIST_FILTERS)}
        self.filters |= {name: _guarded(name, _with_numbers(name, known[name])) for name in NUMBER_FILTERS}
        self.filters |= {name: _guarded(name, cast("Filter", own)) for name, own in OWN.items()}


def parse(source: str) -> BoundTemplate:
    """A Liquid text, ready to be filled. Raises TemplateFailed with what to mend."""
    if len(source) > limits.TEMPLATE_CHARACTERS:
        raise TemplateFailed(f"A text has at most {limits.TEMPLATE_CHARACTERS} characters; shorten or split it.")
    try:
        template = _environment.from_string(source)
        unknown = set(template.analyze(include_partials=False).filters) - set(FILTERS)
    except _FAILURES as error:
        raise TemplateFailed(f"The text cannot be read: {_sentence(error)}.") from error
    if unknown:
        raise TemplateFailed(f"There is no filter {min(unknown)!r}. Filters: {', '.join(sorted(FILTERS))}.")
    if any(isinstance(expression, RangeLiteral) for expression in _expressions(template.nodes)):
        raise TemplateFailed("Ranges such as (1..5) are not offered; loop over a list.")
    return template


def fill(template: BoundTemplate, scope: Mapping[str, object]) -> str:
    """The text with its values. Raises TemplateFailed when a value does not fit or a budget is spent."""
    try:
        return template.render(**scope)
    except _FAILURES as error:
        raise TemplateFailed(f"The text could not be filled: {_sentence(error)}.") from error


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


def _expressions(nodes: Iterable[Node]) -> Iterable[Expression]:
    """Every expression anywhere in a parsed text."""
    for node in nodes:
        waiting = list(node.expressions())
        while waiting:
            expression = waiting.pop()
            yield expression
            waiting.extend(expression.children())
        yield from _expressions(node.children(_blank_context, include_partials=False))


def _guarded(name: str, filter_: Filter) -> Filter:
    @wraps(filter_)
    def guarded(value: object, /, *arguments: object, **options: object) -> object:
        _check(value)
        for argument in arguments:
            _check(argument)
        _check_growth(name, value, arguments)
        result = filter_(value, *arguments, **options)
        _check(result)
        return result

    return guarded


def _check(value: object) -> None:
    if isinstance(value, str) and len(value) > limits.TEMPLATE_CHARACTERS:
        raise FilterArgumentError(f"a value grew over {limits.TEMPLATE_CHARACTERS} characters", token=None)
    if isinstance(value, list | tuple) and len(value) > limits.LIQUID_LIST_ITEMS:
        raise FilterArgumentError(f"a list grew over {limits.LIQUID_LIST_ITEMS} items", token=None)


def _check_growth(name: str, value: object, arguments: Sequence[object]) -> None:
    """`replace` and `join` multiply two lengths: their result is reckoned before it is built."""
    pieces = 0
    if name == "replace" and len(arguments) == 2:  # noqa: PLR2004  # what to look for, and what to put there
        pieces = str(value).count(str(arguments[0])) * len(str(arguments[1]))
    elif name == "join" and isinstance(value, list | tuple):
        separator = str(arguments[0]) if arguments else " "
        pieces = sum(len(item) if isinstance(item, str) else 1 for item in value) + len(value) * len(separator)
    if pieces > limits.LIQUID_OUTPUT_BYTES:
        raise FilterArgumentError(f"{name} would write more than {limits.LIQUID_OUTPUT_BYTES} characters", token=None)


def _with_numbers(name: str, filter_: Filter) -> Filter:
    @wraps(filter_)
    def numeric(value: object, /, *arguments: object, **options: object) -> object:
        numbers = [_number(argument) for argument in arguments]
        if name == "round":
            numbers = [max(0, min(MAX_DECIMALS, int(number))) for number in numbers]
        return _number(filter_(_number(value), *numbers, **options))

    return numeric


def _number(value: object) -> int | float:
    """A value as a number of sane size; text that is none counts as 0, as everywhere in Liquid."""
    if not isinstance(value, int | float):
        try:
            value = float(str(value)[:40])
        except ValueError:
            return 0
        value = int(value) if abs(value) < MAX_NUMBER and value.is_integer() else value
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise FilterArgumentError("a number grew out of range", token=None)
    return value


_environment = _Sandbox()
_blank_context = _environment.from_string("").context_class(_environment.from_string(""))
