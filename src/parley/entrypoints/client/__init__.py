"""The typed Python client, written from the API's description by `make docs`. What is not generated is in clients/."""

from collections.abc import Callable, Mapping
from pathlib import Path

from parley.core.json import JsonObject
from parley.entrypoints.client.operations import operations_module
from parley.entrypoints.client.shapes import shapes_module

FOLDER = Path("clients/python/src/parley_client")


def client_files(description: Callable[[], JsonObject]) -> Mapping[Path, Callable[[], str]]:
    """Each generated file of the client, and who writes it."""
    return {
        FOLDER / "shapes.py": lambda: shapes_module(description()),
        FOLDER / "operations.py": lambda: operations_module(description(), waits=False),
        FOLDER / "async_operations.py": lambda: operations_module(description(), waits=True),
    }


__all__ = ["client_files"]
