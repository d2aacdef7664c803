"""The REST API by cases: what is asked, and the whole answer."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.api import caller
from tests.fakes.stack import Stack
from tests.store.api.conversation import Played

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

HERE = Path(__file__).parent
CASES = [case for path in sorted(HERE.glob("*.yaml")) for case in yaml.safe_load(path.read_text())]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_case(case: dict[str, Any], stack: Stack) -> None:
    played = Played(stack, await caller(stack))
    # The channel is known from the start, so that a case may name it.
    played.labels.labelled(played.call.channel)
    for step in case["steps"]:
        brought = await played.step(step)
        if brought is not None:
            assert brought == {"status": step["status"], "answer": step["answer"]}, step["do"]
