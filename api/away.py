"""A person's answer for a customer who has closed the chat: by mail, with a link that brings it back.

Whether the chat is open is known for the streams of this process; with several processes a customer whose
stream is another's gets a mail too many and never one too few.
"""

from api.auth.return_links import mint_return
from api.desk import Desk
from api.inbound import reply_address
from api.keyfile import secret_key
from store.unit import UnitOfWork

WAITS = {
    "en": "A person has answered you in the chat. Open it again in the browser where you wrote.",
    "hinglish": "Hamari team ne chat mein jawab diya hai. Jis browser mein likha tha, wahin chat kholiye.",
}
BACK = {
    "en": "To go on, open this link (it works once, for 7 days):",
    "hinglish": "Aage baat karne ke liye yeh link kholiye (ek baar, 7 din tak chalega):",
}
SUBJECT = {"en": "{company} has answered you (#{number})", "hinglish": "{company} ka jawab (#{number})"}


def mail_if_away(uow: UnitOfWork, desk: Desk, ticket_id: str, words: str, base: str) -> bool:
    """Queue the mail in the transaction of the answer; nothing is sent to whoever has the chat open.

    An address that was only typed is told that an answer waits, and neither the answer nor a link.
    """
    if desk.hub.has_customer(ticket_id):
        return False
    ticket = uow.tickets.get(ticket_id)
    customer = uow.customers.get(ticket.customer_id) if ticket.customer_id else None
    if customer is None:
        return False
    company = uow.companies.get(ticket.company_id)
    language = "hinglish" if ticket.language in ("hinglish", "hi") else "en"
    body = WAITS[language]
    reply_to = ""
    if ticket.verified:
        token = mint_return(
            secret_key(desk.settings),
            company.slug,
            ticket.id,
            customer.email,
            desk.ids.new("jti"),
            desk.clock.now(),
        )
        link = f"{base.rstrip('/')}/widget/{company.slug}?full=1#resume={token}"
        body = f"{words}\n\n{BACK[language]}\n{link}"
        if desk.settings.inbound_address:
            key = secret_key(desk.settings)
            reply_to = reply_address(desk.settings.inbound_address, key, ticket.number, customer.email)
    subject = SUBJECT[language].format(company=company.name, number=ticket.number)
    uow.outbox.put(
        "email", customer.email, subject=subject, body=body, company_id=company.id, reply_to=reply_to
    )
    return True
