"""The tables of tests/cases/sim, and every outgoing sample of others, against the simulator."""

import json
import os
import re
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from parley.sim.config import SimConfig
from parley.sim.web import Json, as_list, as_object
from parley.sim.world import World
from tests.unit.sim.stage import ADA, PHONE, TOKEN, WABA, Stage, code, dig, rows

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases" / "sim"
SHARED = Path(os.environ.get("PARLEY_SHARED", ROOT.parent / "shared"))
OUTBOUND = sorted((SHARED / "payloads" / "outbound").glob("*.json"))


class Case(TypedDict, total=False):
    name: str
    request: str
    path: str
    token: str
    window: str
    raw: str
    body: Json
    then: Json


def cases(name: str) -> list[Case]:
    text = (CASES / f"{name}.yaml").read_text()
    text = re.sub(r"LONG(\d+)", lambda found: "x" * int(found[1]), text)
    found: list[Case] = yaml.safe_load(text)
    return found


def body_text(words: str) -> list[Json]:
    return [{"type": "BODY", "text": words}]


TEMPLATES: list[Json] = [
    {"name": "hello_world_de", "status": "APPROVED", "components": body_text("Hallo")},
    {
        "name": "order_update",
        "components": [
            {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is on its way."},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Thanks"},
                    {"type": "URL", "text": "Track", "url": "https://example.com/{{1}}"},
                ],
            },
        ],
    },
    {"name": "picture", "components": [{"type": "HEADER", "format": "IMAGE"}, *body_text("Look at this.")]},
    {"name": "named", "parameter_format": "NAMED", "components": body_text("Hello {{first_name}}, welcome.")},
    {"name": "paused", "status": "PAUSED", "components": body_text("Paused.")},
    {"name": "disabled", "status": "DISABLED", "components": body_text("Disabled.")},
    {"name": "pending", "status": "PENDING", "components": body_text("Pending.")},
    {"name": "offer", "category": "MARKETING", "components": body_text("An offer.")},
]


async def furnish(stage: Stage) -> None:
    for template in TEMPLATES:
        body = {"waba_id": WABA, "language": "en_US", "category": "UTILITY", **template}
        status, answer = await stage.call("POST /sim/templates", body)
        assert status == 200, answer


@pytest.mark.parametrize("case", cases("send"), ids=lambda case: str(case["name"]))
async def test_sending_is_answered_as_meta_answers(case: Case, stage: Stage) -> None:
    await furnish(stage)
    if case.get("window") == "closed":
        await stage.call("PUT /sim/clock", {"advance_seconds": 24 * 3600})
    envelope = {"messaging_product": "whatsapp", "to": ADA, **case.get("body", {})}
    body = {key: value for key, value in envelope.items() if value is not None}
    raw = case["raw"].encode() if "raw" in case else None
    line = f"POST {case.get('path', f'/v23.0/{PHONE}/messages')}"
    status, answer = await stage.call(line, body, token=case.get("token", TOKEN), raw=raw)
    assert (status, code(answer)) == (case["then"]["status"], case["then"].get("code")), answer
    if "failed" in case["then"]:
        await stage.until(stage.platform.statuses)
        (failed,) = stage.platform.statuses()
        assert failed["status"] == "failed"
        assert dig(failed, "errors.0.code") == case["then"]["failed"]


@pytest.mark.parametrize("case", cases("edges"), ids=lambda case: str(case["name"]))
async def test_the_other_edges(case: Case, stage: Stage) -> None:
    await furnish(stage)
    status, answer = await stage.call(case["request"], case.get("body"))
    then = case["then"]
    assert (status, code(answer)) == (then["status"], then.get("code")), answer
    wanted = then.get("has", {})
    assert isinstance(wanted, dict)
    assert {path: dig(answer, path) for path in wanted} == wanted
    for path in as_list(then.get("members")):
        assert dig(answer, str(path))


def test_outgoing_samples_are_at_hand() -> None:
    if not OUTBOUND:
        pytest.skip(f"no samples: {SHARED}/payloads/outbound is not there (set PARLEY_SHARED)")


def load(sample: Path) -> Json:
    words = sample.read_text().replace("<http(s)", "https").replace("http(s)", "https")
    body: Json = json.loads(words.replace("<HEADER_TYPE>", "text"))
    return body


@pytest.mark.parametrize("sample", OUTBOUND, ids=lambda sample: sample.stem)
async def test_every_outgoing_sample_is_accepted(sample: Path, stage: Stage) -> None:
    body = load(sample)
    if "to" in body:
        body["to"] = ADA
    path = "marketing_messages" if sample.stem == "marketing_message" else "messages"
    if body.get("type") == "template":
        await approve(
            stage, as_object(body["template"]) or {}, "MARKETING" if path == "marketing_messages" else "UTILITY"
        )
    status, answer = await stage.call(f"POST /v23.0/{PHONE}/{path}", body)
    assert status == 200, answer


async def approve(stage: Stage, sent: Json, category: str) -> None:
    """A template that fits what the sample sends."""
    sent["language"] = {"code": "en_US"}
    sent["name"] = re.sub(r"\W", "_", str(sent["name"])).lower()
    given = {str(one["type"]).lower(): rows(one, "parameters") for one in rows(sent, "components")}
    filled = given.get("body", [])
    holes = " and ".join(f"{{{{{one.get('parameter_name') or at}}}}}" for at, one in enumerate(filled, 1))
    components: list[Json] = [{"type": "BODY", "text": f"Hello {holes}."}]
    if "header" in given:
        components.append({"type": "HEADER", "format": str(given["header"][0]["type"]).upper()})
    count = sum(str(one["type"]).lower() == "button" for one in rows(sent, "components"))
    components.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}] * count})
    shape = "NAMED" if any("parameter_name" in one for one in filled) else "POSITIONAL"
    named = {"waba_id": WABA, "name": sent["name"], "language": "en_US", "category": category}
    body = {**named, "components": components, "parameter_format": shape}
    status, answer = await stage.call("POST /sim/templates", body)
    assert status == 200, answer


def test_the_world_keeps_nothing_of_its_secrets_in_its_words() -> None:
    config = SimConfig(app_secret="very secret", verify_token="very secret")
    assert "very secret" not in repr(config)
    assert "very secret" not in repr(World(config))
