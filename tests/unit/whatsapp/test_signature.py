from hypothesis import given
from hypothesis import strategies as st

from parley.adapters.whatsapp.signature import sign, verify

BODY = b'{"name":"\\u00e9\\/"}'


def test_a_known_signature() -> None:
    header = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    assert verify(header, b"The quick brown fox jumps over the lazy dog", ["key"])


def test_any_of_several_secrets_will_do() -> None:
    assert verify(sign(BODY, "old"), BODY, ["new", "old", "other app's"])
    assert not verify(sign(BODY, "stranger"), BODY, ["new", "old"])


def test_what_is_refused() -> None:
    good = sign(BODY, "s")
    assert not verify(None, BODY, ["s"])
    assert not verify("", BODY, ["s"])
    assert not verify(good, BODY + b" ", ["s"])
    assert not verify(good.replace("sha256", "sha1"), BODY, ["s"])
    assert not verify(good.upper(), BODY, ["s"])
    assert not verify(good + "0", BODY, ["s"])
    assert not verify("sha256=" + "é" * 64, BODY, ["s"])
    assert not verify(good, BODY, [])


def test_an_empty_secret_never_matches() -> None:
    assert not verify(sign(BODY, ""), BODY, [""])


@given(st.text(max_size=100), st.binary(max_size=20), st.lists(st.text(max_size=5), max_size=3))
def test_no_header_makes_it_raise(header: str, body: bytes, secrets: list[str]) -> None:
    assert not verify(header, body, [secret for secret in secrets if secret]) or header.startswith("sha256=")
