"""The widget's routes from a customer's side."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from api.desk import Desk
from api.hub import notes_of
from api.streams import as_event
from store.values.scope import Scope
from store.values.tickets import Event

BASE = "/api/widget/photo"


class Customer:
    """Talks to one company with one session."""

    def __init__(self, client: httpx.AsyncClient, desk: Desk, base: str = BASE) -> None:
        self.client, self.desk, self.base = client, desk, base
        self.headers: dict[str, str] = {}
        self.ticket = ""
        self.said = 0

    async def arrive(self, **body: object) -> dict[str, Any]:
        answer = await self.client.post(f"{self.base}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json()
        self.headers = {"Authorization": f"Bearer {opened['sessionToken']}"}
        return opened

    async def say(self, text: str, **body: object) -> httpx.Response:
        self.said += 1
        path = f"{self.base}/tickets" + (f"/{self.ticket}/messages" if self.ticket else "")
        body = {"message": text, "clientMessageId": f"m{self.said}", **body}
        answer = await self.client.post(path, json=body, headers=self.headers)
        if answer.status_code == 202:
            self.ticket = answer.json()["ticketId"]
            await self.rest(answer.json()["turnId"])
        return answer

    async def rest(self, turn_id: str | None) -> None:
        """Wait until the turn is over."""
        while turn_id is not None:
            turn = await self.desk.store.read(Scope.operator(), lambda uow: uow.turns.get(str(turn_id)))
            if turn.status in ("done", "failed", "superseded"):
                return
            await asyncio.sleep(0.01)

    async def press(self, what: str, body: dict[str, object]) -> httpx.Response:
        path = f"{self.base}/tickets/{self.ticket}/{what}"
        return await self.client.post(path, json=body, headers=self.headers)

    async def snapshot(self) -> dict[str, Any]:
        answer = await self.client.get(f"{self.base}/tickets/{self.ticket}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def events(self) -> list[Event]:
        return await self.desk.store.read(
            Scope.operator(), lambda uow: uow.tickets.events(self.ticket, 0, 500)
        )


@pytest.fixture
async def customer(anyone: httpx.AsyncClient, desk: Desk) -> Customer:
    customer = Customer(anyone, desk)
    await customer.arrive()
    return customer


async def test_that_a_session_says_what_the_widget_shows(anyone: httpx.AsyncClient, desk: Desk) -> None:
    opened = await Customer(anyone, desk).arrive(email="anna@example.com")

    assert opened["verified"] is False
    assert opened["email"] == "an•••@example.com"
    assert opened["company"]["name"] == "Photo Desk"
    assert opened["tickets"] == []


async def test_that_a_question_is_answered_and_all_events_keep_the_contract(customer: Customer) -> None:
    await customer.say("How long does it take?")

    events = await customer.events()
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert [event.name for event in events][:2] == ["ack", "message"]
    assert events[-1].name == "done"
    for note in notes_of(events):
        assert as_event(note).event == note.name


async def test_that_the_snapshot_is_the_conversation(customer: Customer) -> None:
    await customer.say("Photo kitni der mein milegi?")

    snapshot = await customer.snapshot()
    roles = [message["role"] for message in snapshot["messages"]]
    assert roles == ["user", "assistant"]
    assert snapshot["messages"][0]["clientMessageId"] == "m1"
    assert snapshot["messages"][1]["language"] == "hinglish"
    assert snapshot["lastEventId"] == len(await customer.events())
    assert (snapshot["pending"], snapshot["live"]) == (False, [])


async def test_that_a_repeated_first_message_opens_one_ticket(customer: Customer) -> None:
    first = await customer.say("How long does it take?")
    customer.ticket, customer.said = "", 0

    again = await customer.say("How long does it take?")
    customer.ticket, customer.said = "", 0
    changed = await customer.say("What does it cost?")

    assert again.json() == first.json()
    assert (changed.status_code, changed.json()["field"]) == (409, "clientMessageId")


async def test_that_numbers_of_cards_are_never_stored(customer: Customer) -> None:
    await customer.say("my card is 4111 1111 1111 1111, refund please")

    snapshot = await customer.snapshot()
    assert "4111" not in str(snapshot)
    assert "4111" not in str(await customer.events())


async def test_that_messages_in_quick_succession_get_one_reply_at_a_time(customer: Customer) -> None:
    await customer.say("Hello")
    answers = await asyncio.gather(*(customer.say(text) for text in ("How long", "does it", "take?")))

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    names = [event.name for event in await customer.events()]
    assert names.count("done") >= 2
    messages = (await customer.snapshot())["messages"]
    assert sum(message["role"] == "user" for message in messages) == 4


async def test_that_a_person_can_be_asked_for_at_any_time_and_then_answers_alone(customer: Customer) -> None:
    await customer.say("Hello")

    state = (await customer.press("handoff", {"accept": True})).json()
    answer = await customer.say("Are you there?")

    assert (state["status"], state["humanOwned"]) == ("escalated", True)
    assert answer.json()["turnId"] is None
    assert (await customer.snapshot())["pending"] is False


async def test_that_a_declined_person_leaves_the_chat_with_the_assistant(customer: Customer) -> None:
    await customer.say("I want to talk to a human")
    assert (await customer.snapshot())["handoff"]["offered"] is True

    state = (await customer.press("handoff", {"accept": False})).json()

    assert state["humanOwned"] is False
    assert (await customer.snapshot())["handoff"]["offered"] is False


async def test_that_closing_settles_and_writing_again_reopens(customer: Customer) -> None:
    await customer.say("How long does it take?")

    assert (await customer.press("close", {})).json()["status"] == "resolved"
    await customer.say("One more thing: how long does it take?")

    assert (await customer.snapshot())["status"] == "awaiting_customer"


async def test_that_a_reply_can_be_rated_and_only_a_reply(customer: Customer) -> None:
    await customer.say("How long does it take?")
    question, reply = (await customer.snapshot())["messages"]

    rated = await customer.press("feedback", {"messageId": reply["id"], "rating": "down", "reason": "slow"})
    own = await customer.press("feedback", {"messageId": question["id"], "rating": "up"})

    assert (rated.status_code, own.status_code) == (204, 404)
    assert (await customer.snapshot())["messages"][1]["feedback"] == "down"


async def test_that_a_code_proves_the_address_and_the_question_goes_on(customer: Customer) -> None:
    await customer.say("What is the status of my photo request?")
    assert (await customer.snapshot())["verify"] == {"needed": True}

    sent = await customer.press("verify", {"email": "anna@example.com"})
    proven = await customer.press("verify", {"code": await mailed_code(customer.desk)})
    await wait_for_reply(customer, 2)

    assert sent.json() == {"sent": True, "verified": False, "email": "an•••@example.com"}
    assert proven.json()["verified"] is True
    messages = (await customer.snapshot())["messages"]
    assert "APP-1001" in messages[-1]["text"]


async def test_that_a_code_is_good_for_five_guesses_and_once(customer: Customer) -> None:
    await customer.say("What is the status of my photo request?")
    await customer.press("verify", {"email": "anna@example.com"})
    code = await mailed_code(customer.desk)
    wrong = "000000" if code != "000000" else "111111"

    guesses = [await customer.press("verify", {"code": wrong}) for _ in range(5)]
    late = await customer.press("verify", {"code": code})

    assert {guess.status_code for guess in guesses} == {422}
    assert guesses[0].json()["field"] == "code"
    assert late.status_code == 422


async def test_that_codes_are_limited_by_the_hour(customer: Customer) -> None:
    await customer.say("Hello")

    answers = [await customer.press("verify", {"email": "anna@example.com"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Retry-After" in answers[-1].headers


async def test_that_an_unknown_address_gets_the_same_answer(customer: Customer) -> None:
    await customer.say("Hello")

    known = await customer.press("verify", {"email": "anna@example.com"})
    unknown = await customer.press("verify", {"email": "nina@example.com"})

    assert known.json().keys() == unknown.json().keys()
    assert known.status_code == unknown.status_code


async def test_that_an_offer_that_is_not_open_cannot_be_confirmed(customer: Customer) -> None:
    await customer.say("Hello")

    answer = await customer.press("confirm", {"offerId": "off_1", "accept": True})

    assert (answer.status_code, answer.json()["field"]) == (409, "offerId")


BAD = {
    "blank": ("messages", {"message": " ", "clientMessageId": "x"}, "message"),
    "no client id": ("messages", {"message": "hi"}, "clientMessageId"),
    "odd client id": ("messages", {"message": "hi", "clientMessageId": "a b"}, "clientMessageId"),
    "another language": ("messages", {"message": "hi", "clientMessageId": "x", "language": "fr"}, "language"),
    "no choice": ("handoff", {}, "accept"),
    "a word for a choice": ("handoff", {"accept": "yes"}, "accept"),
    "a third thumb": ("feedback", {"messageId": "msg_1", "rating": "sideways"}, "rating"),
    "neither": ("verify", {}, "body"),
    "both": ("verify", {"email": "a@b.co", "code": "123456"}, "body"),
    "short code": ("verify", {"code": "12345"}, "code"),
    "unknown key": ("close", {"by": "staff"}, "by"),
}


@pytest.mark.parametrize(("what", "body", "field"), BAD.values(), ids=BAD.keys())
async def test_that_a_wrong_press_names_the_field(
    customer: Customer, what: str, body: dict[str, object], field: str
) -> None:
    await customer.say("Hello")
    before = len(await customer.events())

    answer = await customer.press(what, body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert len(await customer.events()) == before


async def mailed_code(desk: Desk) -> str:
    mails = await desk.store.read(Scope.operator(), lambda uow: uow.outbox.all())
    found = re.search(r"\d{6}", mails[0].subject)
    assert found is not None
    return found.group()


async def wait_for_reply(customer: Customer, count: int) -> None:
    async with asyncio.timeout(5):
        while True:
            messages = (await customer.snapshot())["messages"]
            if sum(message["role"] == "assistant" for message in messages) >= count:
                return
            await asyncio.sleep(0.02)
