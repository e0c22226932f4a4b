"""The chat in its frame, against a desk that answers by script."""

import threading

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import new_context
from tests.e2e.fake_desk import SENTENCES, FakeDesk

pytestmark = pytest.mark.browser
WHOLE = " ".join(SENTENCES)


def say(page: Page, words: str) -> None:
    """Write into the box and send with Enter."""
    page.get_by_label("Write a message").fill(words)
    page.keyboard.press("Enter")


def opened(page: Page, origin: str) -> Page:
    """The chat alone on a page, ready."""
    page.goto(f"{origin}/widget/shop?full=1")
    page.wait_for_selector(".chips button")
    return page


def answered(page: Page, times: int = 1) -> None:
    """Wait until so many whole replies stand there."""
    expect(page.locator(".bot .meta")).to_have_count(times)


def test_that_a_chip_sends_at_once_with_its_e_mail(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin).get_by_text("Can I return it?").click()
    answered(page)
    assert desk.posts[0][1]["email"] == "rita@example.com"
    expect(page.locator("[data-email]")).to_have_text("ri•••@example.com")
    expect(page.locator(".bot > p")).to_contain_text(WHOLE)
    expect(page.locator(".foots a")).to_have_attribute("href", "https://example.com/returns")
    expect(page.locator(".chips")).to_have_count(0)


def test_that_a_verified_chip_brings_proof_first(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin).get_by_text("Where is my order?").click()
    answered(page)
    assert desk.sessions[-1] == {"token": "jwt-asha@example.com"}
    expect(page.locator(".chat__title p")).to_contain_text("Verified as")


def test_that_sentences_arrive_one_by_one_and_end_as_one_message(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    desk.steps = threading.Semaphore(1)
    opened(page, origin)
    say(page, "Can I return it")
    expect(page.locator(".sentence")).to_have_count(1)
    expect(page.locator(".thinking")).to_be_visible()
    desk.steps.release()
    expect(page.locator(".sentence")).to_have_count(2)
    desk.steps.release(2)
    answered(page)
    expect(page.locator(".sentence")).to_have_count(0)
    expect(page.locator(".thinking")).to_have_count(0)


def test_that_each_sentence_is_announced_once(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "Can I return it")
    answered(page)
    said = page.locator("[data-announcer] p").all_text_contents()
    assert " ".join(said) == WHOLE
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")


def test_that_shift_enter_breaks_the_line_and_blank_words_are_not_sent(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    say(page, "   ")
    box = page.get_by_label("Write a message")
    box.fill("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    box.press("Enter")
    answered(page)
    assert [body["message"] for _, body in desk.posts] == ["one\ntwo"]


PASTE = """(box) => {
  const held = new DataTransfer();
  held.items.add(new File(["x"], "photo.png", { type: "image/png" }));
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


def test_that_a_file_is_refused_with_a_reason_that_goes_with_the_next_words(page: Page, origin: str) -> None:
    opened(page, origin)
    page.get_by_label("Write a message").evaluate(PASTE)
    expect(page.get_by_text("Files cannot be sent here.")).to_be_visible()
    say(page, "It shows a torn cushion")
    answered(page)
    expect(page.get_by_text("Files cannot be sent here.")).to_be_hidden()


def test_that_markup_in_words_is_shown_as_words(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "<img src=x onerror=alert(1)> <b>bold</b>")
    answered(page)
    desk.ticket.tell(
        "message", {"id": "msg_x", "role": "human", "author": "Meera", "text": "<script>1</script>"}
    )
    expect(page.locator(".human__text")).to_have_text("<script>1</script>")
    expect(page.locator(".me")).to_contain_text("<img src=x onerror=alert(1)> <b>bold</b>")
    expect(page.locator(".chat__log img, .chat__log script, .chat__log b:not(.human__who b)")).to_have_count(
        0
    )


def test_that_a_reload_keeps_the_conversation_and_what_was_typed(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    say(page, "Can I return it")
    answered(page)
    page.get_by_label("Write a message").fill("and one more")
    page.reload()
    answered(page)
    expect(page.locator(".me")).to_have_count(1)
    expect(page.get_by_label("Write a message")).to_have_value("and one more")
    assert len(desk.sessions) == 1


def test_that_a_second_tab_shows_the_same_conversation_live(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "Can I return it")
    answered(page)
    second = page.context.new_page()
    second.goto(f"{origin}/widget/shop?full=1")
    answered(second)
    say(page, "thank you")
    answered(second, 2)
    expect(second.locator(".me")).to_have_count(2)
    assert len(desk.tickets) == 1


@pytest.mark.parametrize("after", range(1, 7))
def test_that_a_stream_cut_at_any_event_ends_in_the_same_text(
    page: Page, origin: str, desk: FakeDesk, after: int
) -> None:
    desk.cut_after = after
    opened(page, origin)
    say(page, "Can I return it")
    answered(page)
    expect(page.locator(".bot > p")).to_contain_text(WHOLE)
    expect(page.locator(".me")).to_have_count(1)
    expect(page.locator(".bot")).to_have_count(1)
    assert desk.streams[: len(desk.streams)] == sorted(desk.streams)


def test_that_words_written_without_a_connection_wait_and_go_out_by_themselves(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    page.context.set_offline(True)
    say(page, "Can I return it")
    expect(page.locator(".me__state")).to_contain_text("Not sent yet")
    expect(page.get_by_role("status")).to_contain_text("No connection")
    page.context.set_offline(False)
    answered(page)
    expect(page.locator(".me")).to_have_count(1)
    expect(page.locator(".banner")).to_be_hidden()


def test_that_words_that_waited_survive_a_reload(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "first")
    answered(page)
    desk.down = True
    say(page, "second")
    expect(page.locator(".me__state").last).to_contain_text("Not sent yet")
    desk.down = False
    page.reload()
    answered(page, 2)
    assert [body["message"] for what, body in desk.posts if what == "messages"][-1] == "second"
    expect(page.locator(".me")).to_have_count(2)


def test_that_words_said_before_the_chat_is_ready_go_out_when_it_is(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    desk.down = True
    page.goto(f"{origin}/widget/shop?full=1")
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    say(page, "Can I return it")
    expect(page.locator(".me")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    desk.down = False
    page.get_by_role("button", name="Try now").click()
    answered(page)
    assert [body["message"] for _, body in desk.posts] == ["Can I return it"]
    expect(page.locator(".me")).to_have_count(1)


def test_that_a_person_is_offered_refused_and_accepted(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "I want a person")
    page.get_by_role("button", name="Keep chatting").click()
    expect(page.locator(".ask")).to_have_count(0)
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_role("button", name="Yes, a person").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting for a person")
    expect(page.get_by_role("button", name="Talk to a person")).to_be_hidden()
    page.get_by_label("Add details for the team").fill("order 7")
    page.keyboard.press("Enter")
    expect(page.locator(".me__state").last).to_contain_text("added for the team")
    expect(page.locator(".thinking")).to_have_count(0)
    desk.ticket.tell("message", {"id": "msg_h", "role": "human", "author": "Meera Kulkarni", "text": "Hi."})
    expect(page.locator(".human__who")).to_contain_text("Meera Kulkarni")
    expect(page.get_by_role("status")).to_contain_text("A person is with you")


def test_that_a_fresh_chat_reaches_a_person_in_one_press(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin).get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_role("button", name="Yes, a person")).to_be_visible()
    assert desk.posts[0][1]["message"] == "I would like to talk to a person."


@pytest.mark.parametrize(
    ("button", "words"), [("Yes, do it", "validator-1 reboots"), ("Not now", "nothing was done")]
)
def test_that_an_action_waits_for_a_yes_or_no(page: Page, origin: str, button: str, words: str) -> None:
    opened(page, origin)
    say(page, "reboot my node")
    expect(page.locator(".ask dd")).to_have_text("validator-1")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".bot").last).to_contain_text(words)
    expect(page.locator(".ask")).to_have_count(0)


def test_that_identity_is_proven_by_a_code_and_a_wrong_code_says_so(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    say(page, "status of my order")
    page.get_by_label("E-mail address").fill("anna@example.com")
    page.get_by_role("button", name="Send the code").click()
    code = page.get_by_label("6-digit code")
    code.fill("000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".ask__wrong")).to_be_visible()
    code.fill("123456")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".ask")).to_have_count(0)
    expect(page.locator(".chat__title p")).to_contain_text("Verified as")
    assert next(body for what, body in desk.posts if what == "verify") == {"email": "anna@example.com"}


def test_that_a_thumb_down_asks_why(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "Can I return it")
    page.get_by_role("button", name="This did not help").click()
    page.get_by_role("button", name="It is wrong").click()
    expect(page.get_by_role("button", name="This did not help")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".reasons")).to_have_count(0)
    ratings = [body for what, body in desk.posts if what == "feedback"]
    assert [(body["rating"], body.get("reason")) for body in ratings] == [("down", None), ("down", "wrong")]


def test_that_a_chat_is_closed_rated_and_begun_anew(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "Can I return it")
    answered(page)
    page.get_by_role("button", name="End chat").click()
    expect(page.locator(".event").get_by_text("Chat closed")).to_be_visible()
    page.get_by_role("button", name="Partly").click()
    page.get_by_label("Anything we should know?").fill("slow")
    page.locator(".ask").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. That helps us.")).to_be_visible()
    assert desk.posts[-1] == ("outcome", {"solved": "partly", "note": "slow"})
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.locator(".chips button")).to_have_count(2)
    say(page, "another")
    answered(page)
    assert len(desk.tickets) == 2


def test_that_the_interface_follows_the_language_of_the_reply_and_can_be_pinned(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    say(page, "kya return ho sakta hai")
    expect(page.get_by_label("Apna sawaal likhiye")).to_be_visible()
    expect(page.locator(".bot")).to_have_attribute("lang", "hi-Latn")
    page.get_by_label("Bhasha").select_option("en")
    say(page, "and the pickup")
    answered(page, 2)
    assert desk.posts[-1][1]["language"] == "en"
    assert desk.posts[0][1]["language"] == "auto"
    page.reload()
    expect(page.get_by_label("Write a message")).to_be_visible()


def test_that_a_session_that_ended_is_replaced_and_the_words_still_arrive(
    page: Page, origin: str, desk: FakeDesk
) -> None:
    opened(page, origin)
    stale = '{"session": {"token": "old"}, "ticketId": "tkt_old"}'
    page.evaluate("stale => localStorage.setItem('supportgraph:shop', stale)", stale)
    page.reload()
    page.wait_for_selector(".chips button")
    say(page, "Can I return it")
    answered(page)
    assert len(desk.sessions) == 2


def test_that_a_desk_that_is_down_says_so_and_comes_back(page: Page, origin: str, desk: FakeDesk) -> None:
    desk.down = True
    page.goto(f"{origin}/widget/shop?full=1")
    expect(page.get_by_role("status")).to_be_visible()
    desk.down = False
    page.get_by_role("button", name="Try now").click()
    expect(page.locator(".chips button")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_the_company_colours_hold_in_both_themes(browser: Browser, origin: str, scheme: str) -> None:
    context = new_context(browser, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    opened(page, origin)
    colour = page.evaluate("getComputedStyle(document.querySelector('.chat__logo')).backgroundColor")
    context.close()
    assert colour == {"light": "rgb(153, 40, 74)", "dark": "rgb(184, 58, 98)"}[scheme]


def test_that_every_control_is_large_enough_to_touch(page: Page, origin: str, desk: FakeDesk) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    opened(page, origin)
    small = """() => [...document.querySelectorAll('button, input, textarea')]
        .filter((node) => node.checkVisibility() && !node.closest('.fine'))
        .filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.className)"""
    assert page.evaluate(small) == []
    say(page, "I want a person")
    answered(page)
    assert page.evaluate(small) == []


def test_that_nothing_moves_for_those_who_want_it_still(
    browser: Browser, origin: str, desk: FakeDesk
) -> None:
    context = new_context(browser, reduced_motion="reduce")
    page = context.new_page()
    desk.silent = True
    opened(page, origin)
    say(page, "Can I return it")
    page.wait_for_selector(".thinking")
    running = page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length")
    context.close()
    assert running == 0


def test_that_a_long_history_stays_usable(page: Page, origin: str, desk: FakeDesk) -> None:
    opened(page, origin)
    say(page, "first")
    answered(page)
    for number in range(400):
        desk.ticket.messages.append({"id": f"old_{number}", "role": "user", "text": f"line {number}"})
    page.reload()
    expect(page.locator(".me")).to_have_count(401)
    below = "(log) => log.scrollHeight - log.scrollTop - log.clientHeight"
    assert abs(page.get_by_role("log").evaluate(below)) < 3
