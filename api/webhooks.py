"""Delivers webhooks from the outbox: signed, to public addresses only, tried again with growing pauses.

`X-SupportGraph-Signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256 over `<t>.<body>` with the company's
signing key; a receiver refuses an old `t`. `X-SupportGraph-Delivery` is the same on every try.
"""

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpcore

from api.alerts import WEBHOOK
from graph.errors import SupportError, Unavailable
from graph.ports import Clock
from ingest.network import PinnedBackend
from store.database import Store
from store.values.scope import Scope
from store.values.work import Outgoing

LOOK_SECONDS = 2.0
TIMEOUT = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 5.0}
TRIES = 8
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
log = logging.getLogger("supportgraph.webhooks")


def signing_key(secret: str, company_id: str) -> str:
    """The key that a company's webhooks are signed with; it follows from the desk's own secret."""
    return "whk_" + hmac.new(secret.encode(), f"webhook:{company_id}".encode(), hashlib.sha256).hexdigest()


def signature(key: str, body: str, at: datetime) -> str:
    """The header that proves who sent the body, and when."""
    stamp = int(at.timestamp())
    digest = hmac.new(key.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


@dataclass(frozen=True)
class Caller:
    """Posts bodies to the addresses that companies named."""

    store: Store
    clock: Clock
    secret: str
    private_hosts: tuple[str, ...] = ()

    async def keep_calling(self) -> None:
        """Deliver what is due until cancelled."""
        while True:
            try:
                await self.call_due()
            except Unavailable:
                log.warning("the outbox cannot be read; trying again")
            await asyncio.sleep(LOOK_SECONDS)

    async def call_due(self) -> int:
        """Try every webhook that is due once; how many were taken."""
        until = self.clock.now() + FIRST_PAUSE
        due = await self.store.write(Scope.operator(), lambda uow: uow.outbox.claim(until, kind=WEBHOOK))
        return sum([await self._call(item) for item in due])

    async def _call(self, item: Outgoing) -> bool:
        error = await self._try(item)
        if not error:
            await self.store.write(Scope.operator(), lambda uow: uow.outbox.sent(item.id))
            return True
        log.warning("webhook %s was not taken: %s", item.id, error)
        again = self.clock.now() + min(LONGEST_PAUSE, FIRST_PAUSE * 3**item.attempts)
        gone = item.attempts + 1 >= TRIES
        await self.store.write(
            Scope.operator(), lambda uow: uow.outbox.failed(item.id, error, final=gone, again_at=again)
        )
        return False

    async def _try(self, item: Outgoing) -> str:
        """The error of one try, or nothing."""
        key = signing_key(self.secret, item.company_id or "")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "SupportGraph",
            "X-SupportGraph-Event": item.subject,
            "X-SupportGraph-Delivery": item.id,
            "X-SupportGraph-Signature": signature(key, item.body, self.clock.now()),
        }
        backend = PinnedBackend(self.private_hosts)
        try:
            async with httpcore.AsyncConnectionPool(network_backend=backend, retries=0) as pool:
                answer = await pool.request(
                    "POST",
                    item.recipient,
                    headers=list(headers.items()),
                    content=item.body.encode(),
                    extensions={"timeout": TIMEOUT},
                )
        except SupportError as error:
            return error.message
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return type(error).__name__
        except httpcore.UnsupportedProtocol:
            return "the address is no web address"
        return "" if 200 <= answer.status < 300 else f"answered {answer.status}"
