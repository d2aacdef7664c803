"""Meta's errors and what they ask of us."""

import json
import re

import pytest

from parley.adapters.whatsapp.error_table import RULES
from parley.adapters.whatsapp.errors import DOC_URL, classify, explain
from parley.modules.channels.inbound import ProviderError
from parley.modules.channels.ports import Remedy
from tests.cases.whatsapp.samples import SHARED, needs_payloads, payload, table

ERRORS = table("errors.yaml")
REFERENCE = SHARED / "reference" / "whatsapp-cloud-api.md"


@pytest.mark.parametrize("name", ERRORS)
def test_an_answer_asks_for_what_the_table_says(name: str) -> None:
    case = ERRORS[name]
    assert isinstance(case, dict)
    status, headers, then = case["status"], case.get("headers", {}), case["then"]
    assert isinstance(status, int)
    assert isinstance(headers, dict)
    assert isinstance(then, dict)
    body = str(case["raw"]) if "raw" in case else json.dumps(case["body"])
    failed = classify(status, body.encode(), {name: str(value) for name, value in headers.items()})
    assert {member: getattr(failed, member) for member in then} == then
    assert failed.doc_url == DOC_URL


@needs_payloads
@pytest.mark.parametrize(
    ("name", "remedy"),
    [("error_130429", Remedy.THROTTLE_NUMBER), ("error_131056", Remedy.THROTTLE_PAIR)],
)
def test_sample_errors(name: str, remedy: Remedy) -> None:
    assert classify(400, payload(f"other/{name}.json"), {}).remedy is remedy


def test_every_rule_has_a_sentence_that_a_person_can_act_on() -> None:
    for code, rule in RULES.items():
        assert re.fullmatch(r"[A-Z].{15,}\.", rule.sentence), code


@pytest.mark.skipif(not REFERENCE.is_file(), reason="no reference page: set PARLEY_SHARED to the shared folder")
def test_every_code_of_the_reference_has_a_rule() -> None:
    section = REFERENCE.read_text(encoding="utf-8").split("### 6.5")[1].split("\n## 7")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    codes = {int(code) for cell in first_cells for code in re.findall(r"\d+", re.sub(r"\(.*?\)", "", cell))}
    # Short for 2388012, 2388019 and so on.
    codes -= {19, 24, 39, 40, 47, 72, 73, 91, 93, 103}
    assert sorted(codes - set(RULES)) == []


def test_an_error_of_a_webhook_is_never_unsure() -> None:
    error = ProviderError(code=131000, title="Something went wrong", doc_url="https://example.com/131000")
    failed = explain(error)
    assert (failed.remedy, failed.code, failed.detail) == (Remedy.TELL_SENDER, 131000, "Something went wrong")
    assert failed.doc_url == "https://example.com/131000"
    assert explain(ProviderError(code=131050, title="stopped")).remedy is Remedy.OPTED_OUT
    assert explain(ProviderError(code=424242, title="new")).remedy is Remedy.TELL_SENDER
