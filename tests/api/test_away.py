"""A person's answer reaches whoever has left by mail, with a link that works once and proves nothing else."""

import re

import httpx
import pytest

from api.auth.return_links import LIFE, mint_return, read_return
from api.away import mail_if_away
from api.desk import Desk
from graph.errors import NotAuthenticated
from store.unit import UnitOfWork
from store.values.scope import Scope
from tests.api.conftest import ShiftedClock
from tests.api.test_pages import ticket_of

BASE = "https://desk.example/"
SECRET = "a secret of the desk that is long enough"


async def mailed(desk: Desk, *, proven: bool) -> tuple[str, str]:
    """A ticket of anna's that a person has answered while she was away, and the mail."""
    ticket_id = await ticket_of(desk)

    def answer(uow: UnitOfWork) -> str:
        customer = uow.tickets.get(ticket_id).customer_id or ""
        uow.tickets.identify(ticket_id, customer, verified=proven)
        assert mail_if_away(uow, desk, ticket_id, "Your photo is ready.", BASE)
        return uow.outbox.all()[0].body

    return ticket_id, await desk.store.write(Scope.operator(), answer)


async def test_that_a_proven_customer_comes_back_by_the_link_once(
    desk: Desk, anyone: httpx.AsyncClient
) -> None:
    ticket_id, body = await mailed(desk, proven=True)
    assert body.startswith("Your photo is ready.")
    link = re.search(r"https://desk\.example/widget/photo\?full=1#resume=(\S+)", body)
    assert link is not None
    opened = await anyone.post("/api/widget/photo/sessions", json={"link": link[1]})
    assert (opened.status_code, opened.json()["ticketId"], opened.json()["verified"]) == (
        201,
        ticket_id,
        True,
    )
    bearer = {"Authorization": f"Bearer {opened.json()['sessionToken']}"}
    assert (await anyone.get(f"/api/widget/photo/tickets/{ticket_id}", headers=bearer)).status_code == 200
    again = await anyone.post("/api/widget/photo/sessions", json={"link": link[1]})
    assert again.status_code == 401
    elsewhere = await anyone.post("/api/widget/nodes/sessions", json={"link": link[1]})
    assert elsewhere.status_code == 401


async def test_that_a_typed_address_learns_neither_the_answer_nor_a_way_in(desk: Desk) -> None:
    _, body = await mailed(desk, proven=False)
    assert "photo is ready" not in body
    assert "resume=" not in body


async def test_that_whoever_has_the_chat_open_gets_no_mail(desk: Desk) -> None:
    ticket_id = await ticket_of(desk)

    def answer(uow: UnitOfWork) -> bool:
        return mail_if_away(uow, desk, ticket_id, "Hello", BASE)

    with desk.hub.watch(ticket_id, customer=True):
        assert not await desk.store.write(Scope.operator(), answer)
    with desk.hub.watch(ticket_id):
        assert await desk.store.write(Scope.operator(), answer)


def test_that_a_link_ends_and_cannot_be_made_with_another_key() -> None:
    clock = ShiftedClock()
    link = mint_return(SECRET, "photo", "tkt_1", "anna@example.com", "jti_1", clock.now())
    assert read_return(SECRET, "photo", link, clock.now()).ticket_id == "tkt_1"
    for secret, company in (("another secret of the desk, also long", "photo"), (SECRET, "nodes")):
        with pytest.raises(NotAuthenticated):
            read_return(secret, company, link, clock.now())
    with pytest.raises(NotAuthenticated):
        read_return(SECRET, "photo", link, clock.now() + LIFE * 2)
