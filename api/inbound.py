"""Mail that comes in: a customer's answer to a person's mail, put back onto its ticket.

A mail that goes out to a proven customer asks for answers at `reply+<number>.<proof>@…`. The proof is signed
over ticket and address, so it stands for reading that mailbox, as the link in the same mail does. Attachments
are refused with a reason; what machines send by themselves is left alone, lest two of them talk on and on.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

from api.desk import Desk
from api.keyfile import secret_key
from api.talk import Said, new_message, take
from graph.errors import Invalid, NotFound
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.turns import Accepted

PROOF = 20
LONGEST = 5_000
RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_TOKEN = re.compile(r"\+(\d{1,9})\.([0-9a-f]{20})@")
_QUOTED = re.compile(
    r"\n(?:>|On [^\n]{0,200}(?:\n[^\n]{0,200})?wrote:|-{2,} ?Original Message|-- \n|_{10,}"
    r"|From: [^\n]+\nSent: )"
)
_TAG = re.compile(r"<(?:style|script|head)\b.*?</(?:style|script|head)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
REFUSED = {
    "en": "We received your message, but not its attachment: please describe in words what it shows.",
    "hinglish": "Aapka message mil gaya, attachment nahi: jo usmein hai, shabdon mein likhiye.",
}


@dataclass(frozen=True)
class Mail:
    """What of a mail matters here."""

    sender: str
    number: int
    proof: str
    words: str
    message_id: str
    attached: bool
    automatic: bool


def reply_address(address: str, secret: str, number: int, email: str) -> str:
    """Where the customer with this e-mail answers to the ticket: the desk's address with number and proof."""
    local, _, domain = address.partition("@")
    return f"{local}+{number}.{_proof(secret, number, email)}@{domain}"


def read_mail(raw: bytes) -> Mail:
    """The mail, or Invalid when it is none, is not for a ticket, or says nothing."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        senders = getaddresses(message.get_all("from", []))
        to = [address for name in RECIPIENTS for _, address in getaddresses(message.get_all(name, []))]
        words = fresh_words(_text_of(message))
        attached = any(True for _ in message.iter_attachments())
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise Invalid("The body is no mail (RFC 5322).", field="body") from error
    found = next((match for match in map(_TOKEN.search, to) if match), None)
    if found is None or not senders:
        raise Invalid("The mail is for no ticket: none of its addresses names one.", field="body")
    return Mail(
        sender=senders[0][1].casefold(),
        number=int(found[1]),
        proof=found[2],
        words=words[:LONGEST],
        message_id=str(message.get("message-id", "")).strip(),
        attached=attached,
        automatic=_automatic(message),
    )


async def take_mail(desk: Desk, scope: Scope, mail: Mail) -> Accepted | None:
    """Put the customer's words onto the ticket, for a person; None for what has none or a machine sent.

    NotFound when number, proof and sender do not belong together; the answer is the same for each of them.
    """
    if mail.automatic or not (mail.words or mail.attached):
        return None
    key = secret_key(desk.settings)

    def accept(uow: UnitOfWork) -> Accepted:
        ticket = uow.tickets.by_number(mail.number)
        customer = uow.customers.get(ticket.customer_id) if ticket.customer_id else None
        known = customer.email.casefold() if customer else ""
        if known != mail.sender or not hmac.compare_digest(mail.proof, _proof(key, mail.number, known)):
            raise NotFound("no such ticket", field="ticketId")
        company = uow.companies.get(ticket.company_id)
        once = hashlib.sha256(mail.message_id.encode()).hexdigest()[:32] if mail.message_id else None
        client = f"mail:{once}" if once else None
        said = new_message(
            Said(text=mail.words or "(attachment)", client_message_id=client), ticket.id, company
        )
        if client and any(each.client_message_id == client for each in uow.tickets.messages(ticket.id)):
            return uow.turns.accept(said)  # taken before: nothing happens twice
        if mail.attached:
            why = REFUSED["hinglish" if ticket.language in ("hinglish", "hi") else "en"]
            uow.outbox.put("email", known, subject=f"#{ticket.number}", body=why, company_id=company.id)
        if ticket.status == "resolved":
            uow.tickets.reopen(ticket.id)
        uow.tickets.request_handoff(ticket.id)  # nobody reads the chat: a person answers mail
        return uow.turns.accept(said)

    return await take(desk, scope, accept)


def fresh_words(text: str) -> str:
    """What is new in an answer: without the mail that it quotes and without a signature."""
    lines = "\n" + text.replace("\r\n", "\n").replace("\0", "")
    return _QUOTED.split(lines, maxsplit=1)[0].strip()


def _text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    if part.get_content_subtype() == "plain":
        return content
    from html import unescape

    return unescape(_TAG.sub("", _BREAK.sub("\n", content)))


def _automatic(message: EmailMessage) -> bool:
    """Whether a machine sent it by itself (RFC 3834): an absence note, a bounce, a list."""
    marked = str(message.get("auto-submitted", "no")).strip().casefold() != "no"
    return marked or str(message.get("precedence", "")).strip().casefold() in (
        "bulk",
        "junk",
        "list",
        "auto_reply",
    )


def _proof(secret: str, number: int, email: str) -> str:
    signed = f"mail\0{number}\0{email.casefold()}"
    return hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest()[:PROOF]
