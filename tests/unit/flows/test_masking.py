"""What a model is given of people, and what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.modules.flows.engine.masking import Mask

NAMES = ("Ada Lovelace", None)
PIECES = st.sampled_from(
    ["[NAME_1]", "[EMAIL_9]", "Ada", "lovelace", "ada@example.org", "+44 20 7946 0000", "DE89 3704 0044 0532 0130 00",
     "A-12345", "2026-11-23", "order 7", "1234567890", "con_0198f3b2c6d0", "[", "_1]", " ", "é", "(020) 7946-0000"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=8).map("".join)


@given(st.lists(TEXTS, max_size=3))
def test_what_was_hidden_is_shown_again(texts: list[str]) -> None:
    mask = Mask(names=NAMES)
    hidden = [mask.hide(text) for text in texts]
    later = Mask(mask.kept, NAMES)
    assert [later.show(text) for text in hidden] == texts
    assert [later.hide(text) for text in texts] == hidden


@given(TEXTS, TEXTS)
def test_nothing_personal_is_left(before: str, after: str) -> None:
    hidden = Mask(names=NAMES).hide(f"{before} ada@example.org +44 20 7946 0000 {after}")
    assert "ada@example.org" not in hidden
    assert "7946 0000 " not in hidden


CASES = {
    "I am Ada, called ada.": "I am [NAME_1], called [NAME_2].",
    "Adamant, Adam": "Adamant, Adam",
    "Ada Lovelace & Lovelace": "[NAME_1] & [NAME_2]",
    "ada@example.org or ada@example.org": "[EMAIL_1] or [EMAIL_1]",
    "call +1 (555) 000-1111!": "call [PHONE_1]!",
    "order A-12345, id con_0198f3": "order [ID_1], id [ID_2]",
    "number 12345678": "number [PHONE_1]",
    "zip 90210": "zip [NUMBER_1]",
    "two on 2026-12-24 at 18:30 for 40 EUR in 2026": "two on 2026-12-24 at 18:30 for 40 EUR in 2026",
    "24.12.2026 and 24/12/26": "24.12.2026 and 24/12/26",
    "DE89 3704 0044 0532 0130 00": "[IBAN_1]",
    "say [NAME_1]": "say [TEXT_1]",
}


@pytest.mark.parametrize("text", CASES)
def test_what_is_hidden(text: str) -> None:
    assert Mask(names=NAMES).hide(text) == CASES[text]


def test_a_made_up_placeholder_is_left_out() -> None:
    assert Mask(names=NAMES).show("Dear [NAME_4], hello") == "Dear , hello"


def test_a_long_text_of_the_worst_kind_is_hidden_soon() -> None:
    for worst in ("a" * 4096, "1 " * 2048, "a@" * 2048, "+1" * 2048, "AB12 " * 800, "a-1" * 1300):
        assert Mask(names=NAMES).show(Mask(names=NAMES).hide(worst)) is not None
