"""What changes at the contact: modifiers, which the host applies by the verbs of contacts."""

from typing import Literal

from parley.modules.flows.engine.event import SprintEvent


class FieldSet(SprintEvent, frozen=True):
    """A field of the contact got a value; None takes it away."""

    name: str
    value: object

    def told(self) -> str | None:
        return f"the contact's {self.name} is now {self.value!r}"


class LanguageSet(SprintEvent, frozen=True):
    """The contact's language was chosen (BCP 47)."""

    language: str

    def told(self) -> str | None:
        return f"the contact's language is now {self.language}"


class TagSet(SprintEvent, frozen=True):
    """A tag was given to the contact, or taken away."""

    name: str
    present: bool

    def told(self) -> str | None:
        return f"the contact is {'now' if self.present else 'no longer'} tagged {self.name!r}"


class ConsentGiven(SprintEvent, frozen=True):
    """The person said yes or no to a purpose; `message` is the message that said so, as `msg_…`."""

    purpose: str
    state: Literal["granted", "withdrawn"]
    message: str | None

    def told(self) -> str | None:
        return f"consent to {self.purpose}: {self.state}"
