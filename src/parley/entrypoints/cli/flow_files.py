"""Flow files on the command line."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


def document_in(file: Path) -> JsonObject:
    """What a flow file holds. Raises InvalidInput."""
    from parley.modules.flows import read_yaml

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} can't be read as UTF-8 text: {error}.") from None
    return read_yaml(text)


def beside(file: Path) -> Callable[[str], JsonObject]:
    """Finds the files that a file names: they are looked for in its own folder."""
    return lambda name: document_in(file.parent / name)
