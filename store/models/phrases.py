"""Phrases by which a company teaches the intent classifier."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from store.models.base import Base, Identified, company_key


class IntentPhrases(Identified, Base):
    """One phrase and the intent it stands for; a phrase stands for one intent only."""

    __tablename__ = "intent_phrases"
    __table_args__ = (UniqueConstraint("company_id", "text"),)

    company_id: Mapped[str] = company_key(index=False)
    intent: Mapped[str]
    text: Mapped[str]
