"""Pages of turns that were run again, with hostile content, for the tests that render every template."""

from tests.ui.samples import SHELL
from ui.render import View
from ui.views.replay import build_replay

EVIL = "<script>alert(1)</script>"
CHANGE = {"path": "output.guard.confidence", "then": EVIL, "now": EVIL}
SAME = {
    "turnId": "trn_1",
    "number": 1,
    "status": "same",
    "reason": "",
    "steps": 4,
    "firstDifference": None,
    "refused": None,
    "outcome": [],
    "unused": [],
}
DIFFERS = {
    **SAME,
    "turnId": "trn_2",
    "number": 2,
    "status": "differs",
    "firstDifference": {"step": 2, "node": "triage", "changes": [CHANGE] * 50},
    "refused": {"step": "search", "asked": {"query": EVIL}, "recorded": {"query": "x"}},
}
LOST = {**SAME, "turnId": "trn_3", "number": 3, "status": "not recorded", "reason": EVIL}


def replay(*turns: object, identical: bool = False) -> View:
    """The page of a replayed ticket."""
    told = {"ticketId": "tkt_1", "number": 1001, "identical": identical, "turns": list(turns)}
    return build_replay(told, {"trn_1": EVIL}, shell=SHELL, subject=EVIL)


AGAIN_VIEWS: dict[str, View] = {
    "replay": replay(SAME, DIFFERS, LOST),
    "replay, the same": replay(SAME, identical=True),
    "replay, empty": replay(),
}
