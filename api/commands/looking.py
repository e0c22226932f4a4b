"""`recall`, `outcomes`, `parity`, `reviews`: what a lead looks back at, on the command line."""

import asyncio
import sys
from datetime import timedelta
from typing import Any

from api.commands.output import as_json as print_json
from api.commands.output import say, table
from api.settings import Settings
from graph.adapters.clock import SystemClock
from store.unit import UnitOfWork
from store.values.outcomes import ENDS
from store.values.scope import Scope


def recall(company: str, *, as_json: bool) -> None:
    """The changes of a company that made past answers stale, the newest first."""
    from api.recall import recent

    def read(uow: UnitOfWork) -> list[dict[str, Any]]:
        return [
            {
                "change": item.change.id,
                "title": item.change.title,
                "at": item.change.created_at.isoformat(timespec="minutes"),
                "answers": item.answers,
                "undecided": item.waiting,
                "claims": [
                    {"kind": stale.change.kind, "told": stale.told.claim, "now": stale.change.now,
                     "answers": stale.told.answers}
                    for stale in item.stale
                ],
            }
            for item in recent(uow, uow.companies.by_slug(company).id)
        ]  # fmt: skip

    found = asyncio.run(_read(read))
    if as_json:
        print_json(found)
        return
    rows = [
        (item["at"], item["title"], claim["kind"], claim["answers"], claim["told"], claim["now"] or None)
        for item in found
        for claim in item["claims"]
    ]
    table(("changed", "page or entry", "what", "answers", "told", "now"), rows)
    if not rows:
        say("every answer still holds")


def outcomes(company: str, days: int, *, as_json: bool) -> None:
    """How tickets ended with denominators, and a recount from the events; exits with 1 when they differ."""
    from api.outcomes import Ledger, counted, proof_of

    last = SystemClock().now().date()
    first = last - timedelta(days=days - 1)

    def read(uow: UnitOfWork) -> tuple[Ledger, Any]:
        chosen = [uow.companies.by_slug(company)] if company else uow.companies.all()
        ids = [item.id for item in chosen]
        ledger = counted(uow, ids, first, last)
        return ledger, proof_of(uow, ledger, ids, first, last)

    ledger, proof = asyncio.run(_read(read))
    shares = {name: ledger.rate(name) for name in ENDS}
    found = {
        "began": ledger.began,
        "ended": ledger.ended,
        "ends": {
            name: {"tickets": rate.passed, "of": rate.cases, "share": rate.rate, "ci95": rate.ci95}
            for name, rate in shares.items()
        },
        "handed": ledger.handed,
        "events": proof.events,
        "differing": proof.differing,
    }
    if as_json:
        print_json(found)
    else:
        rows = [(name, rate.passed, f"of {rate.cases}", f"{rate.rate:.1%}") for name, rate in shares.items()]
        rows += [
            (f"with a person: {name}", count, f"of {shares['handed'].passed}", "")
            for name, count in ledger.handed.items()
        ]
        table(("end", "tickets", "", "share"), rows)
        say(
            f"{ledger.began} began, {ledger.ended} ended; recounted from {proof.events} events: "
            f"{'differs: ' + str(proof.differing) if proof.differing else 'the same'}"
        )
    sys.exit(1 if proof.differing else 0)


def parity(company: str, days: int, *, as_json: bool) -> None:
    """English minus Hinglish by metric, in points with intervals."""
    from api.parity import board_of, counted_days

    last = SystemClock().now().date()
    first = last - timedelta(days=days - 1)

    def read(uow: UnitOfWork) -> list[dict[str, Any]]:
        chosen = uow.companies.by_slug(company).id if company else None
        ids = [chosen] if chosen else [item.id for item in uow.companies.all()]
        board = board_of(uow, chosen, counted_days(uow, ids, first, last), first, last)
        return [
            {
                "metric": row.metric.name,
                "source": row.metric.source,
                "english": [row.whole.english.passed, row.whole.english.cases],
                "hinglish": [row.whole.hinglish.passed, row.whole.hinglish.cases],
                "points": round(100 * row.whole.gap.difference, 2),
                "ci95": [round(100 * edge, 2) for edge in row.whole.gap.ci95],
            }
            for row in board
            if row.whole.known
        ]

    found = asyncio.run(_read(read))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            item["metric"],
            item["source"],
            "{} of {}".format(*item["english"]),
            "{} of {}".format(*item["hinglish"]),
            f"{item['points']:+.1f}",
            "{:+.1f} to {:+.1f}".format(*item["ci95"]),
        )
        for item in found
    ]
    table(("metric", "from", "English", "Hinglish", "gap", "95 %"), rows)


def reviews(company: str, days: int, *, as_json: bool) -> None:
    """What leads' marks on drawn answers come to."""
    from api.parity import begin_of
    from api.reviews import reviewed

    first = SystemClock().now().date() - timedelta(days=days - 1)

    def read(uow: UnitOfWork) -> Any:
        return reviewed(uow.reviews.marks(uow.companies.by_slug(company).id, begin_of(first)))

    sums = asyncio.run(_read(read))
    rates = {"all": sums.wrong, **sums.by_language}
    found = {
        "wrong": {
            name: {"wrong": rate.passed, "of": rate.cases, "ci95": rate.ci95} for name, rate in rates.items()
        },
        "unsure": sums.unsure,
        "waiting": sums.waiting,
        "ece": round(sums.ece, 4),
    }
    if as_json:
        print_json(found)
        return
    rows = [
        (name, f"{rate.passed} of {rate.cases}", "{:.1%} to {:.1%}".format(*rate.ci95))
        for name, rate in rates.items()
    ]
    table(("answers", "wrong", "95 %"), rows)
    say(f"{sums.unsure} that nobody can say, {sums.waiting} that wait; calibration error {sums.ece:.3f}")


async def _read(work: Any) -> Any:
    from api.wiring import open_store

    store = await open_store(Settings())
    try:
        return await store.read(Scope.operator(), work)
    finally:
        await store.close()
