"""Products: things of the catalogue to look at and order."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, framed
from parley.modules.flows.engine.fields import Finding, Target, Text, Words, error, too_long
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn

Product = Annotated[str, Meta(min_length=1, max_length=100, description="A product's id in the catalogue.")]


class Shelf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Products under one title."""

    title: Annotated[Words | None, Meta(description="Needed where there are several sections.")] = None
    products: Annotated[list[Product], Meta(min_length=1, max_length=whatsapp.PRODUCTS)]


class Products(Question, frozen=True, kw_only=True, tag="products"):
    """Shows one `product`, `sections` of several, or without either the whole catalogue; then waits for the order.

    An order leaves by `next`; `save` keeps it: `product_items`, each with its id, `quantity` and price. Anything else
    leaves by `other`, at once where `retries` is not set.

    Example:
        nodes:
          start:
            type: products
            text: What would you like?
            header: Our bread
            catalog: "194836987003835"
            sections: [{products: [rye, spelt]}]
            save: order
            next: thanks
          thanks: {type: message, text: "{{ vars.order.product_items | size }} to bake!"}
        talk:
          - customer: hi
          - bot:
              type: interactive
              interactive:
                type: product_list
                header: {type: text, text: Our bread}
                body: {text: What would you like?}
                action:
                  catalog_id: "194836987003835"
                  sections: [{product_items: [{product_retailer_id: rye}, {product_retailer_id: spelt}]}]
          - customer: {order: {catalog_id: "194836987003835", product_items: [{product_retailer_id: rye, quantity: 2}]}}
          - bot: 1 to bake!
    """

    pauses: ClassVar[bool] = True

    catalog: Annotated[Text | None, Meta(description="The catalogue's id; the whole one needs none.")] = None
    product: Product | None = None
    sections: Annotated[list[Shelf], Meta(max_length=whatsapp.SECTIONS)] = []
    header: Words | None = None
    footer: Words | None = None
    next: Target | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is no order.")] = None

    def __post_init__(self) -> None:
        if self.product is not None and self.sections:
            raise ValueError("Write either `product` or `sections`")
        if (self.product is not None or self.sections) and self.catalog is None:
            raise ValueError("Products need the `catalog` that they are in")

    def allowed_retries(self) -> int:
        return 0 if self.retries is None else self.retries

    def put(self, turn: Turn, words: str) -> None:
        if not turn.channel.rich:
            turn.say_text(words)
            return
        kind, action = self._action(turn)
        header = self.header if kind == "product_list" else None
        frame = Frame(words=words, header=header, footer=self.footer)
        turn.say(Content("interactive", framed(turn, frame, kind, whatsapp.BUTTONS_BODY, action)))

    def _action(self, turn: Turn) -> tuple[str, JsonObject]:
        if self.product is not None and self.catalog is not None:
            return "product", {"catalog_id": turn.text(self.catalog), "product_retailer_id": self.product}
        if self.sections and self.catalog is not None:
            shelves: list[JsonValue] = [_shown(turn, each) for each in self.sections]
            return "product_list", {"catalog_id": turn.text(self.catalog), "sections": shelves}
        return "catalog_message", {"name": "catalog_message"}

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        received = turn.input or NOTHING
        if received.kind != "order" or received.data is None:
            return None
        return "ordered", received.data  # type: ignore[return-value]  # it came as JSON

    def exits(self) -> dict[str, str | None]:
        return {"ordered": self.next, "other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/header", self.header, whatsapp.HEADER)
        yield from too_long("/footer", self.footer, whatsapp.FOOTER)
        if self.sections and self.header is None:
            yield error("/header", "missing", "WhatsApp shows a list of products only under a `header`; write one.")
        if sum(len(each.products) for each in self.sections) > whatsapp.PRODUCTS:
            sentence = f"WhatsApp shows {whatsapp.PRODUCTS} products at most in all sections together."
            yield error("/sections", "too_many", sentence)
        for number, each in enumerate(self.sections):
            yield from too_long(f"/sections/{number}/title", each.title, whatsapp.SECTION_TITLE)
            if len(self.sections) > 1 and each.title is None:
                yield error(f"/sections/{number}/title", "missing", "Each of several sections needs a `title`.")


def _shown(turn: Turn, shelf: Shelf) -> JsonObject:
    items: list[JsonValue] = [{"product_retailer_id": each} for each in shelf.products]
    title = {"title": turn.text(shelf.title, whatsapp.SECTION_TITLE)} if shelf.title else {}
    return {**title, "product_items": items}
