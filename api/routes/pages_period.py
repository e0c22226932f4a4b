"""Which company and which days a page of figures is about, and the ways to others."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from store.unit import UnitOfWork
from store.values.companies import Company
from ui.views.figures import PERIODS
from ui.views.logs import address
from ui.views.words import day

Options = tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Period:
    """A company (None means all that the reader may see) and days in UTC, both ends included."""

    path: str
    company: Company | None
    companies: tuple[Company, ...]
    days: int
    last: date

    @classmethod
    def read(cls, uow: UnitOfWork, path: str, company: str, days: int, now: datetime) -> "Period":
        """From what the address says; an unknown company means all."""
        known = tuple(uow.companies.all())
        chosen = next((item for item in known if item.slug == company), None)
        return cls(path, chosen, known, days, now.date())

    def of_one(self) -> "Period":
        """The same for one company, the first when none was asked for."""
        return self if self.company or not self.companies else replace(self, company=self.companies[0])

    @property
    def slug(self) -> str:
        """The company's, or nothing."""
        return self.company.slug if self.company else ""

    @property
    def company_id(self) -> str | None:
        """The company's id, None for all."""
        return self.company.id if self.company else None

    @property
    def first(self) -> date:
        """The first day."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def begin(self) -> datetime:
        """The moment at which the first day begins."""
        return datetime.combine(self.first, time(), tzinfo=UTC)

    @property
    def until(self) -> datetime:
        """The moment at which the last day ends."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=UTC)

    @property
    def asked(self) -> tuple[Company, ...]:
        """The companies that the page is about."""
        return (self.company,) if self.company else self.companies

    @property
    def company_options(self) -> Options:
        """The picker of companies."""
        every = ("All companies", address(self.path, {}, days=self.days), self.company is None)
        named = (
            (item.name, address(self.path, {"company": item.slug}, days=self.days), item == self.company)
            for item in self.companies
        )
        return (every, *named)

    @property
    def period_options(self) -> Options:
        """The picker of lengths."""
        return tuple(
            (words, address(self.path, {"company": self.slug}, days=length), length == self.days)
            for length, words in PERIODS
        )

    @property
    def words(self) -> str:
        """`Sat 21 Nov 2026 to Sun 29 Nov 2026, UTC`."""
        return f"{day(self.begin)} to {day(self.until - timedelta(days=1))}, UTC"
