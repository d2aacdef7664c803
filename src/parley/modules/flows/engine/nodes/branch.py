"""Branch: the first test that holds decides where to go."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine import conditions
from parley.modules.flows.engine.conditions import Case
from parley.modules.flows.engine.fields import CUSTOMERS_WORDS, Dependency, Target, Text
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn


class Branch(Node, frozen=True, kw_only=True, tag="branch"):
    """Tests a value, from the first case to the last; the first that holds is taken, and `other` when none does.

    Tests: `equals contains starts_with matches any_of`, on numbers `more_than at_least less_than at_most`,
    `between`, on dates `before after`, `any_word is_set has_email has_phone has_number has_date`, and whatever the
    value `has_tag is_open`. What a test found can be kept by `save`.

    Example:
        nodes:
          start:
            type: branch
            cases:
              - {contains: refund, next: money}
              - {has_number: true, save: order, next: order}
            other: hello
          money: {type: message, text: Let us look at your refund.}
          order: {type: message, text: "Looking for order {{ vars.order }}."}
          hello: {type: message, text: Hello!}
        talk:
          - customer: Where is order 4711?
          - bot: Looking for order 4711.
    """

    group: ClassVar[Group] = "decide"

    value: Annotated[Text, Meta(description="What is tested; the customer's words when nothing else is written.")] = (
        CUSTOMERS_WORDS
    )
    cases: Annotated[list[Case], Meta(min_length=1, max_length=100)]
    other: Target | None = None

    def enter(self, turn: Turn) -> Step:
        for number, case in enumerate(self.cases, 1):
            found = conditions.test(case, turn.text(case.value or self.value), turn)
            if found is not None:
                turn.save(case.save, found.value)
                return Leave(f"case.{number}")
        return Leave("none")

    def exits(self) -> dict[str, str | None]:
        return {f"case.{number}": case.next for number, case in enumerate(self.cases, 1)} | {"none": self.other}

    def reads_contact(self) -> bool:
        return any(conditions.READ_BY_LANGUAGE.intersection(case.tests()) for case in self.cases)

    def reads_tags(self) -> bool:
        return any(case.has_tag is not None for case in self.cases)

    def dependencies(self) -> Iterator[Dependency]:
        for index, case in enumerate(self.cases):
            if case.is_open is not None:
                yield Dependency("hours", case.is_open, f"/cases/{index}/is_open")
