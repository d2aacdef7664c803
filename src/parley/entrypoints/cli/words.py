"""How the command line speaks: results and errors for people or, with `--json`, for machines. Exit codes 0, 1, 2.

Light on purpose: `parley --help` must answer at once, so commands import what they need when they run.
"""

import gc
import json
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

from parley.core.errors import Fault, InvalidInput, ParleyError
from parley.core.json import JsonObject

if TYPE_CHECKING:
    from parley.kit.settings import Settings

Result = TypeVar("Result")

FAILED = 1
USAGE = 2
_JSON = "parley.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command has to tell. `people` None: the JSON line is short enough for people too.

    `hints` go to standard error, for people only. `ok` False makes the exit code 1.
    """

    machine: JsonObject
    people: Sequence[str] | None = None
    hints: Sequence[str] = ()
    ok: bool = True


def _remember(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if value:
        context.meta[_JSON] = True


def _json_option() -> click.Option:
    return click.Option(
        ["--json"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help="Answer in JSON on standard output, errors too.",
    )


class Command(click.Command):
    """A command that takes `--json`."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # click's many
        self.params.append(_json_option())


class Group(click.Group):
    """A group of such commands, which takes `--json` too."""

    command_class = Command

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # click's many
        self.params.append(_json_option())


Group.group_class = Group


def wants_json() -> bool:
    """Whether the running command was asked for JSON."""
    return bool(click.get_current_context().meta.get(_JSON))


def tell(said: Said, *, as_json: bool) -> None:
    """Write a result."""
    if as_json or said.people is None:
        click.echo(json.dumps(said.machine, ensure_ascii=False))
    else:
        for line in said.people:
            click.echo(line)
    for hint in () if as_json else said.hints:
        click.echo(hint, err=True)


def warn(sentence: str) -> None:
    """Something the caller should know, on standard error."""
    click.echo(f"Note: {sentence}", err=True)


def fail(error: ParleyError, *, as_json: bool) -> int:
    """Write an error, and its faults with their pointers; the exit code."""
    faults = error.faults if isinstance(error, InvalidInput) else ()
    click.echo(f"Error: {error.detail}", err=True)
    for each in faults:
        if each.detail != error.detail:
            click.echo(f"  {each.pointer or '/'}: {each.detail}", err=True)
    if as_json:
        _tell_error(error.reason, error.detail, faults)
    return FAILED


def misused(error: click.ClickException, *, as_json: bool) -> int:
    """Write that the command was used wrongly, and how it is used; the exit code."""
    error.show()
    if as_json:
        _tell_error("usage", error.format_message(), ())
    return USAGE if isinstance(error, click.UsageError) else FAILED


def broke(error: BaseException, *, as_json: bool) -> int:
    """Write that we are at fault; the exit code."""
    sentence = f"Parley itself failed ({type(error).__name__}: {error}). Please report it with the lines above."
    click.echo(f"Error: {sentence}", err=True)
    if as_json:
        _tell_error("internal_error", sentence, ())
    return FAILED


def _tell_error(code: str, detail: str, faults: Sequence[Fault]) -> None:
    errors = [{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in faults]
    click.echo(json.dumps({"error": {"code": code, "detail": detail, "errors": errors}}, ensure_ascii=False))


def settings() -> "Settings":
    """The settings of this command. Raises BadSettings."""
    from parley.kit.settings import load_settings

    return load_settings()


def collect_garbage() -> None:
    """Begin to collect garbage, leaving out what was imported: `main` put it off, which saves a sixth of a start."""
    gc.freeze()
    gc.enable()


def run(work: Coroutine[object, None, Result]) -> Result:
    """Run a coroutine to its end on uvloop."""
    import uvloop

    collect_garbage()
    result: Result = uvloop.run(work)
    return result
