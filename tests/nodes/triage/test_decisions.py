"""What triage decides in the course of a talk, in both languages."""

from typing import Any

import pytest

from graph.state import Memory, Offer, Question, SafetyVerdict, Triage
from nodes.triage.beside import with_person
from nodes.triage.correction import decide_by_correction, decide_by_detail
from nodes.triage.dialogue import (
    decide_by_courtesy,
    decide_by_offer,
    decide_by_person,
    decide_by_privacy,
    decide_by_second_thought,
    decide_by_vent,
)
from nodes.triage.knowledge import decide_by_vagueness
from nodes.triage.records import record_of
from nodes.triage.requests import decide_by_case, decide_by_task
from nodes.triage.view import View, view_of
from tests.fakes import ScriptedClassifier, ScriptedToolbox, Verdict, deps
from tools.specs import all_tools

SAFE = SafetyVerdict(outcome="pass", mode="balanced", risk=0.0)
LOOKED_UP = Memory(looked_up="order_lookup", record="LH-1001")


def seen(text: str, memory: Memory | None = None, **intent: Any) -> View:
    given = deps(toolbox=ScriptedToolbox(specs=all_tools()), classifier=ScriptedClassifier(Verdict(**intent)))
    return view_of(Question(message_ids=("msg_1",), text=text), memory or Memory(), SAFE, given)


@pytest.mark.parametrize(
    "text",
    [
        "is my shipment on its way?",
        "courier kahan pahuncha",
        "order status",
        "parcel aaya kya",
        "any update?",
        "mera node kis state me hai?",
    ],
)
def test_that_a_bare_question_for_the_state_is_about_the_customers_own(text: str) -> None:
    verdict = decide_by_task(seen(text))

    assert verdict is not None
    assert verdict.route == "specialist"


@pytest.mark.parametrize(
    "text",
    [
        "what does shipped mean?",
        "how do I track a parcel?",
        "orders kab dispatch hote hain",
        "status ka matlab?",
    ],
)
def test_that_a_general_question_about_states_is_no_look_up(text: str) -> None:
    assert decide_by_task(seen(text)) is None


@pytest.mark.parametrize(
    ("text", "asks_why"),
    [
        ("why so slow?", True),
        ("which courier has it", False),
        ("itna late kyun", True),
        ("ab kya status hai", False),
    ],
)
def test_that_more_about_a_record_is_read_from_the_record(text: str, asks_why: bool) -> None:
    verdict = decide_by_detail(seen(text, LOOKED_UP))

    assert verdict is not None
    assert (verdict.task, verdict.record, verdict.wants_reason) == ("order_lookup", "LH-1001", asks_why)


@pytest.mark.parametrize("text", ["how do I clean a shade?", "warranty kitni hai", "do you sell bulbs?"])
def test_that_a_new_topic_leaves_the_record(text: str) -> None:
    assert decide_by_detail(seen(text, LOOKED_UP)) is None


@pytest.mark.parametrize("text", ["no, I meant 2002", "nahi, 2002 wala", "sorry LH-2002 I mean"])
def test_that_a_correction_looks_up_the_other_record(text: str) -> None:
    verdict = decide_by_correction(seen(text.replace("LH-", ""), LOOKED_UP))

    assert verdict is not None
    assert (verdict.task, verdict.record) == ("order_lookup", "LH-2002")


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("the second one", "LH-2002"),
        ("pehla wala", "LH-1001"),
        ("1001", "LH-1001"),
        ("latest", "LH-2002"),
        ("hm", ""),
    ],
)
def test_that_a_listed_record_is_chosen_by_place_or_number(text: str, record: str) -> None:
    memory = Memory(choices=("LH-1001", "LH-2002"))

    assert record_of(Question(message_ids=("msg_1",), text=text), memory, "LH-1234") == record


@pytest.mark.parametrize(
    "text", ["leave it then, no reboot", "rehne do, reboot mat karo", "never mind, don't send anything"]
)
def test_that_a_second_thought_ends_the_talk_about_an_action(text: str) -> None:
    verdict = decide_by_second_thought(seen(text, LOOKED_UP))

    assert verdict is not None
    assert (verdict.route, verdict.template) == ("reply", "not_done")
    assert decide_by_second_thought(seen(text)) is None


@pytest.mark.parametrize("text", ["reboot it then", "is it on its way?"])
def test_that_a_wish_or_a_question_is_no_second_thought(text: str) -> None:
    assert decide_by_second_thought(seen(text, LOOKED_UP)) is None


def test_that_nobody_is_given_what_is_private_to_another() -> None:
    verdict = decide_by_privacy(seen("Devika ka address aur phone number de do"))

    assert verdict is not None
    assert (verdict.kind, verdict.template) == ("blocked", "private_to_others")


@pytest.mark.parametrize("text", ["are you a bot?", "aap insaan ho ya robot?"])
def test_that_the_desk_says_what_it_is(text: str) -> None:
    verdict = decide_by_courtesy(seen(text))

    assert verdict is not None
    assert verdict.template == "what_i_am"


@pytest.mark.parametrize("text", ["useless thing", "kitna bekar bot hai", "this is a waste of time"])
def test_that_anger_is_met_calmly_once_and_then_with_a_person(text: str) -> None:
    first = decide_by_vent(seen(text))
    again = decide_by_vent(seen(text, Memory(failures=1)))

    assert first is not None
    assert again is not None
    assert (first.route, first.template) == ("reply", "calm_remark")
    assert again.route == "escalation"


@pytest.mark.parametrize("text", ["my lamp is useless, it broke", "tell me a joke", "is the quality bad?"])
def test_that_a_message_with_something_to_answer_is_not_only_anger(text: str) -> None:
    assert decide_by_vent(seen(text)) is None


@pytest.mark.parametrize(
    "text", ["no human, just answer", "insaan nahi chahiye", "don't connect me to anyone"]
)
def test_that_a_person_who_is_not_wanted_is_not_offered(text: str) -> None:
    verdict = decide_by_person(seen(text))

    assert verdict is not None
    assert (verdict.route, verdict.template) == ("reply", "keep_chatting")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("yeah go on", "escalation"),
        ("haan ji kar dijiye", "escalation"),
        ("that would help", "escalation"),
        ("nah, leave it", "reply"),
        ("rehne do", "reply"),
        ("ok thanks", None),
        ("do you sell bulbs?", None),
    ],
)
def test_that_an_offer_is_taken_up_turned_down_or_left(text: str, route: str | None) -> None:
    verdict = decide_by_offer(seen(text, Memory(awaiting="handoff")))

    assert (verdict.route if verdict else None) == route


def test_that_naming_another_record_is_no_refusal_of_the_open_offer() -> None:
    offer = Offer(id="ofr_1", tool="reboot_node", arguments={"id": "LH-1001"}, question="Shall I?")
    view = seen("no, 2002", Memory(awaiting="confirmation", pending=offer, looked_up="lookup_deployment"))
    verdict = decide_by_correction(view)

    assert verdict is not None
    assert (verdict.task, verdict.record, verdict.confirms) == ("reboot_node", "LH-2002", False)


@pytest.mark.parametrize(
    "text", ["I was charged twice", "paise do baar kat gaye", "you took the money two times"]
)
def test_that_a_wrong_charge_goes_to_a_person_or_offers_one(text: str) -> None:
    view = seen(text, intent="payment_query")
    unanswered = decide_by_case(view)
    answered = with_person(view.decide("answer", kind="answer"), view)

    assert unanswered is not None
    assert unanswered.route == "escalation"
    assert answered.with_person == "person_case"


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("erase my pictures please", "person_request"),
        ("mera account band kar do", "person_request"),
        ("when are pictures erased?", ""),
        ("what if I am charged twice?", ""),
        ("erase my pictures, but no human please", ""),
    ],
)
def test_that_a_person_is_offered_where_the_customer_wants_it_done(text: str, offer: str) -> None:
    view = seen(text)
    answer: Triage = view.decide("answer", kind="answer")

    assert with_person(answer, view).with_person == offer


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("got it, cheers", "thanks"),
        ("samajh gaya, shukriya", "thanks"),
        ("nothing else, take care", "goodbye"),
        ("bas itna hi, alvida", "goodbye"),
        ("good evening ji", "greeting"),
    ],
)
def test_that_courtesies_are_returned(text: str, template: str) -> None:
    verdict = decide_by_courtesy(seen(text))

    assert verdict is not None
    assert verdict.template == template


@pytest.mark.parametrize(
    "text",
    [
        "kaam nahi kar raha hai",
        "it is not working",
        "nhi ho rha yaar",
        "something is wrong bro have a look",
        "it's broken, help",
        "kuch gadbad hai, jaldi dekho",
    ],
)
def test_that_trouble_with_nothing_named_is_asked_about_once(text: str) -> None:
    asked = decide_by_vagueness(seen(text))

    assert asked is not None
    assert asked.kind == "clarify"
    assert decide_by_vagueness(seen(text, Memory(failures=1))) is None


@pytest.mark.parametrize("text", ["kaise kaam karta hai?", "it works now", "issue done", "hurry up sir"])
def test_that_how_a_thing_works_or_that_it_does_is_no_trouble(text: str) -> None:
    assert decide_by_vagueness(seen(text)) is None


@pytest.mark.parametrize("text", ["great thx and how quick do i get it", "thanks! how safe is it"])
def test_that_thanks_do_not_swallow_a_question(text: str) -> None:
    assert decide_by_courtesy(seen(text)) is None


@pytest.mark.parametrize("text", ["no wait, leave it", "nahi ruko, rehne do"])
def test_that_a_second_thought_about_nothing_open_is_taken_as_one(text: str) -> None:
    taken = decide_by_courtesy(seen(text))

    assert taken is not None
    assert taken.template == "acknowledge"
