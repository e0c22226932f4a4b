"""Sends what waits in the outbox: SMTP in a thread, tried again with growing pauses, given up after a day.

Without SMTP settings nothing is sent; in development the outbox page shows what would have been.
"""

import asyncio
import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formataddr, make_msgid

from api.settings import Settings
from graph.errors import Unavailable
from graph.ports import Clock
from store.database import Store
from store.values.scope import Scope
from store.values.work import Outgoing

LOOK_SECONDS = 2.0
TIMEOUT_SECONDS = 15.0
TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
PERMANENT = range(500, 600)
log = logging.getLogger("supportgraph.mail")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server as the settings name it."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    name: str

    @classmethod
    def of(cls, settings: Settings) -> "Smtp | None":
        """The server of the settings; None where none is set."""
        if not settings.smtp_host:
            return None
        password = settings.smtp_password
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=password.get_secret_value() if password is not None else "",
            sender=settings.smtp_from,
            name=settings.smtp_from_name,
        )

    def send(self, mail: Outgoing) -> None:
        """Hand one mail over; raises OSError or SMTPException when the server does not take it."""
        with self._open() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(self._message(mail))

    def _open(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)

    def _message(self, mail: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"] = formataddr((self.name, self.sender))
        message["To"] = mail.recipient
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        message["Subject"] = " ".join(mail.subject.split())
        message["Message-ID"] = make_msgid(mail.id, self.sender.rpartition("@")[2] or None)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        return message


async def keep_sending(store: Store, clock: Clock, smtp: Smtp) -> None:
    """Send what is due until cancelled; what goes wrong is noted on the mail."""
    while True:
        try:
            await send_due(store, clock, smtp)
        except Unavailable:
            log.warning("the outbox cannot be read; trying again")
        await asyncio.sleep(LOOK_SECONDS)


async def send_due(store: Store, clock: Clock, smtp: Smtp) -> int:
    """Try every mail that is due once; how many left."""
    until = clock.now() + FIRST_PAUSE
    mails = await store.write(Scope.operator(), lambda uow: uow.outbox.claim(until))
    return sum([await _send_one(store, clock, smtp, mail) for mail in mails])


async def _send_one(store: Store, clock: Clock, smtp: Smtp, mail: Outgoing) -> bool:
    error, final = await _try(smtp, mail)
    if not error:
        await store.write(Scope.operator(), lambda uow: uow.outbox.sent(mail.id))
        return True
    log.warning("mail %s was not taken: %s", mail.id, error)
    again = clock.now() + min(LONGEST_PAUSE, FIRST_PAUSE * 2**mail.attempts)
    gone = final or mail.attempts + 1 >= TRIES
    await store.write(
        Scope.operator(), lambda uow: uow.outbox.failed(mail.id, error, final=gone, again_at=again)
    )
    return False


async def _try(smtp: Smtp, mail: Outgoing) -> tuple[str, bool]:
    """The error of one try ("" for none), and whether another one is of no use. No address is in it."""
    try:
        await asyncio.to_thread(smtp.send, mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return f"refused the recipient ({codes[0] if codes else 0})", all(code in PERMANENT for code in codes)
    except smtplib.SMTPResponseException as error:
        return f"answered {error.smtp_code}", error.smtp_code in PERMANENT
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__, False
    return "", False
