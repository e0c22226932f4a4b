"""The pages about knowledge with hostile content, empty and full, for tests that render every template."""

from dataclasses import replace

from tests.ui.samples import SHELL
from ui.render import View
from ui.views import imports, knowledge
from ui.views.forms import Form
from ui.views.recall import ChangeLine
from ui.views.words import Sign

EVIL = "<script>alert(1)</script>"
SIGN = Sign("done", EVIL)
TABS = ((EVIL, "/knowledge?company=shop", True), ("Gaps", "/gaps?company=shop", False))
HELD = (imports.HeldLine("hld_1", EVIL, EVIL, EVIL, EVIL),)
LIST = imports.Imports(
    shell=SHELL,
    company=EVIL,
    companies=TABS,
    jobs=(imports.JobLine(EVIL, "/imports/job_1", SIGN, EVIL, 3, "now", EVIL, True),),
    held=HELD,
    nights=(imports.NightLine("sch_1", EVIL, "now"),),
    form=Form({"url": EVIL}, {"url": EVIL}),
    upload=Form({}, {"file": EVIL}),
    said=EVIL,
)
ONE = imports.ImportShown(
    shell=SHELL,
    id="job_1",
    site=EVIL,
    company=EVIL,
    sign=SIGN,
    done=1,
    total=2,
    counts=EVIL,
    passages=3,
    error=EVIL,
    notes=(EVIL,),
    pages=(imports.PageLine(EVIL, EVIL, SIGN, EVIL, 1),),
    states=TABS,
    back="/imports?company=shop",
    live=True,
    dry=True,
    may_cancel=True,
    may_retry=True,
    held=HELD,
)
LINE = knowledge.KnownLine(EVIL, EVIL, "/knowledge/ent_1", EVIL, SIGN, 2, "now")
PREVIEW = knowledge.Preview(
    EVIL, EVIL, 0.87, (knowledge.HitLine(EVIL, "page", EVIL, 0.8, 0.7, 0.6),), (EVIL,), degraded=True
)
KNOWN = knowledge.Knowledge(
    shell=SHELL,
    company=EVIL,
    companies=TABS,
    entries=(LINE,),
    pages=(replace(LINE, url="https://shop.example/a"), replace(LINE, url="")),
    more=3,
    question=EVIL,
    preview=PREVIEW,
)
ENTRY = knowledge.EntryPage(
    shell=SHELL,
    entry_id="ent_1",
    title=EVIL,
    company=EVIL,
    back="/knowledge?company=shop",
    form=Form({"question": EVIL, "status": "draft"}, {"answer": EVIL}),
    revisions=(knowledge.RevisionLine(1, "now", "active", EVIL, EVIL),),
    stale=(ChangeLine(EVIL, EVIL, "/recall/1", SIGN, 3, 2, "now"),),
    saved=EVIL,
)
GAPS = knowledge.GapsPage(
    shell=SHELL,
    company=EVIL,
    companies=TABS,
    gaps=(knowledge.GapLine(EVIL, 4, "3 en", (("hinglish", EVIL),), "gap_1 gap_2"),),
)
KNOWLEDGE_VIEWS: dict[str, View] = {
    "imports": LIST,
    "imports, empty": replace(LIST, jobs=(), held=(), nights=(), may_change=False, said=""),
    "import": ONE,
    "import, ended": replace(ONE, live=False, may_cancel=False, held=(), notes=(), error=""),
    "knowledge": KNOWN,
    "knowledge, empty": replace(KNOWN, entries=(), pages=(), preview=None, more=0, may_change=False),
    "knowledge, not answerable": replace(KNOWN, preview=replace(PREVIEW, answerable=0.1, degraded=False)),
    "entry": ENTRY,
    "entry, new": replace(ENTRY, entry_id="", revisions=(), form=Form()),
    "gaps": GAPS,
    "gaps, empty": replace(GAPS, gaps=(), may_change=False),
}
