"""From the shapes of the data files to the values of the store."""

from dataclasses import dataclass

from seeds import shapes
from seeds.pages import imported_pages
from store.values.companies import AgentFields, CompanyFields
from store.values.desk import RuleFields
from store.values.knowledge import ArticleFields, EntryFields, PassageFields, SourceFields
from store.values.scope import Json


@dataclass(frozen=True)
class WantedAgent:
    """An agent with its tool switches."""

    fields: AgentFields
    tools: dict[str, bool]


@dataclass(frozen=True, kw_only=True)
class WantedPage(SourceFields):
    """A page of the site with what it says."""

    passages: tuple[PassageFields, ...]


@dataclass(frozen=True, kw_only=True)
class WantedRecord:
    """A back-office record."""

    external_id: str
    record_type: str
    email: str | None
    status: str
    payload: Json


@dataclass(frozen=True, kw_only=True)
class WantedOrder:
    """An order of a shop."""

    order_id: str
    email: str
    status: str
    data: Json


def wanted_company(seed: shapes.Company) -> CompanyFields:
    """The company's row."""
    profile = {"greeting", "contact", "scope", "topics", "cannot", "not_covered", "scenarios"}
    return CompanyFields(
        slug=seed.slug,
        name=seed.name,
        description=seed.description,
        support_email=seed.support_email,
        legal_name=seed.legal_name,
        tagline=seed.tagline,
        brand=seed.brand.model_dump(mode="json"),
        domains=seed.domains,
        id_patterns=seed.id_patterns,
        profile=seed.model_dump(mode="json", include=profile),
        canary=seed.canary,
    )


def wanted_entry(seed: shapes.Entry) -> EntryFields:
    """The entry's row: one line per fact, the same lines in Hinglish."""
    return EntryFields(
        title=seed.title,
        title_hinglish=seed.title_hinglish,
        content=tuple(fact.en for fact in seed.facts),
        content_hinglish=tuple(fact.hinglish for fact in seed.facts),
        questions=seed.questions + seed.questions_hinglish,
        category=seed.category,
    )


def wanted_pages(seed: shapes.CompanySeed) -> list[WantedPage]:
    """Every page of the company's site, read and split like any imported page."""
    return [WantedPage(**vars(source), passages=tuple(passages)) for source, passages in imported_pages(seed)]


def wanted_article(seed: shapes.Article) -> ArticleFields:
    """The specialist's article."""
    return ArticleFields(title=seed.title, slug=seed.key, category=seed.category, content=seed.content)


def wanted_rule(seed: shapes.Rule) -> RuleFields:
    """The support rule."""
    return RuleFields(
        name=seed.name,
        match=seed.match,
        terms=seed.terms,
        terms_hinglish=seed.terms_hinglish,
        route=seed.route,
        category=seed.category,
        priority=seed.priority,
        priority_level=seed.priority_level,
        confidence=seed.confidence,
        reasoning_summary=seed.reasoning_summary,
        escalation_reason=seed.escalation_reason or "",
        handoff_note=seed.handoff_note or "",
        blocks_public_knowledge=seed.blocks_public_knowledge,
    )


def wanted_record(seed: shapes.Record) -> WantedRecord:
    """The back-office record."""
    return WantedRecord(
        external_id=seed.external_id,
        record_type=seed.record_type,
        email=seed.customer_email,
        status=seed.status,
        payload=dict(seed.payload),
    )


def wanted_order(seed: shapes.Order) -> WantedOrder:
    """The order, with what the desk has no column for as its data."""
    data = seed.model_dump(mode="json", exclude={"order_id", "email", "status"})
    return WantedOrder(order_id=seed.order_id, email=seed.email, status=seed.status, data=data)


def wanted_agent(seed: shapes.Agent) -> WantedAgent:
    """The agent's settings and tools."""
    return WantedAgent(
        fields=AgentFields(
            name=seed.name,
            description=seed.description,
            system_prompt=seed.system_prompt,
            language_mode=seed.language_mode,
            safety_mode=seed.safety_mode,
            confidence_threshold=seed.confidence_threshold,
            status=seed.status,
            is_default=seed.is_default,
        ),
        tools=dict(seed.tools),
    )
