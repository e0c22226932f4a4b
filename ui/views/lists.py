"""The outbox as a list."""

from collections.abc import Sequence

from store.values.work import Outgoing
from ui.views.pages import Mail
from ui.views.words import stamp, titled


def mails_of(outgoing: Sequence[Outgoing]) -> tuple[Mail, ...]:
    """What was written by e-mail."""
    return tuple(
        Mail(
            item.recipient, item.subject or titled(item.kind), item.body, stamp(item.created_at), item.status
        )
        for item in outgoing
    )
