"""What a message means in the course of the talk: yes or no to an offer, a missing slot, greetings."""

from graph.state import Triage
from language.acts import asks_what_we_are
from language.files import words
from language.others import asks_about_others
from nodes.triage.tasks import declines, task_for_words
from nodes.triage.view import View

_BRIEF = 2  # content words that a courtesy may carry without being a question
_SOCIAL = frozenset({"thanks", "done", "became", "goodnight"})  # English of courtesies in Hinglish
_AGREEING = ("yes", "connect", "transfer", "go ahead")


def decide_by_offer(view: View) -> Triage | None:
    """A yes or no to the action or the person that was offered last."""
    pending, question = view.memory.pending, view.question
    if question.confirmed_offer or question.refused_offer:
        return _button(view)
    if view.memory.awaiting == "confirmation" and pending is not None:
        if view.acts.yes and not view.acts.no:
            return _go_on(view, pending.tool, "yes to the offered action")
        if view.acts.no:
            return _reply(view, "not_done", "no to the offered action")
    if view.memory.awaiting == "handoff":
        if _agrees(view):
            return view.decide("escalation", reason="accepted", confidence=0.95, reasons=("yes to a person",))
        if view.acts.no and len(view.content) <= _BRIEF:
            return _reply(view, "keep_chatting", "no to a person")
    return None


def decide_by_second_thought(view: View) -> Triage | None:
    """What was thought of is not wanted any more: "leave it, do not reboot", "rehne do, mat bhejo"."""
    talked_of = view.memory.looked_up or view.memory.task
    if not talked_of or view.acts.wants_person or view.acts.question or view.record:
        return None
    unwanted = any(declines(view, spec) for spec in view.tools.values() if spec.kind == "write")
    if not (unwanted or view.acts.negated) or task_for_words(view) is not None:
        return None
    return _reply(view, "not_done", "takes back what was talked of")


def _agrees(view: View) -> bool:
    """A yes to a person, said plainly: "ok thanks" and a new question are none."""
    acts, brief = view.acts, len(view.content) <= 2 * _BRIEF
    agrees = acts.yes or acts.wants_person or (brief and any(view.says(word) for word in _AGREEING))
    return agrees and not (acts.no or acts.thanks or acts.question or acts.declines_person)


def _button(view: View) -> Triage:
    pending = view.memory.pending
    if pending is None or pending.id not in {view.question.confirmed_offer, view.question.refused_offer}:
        return _reply(view, "offer_gone", "the button belongs to an offer that is no longer open")
    if view.question.refused_offer:
        return _reply(view, "not_done", "no to the offered action")
    return _go_on(view, pending.tool, "the button of the open offer")


def _go_on(view: View, task: str, reason: str) -> Triage:
    return view.decide("specialist", task=task, confirms=True, confidence=0.95, reasons=(reason,))


def decide_by_person(view: View) -> Triage | None:
    """An explicit wish for a human comes before everything but an open offer."""
    if view.acts.declines_person and set(view.content) <= words("talk_words.txt"):
        return _reply(view, "keep_chatting", "no person is wanted")
    if not view.acts.wants_person:
        return None
    return view.decide(
        "escalation",
        reason="asked_for_person",
        priority="high",
        category="other",
        confidence=0.95,
        reasons=("the customer asks for a person",),
        tags=("human-review", "explicit-human-request", "escalate"),
    )


def decide_by_privacy(view: View) -> Triage | None:
    """What is private to somebody else is given to nobody, whatever the knowledge may answer beside it."""
    own = frozenset(" ".join((view.company.name, *view.company.topics)).casefold().split())
    if not asks_about_others(view.question.text, own):
        return None
    return view.decide(
        "reply",
        kind="blocked",
        template="private_to_others",
        confidence=0.95,
        reasons=("asks for what is private to somebody else",),
    )


def decide_by_slot(view: View) -> Triage | None:
    """The missing number or identity arrived: go on with the task that waited for it."""
    memory = view.memory
    if memory.task is None or memory.task not in view.tools:
        return None
    if memory.awaiting == "order_id" and view.record:
        return view.decide(
            "specialist", task=memory.task, confidence=0.9, reasons=("the missing number arrived",)
        )
    if memory.awaiting == "identity" and view.question.verified and not _asks_something_else(view):
        return view.decide(
            "specialist",
            task=memory.task,
            query=memory.resume or view.text,
            mode="action_request",
            confidence=0.9,
            reasons=("the identity is proven now",),
        )
    return None


def _asks_something_else(view: View) -> bool:
    """A general question of its own, put while the desk waits for a proof of identity."""
    other = view.text.strip() != view.memory.resume.strip() and not view.asks_state
    return other and view.acts.question and view.acts.mode == "informational" and len(view.content) > _BRIEF


def decide_by_vent(view: View) -> Triage | None:
    """Anger with nothing to answer: calm and helpful once, then a person."""
    if not view.acts.vents:
        return None
    if view.memory.failures > 0:
        return view.decide("escalation", reason="complaint", reasons=("angry at the desk more than once",))
    return _reply(view, "calm_remark", "angry at the desk")


def decide_by_courtesy(view: View) -> Triage | None:
    """Greetings, thanks and goodbyes that carry no question."""
    if view.acts.goodbye and not view.acts.question and len(view.content) <= 2 * _BRIEF:
        return _reply(view, "goodbye", "goodbye")
    if _announces(view) and not view.question.slots:
        return _reply(view, "clarify_vague", "says that help is needed, but not with what")
    if asks_what_we_are(view.words):
        return _reply(view, "what_i_am", "asks whether a person or a program answers")
    social = view.acts.greeting or view.acts.thanks or view.acts.goodbye
    light = words("vague_words.txt") | words("talk_words.txt") | _SOCIAL
    asks = "?" in view.text or view.acts.question
    brief = social and not asks and len(set(view.content) - light) <= _BRIEF
    if view.question.slots or not (view.acts.bare or brief):
        return None
    if view.acts.thanks:
        return _reply(view, "thanks", "thanks")
    if view.acts.greeting:
        return _reply(view, "greeting", "greeting", intent="greeting")
    if view.acts.yes or view.acts.no:
        return _reply(view, "acknowledge", "yes or no to nothing that is open")
    return None


def _announces(view: View) -> bool:
    """Says that help or an answer is needed but not with what; "order" alone tells little."""
    vague = words("vague_words.txt")
    if not view.content or not set(view.content) & vague:
        return False
    rest = set(view.content) - vague
    asking = set(view.content) & words("asking_words.txt")
    return not rest or bool(asking and len(rest) == 1 and view.about(next(iter(rest))))


def _reply(view: View, template: str, reason: str, **fields: str) -> Triage:
    return view.decide(
        "reply", kind="clarify", template=template, confidence=0.95, reasons=(reason,), **fields
    )
