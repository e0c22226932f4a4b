"""All pages of the product, in the order in which their addresses are tried."""

from fastapi import APIRouter

from api.routes import (
    desk_live,
    pages_agents,
    pages_alerts,
    pages_articles,
    pages_cases,
    pages_companies,
    pages_console,
    pages_evals,
    pages_figures,
    pages_gaps,
    pages_health,
    pages_imports,
    pages_inbox,
    pages_isolation,
    pages_json,
    pages_knowledge,
    pages_lists,
    pages_outcomes,
    pages_parity,
    pages_public,
    pages_recall,
    pages_records,
    pages_replay,
    pages_reruns,
    pages_reviews,
    pages_rules,
    pages_safety,
    pages_staff,
    pages_static,
    pages_ticket_acts,
    pages_tickets,
    pages_tools,
)


def router() -> APIRouter:
    """The pages, the files that they need, and the data that they export."""
    whole = APIRouter()
    whole.include_router(pages_console.turns)
    set_up = (
        pages_companies,
        pages_agents,
        pages_rules,
        pages_reruns,
        pages_records,
        pages_tools,
        pages_console,
        pages_figures,
        pages_outcomes,
        pages_parity,
        pages_reviews,
        pages_cases,
        pages_evals,
        pages_health,
        pages_isolation,
        pages_alerts,
    )
    parts = (
        pages_static,
        pages_json,
        desk_live,
        pages_staff,
        pages_inbox,
        pages_tickets,
        pages_replay,
        pages_ticket_acts,
        pages_knowledge,
        pages_imports,
        pages_gaps,
        pages_articles,
        pages_recall,
        *set_up,
        pages_safety,
        pages_lists,
        pages_public,
    )
    for part in parts:
        whole.include_router(part.router)
    return whole
