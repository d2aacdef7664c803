"""What documents say, whatever they are written in."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from parley.adapters.documents.readers import READERS
from parley.modules.knowledge import Block
from parley.modules.knowledge.ports import Unreadable

MARKDOWN = b"# Shop\n\nOpen *all* day.\n\n- One\n- Two\n\n| Size | Price |\n|---|---|\n| S | 5 |\n"
HTML = (
    "<html><head><title>x</title><style>p{}</style></head><body><nav>Menu</nav><h2>Del<b>ivery</b></h2>"
    "<!-- secret --><p>Two<br>days &amp; nights.</p><div>Loose <i>words</i><p>Next</p></div>"
    "<script>alert(1)</script></body></html>"
)


def test_markdown() -> None:
    assert READERS["markdown"](MARKDOWN) == [
        Block("Shop", 1), Block("Open all day."), Block("One"), Block("Two"), Block("Size | Price"), Block("S | 5"),
    ]  # fmt: skip


def test_html_without_what_nobody_reads() -> None:
    assert READERS["html"](HTML.encode()) == [
        Block("Delivery", 2), Block("Two"), Block("days & nights."), Block("Loose words"), Block("Next"),
    ]  # fmt: skip


def test_text_in_any_usual_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert READERS["text"]("Größe S\r\n\r\nPreis".encode(encoding)) == [Block("Größe S"), Block("Preis")]


def test_pdf_page_by_page() -> None:
    assert READERS["pdf"](pdf("We ship within two days.")) == [Block("Page 1", 1), Block("We ship within two days.")]


def test_an_encrypted_pdf_says_so(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("secret"))))
    writer.encrypt("password", algorithm="RC4-128")
    writer.write(tmp_path / "x.pdf")
    with pytest.raises(Unreadable, match="encrypted"):
        READERS["pdf"]((tmp_path / "x.pdf").read_bytes())


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=300))
def test_rubbish_is_read_or_refused(kind: str, content: bytes) -> None:
    with suppress(Unreadable):
        assert all(block.text for block in READERS[kind](content))


def pdf(words: str) -> bytes:
    """A PDF of one page, written by hand."""
    stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )
