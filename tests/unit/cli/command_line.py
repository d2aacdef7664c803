"""Run a command line in process, as the program would, and look at what it wrote."""

import json
from dataclasses import dataclass

import pytest
import structlog

from parley.entrypoints import cli


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    code: int
    out: str
    err: str

    @property
    def machine(self) -> dict[str, object]:
        """The one JSON line on standard output."""
        (line,) = self.out.splitlines()
        told = json.loads(line)
        assert isinstance(told, dict)
        return told


def speak(capsys: pytest.CaptureFixture[str], *arguments: str) -> Spoke:
    code = cli.run(arguments)
    # It sent logs to a stream that ends with this test.
    structlog.reset_defaults()
    written = capsys.readouterr()
    return Spoke(code=code, out=written.out, err=written.err)
