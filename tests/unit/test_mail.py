"""E-mail of flows: taken once under a name of its own, refused with the server's code, or not set up at all."""

from uuid import UUID

from parley.adapters.mail.post import Post
from parley.core.ids import WorkspaceId
from parley.kit.settings import Settings
from parley.modules.flows import EffectFailed, EmailEffect, EmailTaken
from tests.fakes.smtp import mail_server

HERE = WorkspaceId(UUID(int=1))
MAIL = EmailEffect(id="cnv_1.2.3", to="office@bakery.example", subject="Grüße", body="Is there rye bread?", timeout=5)


def post(url: str | None) -> Post:
    return Post(Settings.model_validate({"smtp_url": url, "mail_from": "Bakery <bot@bakery.example>"}))


async def test_it_is_handed_over_and_known_again() -> None:
    async with mail_server() as server:
        sender = post(f"smtp://127.0.0.1:{server.port}")
        assert [await sender.perform(MAIL, HERE) for _ in range(2)] == [EmailTaken(), EmailTaken()]
    ids = {line for mail in server.mails for line in mail.splitlines() if line.startswith("Message-ID")}
    assert len(server.mails) == 2
    assert len(ids) == 1
    assert "Is there rye bread?" in server.mails[0]


async def test_a_refusal_and_an_absence_are_told() -> None:
    async with mail_server() as server:
        server.refuse = "550 no such user"
        refused = await post(f"smtp://127.0.0.1:{server.port}").perform(MAIL, HERE)
    away = await post("smtp://127.0.0.1:9").perform(MAIL, HERE)
    unset = await post(None).perform(MAIL, HERE)
    reasons = [each.reason for each in (refused, away, unset) if isinstance(each, EffectFailed)]
    assert ["550" in reasons[0], "can't be used" in reasons[1], "PARLEY_SMTP_URL" in reasons[2]] == [True] * 3
