"""Tickets as a whole: the conversation, who owns it, the inbox, the trace."""

from store.repositories.conversations import Conversations
from store.repositories.handling import Handling
from store.repositories.inbox import Inbox
from store.repositories.turns import TurnRepository
from store.values.turns import TurnTrace


class TicketRepository(Conversations, Handling, Inbox):
    """Tickets of the caller's companies."""

    def trace(self, ticket_id: str) -> list[TurnTrace]:
        """Every turn of the ticket with its steps, tool calls and receipts, oldest first."""
        self.get(ticket_id)
        return TurnRepository(self._work).traces(ticket_id)
