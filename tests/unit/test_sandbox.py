"""The table of magic recipients is whole."""

from parley.adapters.sandbox.recipients import FAILING, RECIPIENTS, outcome_of
from parley.adapters.whatsapp.error_table import RULES


def test_every_code_can_be_had() -> None:
    for code in RULES:
        assert outcome_of(f"{FAILING}{code:06d}").steps[-1].code == code
    assert not [each for each in RECIPIENTS if each.startswith(FAILING)]


def test_any_other_number_is_reached() -> None:
    for number in (None, "+4915112345678", f"{FAILING}999999"):
        assert [each.status for each in outcome_of(number).steps] == ["sent", "delivered"]
