"""Regular expressions of authors, run by RE2: linear time, whatever the pattern and the customer's words are."""

from typing import Protocol

import re2

from parley.modules.flows.engine import limits


class PatternFailed(Exception):
    """The expression cannot be read; the sentence is for the author."""


class Match(Protocol):
    def __getitem__(self, group: int, /) -> str: ...


class Pattern(Protocol):
    def search(self, text: str, /) -> Match | None: ...


def compile_pattern(source: str) -> Pattern:
    """The expression, blind to upper and lower case. Raises PatternFailed."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = limits.PATTERN_BYTES
    try:
        pattern: Pattern = re2.compile(source, options)
    except (re2.error, UnicodeError) as error:
        raise PatternFailed(f"The pattern cannot be read by RE2: {_words(error)}.") from error
    return pattern


def _words(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
