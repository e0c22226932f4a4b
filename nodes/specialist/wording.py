"""What a tool's result means in words: the frames that say it, with slots taken from the result alone."""

from collections.abc import Callable, Mapping

from graph.ports import Company
from graph.state import ReplyLanguage, Sentence, ToolResult
from graph.wording import say
from language.frames import slots

Facts = Mapping[str, str]

_ON_THE_WAY = frozenset({"placed", "packed", "shipped", "out_for_delivery", "delayed"})
_BESIDE = frozenset({"order_expected", "order_tracking", "order_cod"})
_SENT = frozenset({"shipped", "out_for_delivery", "delayed"})
_ORDER_FRAMES = _ON_THE_WAY | {"delivered", "cancelled", "return_requested", "returned", "refunded"}


def describe(result: ToolResult, language: ReplyLanguage, company: Company) -> tuple[Sentence, ...]:
    """The sentences for a successful result; every slot's value stands in the result."""
    if result.tool not in _SAYS:
        return _told(result, language, company)
    known = {**result.arguments, **result.facts}
    given = {"company", "example", *(name for name, value in known.items() if value)}
    frames = _fitting(_SAYS[result.tool](result.facts), given)
    return tuple(
        sentence
        for frame in frames
        for sentence in say(frame, language, company, source_id=result.id, **known)
    )


def _fitting(frames: tuple[str, ...], given: set[str]) -> tuple[str, ...]:
    """The frames, a plainer one in place of each that needs what the record does not hold."""
    found = []
    for frame in frames:
        plainer = (
            (frame, "order_other", "record_status")
            if frame.startswith("order_") and frame not in _BESIDE
            else (frame, *(() if frame in _BESIDE else ("record_status",)))
        )
        found.append(next((name for name in plainer if slots(name) <= given), ""))
    return tuple(dict.fromkeys(name for name in found if name))


def total_of(result: ToolResult, language: ReplyLanguage, company: Company) -> tuple[Sentence, ...]:
    """What an order costs, where its record holds that and it is not said as what is due."""
    if not (slots("order_total") <= result.facts.keys()) or _is_due(result.facts):
        return ()
    return say("order_total", language, company, source_id=result.id, **result.facts)


def action_of(result: ToolResult, language: ReplyLanguage) -> str:
    """What a company's own tool does, in the customer's language."""
    return result.facts["action" if language == "en" else "action_hinglish"]


def _told(result: ToolResult, language: ReplyLanguage, company: Company) -> tuple[Sentence, ...]:
    """What a company's own tool gave: that it is done, and the fields that the company exposes."""
    shown = {name: value for name, value in result.facts.items() if not name.startswith("action")}
    sentences: tuple[Sentence, ...] = ()
    if result.kind == "write":
        action = action_of(result, language)
        sentences += say("tool_done", language, company, source_id=result.id, action=action)
    if shown:
        facts = " · ".join(f"{name}: {value}" for name, value in shown.items())
        sentences += say("tool_facts", language, company, source_id=result.id, facts=facts)
    return sentences


def _photo(facts: Facts) -> tuple[str, ...]:
    delivery = {"sent": ("photo_sent",), "resent": ("photo_resent",)}.get(facts.get("asset_delivery", ""), ())
    match facts.get("status"):
        case "completed":
            return ("photo_completed", *delivery)
        case "processing":
            return ("photo_processing",)
        case _:
            return ("record_status",)


def _node(facts: Facts) -> tuple[str, ...]:
    return ("node_status", "node_error" if facts.get("last_error") else "node_no_error")


def _order(facts: Facts) -> tuple[str, ...]:
    status = facts.get("status", "")
    frame = f"order_{status}" if status in _ORDER_FRAMES else "order_other"
    expected = ("order_expected",) if status in _ON_THE_WAY and facts.get("expected_delivery") else ()
    told = status == "shipped" and facts.get("courier")  # its own frame says both
    tracking = ("order_tracking",) if status in _SENT and facts.get("tracking_no") and not told else ()
    return (frame, *expected, *tracking, *(("order_cod",) if _is_due(facts) else ()))


def _is_due(facts: Facts) -> bool:
    """Whether the customer pays when the order comes."""
    return facts.get("status") in _ON_THE_WAY and facts.get("payment_method") == "COD"


def _case(facts: Facts) -> tuple[str, ...]:
    return ("case_exists",) if facts.get("existed") == "yes" else ("case_opened",)


def _always(*frames: str) -> Callable[[Facts], tuple[str, ...]]:
    return lambda _facts: frames


_SAYS: Mapping[str, Callable[[Facts], tuple[str, ...]]] = {
    "lookup_photo_request": _photo,
    "resend_download_link": _always("resend_done"),
    "lookup_deployment": _node,
    "reboot_node": _always("reboot_done"),
    "order_lookup": _order,
    "create_ticket": _case,
}

DONE_ALREADY: Mapping[str, str] = {"reboot_node": "rebooting"}
"""The status of a record that already is as the action would make it."""
REFUSED: Mapping[str, str] = {"resend_download_link": "resend_not_ready", "reboot_node": "reboot_refused"}
"""The frame that says, with the record's facts, why an action was not allowed."""
