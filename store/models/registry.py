"""All tables in one place: importing this module makes `Base.metadata` whole."""

from store.models import (
    alerts,
    companies,
    desk,
    desk_work,
    erasures,
    evals,
    exchanges,
    figures,
    imports,
    isolation,
    knowledge,
    outside,
    people,
    phrases,
    recall,
    recordings,
    reruns,
    reviews,
    tickets,
    turns,
    words,
    work,
)
from store.models.base import Base

MODULES = (
    alerts,
    companies,
    desk,
    desk_work,
    erasures,
    evals,
    exchanges,
    figures,
    imports,
    isolation,
    knowledge,
    outside,
    people,
    phrases,
    recall,
    recordings,
    reviews,
    reruns,
    tickets,
    turns,
    words,
    work,
)
"""The modules whose import registers the tables."""

metadata = Base.metadata
