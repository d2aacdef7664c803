"""Logs and counters. A log line is a sentence for people with `action=` and ids for machines; never content."""

import logging
import sys
from collections import Counter

import structlog

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def set_up_logs(role: str, *, form: str, level: str) -> None:
    """Write this process's logs to standard error, for people (`console`) or machines (`json`)."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _named(role),
            structlog.processors.format_exc_info if form == "json" else _keep,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _named(role: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["role"] = role
        return event

    return add


def _keep(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return event


class Counters:
    """What this process counted since it started, by `name{label}`; flushed to the database for /metrics."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, name: str, label: str = "", amount: float = 1) -> None:
        self._counts[f"{name}|{label}"] += amount  # type: ignore[assignment]

    def snapshot(self) -> dict[str, float]:
        return dict(self._counts)


counters = Counters()
