"""The ledger of ends as a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.figures import counting_of
from api.outcomes import Ledger, ledger_of, proof_of
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from api.routes.pages_period import Period
from eval.stats import wilson
from store.unit import UnitOfWork
from store.values.outcomes import ALONE, ENDS, REASONS
from ui.views.figures import Headline
from ui.views.logs import address
from ui.views.outcomes import ENDS as SHOWN
from ui.views.outcomes import OutcomesPage, Share, proven, share_of, ticket_line
from ui.views.words import REASONS as NAMED

router = APIRouter(prefix="/outcomes", include_in_schema=False, route_class=PageRoute)
Word = Annotated[str, Query(max_length=60)]


@router.get("")
async def outcomes(
    request: Request,
    member: Reader,
    company: Word = "",
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    end: Word = "",
    reason: Word = "",
    recount: bool = False,
) -> HTMLResponse:
    """How the tickets that began in a period ended, and which ones those are."""
    desk = desk_of(request)
    behind = await counting_of(request.app).catch_up(5.0 if recount else 0.04)

    def read(uow: UnitOfWork) -> OutcomesPage:
        period = Period.read(uow, "/outcomes", company, days, desk.clock.now())
        ledger = ledger_of(uow, period.company_id, period.first)
        ids = [item.id for item in period.asked]
        proof = proof_of(uow, ledger, ids, period.first, period.last) if recount and not behind else None
        names = {item.id: item.name for item in period.companies}
        here = {"company": period.slug}
        tickets = uow.outcomes.tickets(period.begin, company_id=period.company_id, end=end, reason=reason)
        return OutcomesPage(
            shell=shell_of(uow, member, "outcomes", outbox=has_outbox(request), company=period.slug),
            companies=period.company_options,
            periods=period.period_options,
            period=period.words,
            headlines=_headlines(ledger),
            ends=tuple(
                _end(ledger, name, address("/outcomes", here, days=days, end=name), end) for name in SHOWN
            ),
            reasons=_reasons(ledger, here, days, reason),
            tickets=tuple(ticket_line(item, names) for item in tickets),
            shown=NAMED.get(reason) or (SHOWN[end][0].word if end in SHOWN else "Tickets"),
            everything=address("/outcomes", here, days=days) if end or reason else "",
            recount_url=address("/outcomes", here, days=days, recount="yes"),
            proof=proven(proof.events, proof.differing) if proof else None,
            behind=behind,
        )

    return html(await desk.store.read(scope_of(member), read))


def _headlines(ledger: Ledger) -> tuple[Headline, ...]:
    shown = (
        ("Settled without a person", ALONE),
        ("Confirmed or verified", ("confirmed", "verified")),
        ("Only assumed", ("assumed",)),
        ("Opened again", ("reopened",)),
        ("With a person", ("handed",)),
    )
    rates = [(name, ledger.rate(*ends)) for name, ends in shown]
    ended = Headline(
        "Tickets", f"{ledger.began:,}", f"{ledger.ended:,} ended, {ledger.began - ledger.ended:,} open"
    )
    return (
        ended,
        *(
            Headline(
                name, f"{100 * rate.rate:.1f} %" if rate.cases else "–", f"{rate.passed:,} of {rate.cases:,}"
            )
            for name, rate in rates
        ),
    )


def _end(ledger: Ledger, name: str, url: str, chosen: str) -> Share:
    count = ledger.outcomes.get(name, 0)
    of = ledger.ended if name in ENDS else 0
    return share_of(name, count, of, wilson(count, of) if of else (0.0, 0.0), url, on=name == chosen)


def _reasons(ledger: Ledger, here: dict[str, str], days: int, chosen: str) -> tuple[Share, ...]:
    total = sum(ledger.handed.values())
    found = sorted(
        (name for name in REASONS if ledger.handed.get(name)), key=lambda name: -ledger.handed[name]
    )
    return tuple(
        share_of(
            name,
            ledger.handed[name],
            total,
            wilson(ledger.handed[name], total),
            address("/outcomes", here, days=days, reason=name),
            on=name == chosen,
        )
        for name in found
    )
