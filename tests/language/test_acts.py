"""What a customer does with a message, in both languages."""

import pytest

from language.acts import Acts, acts


def _acts(text: str) -> Acts:
    return acts(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "connect me to a human",
        "kisi insaan se baat karao",
        "agent se baat karni hai",
        "mujhe support wale se baat karni hai",
        "I want to talk to a real person please",
        "manager ko bulao",
        "can I speak with your supervisor?",
        "call me back please",
        "bot se baat nahi karni, insaan do",
        "I don't want to talk to a bot",
        "मुझे किसी इंसान से बात करनी है",
        "agent chahiye",
        "the last agent was rude, please connect me to a manager",
    ],
)
def test_that_an_explicit_request_for_a_person_is_heard(text: str) -> None:
    assert _acts(text).wants_person


@pytest.mark.parametrize(
    "text",
    [
        "this is useless, worst service",
        "contact number?",
        "what are your office hours?",
        "are you a human?",
        "your agent was rude to me",
        "I talked to an agent yesterday and nothing happened",
        "how do I contact support?",
        "customer care number kya hai",
        "agent ne kaha tha kal aayega",
        "I don't need a human, just tell me the price",
        "bakwas service hai tumhari",
        "must the person in the photo smile?",
        "koi sunta nahi yahan",
        "dispute ko koi insaan dekhta hai kya?",
        "when is a case sent to human review",
    ],
)
def test_that_frustration_or_a_question_about_support_is_not_a_request_for_a_person(text: str) -> None:
    assert not _acts(text).wants_person


@pytest.mark.parametrize(
    "text",
    ["yes", "haan kar do", "ok", "sure go ahead", "ji haan", "theek hai", "haan, order ABC123 ka", "bilkul"],
)
def test_that_agreement_is_heard(text: str) -> None:
    said = _acts(text)

    assert said.yes
    assert not said.no


@pytest.mark.parametrize(
    "text", ["no", "nahi rehne do", "mat karo", "no thanks", "don't", "leave it", "nahi chahiye", "abhi nahi"]
)
def test_that_refusal_is_heard(text: str) -> None:
    said = _acts(text)

    assert said.no
    assert not said.yes


@pytest.mark.parametrize(
    "text", ["nahi mila", "ok where is my order", "not received", "no refund yet received"]
)
def test_that_a_report_is_neither_yes_nor_no(text: str) -> None:
    said = _acts(text)

    assert not said.no
    assert not said.yes


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("will I get a refund if an embassy rejects it?", "informational"),
        ("agar embassy reject kar de to refund milega?", "informational"),
        ("reject ho gaya to paise wapas milenge kya?", "informational"),
        ("refund policy kya hai", "informational"),
        ("galat size aaya to badalne ke paise lagenge?", "informational"),
        ("visa ke liye photo upload karke order ho jaayega?", "informational"),
        ("when would you cancel an order", "informational"),
        ("kaise pata chalega ki sync ho gaya", "informational"),
        ("SAVE10 se kitna kam hoga", "informational"),
        ("main is payment ko dispute karta hoon", "case_specific"),
        ("how do I cancel my order?", "informational"),
        ("order cancel kaise kare", "informational"),
        ("where is my order ORD-123", "case_specific"),
        ("mera order kahan hai", "case_specific"),
        ("I was charged twice", "case_specific"),
        ("paise kat gaye par order nahi hua", "case_specific"),
        ("embassy rejected it, refund me", "action_request"),
        ("embassy ne reject kar diya, paise wapas do", "action_request"),
        ("please reboot my node", "action_request"),
        ("ticket bana do", "action_request"),
    ],
)
def test_that_general_questions_cases_and_requests_are_told_apart(text: str, mode: str) -> None:
    assert _acts(text).mode == mode


@pytest.mark.parametrize(
    ("text", "hypothetical"),
    [
        ("what happens if my photo is rejected?", True),
        ("agar reject ho gaya to kya hoga?", True),
        ("embassy rejected it, refund me?", False),
        ("you'll get a legal notice if this stays broken", False),
        ("theek nahi hua to mera vakeel notice bhejega", False),
        ("I want to know if you ship to Goa", False),
        ("please cancel it if possible", False),
    ],
)
def test_that_a_condition_is_hypothetical_and_a_courtesy_is_not(text: str, hypothetical: bool) -> None:
    assert _acts(text).hypothetical is hypothetical


@pytest.mark.parametrize("text", ["don't cancel my order", "order cancel mat karo", "refund nahi chahiye"])
def test_that_a_negated_request_is_marked(text: str) -> None:
    assert _acts(text).negated


@pytest.mark.parametrize(
    "text", ["and for Germany?", "uska price?", "aur EMI pe?", "germany ke liye?", "kyu?"]
)
def test_that_a_follow_up_is_marked(text: str) -> None:
    assert _acts(text).follow_up


@pytest.mark.parametrize("text", ["mera order kahan hai", "what is your refund policy", "thanks", "hello"])
def test_that_a_message_that_stands_alone_is_no_follow_up(text: str) -> None:
    assert not _acts(text).follow_up


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("namaste bhai", "greeting"),
        ("good morning", "greeting"),
        ("shukriya", "thanks"),
        ("ok bye", "goodbye"),
    ],
)
def test_that_courtesies_are_heard_and_leave_nothing_else(text: str, act: str) -> None:
    said = _acts(text)

    assert getattr(said, act)
    assert said.bare


def test_that_a_greeting_before_a_question_is_not_all() -> None:
    said = _acts("hi, where is my order?")

    assert said.greeting
    assert said.question
    assert not said.bare


@pytest.mark.parametrize(
    "text",
    [
        "in which case is it free",
        "My flight leaves soon, can it be done today",
        "courier se aata hai ya dukan se lena hai",
        "dopahar ko order karun to aaj nikal jayega na",
    ],
)
def test_that_a_question_is_heard_wherever_it_begins(text: str) -> None:
    assert _acts(text).question


@pytest.mark.parametrize("text", ["order ho jayega kya", "payment karna hai", "photo ban jaye to"])
def test_that_what_will_or_may_be_is_no_report(text: str) -> None:
    assert not _acts(text).reports
