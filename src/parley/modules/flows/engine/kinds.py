"""The kinds of a thing are the files of its folder: put a file there, and it is known. No list to keep."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind", bound=msgspec.Struct)


def kinds_in(package: str, path: Iterable[str], of: type[Kind]) -> dict[str, type[Kind]]:
    """Every struct of this family written in a package's files, by its tag. Raises ValueError for a tag given twice."""
    found: dict[str, type[Kind]] = {}
    for name in sorted(each.name for each in iter_modules(path)):
        module = import_module(f"{package}.{name}")
        for value in vars(module).values():
            if not _belongs(value, of, module.__name__):
                continue
            tag = str(value.__struct_config__.tag)
            if tag in found:
                raise ValueError(f"{module.__name__} and {found[tag].__module__} both call themselves {tag!r}.")
            found[tag] = value
    return found


def _belongs(value: object, of: type[Kind], module: str) -> bool:
    """Whether this is a kind of its own, written here: imported ones and shared shapes without a tag are not."""
    if not isinstance(value, type) or not issubclass(value, of) or value.__module__ != module:
        return False
    return value.__struct_config__.tag is not None
