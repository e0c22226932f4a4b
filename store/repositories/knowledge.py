"""What a company knows: every change of a text changes its passages in the same transaction."""

from store.repositories.articles import Articles
from store.repositories.entries import Entries
from store.repositories.gaps import Gaps
from store.repositories.passages import PassageReading
from store.repositories.sources import Sources


class KnowledgeRepository(PassageReading, Entries, Sources, Articles, Gaps):
    """Knowledge of the caller's companies."""
