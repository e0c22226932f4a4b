"""Pages of turns that were run again, with hostile content, for the tests that render every template."""

from dataclasses import replace
from datetime import UTC, datetime

from store.values.reruns import Rerun
from store.values.work import Job
from tests.ui.samples import SHELL
from ui.render import View
from ui.views.case import CasePage, case_values
from ui.views.forms import Form
from ui.views.replay import build_replay
from ui.views.reruns import Reruns, rerun_line, rerun_page

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


AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
JOB = Job(id="job_1", company_id="cmp_1", kind="rerun", status="done", created_at=AT)
SIDE = {"reply": EVIL, "kind": "answer", "handoff": True, "grounded": True, "sources": [EVIL]}
TRIED = Rerun(
    id="rrn_1",
    company_id="cmp_1",
    job_id="job_1",
    title=EVIL,
    draft={"kind": "entry"},
    base="1",
    summary={
        "tickets": 2,
        "turns": 3,
        "skipped": 1,
        "seconds": 0.1,
        "changedTurns": 1,
        "kinds": {"answered": 0, "escalated": 1, "untold": 0},
        "gate": {"passed": False, "cases": 2, "failed": [EVIL], "trials": 2},
    },
    changes=[
        {
            "ticketId": "tkt_1",
            "number": 1001,
            "turnId": "trn_1",
            "question": EVIL,
            "kinds": ["escalated"],
            "before": SIDE,
            "after": {**SIDE, "reply": f"other {EVIL}"},
            "partsAt": "step 2, triage",
            "trace": [CHANGE],
        }
    ],
    started_by=EVIL,
    created_at=AT,
)
RUNNING = replace(JOB, status="running", progress={"done": 1, "of": 3})
CASE = {"id": EVIL, "turns": [EVIL], "must": [[EVIL, "b"]], "tools": ["order_lookup"], "kind": "answer"}


def tried(rerun: Rerun, job: Job = JOB, problem: str = "") -> View:
    """The page of a tried draft."""
    return rerun_page(rerun, job, shell=SHELL, may_publish=True, problem=problem)


def case(reply: str) -> View:
    """The form of a case."""
    form = Form(case_values(CASE, "disputed", EVIL), {"turns": EVIL})
    return CasePage(SHELL, EVIL, EVIL, "/evals", form, reply)


AGAIN_VIEWS: dict[str, View] = {
    "replay": replay(SAME, DIFFERS, LOST),
    "replay, the same": replay(SAME, identical=True),
    "replay, empty": replay(),
    "rerun": tried(TRIED, problem=EVIL),
    "rerun, published": tried(replace(TRIED, published_at=AT)),
    "rerun, running": tried(replace(TRIED, summary={}, changes=[]), RUNNING),
    "rerun, no change": tried(replace(TRIED, changes=[])),
    "reruns": Reruns(SHELL, (rerun_line(TRIED, JOB),)),
    "reruns, empty": Reruns(SHELL, ()),
    "case, new": case(EVIL),
    "case, kept": case(""),
}
