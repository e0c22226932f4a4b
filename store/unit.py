"""A unit of work: one transaction and the repositories that write in it. Nothing else commits."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from store.repositories.agents import AgentRepository
from store.repositories.alerts import AlertRepository
from store.repositories.base import Work
from store.repositories.companies import CompanyRepository
from store.repositories.customers import CustomerRepository
from store.repositories.desk_work import DeskWorkRepository
from store.repositories.erasure import ErasureRepository
from store.repositories.evals import EvalRepository
from store.repositories.exchanges import ExchangeRepository
from store.repositories.figures import FigureRepository
from store.repositories.gates import GateRepository
from store.repositories.imports import ImportRepository
from store.repositories.isolation import IsolationRepository
from store.repositories.jobs import JobRepository
from store.repositories.keys import KeyRepository
from store.repositories.knowledge import KnowledgeRepository
from store.repositories.ledger import LedgerRepository
from store.repositories.outbox import OutboxRepository
from store.repositories.outcomes import OutcomeRepository
from store.repositories.outside import ApprovalRepository, HttpToolRepository
from store.repositories.phrases import PhraseRepository
from store.repositories.quarantine import QuarantineRepository
from store.repositories.recall import RecallRepository
from store.repositories.recordings import RecordingRepository
from store.repositories.records import OrderRepository, RecordRepository
from store.repositories.reruns import RerunRepository
from store.repositories.reviews import ReviewRepository
from store.repositories.rules import RuleRepository
from store.repositories.seeding import SeedMarkRepository
from store.repositories.sessions import SessionRepository
from store.repositories.staff import AuditRepository, StaffRepository
from store.repositories.tags import TagRepository
from store.repositories.tickets import TicketRepository
from store.repositories.turns import TurnRepository
from store.values.tickets import Event


class UnitOfWork:
    """What a caller may do to the database between begin and commit, in the caller's scope."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @property
    def written(self) -> Mapping[str, Sequence[Event]]:
        """The events of this unit by ticket, in order."""
        return self._work.written

    @cached_property
    def companies(self) -> CompanyRepository:
        """Tenants and their identity secrets."""
        return CompanyRepository(self._work)

    @cached_property
    def customers(self) -> CustomerRepository:
        """People who write to a company."""
        return CustomerRepository(self._work)

    @cached_property
    def agents(self) -> AgentRepository:
        """Agents, their versions and tools."""
        return AgentRepository(self._work)

    @cached_property
    def tickets(self) -> TicketRepository:
        """Tickets, messages, events, hand-offs, inbox."""
        return TicketRepository(self._work)

    @cached_property
    def turns(self) -> TurnRepository:
        """Acceptance, fenced writes, completion, traces."""
        return TurnRepository(self._work)

    @cached_property
    def exchanges(self) -> ExchangeRepository:
        """What passed between turns and models or tools."""
        return ExchangeRepository(self._work)

    @cached_property
    def recordings(self) -> RecordingRepository:
        """What turns were given besides, for exact replay."""
        return RecordingRepository(self._work)

    @cached_property
    def reruns(self) -> RerunRepository:
        """Drafts that were tried on past tickets."""
        return RerunRepository(self._work)

    @cached_property
    def gates(self) -> GateRepository:
        """What companies demand of their own cases."""
        return GateRepository(self._work)

    @cached_property
    def http_tools(self) -> HttpToolRepository:
        """Companies' own tools over HTTP."""
        return HttpToolRepository(self._work)

    @cached_property
    def approvals(self) -> ApprovalRepository:
        """Actions that wait for a colleague."""
        return ApprovalRepository(self._work)

    @cached_property
    def ledger(self) -> LedgerRepository:
        """Writes of tools, at most one per key."""
        return LedgerRepository(self._work)

    @cached_property
    def knowledge(self) -> KnowledgeRepository:
        """Sources, entries, articles, passages, gaps."""
        return KnowledgeRepository(self._work)

    @cached_property
    def recall(self) -> RecallRepository:
        """Past answers that rested on what has changed."""
        return RecallRepository(self._work)

    @cached_property
    def rules(self) -> RuleRepository:
        """Support rules of companies and of all."""
        return RuleRepository(self._work)

    @cached_property
    def phrases(self) -> PhraseRepository:
        """What companies taught the classifier."""
        return PhraseRepository(self._work)

    @cached_property
    def records(self) -> RecordRepository:
        """Back-office records."""
        return RecordRepository(self._work)

    @cached_property
    def orders(self) -> OrderRepository:
        """Orders of shops."""
        return OrderRepository(self._work)

    @cached_property
    def desk_work(self) -> DeskWorkRepository:
        """What staff have read, their views, prepared replies."""
        return DeskWorkRepository(self._work)

    @cached_property
    def figures(self) -> FigureRepository:
        """What the tables add up to."""
        return FigureRepository(self._work)

    @cached_property
    def outcomes(self) -> OutcomeRepository:
        """How tickets ended."""
        return OutcomeRepository(self._work)

    @cached_property
    def isolation(self) -> IsolationRepository:
        """Rounds of canary probes."""
        return IsolationRepository(self._work)

    @cached_property
    def reviews(self) -> ReviewRepository:
        """Answers drawn at random and judged."""
        return ReviewRepository(self._work)

    @cached_property
    def alerts(self) -> AlertRepository:
        """What staff have been told."""
        return AlertRepository(self._work)

    @cached_property
    def evals(self) -> EvalRepository:
        """Runs of the evaluation, and companies' own cases."""
        return EvalRepository(self._work)

    @cached_property
    def tags(self) -> TagRepository:
        """Labels that exist."""
        return TagRepository(self._work)

    @cached_property
    def sessions(self) -> SessionRepository:
        """Customers' sessions, used token ids, one-time codes."""
        return SessionRepository(self._work)

    @cached_property
    def staff(self) -> StaffRepository:
        """Staff, memberships, sign-ins."""
        return StaffRepository(self._work)

    @cached_property
    def keys(self) -> KeyRepository:
        """API keys."""
        return KeyRepository(self._work)

    @cached_property
    def audit(self) -> AuditRepository:
        """What staff and keys changed."""
        return AuditRepository(self._work)

    @cached_property
    def outbox(self) -> OutboxRepository:
        """Mail and webhooks to be sent."""
        return OutboxRepository(self._work)

    @cached_property
    def jobs(self) -> JobRepository:
        """Long tasks and their items."""
        return JobRepository(self._work)

    @cached_property
    def imports(self) -> ImportRepository:
        """Imports of sites: pages and schedules."""
        return ImportRepository(self._work)

    @cached_property
    def quarantine(self) -> QuarantineRepository:
        """Imported passages that people decide on."""
        return QuarantineRepository(self._work)

    @cached_property
    def erasures(self) -> ErasureRepository:
        """What the desk keeps of a customer: shown, or taken out."""
        return ErasureRepository(self._work)

    @cached_property
    def seed_marks(self) -> SeedMarkRepository:
        """What seeding wrote last."""
        return SeedMarkRepository(self._work)
