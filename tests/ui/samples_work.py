"""The set-up pages with hostile content, empty and full, for the tests that render every template."""

from tests.ui.samples import SHELL, TRACE
from ui.render import View
from ui.views import agents, articles, charts, companies, console, eval_shapes, figures, logs, records, rules
from ui.views.evidence import receipts_of, tools_of
from ui.views.forms import Form
from ui.views.path import path_of
from ui.views.words import Sign

EVIL = "<script>alert(1)</script>"
BRAND = {"brand": "#0a6871", "brand_ink": "#ffffff", "brand_dark": "#54c3cb"}
FORM = Form(
    {"name": EVIL, "cannot-0-key": EVIL, "brand-brand": EVIL}, {"name": "has to be shorter", "brand": EVIL}
)

COMPANY = companies.CompanyEdit(
    shell=SHELL,
    slug="shop",
    name=EVIL,
    form=FORM,
    steps=companies.steps_of(
        "shop", worded=True, branded=False, entries=2, rules=0, tools=(EVIL,), origins=0, key=True
    ),
    ratios=companies.ratios_of({**BRAND, "brand_dark_ink": "#04262a", "brand_dark_text": "#54c3cb"}),
    keys=(companies.KeyLine("k-1", "today", EVIL), companies.KeyLine("k-0", "before")),
    embed=EVIL,
    chat_url="/widget/shop?full=1",
    waiting=(("en", EVIL),),
    limits=2,
    scenarios=1,
    saved=EVIL,
)
LINE = companies.CompanyLine(EVIL, "shop", EVIL, "#0a6871", ("2 agents",), 1)

AGENT = agents.AgentPage(
    shell=SHELL,
    agent_id="agt_1",
    title=EVIL,
    version=2,
    agents=(agents.AgentLink(EVIL, EVIL, "/agents/agt_1", on=True),),
    companies=(("shop", EVIL),),
    company=EVIL,
    form=FORM,
    tools=(agents.ToolSwitch("order_lookup", EVIL, "read", EVIL, EVIL, True, True, "/tools"),),
    versions=(
        agents.VersionLine(2, "now", live=True, changed=EVIL, diff_url="/x"),
        agents.VersionLine(1, "before", live=False, changed="Made", diff_url="/x"),
    ),
    difference=agents.Difference(1, agents.changes_between({"name": EVIL}, {"name": "b", "prompt": "1\n2"})),
)
RULE = rules.RuleLine(
    EVIL, "/rules/1", EVIL, EVIL, EVIL, "Any term", EVIL, "human", False, "x", 1, "0.9", False
)
RECORD = records.RecordLine("TL-1", EVIL, EVIL, EVIL, EVIL, "now", "/records?edit=TL-1")
TOOL = records.ToolLine(EVIL, EVIL, "read", EVIL, EVIL, True, True, (EVIL,), "/tools", True)
DETAIL = records.ToolDetail(
    name=EVIL,
    schema=EVIL,
    parameters=(("id", "string"),),
    calls=(records.CallLine("now", EVIL, "urgent", EVIL, EVIL, "/tickets/1"),),
    form=FORM,
    outcome=records.TryOut("Refused", "urgent", "2 ms", EVIL),
)
PICKER = ((EVIL, "/x", True),)

CONSOLE = console.Console(
    shell=SHELL,
    company="shop",
    companies=PICKER,
    agents=(("agt_1", EVIL, True),),
    customers=(EVIL,),
    scenarios=(console.Scenario(EVIL, EVIL, EVIL, verified=True),),
    mode="strict",
    threshold="0.70",
    may_keep=True,
)
STEP = console.StepInside(
    "guard",
    "2 ms",
    "urgent",
    EVIL,
    ((EVIL, EVIL),),
    receipts=receipts_of(TRACE.receipts),
    tools=tools_of(TRACE.tool_calls),
)

DAYS = ("20 Nov", "21 Nov")
FIGURES = figures.FiguresPage(
    shell=SHELL,
    companies=PICKER,
    periods=PICKER,
    period=EVIL,
    headlines=figures.headlines_of({}),
    charts=(
        charts.stacked("a", EVIL, EVIL, DAYS, [(EVIL, (3, 0))]),
        charts.shares("b", EVIL, EVIL, DAYS, [(EVIL, ((1, 2), (0, 0)))]),
        charts.calibration("c", EVIL, EVIL, [(0.85, 10, 9), (0.95, 4, 4)]),
        charts.stacked("d", EVIL, EVIL, DAYS, [(EVIL, (0, 0))]),
    ),
    tables=(
        charts.bar_table("e", EVIL, EVIL, {EVIL: 2}, empty=""),
        charts.bar_table("f", "x", "", {}, empty=EVIL),
    ),
    outcomes=((EVIL, "1", "2 %"),),
    behind=True,
)
LOG_LINE = logs.LogLine(
    "now", "/x", EVIL, EVIL, EVIL, EVIL, EVIL, "1", EVIL, "done", EVIL, EVIL, "urgent", "1", "2 ms"
)

CASE = eval_shapes.CaseLine(EVIL, EVIL, EVIL, EVIL, EVIL, False, EVIL, EVIL, EVIL, True)
STRIP = eval_shapes.Interval("1/2", "50.0", "9.5–90.5", 0.0, 160.0, 0.0)
EVAL = eval_shapes.EvalPage(
    shell=SHELL,
    id="evl_1",
    title=EVIL,
    summary=EVIL,
    headlines=(eval_shapes.Headline(EVIL, "1", EVIL),),
    kinds=(eval_shapes.KindRow(EVIL, STRIP, None, ""),),
    calibration=charts.calibration("calibration", EVIL, EVIL, [(0.9, 2, 1)]),
    intents=((EVIL, "0.5", "2"),),
    failures=(CASE,),
    others=PICKER,
    against=eval_shapes.Against(EVIL, (), (CASE,), (CASE,), 1),
)
EVALS = eval_shapes.Evals(
    shell=SHELL,
    runs=(eval_shapes.RunLine(EVIL, "/evals/1", "now", EVIL, "1 of 2", "50 %", "+1 pt", 1, "2 ms"),),
    going=(
        eval_shapes.Going("job_1", EVIL, 1, 2, "running"),
        eval_shapes.Going("job_2", EVIL, 0, 2, "failed", EVIL),
    ),
    sources=(("own", EVIL),),
    companies=(("shop", EVIL),),
    form=Form({}, {"source": EVIL}),
    own=(eval_shapes.OwnLine("cas_1", EVIL, EVIL, EVIL, EVIL),),
)

WORK_VIEWS: dict[str, View] = {
    "companies": companies.Companies(SHELL, (LINE,), may_create=True),
    "companies, empty": companies.Companies(SHELL, (), may_create=False),
    "new company": companies.NewCompanyPage(SHELL, FORM),
    "company, set up": COMPANY,
    "agent": AGENT,
    "rules": rules.Rules(SHELL, (RULE,), PICKER, "/rules/new"),
    "rules, empty": rules.Rules(SHELL, (), PICKER, "/rules/new", may_change=False),
    "rule": rules.RulePage(SHELL, "rul_1", EVIL, FORM, (("shop", EVIL),), EVIL),
    "rule, new": rules.RulePage(SHELL, "", "New rule", FORM, (("shop", EVIL),), ""),
    "records": records.Records(SHELL, PICKER, "shop", (RECORD,), FORM, "TL-1"),
    "records, empty": records.Records(SHELL, PICKER, "shop", (), FORM),
    "articles": articles.Articles(
        SHELL, PICKER, "shop", (articles.ArticleLine(EVIL, EVIL, EVIL, "now", "/articles?edit=x"),), FORM, "x"
    ),
    "articles, empty": articles.Articles(SHELL, PICKER, "shop", (), FORM),
    "console": CONSOLE,
    "figures": FIGURES,
    "evals": EVALS,
    "evals, empty": eval_shapes.Evals(SHELL, (), (), (), (), Form(), (), may_start=False),
    "eval": EVAL,
    "logs": logs.Logs(
        SHELL, logs.filters_of({"intent": EVIL}, [("shop", EVIL)]), (LOG_LINE,), "/logs.csv", "/n", "/o", True
    ),
    "logs, empty": logs.Logs(SHELL, (), (), "/logs.csv"),
    "tools": records.Tools(SHELL, PICKER, "shop", (TOOL,), DETAIL),
}
PIECES: dict[str, View] = {
    "rule preview": rules.RulePreview(200, ((EVIL, "/tickets/1/trace"),), 3),
    "console, said": console.Exchange(
        1, EVIL, EVIL, "en", (EVIL,), ((1, EVIL, ""),), path_of(["safety"]), EVIL, Sign("human", EVIL)
    ),
    "console, inside": console.Inside(1, (STEP,), EVIL, ((EVIL, EVIL),), EVIL),
    "rule preview, broken": rules.RulePreview(0, (), 0, problem=EVIL),
}
"""Parts of pages that are fetched alone: escaped and without inline code, but no documents."""
