"""List: a question with up to ten answers behind one button."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, put_list, put_numbered
from parley.modules.flows.engine.fields import Finding, Target, Words, error, too_long
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import Turn


class Row(Option, frozen=True, kw_only=True):
    """One row of a list."""

    description: Annotated[Words | None, Meta(description="A second, smaller line.")] = None


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows under a heading; the heading may be left out where there is one section."""

    title: Words | None = None
    rows: Annotated[list[Row], Meta(min_length=1, max_length=20)]


class List(Question, frozen=True, kw_only=True, tag="list"):
    """Asks with a list of up to ten rows. A tap decides; so does the title typed by hand, or its number (`3`).

    Anything else puts the question again (`retries`), then leaves by `other`. With `other` and no `retries`, at once.
    `save` keeps the title that was chosen.

    Example:
        nodes:
          start:
            type: list
            text: When shall we come?
            button: Choose a time
            sections:
              - rows:
                  - {title: Morning, description: 8 to 12, next: booked}
                  - {title: Afternoon, next: booked}
            save: time
          booked: {type: message, text: "See you in the {{ vars.time | downcase }}."}
        talk:
          - customer: hi
          - bot: {rows: [Morning, Afternoon]}
          - customer: {tap: Afternoon}
          - bot: See you in the afternoon.
    """

    button: Annotated[Words, Meta(description="The words on the button that opens the list.")]
    sections: Annotated[list[Section], Meta(min_length=1, max_length=20)]
    header: Words | None = None
    footer: Words | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is none of the rows.")] = None

    def allowed_retries(self) -> int:
        return 0 if self.other and self.retries is None else super().allowed_retries()

    def rows(self) -> list[Row]:
        """The rows of all sections, in order."""
        return [row for section in self.sections for row in section.rows]

    def put(self, turn: Turn, words: str) -> None:
        frame = Frame(words=words, header=self.header, footer=self.footer)
        if len(self.rows()) <= turn.channel.rows:
            put_list(turn, frame, self.button, [(section.title, section.rows) for section in self.sections])
        else:
            put_numbered(turn, frame, self.rows())

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        rows = self.rows()
        index = options.chosen(turn, rows)
        if index is None:
            return None
        return options.exit_name(rows[index], index + 1), turn.text(rows[index].title)

    def exits(self) -> dict[str, str | None]:
        return options.exits(self.rows()) | {"other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.LIST_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.LIST_BODY)
        yield from too_long("/header", self.header, whatsapp.HEADER)
        yield from too_long("/footer", self.footer, whatsapp.FOOTER)
        yield from too_long("/button", self.button, whatsapp.LIST_BUTTON)
        yield from self._inspect_sections()
        pointers = [
            f"/sections/{i}/rows/{j}" for i, section in enumerate(self.sections) for j in range(len(section.rows))
        ]
        yield from options.inspect(self.rows(), pointers, whatsapp.ROW_TITLE)

    def _inspect_sections(self) -> Iterator[Finding]:
        count = len(self.rows())
        if count > whatsapp.ROWS:
            yield error("/sections", "too_many", f"WhatsApp shows {whatsapp.ROWS} rows in all, here are {count}.")
        if len(self.sections) > whatsapp.SECTIONS:
            yield error("/sections", "too_many", f"WhatsApp takes {whatsapp.SECTIONS} sections at most.")
        for index, section in enumerate(self.sections):
            pointer = f"/sections/{index}"
            if section.title is None and len(self.sections) > 1:
                yield error(f"{pointer}/title", "missing", "With several sections each needs a title; write one.")
            yield from too_long(f"{pointer}/title", section.title, whatsapp.SECTION_TITLE)
            for number, row in enumerate(section.rows):
                yield from too_long(f"{pointer}/rows/{number}/description", row.description, whatsapp.ROW_DESCRIPTION)
