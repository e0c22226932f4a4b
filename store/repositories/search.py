"""Which tickets hold some words: by number, by the customer's address, by what was said."""

import re

from sqlalchemy import ColumnElement, select

from store.models.companies import Customers
from store.models.tickets import Messages, Tickets

_NUMBER = re.compile(r"#?(\d{1,9})")


def matching(text: str) -> ColumnElement[bool]:
    """The condition on tickets that hold these words, whatever their case."""
    words = text.strip()
    if number := _NUMBER.fullmatch(words):
        return (Tickets.number == int(number[1])) | _said(words)
    if "@" in words:
        known = select(Customers.id).where(Customers.email.icontains(words, autoescape=True))
        return Tickets.customer_id.in_(known) | _said(words)
    return _said(words)


def _said(words: str) -> ColumnElement[bool]:
    return Tickets.id.in_(select(Messages.ticket_id).where(Messages.text.icontains(words, autoescape=True)))
