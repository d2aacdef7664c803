"""Names, digests, pauses, and what first bytes tell."""

import base64
import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.modules.media.domain import (
    MAX_FILENAME,
    PAUSES,
    PROVIDER_KEEPS,
    kind_of,
    next_attempt,
    read_digest,
    read_filename,
    read_type,
)
from parley.modules.media.sniff import settle, sniff

DIGEST = hashlib.sha256(b"hello").digest()
THEN = datetime(2026, 11, 23, tzinfo=UTC)

FILENAMES = {
    "invoice.pdf": "invoice.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\ada\\photo.jpg": "photo.jpg",
    "a\x00b\r\nc.txt": "a_b_c.txt",
    "Übersicht — día.pdf": "Übersicht — día.pdf",
    "evil\u202egpj.exe": "evilgpj.exe",
    '"quoted".pdf': "_quoted_.pdf",
    "...": None,
    "": None,
    None: None,
    "x" * 300 + ".pdf": "x" * (MAX_FILENAME - 4) + ".pdf",
    "y" * 300: "y" * MAX_FILENAME,
}


@pytest.mark.parametrize("given_name", FILENAMES)
def test_a_filename_is_made_harmless(given_name: str | None) -> None:
    assert read_filename(given_name) == FILENAMES[given_name]


@given(st.text(max_size=400))
def test_no_filename_leads_anywhere(text: str) -> None:
    name = read_filename(text)
    if name is not None:
        assert 0 < len(name) <= MAX_FILENAME
        assert not {"/", "\\", '"'} & set(name)
        assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & {unicodedata.category(letter) for letter in name}


DIGESTS = {
    DIGEST.hex(): DIGEST,
    DIGEST.hex().upper(): DIGEST,
    base64.b64encode(DIGEST).decode(): DIGEST,
    "z" * 64: None,
    base64.b64encode(DIGEST[:20]).decode(): None,
    "not base64!": None,
    "": None,
    None: None,
}


@pytest.mark.parametrize("text", DIGESTS)
def test_a_digest_is_read_in_hex_and_base64(text: str | None) -> None:
    assert read_digest(text) == DIGESTS[text]


def test_pauses_grow_and_end_within_the_providers_term() -> None:
    now, tries = THEN, 0
    while (due := next_attempt(tries + 1, THEN, now, jitter=0.5)) is not None:
        assert due - now >= PAUSES[max(0, tries - 1)]
        now, tries = due, tries + 1
    assert tries >= 9
    assert timedelta(days=3) < now - THEN < PROVIDER_KEEPS


@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_jitter_is_a_fifth(jitter: float) -> None:
    due = next_attempt(1, THEN, THEN, jitter)
    assert due is not None
    assert abs((due - THEN) / PAUSES[0] - 1) == pytest.approx(0.2)


TYPES = {
    "image/JPEG": "image/jpeg",
    "audio/ogg; codecs=opus": "audio/ogg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "text/html\r\nSet-Cookie: a": None,
    "nonsense": None,
    None: None,
}


@pytest.mark.parametrize("text", TYPES)
def test_a_content_type_is_read_plain(text: str | None) -> None:
    assert read_type(text) == TYPES[text]


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADS = [
    # first bytes, declared, what the bytes show, what holds
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "image/jpeg", "image/jpeg"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/png", "image/jpeg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n....", None, "image/png", "image/png"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image/webp", "image/webp"),
    (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video/mp4", "video/mp4"),
    (b"\x00\x00\x00\x18ftyp3gp4", "video/3gpp", "video/3gpp", "video/3gpp"),
    (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4", "audio/mp4", "audio/mp4"),
    (b"\x00\x00\x00\x18ftypmp42", "audio/mp4", "video/mp4", "audio/mp4"),
    (b"OggS\x00\x02", "audio/ogg", "application/ogg", "audio/ogg"),
    (b"#!AMR\n", "audio/amr", "audio/amr", "audio/amr"),
    (b"ID3\x04", "audio/mpeg", "audio/mpeg", "audio/mpeg"),
    (b"\xff\xfb\x90\x00", "audio/mpeg", "audio/mpeg", "audio/mpeg"),
    (b"\xff\xf1\x50\x80", "audio/aac", "audio/aac", "audio/aac"),
    (b"%PDF-1.7", "application/pdf", "application/pdf", "application/pdf"),
    (b"PK\x03\x04\x14\x00", DOCX, "application/zip", DOCX),
    (b"PK\x03\x04\x14\x00", "image/png", "application/zip", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/x-ole-storage", "application/msword"),
    (b"<!DOCTYPE html><script>", "image/png", "text/html", "text/html"),
    (b"<?xml version='1.0'?><svg onload=alert(1)>", "image/jpeg", "image/svg+xml", "image/svg+xml"),
    (b"MZ\x90\x00\x03\x00", "application/pdf", "application/vnd.microsoft.portable-executable", None),
    (b"\xff\xfeh\x00i\x00", "text/plain", None, "text/plain"),
    (b"BMW 320i, 2019", "text/plain", None, "text/plain"),
    (b"name,number\n", "text/csv", None, "text/csv"),
    (b"", None, None, "application/octet-stream"),
]


@pytest.mark.parametrize(("head", "declared", "shown", "holds"), HEADS)
def test_first_bytes_overrule_what_was_declared(
    head: bytes, declared: str | None, shown: str | None, holds: str | None
) -> None:
    assert sniff(head) == shown
    assert settle(declared, shown) == (holds or shown)


@given(st.binary(max_size=64))
def test_sniffing_takes_any_bytes(head: bytes) -> None:
    settle("image/png", sniff(head))


KINDS = {
    ("sticker", "image/webp"): "sticker",
    ("voice", None): "audio",
    ("", "video/mp4"): "video",
    ("unheard of", None): "document",
}


@pytest.mark.parametrize(("word", "content_type"), KINDS)
def test_the_kind_is_the_providers_word_or_the_types_family(word: str, content_type: str | None) -> None:
    assert kind_of(word, content_type) == KINDS[word, content_type]
