"""Mail leaves the outbox over SMTP, is tried again, and is given up where that is of no use."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from api.desk import Desk
from api.mailer import TRIES, Smtp, send_due
from store.values.scope import Scope
from store.values.work import Outgoing
from tests.api.conftest import settings_of


class Postbox:
    """A mail server's handler: keeps what it takes, answers what it is told to answer first."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: list[str] = []

    async def handle_DATA(  # noqa: N802 (the protocol's name)
        self, server: object, session: object, envelope: Any
    ) -> str:
        del server, session
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Controller, Postbox]]:
    """A mail server on this machine."""
    postbox = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller, postbox
    controller.stop()


@pytest.fixture
async def mail(desk: Desk) -> Outgoing:
    """A code that waits to be sent."""
    return await desk.store.write(
        Scope.operator(),
        lambda uow: uow.outbox.put("email", "anna@example.com", subject="123456 is your code", body="Hello"),
    )


def smtp_of(server: tuple[Controller, Postbox], desk: Desk, **changes: object) -> Smtp:
    settings = settings_of(
        desk.settings.data_dir,
        **{"smtp_host": "127.0.0.1", "smtp_port": server[0].port, "smtp_security": "none", **changes},
    )
    smtp = Smtp.of(settings)
    assert smtp is not None
    return smtp


async def state(desk: Desk) -> Outgoing:
    return (await desk.store.read(Scope.operator(), lambda uow: uow.outbox.all()))[0]


async def test_that_a_mail_is_sent_once(
    desk: Desk, server: tuple[Controller, Postbox], mail: Outgoing
) -> None:
    postbox = server[1]
    postbox.taken.clear()
    smtp = smtp_of(server, desk, smtp_from="desk@photo.example", smtp_from_name="Photo Desk")

    assert await send_due(desk.store, desk.clock, smtp) == 1
    assert await send_due(desk.store, desk.clock, smtp) == 0

    assert [envelope.rcpt_tos for envelope in postbox.taken] == [["anna@example.com"]]
    text = postbox.taken[0].content.decode()
    assert "Subject: 123456 is your code" in text
    assert "From: Photo Desk <desk@photo.example>" in text
    assert (await state(desk)).status == "sent"


async def test_that_a_busy_server_is_tried_again_after_a_pause(
    desk: Desk, server: tuple[Controller, Postbox], mail: Outgoing
) -> None:
    server[1].answers.append("451 later")
    smtp = smtp_of(server, desk)

    assert await send_due(desk.store, desk.clock, smtp) == 0
    waiting = await state(desk)
    assert await send_due(desk.store, desk.clock, smtp) == 0
    desk.clock.shift(minutes=2)  # type: ignore[attr-defined]
    assert await send_due(desk.store, desk.clock, smtp) == 1

    assert (waiting.status, waiting.attempts, waiting.error) == ("waiting", 1, "answered 451")
    assert waiting.due_at is not None
    assert waiting.due_at - waiting.created_at >= timedelta(seconds=30)


async def test_that_a_refusal_for_good_is_not_repeated(
    desk: Desk, server: tuple[Controller, Postbox], mail: Outgoing
) -> None:
    server[1].answers.append("550 no such person")

    await send_due(desk.store, desk.clock, smtp_of(server, desk))

    assert ((await state(desk)).status, (await state(desk)).error) == ("failed", "answered 550")


async def test_that_a_server_that_is_away_is_given_up_in_the_end(desk: Desk, mail: Outgoing) -> None:
    away = Smtp("127.0.0.1", 1, "none", "", "", "desk@photo.example", "Desk")

    for _ in range(TRIES):
        await send_due(desk.store, desk.clock, away)
        desk.clock.shift(hours=7)  # type: ignore[attr-defined]

    assert ((await state(desk)).status, (await state(desk)).attempts) == ("failed", TRIES)


def test_that_without_a_server_nothing_is_sent(desk: Desk) -> None:
    assert Smtp.of(desk.settings) is None
