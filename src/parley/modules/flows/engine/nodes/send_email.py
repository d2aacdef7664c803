"""Send e-mail: write to an address."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.email import EmailEffect, EmailTaken
from parley.modules.flows.engine.fields import Finding, Target, Text, Words, warning
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import find_email
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

SECONDS = 15
"""A mail server that takes longer is as good as away."""
SUBJECT_CHARACTERS = 200


class SendEmail(Node, frozen=True, kw_only=True, tag="send_email"):
    """Sends an e-mail of plain text, by the mail server of the installation, and goes on when that took it.

    Without a mail server, or where it refuses, it leaves by `failed`. After a crash a mail may be handed over twice,
    under the same Message-ID, by which mail programs know it again.

    Example:
        nodes:
          start:
            type: send_email
            to: office@bakery.example
            subject: "A question of {{ contact.name }}"
            body: "{{ input.text }}"
            next: thanks
            failed: sorry
          thanks: {type: message, text: We pass it on.}
          sorry: {type: message, text: Please call us.}
        talk:
          - customer: Is there rye bread?
          - email: {to: office@bakery.example, subject: A question of Ada, body: "Is there rye bread?"}
            answers: {}
          - bot: We pass it on.
    """

    group: ClassVar[Group] = "world"

    to: Annotated[Text, Meta(description="One address; may hold a value.")]
    subject: Words
    body: Words
    next: Target | None = None
    failed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        address = find_email(turn.text(self.to))
        if address is None:
            turn.failed("There is no e-mail address to write to. Is a value missing?")
            return Leave("failed")
        subject = " ".join(turn.text(self.subject, SUBJECT_CHARACTERS).split())
        effect = EmailEffect(id=turn.token(), to=address, subject=subject, body=turn.text(self.body), timeout=SECONDS)
        return turn.ask_world(effect)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        result = resume.result if isinstance(resume, EffectAnswered) else None
        if isinstance(result, EmailTaken):
            return Leave()
        turn.failed(result.reason if isinstance(result, EffectFailed) else "No answer came in time.")
        return Leave("failed")

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next, "failed": self.failed}

    def inspect(self) -> Iterator[Finding]:
        if self.failed is None:
            yield warning("/failed", "no_way_out", "Mail servers fail: say where to go then, else it ends.")
