"""Whatever is asked of the API, however odd, it answers as its description says: no 5xx, nothing undescribed.

Each operation is asked what fits its description and what does not, by schemathesis. The long form, with so many
examples of each: `PARLEY_FUZZ=50 pytest tests/store/api/test_fuzz.py`.
"""

import asyncio
import os
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from parley.adapters.whatsapp.numbers import WhatsAppNumbers
from parley.adapters.whatsapp.signup import WhatsAppSignup
from parley.adapters.whatsapp.templates import WhatsAppTemplates
from parley.modules.channels import OnboardingDesk
from tests.fakes.api import Caller, caller
from tests.fakes.asgi import ask
from tests.fakes.simulated import simulated
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

EXAMPLES = int(os.environ.get("PARLEY_FUZZ", "1"))
ANSWER_SECONDS = 30.0
TOO_LONG = 3600.0 if EXAMPLES > 1 else 120.0
SENT = ("method", "url", "headers", "params", "data", "json", "files", "cookies")

NOT_CHECKED = [ignored_auth, positive_data_acceptance]
"""The one asks again by itself, past our transport. The other takes each 422 to what fits the schema for a mistake; but
422 tells also what no schema can: that a number is none, that a template was never approved."""

BY_ITEM = frozenset({"POST /v1/contacts/bulk"})
"""What is wrong with one of many is told beside it, in an answer of 200."""

Ask = Callable[[requests.PreparedRequest], Response]


def asked_by(call: Caller, loop: asyncio.AbstractEventLoop) -> Ask:
    """Asks the API, which lives in this loop, from another thread."""

    def send(prepared: requests.PreparedRequest) -> Response:
        body = prepared.body or b""
        headers = {name.lower(): str(value) for name, value in prepared.headers.items()}
        asking = ask(
            call.api,
            str(prepared.method),
            prepared.path_url,
            headers=headers,
            body=body.encode() if isinstance(body, str) else cast("bytes", body),
        )
        answered = asyncio.run_coroutine_threadsafe(asking, loop).result(ANSWER_SECONDS)
        return Response(
            status_code=answered.status,
            headers={name: [value] for name, value in answered.headers.items()},
            content=answered.body,
            request=prepared,
            elapsed=0.0,
            verify=False,
        )

    return send


def examine(operation: Any, mode: GenerationMode, key: str, send: Ask) -> None:
    """Ask one operation so many things. Raises what a check found."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES == 1,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def check(case: Case[Any]) -> None:
        sent = case.as_transport_kwargs(base_url="http://test", headers={"authorization": f"Bearer {key}"})
        prepared = requests.Request(**{name: sent[name] for name in SENT if name in sent}).prepare()
        case.validate_response(send(prepared), excluded_checks=NOT_CHECKED)

    check()


def trial(call: Caller, loop: asyncio.AbstractEventLoop) -> list[str]:
    """What was found wrong, over all operations."""
    wrong: list[str] = []
    send = asked_by(call, loop)
    for found in schemathesis.openapi.from_dict(call.api.openapi()).get_all_operations():
        operation = cast("Any", found).ok()
        if operation.label in BY_ITEM:
            continue
        for mode in GenerationMode:
            try:
                examine(operation, mode, call.key, send)
            except schemathesis.errors.SchemathesisError as error:
                if "Impossible to generate negative" not in str(error):
                    wrong.append(f"{operation.label} ({mode}): {error}")
            except (AssertionError, BaseExceptionGroup) as error:
                told = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
                wrong.append(f"{operation.label} ({mode}): " + "\n".join(str(each) for each in told))
    return wrong


@pytest.mark.timeout(TOO_LONG)
async def test_every_operation(stack: Stack) -> None:
    call = await caller(stack)
    graph = simulated(call.shop)[2]
    for providers, vendor in (
        (stack.app.health.providers, WhatsAppNumbers(graph, None)),
        (stack.app.templates.providers, WhatsAppTemplates(graph)),
    ):
        cast("MutableMapping[str, object]", providers)["whatsapp"] = vendor
    signup = replace(stack.app.desks.onboarding, provider=WhatsAppSignup(graph, "app", "secret"))
    call.api.state.provided[OnboardingDesk] = signup
    wrong = await asyncio.to_thread(trial, call, asyncio.get_running_loop())
    assert not wrong, "\n\n".join(wrong)
