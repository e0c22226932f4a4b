"""The pages that look back, with every kind of content, hostile words in each place that takes words."""

from dataclasses import replace

from tests.ui.samples import SHELL
from ui.render import View
from ui.views import charts, isolation, outcomes, parity, recall, reviews
from ui.views.figures import Headline
from ui.views.words import Sign

EVIL = "<script>alert(1)</script>"
PICKER = ((EVIL, "/x", True),)
SIGN = Sign("urgent", EVIL)
HEADLINE = Headline(EVIL, "1", EVIL)

ANSWER = recall.AnswerLine("trn_1", "#1", "/tickets/1", EVIL, EVIL, "now", "")
CARD = recall.ClaimCard("k1", SIGN, EVIL, EVIL, (ANSWER, replace(ANSWER, settled=EVIL)), 3, 2, EVIL)
RECALL = recall.RecallPage(
    SHELL, "chg_1", EVIL, EVIL, "/recall", (CARD, replace(CARD, key="k2", now="")), 3, 2, EVIL
)

SHARE = outcomes.share_of("confirmed", 1, 2, (0.1, 0.9), "/x", on=True)
TICKET = outcomes.TicketLine("#1", "/tickets/1", EVIL, EVIL, EVIL, SIGN, EVIL, "now")
OUTCOMES = outcomes.OutcomesPage(
    SHELL, PICKER, PICKER, EVIL, (HEADLINE,), (SHARE, outcomes.share_of("open", 1, 0, (0, 0), "/x")),
    (replace(SHARE, sign=None, name=EVIL),), (TICKET,), EVIL, "/x", "/x",
    outcomes.proven(3, ((EVIL, 1, 2),)), behind=True,
)  # fmt: skip

JUDGED = reviews.Judged(
    "rev_1", EVIL, EVIL, EVIL, "now", "/tickets/1/trace", (reviews.RestsOn(EVIL, EVIL, EVIL),), "wrong", EVIL
)
REVIEWS = reviews.ReviewsPage(
    SHELL, "shop", PICKER, PICKER, EVIL, 30, (HEADLINE,), JUDGED, 1, 2, (20,),
    charts.calibration("calibration", EVIL, EVIL, [(0.9, 2, 1)]),
    (reviews.ThresholdRow("0.70", EVIL, EVIL, EVIL),), 
    (reviews.MarkLine("/x", EVIL, SIGN, EVIL, EVIL, "now"),), EVIL,
)  # fmt: skip

GAP = parity.GapRow(EVIL, EVIL, EVIL, "1", "1", "+1", "0", 1, 2, 1.5, True, "behind", "/x", on=True)
POINTS = (parity.GapPoint(EVIL, 3.0, -4.0, 11.0, EVIL), parity.GapPoint("now", -1.0, -9.0, 8.0, EVIL))
PARITY = parity.ParityPage(
    SHELL, PICKER, PICKER, EVIL,
    (GAP, replace(GAP, verdict="ahead"), replace(GAP, verdict="even"), replace(GAP, known=False, on=False)),
    parity.gaps("over-time", EVIL, EVIL, POINTS),
)  # fmt: skip

ISOLATION = isolation.IsolationPage(
    SHELL, EVIL, EVIL, "urgent", ((EVIL, 2),), (isolation.RoundLine("now", 2, "2 of 2", "240", 1, "12 s"),),
    (isolation.LeakLine("now", EVIL, EVIL, EVIL),), running=True, may_run=True,
)  # fmt: skip

LOOKING_VIEWS: dict[str, View] = {
    "recalls": recall.RecallList(
        SHELL, "shop", PICKER, (recall.ChangeLine(EVIL, EVIL, "/recall/1", SIGN, 3, 2, "now"),)
    ),
    "recalls, empty": recall.RecallList(SHELL, "shop", PICKER, ()),
    "recall": RECALL,
    "recall, looked at": replace(RECALL, may_act=False, said=""),
    "recall, empty": replace(RECALL, claims=()),
    "outcomes": OUTCOMES,
    "outcomes, empty": replace(
        OUTCOMES, ends=(), reasons=(), tickets=(), proof=None, behind=False, everything=""
    ),
    "isolation": ISOLATION,
    "isolation, empty": replace(ISOLATION, surfaces=(), rounds=(), leaks=(), running=False, may_run=False),
    "parity": PARITY,
    "parity, empty": replace(PARITY, rows=(), chart=parity.gaps("g", EVIL, EVIL, ()), behind=True),
    "reviews": REVIEWS,
    "reviews, nothing waits": replace(REVIEWS, current=None, thresholds=(), marks=(), drawable=0, said=""),
    "reviews, looked at": replace(REVIEWS, may_mark=False),
}
