"""The frame of every staff page: who is signed in, where one is, what is waiting.

A new page gets a `Place` in one of the groups; the group that one is in shows its places, the others rest.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

from ui.views.words import initials


@dataclass(frozen=True)
class Place:
    """A page of the desk; `by_company` says that it takes the company along in its address."""

    key: str
    label: str
    url: str
    icon: str
    by_company: bool = False


@dataclass(frozen=True)
class Group:
    """Pages that belong together, under one entry of the rail."""

    label: str
    icon: str
    places: tuple[Place, ...]

    @property
    def url(self) -> str:
        """Where the group begins."""
        return self.places[0].url

    def holds(self, key: str) -> bool:
        """Whether the page of that key is one of this group."""
        return any(place.key == key for place in self.places)


GROUPS = (
    Group("Inbox", "inbox", (Place("inbox", "Inbox", "/inbox", "inbox"),)),
    Group(
        "Knowledge",
        "book",
        (
            Place("knowledge", "Entries", "/knowledge", "book", by_company=True),
            Place("imports", "Imports", "/imports", "download", by_company=True),
            Place("gaps", "Gaps", "/gaps", "gap", by_company=True),
            Place("articles", "Articles", "/articles", "copy", by_company=True),
            Place("recall", "Stale answers", "/recall", "recall", by_company=True),
        ),
    ),
    Group(
        "Automation",
        "bolt",
        (
            Place("agents", "Agents", "/agents", "agents"),
            Place("rules", "Rules", "/rules", "rules", by_company=True),
            Place("tools", "Tools", "/tools", "tools", by_company=True),
            Place("records", "Records", "/records", "records", by_company=True),
            Place("reruns", "Tried drafts", "/reruns", "play"),
            Place("console", "Console", "/console", "console", by_company=True),
        ),
    ),
    Group(
        "Insights",
        "figures",
        (
            Place("figures", "Figures", "/figures", "figures"),
            Place("logs", "Logs", "/logs", "logs"),
            Place("evals", "Evaluations", "/evals", "evals"),
            Place("outcomes", "Outcomes", "/outcomes", "inbox", by_company=True),
            Place("parity", "Parity", "/parity", "parity", by_company=True),
            Place("reviews", "Reviews", "/reviews", "check", by_company=True),
        ),
    ),
    Group(
        "Admin",
        "building",
        (
            Place("companies", "Companies", "/admin/companies", "building"),
            Place("own-tools", "Own tools", "/admin/http-tools", "globe", by_company=True),
            Place("isolation", "Isolation", "/isolation", "wall"),
            Place("safety", "Safety", "/admin/safety", "key"),
            Place("health", "Health", "/admin/health", "figures"),
            Place("outbox", "Outbox", "/outbox", "mail"),
        ),
    ),
)


@dataclass(frozen=True)
class Shell:
    """What the rail shows: the place one is at, the person, how many tickets need somebody."""

    here: str
    name: str
    role: str = ""
    waiting: int = 0
    compact: bool = False
    outbox: bool = True
    company: str = ""
    """The slug of the company that the page is about; "" for all of them."""

    @property
    def initials(self) -> str:
        """The letters on the person's face."""
        return initials(self.name)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The entries of the rail; the outbox stands there in development only."""
        return tuple(replace(group, places=self._places(group)) for group in GROUPS)

    def _places(self, group: Group) -> tuple[Place, ...]:
        shown = (place for place in group.places if self.outbox or place.key != "outbox")
        return tuple(self._with_company(place) for place in shown)

    def _with_company(self, place: Place) -> Place:
        if not (self.company and place.by_company):
            return place
        return replace(place, url=f"{place.url}?company={quote(self.company)}")
