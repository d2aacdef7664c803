"""`parley api`: every operation of the API from the command line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.words import Command, Said, run, settings, wants_json

if TYPE_CHECKING:
    from parley.entrypoints.cli.api.calling import Api
    from parley.entrypoints.cli.api.operations import Operation
    from parley.entrypoints.cli.api.words_given import Asked


KEY_FILE = click.option(
    "--key-file", type=click.Path(path_type=Path), envvar="PARLEY_API_KEY_FILE", help="A file with the key."
)
KEY = click.option(
    "--key", envvar="PARLEY_API_KEY", metavar="KEY", help="Better as PARLEY_API_KEY: others can see arguments."
)
URL = click.option(
    "--url", envvar="PARLEY_API_URL", metavar="URL", help="Where Parley is, if not where it is set to be."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What the command line asks for, and where."""

    operation: str | None
    words: tuple[str, ...]
    body: JsonObject | None
    everything: bool
    url: str
    key: str | None
    as_json: bool


@click.command(cls=Command)
@click.argument("operation", required=False)
@click.argument("words", nargs=-1, metavar="[NAME=TEXT | NAME:=JSON | NAME=@FILE]...")
@click.option("--body", type=click.File("rb"), metavar="FILE", help="A JSON body from a file; `-` is standard input.")
@click.option("--all", "everything", is_flag=True, help="All pages of a list, one thing a line.")
@KEY_FILE
@KEY
@URL
def api(  # noqa: PLR0913 - click's signature
    operation: str | None,
    words: tuple[str, ...],
    *,
    body: IO[bytes] | None,
    everything: bool,
    key_file: Path | None,
    key: str | None,
    url: str | None,
) -> Said:
    """Ask the API: an operation, and what it takes. Without an operation: what there is.

    \b
    parley api send_message to=+15550001111 type=text text.body=Hello
    parley api list_messages conversation_id=cnv_… --all
    parley api upload_media file=@receipt.pdf
    """  # noqa: D301 - click's mark for lines that stay as they are
    line = _Line(
        operation=operation,
        words=words,
        body=_document(body) if body else None,
        everything=everything,
        url=url or here(),
        key=key_in(key_file) if key_file else key,
        as_json=wants_json(),
    )
    return run(_done(line))


async def _done(line: _Line) -> Said:
    from parley.entrypoints.cli.api.calling import Api
    from parley.entrypoints.cli.api.operations import find, operations_of
    from parley.entrypoints.cli.api.words_given import asked
    from parley.kit.http import HttpClient

    async with HttpClient(user_agent="parley-cli") as http:
        there = Api(http, line.url, line.key)
        operations = operations_of(await there.description())
        if line.operation is None:
            return _catalogue(operations)
        operation = find(operations, line.operation)
        request = asked(operation, line.words, line.body)
        if line.everything:
            return await _pages(there, operation, request)
        answer = await there.ask(request)
    machine = answer if isinstance(answer, dict) else {"answer": answer}
    return Said(machine=machine, people=[json.dumps(answer, ensure_ascii=False, indent=2)])


async def _pages(there: "Api", operation: "Operation", request: "Asked") -> Said:
    """Writes each thing as it comes, for a list may be longer than the memory."""
    if not operation.lists:
        raise InvalidInput(f"{operation.name} gives no list; leave --all out.")
    count = 0
    async for each in there.pages(request):
        click.echo(json.dumps(each, ensure_ascii=False))
        count += 1
    return Said(machine={"count": count}, people=[], hints=[f"{count} in all."])


def _catalogue(operations: Mapping[str, "Operation"]) -> Said:
    told = [{"operation": each.name, "does": each.summary, "takes": list(_takes(each))} for each in operations.values()]
    return Said(machine={"operations": told}, people=list(_lines(operations)))


def _lines(operations: Mapping[str, "Operation"]) -> Iterator[str]:
    width = max(map(len, operations), default=0)
    in_order = sorted(operations.values(), key=lambda each: each.resource)
    for name, group in groupby(in_order, key=lambda each: each.resource):
        yield name
        yield from (f"  {each.name:<{width}}  {each.summary}" for each in group)


def _takes(operation: "Operation") -> Iterator[str]:
    yield from operation.path
    yield from operation.query
    if operation.takes:
        yield "body"


def _document(file: IO[bytes]) -> JsonObject:
    try:
        found: JsonValue = json.load(file)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"The body is not JSON: {error}.", code="malformed_json") from None
    if not isinstance(found, dict):
        raise InvalidInput("The body must be a JSON object.", code="malformed_json")
    return found


def key_in(file: Path) -> str:
    """The key in a file. Raises InvalidInput."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InvalidInput(f"{file} can't be read: {error.strerror}.", code="file_missing") from None


def here() -> str:
    """The web node of these settings."""
    here = settings()
    return here.public_url or f"http://{here.host}:{here.port}"
