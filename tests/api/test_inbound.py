"""A customer's answer by mail comes back onto the ticket, and nobody else's does."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import TypeVar

import httpx
import pytest

from api.away import mail_if_away
from api.desk import Desk
from api.inbound import fresh_words, read_mail, reply_address
from api.keyfile import secret_key
from api.mailer import Smtp
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.tickets import Message, Ticket
from tests.api.conftest import RUN_KEY
from tests.api.test_pages import ticket_of

Value = TypeVar("Value")
DESK = "reply@desk.example"
ANNA = "anna@example.com"
QUOTED = """Thank you, that is right.

On Sun, 29 Nov 2026 at 20:19, Photo <
reply@desk.example> wrote:
> Is it?
"""


def mail_of(to: str, words: str = QUOTED, sender: str = f"Anna <{ANNA}>", **headers: str) -> EmailMessage:
    """A mail as a mailbox program writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Re: answer"
    for name, value in {"Message-ID": "<1@example.com>", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message


async def post(server: httpx.AsyncClient, mail: EmailMessage) -> httpx.Response:
    """Hand it over as a mail server would."""
    headers = {"Content-Type": "message/rfc822"}
    return await server.post("/api/inbound/email", content=mail.as_bytes(), headers=headers)


async def addressed(desk: Desk) -> tuple[str, str]:
    """A ticket of anna's, and the address of the desk that stands for it."""
    ticket_id = await ticket_of(desk)
    ticket = await see(desk, lambda uow: uow.tickets.get(ticket_id))
    return ticket_id, reply_address(DESK, secret_key(desk.settings), ticket.number, ANNA)


async def see(desk: Desk, work: Callable[[UnitOfWork], Value]) -> Value:
    """Read as the operator."""
    return await desk.store.read(Scope.operator(), work)


async def state_of(desk: Desk, ticket_id: str) -> tuple[Ticket, tuple[Message, ...]]:
    """The ticket and what was said on it."""
    return await see(desk, lambda uow: (uow.tickets.get(ticket_id), tuple(uow.tickets.messages(ticket_id))))


async def test_that_an_answer_by_mail_stands_on_the_ticket_and_waits_for_a_person(
    desk: Desk, server: httpx.AsyncClient
) -> None:
    ticket_id, address = await addressed(desk)
    taken = await post(server, mail_of(address))
    assert (taken.status_code, taken.json()) == (202, {"status": "taken", "ticketId": ticket_id})
    again = await post(server, mail_of(address))
    ticket, said = await state_of(desk, ticket_id)
    assert again.json()["ticketId"] == ticket_id
    assert [(each.role, each.text) for each in said] == [("user", "Thank you, that is right.")]
    assert (ticket.human_owned, ticket.status) == (True, "escalated")


async def test_that_a_mail_opens_a_closed_ticket_again(desk: Desk, server: httpx.AsyncClient) -> None:
    ticket_id, address = await addressed(desk)
    await desk.store.write(Scope.operator(), lambda uow: uow.tickets.close(ticket_id, "staff"))
    assert (await post(server, mail_of(address))).json()["ticketId"] == ticket_id
    ticket, _ = await state_of(desk, ticket_id)
    assert ticket.closed_at is None
    assert ticket.human_owned


async def test_that_a_mail_that_comes_twice_neither_opens_the_ticket_again_nor_is_refused_twice(
    desk: Desk, server: httpx.AsyncClient
) -> None:
    ticket_id, address = await addressed(desk)
    mail = mail_of(address, "See the picture")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="broken.png")
    await post(server, mail)
    await desk.store.write(Scope.operator(), lambda uow: uow.tickets.close(ticket_id, "staff"))
    assert (await post(server, mail)).json()["ticketId"] == ticket_id
    assert len(await see(desk, lambda uow: uow.outbox.all())) == 1
    assert (await state_of(desk, ticket_id))[0].status == "resolved"


@pytest.mark.parametrize(
    ("sender", "changed"), [("mallory@example.com", ""), (ANNA, "proof"), (ANNA, "number")]
)
async def test_that_number_proof_and_sender_have_to_belong_together(
    desk: Desk, server: httpx.AsyncClient, sender: str, changed: str
) -> None:
    ticket_id, address = await addressed(desk)
    local, _, proof = address.partition("@")[0].partition(".")
    forged = {
        "": address,
        "proof": f"{local}.{'0' * 20}@desk.example",
        "number": f"reply+9999.{proof}@desk.example",
    }
    refused = await post(server, mail_of(forged[changed], sender=sender))
    assert (refused.status_code, refused.json()["field"]) == (404, "ticketId")
    assert (await state_of(desk, ticket_id))[1] == ()


async def test_that_machines_and_empty_mails_are_left_alone(desk: Desk, server: httpx.AsyncClient) -> None:
    _, address = await addressed(desk)
    away = await post(server, mail_of(address, Auto_Submitted="auto-replied"))
    empty = await post(server, mail_of(address, "> only what was quoted"))
    assert [each.json()["status"] for each in (away, empty)] == ["ignored", "ignored"]


async def test_that_an_attachment_is_refused_with_a_reason(desk: Desk, server: httpx.AsyncClient) -> None:
    ticket_id, address = await addressed(desk)
    mail = mail_of(address, "See the picture")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="broken.png")
    assert (await post(server, mail)).status_code == 202
    (told,) = await see(desk, lambda uow: uow.outbox.all())
    assert "attachment" in told.body
    assert [each.text for each in (await state_of(desk, ticket_id))[1]] == ["See the picture"]


async def test_that_only_a_key_for_tickets_may_hand_mail_over(desk: Desk, anyone: httpx.AsyncClient) -> None:
    _, address = await addressed(desk)
    assert (await post(anyone, mail_of(address))).status_code == 401
    anyone.headers["Authorization"] = f"Bearer {RUN_KEY}"
    assert (await post(anyone, mail_of(address))).status_code == 403


async def test_that_a_person_s_mail_asks_for_answers_at_the_ticket_s_address(desk: Desk) -> None:
    ticket_id, address = await addressed(desk)
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"inbound_address": DESK}))

    def answer(uow: UnitOfWork) -> None:
        uow.tickets.identify(ticket_id, uow.tickets.get(ticket_id).customer_id or "", verified=True)
        mail_if_away(uow, desk, ticket_id, "It is ready.", "https://desk.example")

    await desk.store.write(Scope.operator(), answer)
    (sent,) = await see(desk, lambda uow: uow.outbox.all())
    smtp = Smtp("mail.example", 25, "none", "", "", "support@desk.example", "Support")
    assert smtp._message(sent)["Reply-To"] == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes\n> no", "Yes"),
        ("Haan ji\n\n-- \nAnna", "Haan ji"),
        ("Fine\n-----Original Message-----\nFrom: x", "Fine"),
        ("On Monday I wrote to you", "On Monday I wrote to you"),
    ],
)
def test_that_quotes_and_signatures_are_cut(text: str, words: str) -> None:
    assert fresh_words(text) == words


def test_that_a_mail_of_markup_alone_is_read_as_words() -> None:
    mail = mail_of(f"reply+7.{'a' * 20}@desk.example")
    mail.set_content("<style>p {}</style><p>One &amp; two</p><div>three</div>", subtype="html")
    assert read_mail(mail.as_bytes()).words == "One & two\nthree"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"To: nobody@desk.example\n\nx", b"From: a@b.example\n\nx"]
)
def test_that_what_is_no_mail_for_a_ticket_is_told_so(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read_mail(raw)
