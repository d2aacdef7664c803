"""Ask: a question that is answered in words, checked before the conversation goes on."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.answers import READERS, Expected, is_day
from parley.modules.flows.engine.carried import FILES, place_in
from parley.modules.flows.engine.dates import Reader
from parley.modules.flows.engine.fields import Finding, Target, error, too_long
from parley.modules.flows.engine.language import WORDS
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn
from parley.modules.flows.engine.world import Input

Bound = Annotated[
    int | float | str,
    Meta(description="A number (for text: of characters), or for dates `2026-12-24` or `today`."),
]


FileKind = Literal["image", "video", "audio", "document", "sticker"]


class Ask(Question, frozen=True, kw_only=True, tag="ask"):
    """Asks for something and checks it: text, number, date, email, phone, one of some choices, a file or a place.

    An answer that does not fit gets `retry_text` (else the question again) up to `retries` times (2), then `invalid`.
    `save` keeps the value by its type: a number, a date as `2026-11-30`, a phone as `+15550001111`; of a file (`media`)
    its `message`, `kind`, `mime_type`, `filename` and `caption`; of a `location` latitude, longitude, name and address.

    Example:
        nodes:
          start:
            type: ask
            text: How many people?
            answer: number
            min: 1
            max: 8
            retry_text: A number from 1 to 8, please.
            save: people
            next: done
            invalid: person
          done: {type: message, text: "A table for {{ vars.people }}."}
          person: {type: hand_over}
        talk:
          - customer: hi
          - bot: How many people?
          - customer: many
          - bot: A number from 1 to 8, please.
          - customer: "4"
          - bot: A table for 4.
    """

    refusal: ClassVar[str] = "invalid"

    answer: Literal["text", "number", "date", "email", "phone", "choice", "media", "location"] = "text"
    min: Bound | None = None
    max: Bound | None = None
    matches: (
        Annotated[
            str,
            Meta(max_length=500, description="A pattern (RE2) to be found in the answer; `^…$` for the whole of it."),
        ]
        | None
    ) = None
    choices: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=200, extra={WORDS: True})]],
        Meta(max_length=50, description="For `answer: choice`: shown as a numbered list; words or number count."),
    ] = []
    kinds: Annotated[list[FileKind], Meta(description="For `answer: media`: which files count; without, any.")] = []
    month_first: Annotated[
        bool, Meta(description="How 3/4 is read: true for the fourth of March, as in the United States.")
    ] = False
    next: Target | None = None
    invalid: Target | None = None

    def __post_init__(self) -> None:
        if (self.answer == "choice") != bool(self.choices):
            raise ValueError("`choices` belong to `answer: choice`; write both or neither")
        if self.kinds and self.answer != "media":
            raise ValueError("`kinds` belong to `answer: media`; take them out")

    def put(self, turn: Turn, words: str) -> None:
        lines = [f"{number}. {turn.text(choice)}" for number, choice in enumerate(self.choices, 1)]
        turn.say_text(words, after="".join(f"\n{line}" for line in lines))

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        received = turn.input or NOTHING
        value: JsonValue
        match self.answer:
            case "choice":
                value = self._choice(turn)
            case "media":
                value = file_in(received, self.kinds or FILES)
            case "location":
                value = place_in(received.data) if received.kind == "location" else None
            case _:
                value = self._read(turn)
        return None if value is None else ("answered", value)

    def _choice(self, turn: Turn) -> JsonValue:
        index = options.chosen(turn, [Option(title=choice) for choice in self.choices])
        return None if index is None else turn.text(self.choices[index])

    def _read(self, turn: Turn) -> JsonValue:
        expected = Expected(
            minimum=self.min,
            maximum=self.max,
            pattern=turn.library.patterns[self.matches] if self.matches is not None else None,
            reader=Reader(today=turn.today(), language=turn.language, month_first=self.month_first),
        )
        return READERS[self.answer]((turn.input or NOTHING).text, expected)

    def exits(self) -> dict[str, str | None]:
        return {"answered": self.next, "invalid": self.invalid} | self.timeout_exit()

    def reads_contact(self) -> bool:
        return self.answer in {"number", "date"}

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.TEXT_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.TEXT_BODY)
        for name, bound in (("min", self.min), ("max", self.max)):
            if self.answer == "date" and not is_day(bound):
                yield error(f"/{name}", "not_a_date", "Write a date as `2026-12-24`, or `today`.")
            if self.answer in {"text", "number"} and isinstance(bound, str):
                yield error(f"/{name}", "not_a_number", "Write a number here, without quotes.")
            if self.answer in {"email", "phone", "choice", "media", "location"} and bound is not None:
                yield error(f"/{name}", "useless", f"An answer of kind {self.answer!r} has no `{name}`; take it out.")
        for index, choice in enumerate(self.choices):
            if choice in self.choices[:index]:
                yield error(f"/choices/{index}", "duplicate", f"{choice!r} is there twice; take one out.")


def file_in(received: Input, kinds: Sequence[str]) -> JsonObject | None:
    """A file that was sent, as authors keep it: the message that has it, its kind, and what it said of itself."""
    if received.kind not in kinds:
        return None
    told: JsonObject = received.data or {}  # type: ignore[assignment]  # it came as JSON
    return {"message": received.message, "kind": received.kind, **told}
