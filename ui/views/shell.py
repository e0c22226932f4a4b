"""The frame of every staff page: who is signed in, where one is, what is waiting."""

from dataclasses import dataclass

from ui.views.words import initials


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    key: str
    label: str
    url: str
    icon: str
    on_phones: bool = True


PLACES = (
    Place("inbox", "Inbox", "/inbox", "inbox"),
    Place("knowledge", "Knowledge", "/knowledge", "book"),
    Place("rules", "Rules", "/rules", "rules"),
    Place("agents", "Agents", "/agents", "agents", on_phones=False),
    Place("tools", "Tools", "/tools", "tools", on_phones=False),
    Place("records", "Records", "/records", "records", on_phones=False),
    Place("console", "Console", "/console", "console", on_phones=False),
    Place("logs", "Logs", "/logs", "logs"),
    Place("figures", "Figures", "/figures", "figures", on_phones=False),
    Place("evals", "Evaluations", "/evals", "evals", on_phones=False),
    Place("outbox", "Outbox", "/outbox", "mail", on_phones=False),
    Place("companies", "Companies", "/admin/companies", "building", on_phones=False),
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

    @property
    def initials(self) -> str:
        """The letters on the person's face."""
        return initials(self.name)

    @property
    def places(self) -> tuple[Place, ...]:
        """The entries of the rail; the outbox stands there in development only."""
        return tuple(place for place in PLACES if self.outbox or place.key != "outbox")
