"""The mails of flows, handed to the installation's mail server."""

from email.message import EmailMessage
from email.utils import formatdate
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from parley.core.ids import WorkspaceId
from parley.core.time import unix_seconds
from parley.kit.settings import Settings
from parley.modules.flows import Answer, Effect, EffectFailed, EmailEffect, EmailTaken

_UNSET: Final = "This installation sends no e-mail; its operator sets PARLEY_SMTP_URL and PARLEY_MAIL_FROM."
_PORTS: Final = {"smtp": 587, "smtps": 465}


class Post:
    """The Performer of `email`. The same mail has the same Message-ID whenever it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._sender = settings.mail_from

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """Whether the server took it; EffectFailed with its words when not."""
        if not isinstance(effect, EmailEffect):
            return EffectFailed(reason="This is no e-mail.")
        if not self._url or not self._sender:
            return EffectFailed(reason=_UNSET)
        server = urlsplit(self._url)
        try:
            await aiosmtplib.send(
                _mail(effect, self._sender, workspace),
                hostname=server.hostname,
                port=server.port or _PORTS[server.scheme],
                username=unquote(server.username) if server.username else None,
                password=unquote(server.password) if server.password else None,
                use_tls=server.scheme == "smtps",
                timeout=effect.timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            return EffectFailed(reason=f"The mail server refused the address with {refusal.recipients[0].code}.")
        except aiosmtplib.SMTPResponseException as refusal:
            return EffectFailed(reason=f"The mail server refused it with {refusal.code}.")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return EffectFailed(reason=f"The mail server can't be used: {type(error).__name__}.")
        return EmailTaken()


def _mail(effect: EmailEffect, sender: str, workspace: WorkspaceId) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, effect.to, effect.subject
    mail["Date"] = formatdate(unix_seconds())
    name = blake2b(f"{workspace.hex}|{effect.id}".encode(), digest_size=16).hexdigest()
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2].strip('> ')}>"
    mail.set_content(effect.body)
    return mail
