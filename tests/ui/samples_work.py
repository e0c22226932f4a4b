"""The set-up pages with hostile content, empty and full, for the tests that render every template."""

from tests.ui.samples import SHELL
from ui.render import View
from ui.views import companies
from ui.views.forms import Form

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

WORK_VIEWS: dict[str, View] = {
    "companies": companies.Companies(SHELL, (LINE,), may_create=True),
    "companies, empty": companies.Companies(SHELL, (), may_create=False),
    "new company": companies.NewCompanyPage(SHELL, FORM),
    "company, set up": COMPANY,
}
