"""The reference at /docs shows every operation, holds no script and asks no other host for anything."""

import json
import re
from html.parser import HTMLParser

import pytest

from parley.entrypoints.docs import PAGES
from parley.entrypoints.http.reference.html import tag
from parley.entrypoints.http.reference.pages import Reference, reference_of

VOID = {"meta", "link", "br", "hr"}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(json.loads(PAGES["openapi.json"]()))


class Reader(HTMLParser):
    """Fails on what is not closed, and keeps ids and addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "iframe", "object"}
        told = {name: value or "" for name, value in attrs}
        assert not any(name.startswith("on") or name == "style" for name in told)
        self.ids += [told["id"]] if "id" in told else []
        self.addresses += [told[name] for name in ("href", "src") if name in told]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_operation_is_on_its_page(reference: Reference) -> None:
    overview = Reader(reference.overview())
    for name, told in reference.resources.items():
        page = Reader(reference.resource(name))
        assert f"/docs/{name}" in overview.addresses
        assert {each.operation.name for each in told} <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))
        assert not [each for each in page.addresses if re.match(r"[a-z]+:|//", each)]


def test_what_is_written_in_stays_text() -> None:
    assert tag("p", "<script>", class_='a"b') == '<p class="a&quot;b">&lt;script&gt;</p>'
