"""Loads what the first customer would otherwise wait for: word lists, models, each company's index."""

import asyncio
import ctypes
import ctypes.util
import gc

from api.desk import Desk
from api.knowledge import StoredPassages
from api.redaction import safe_message
from store.values.scope import Scope

QUESTION = "Kitna time lagega, how long does it take?"


async def warm(desk: Desk) -> None:
    """Go once through everything that loads lazily; the desk may serve meanwhile."""
    from retrieval.retriever import CompanyRetriever

    await asyncio.to_thread(load_words)
    source = StoredPassages(desk.store)
    companies = await desk.store.read(Scope.operator(), lambda uow: uow.companies.all())
    if desk.models is not None:
        await asyncio.to_thread(desk.models.prepare, [company.slug for company in companies])
    for company in companies:
        retriever = CompanyRetriever(company.id, source, desk.index)
        found = await retriever.search(QUESTION)
        if found.hits:
            await retriever.lines(QUESTION, found.hits[0])
    await asyncio.to_thread(_give_back)
    desk.warmed.set()


def load_words() -> None:
    """Word lists and small models, which need no desk."""
    from api.wiring import open_classifier
    from language.claims import Source, check_claim
    from language.decide import decide_language
    from language.risk import assess
    from language.spelling import mended

    safe_message(QUESTION, ())
    decide_language(QUESTION)
    assess(QUESTION)
    mended("a questoin with a typing error")
    open_classifier().classify(QUESTION)
    check_claim("It takes 60 seconds.", [Source("warm", "It takes 60 seconds.")])


def _give_back() -> None:
    """What loading left behind goes back to the system; the collector leaves the rest alone from now on."""
    gc.collect()
    gc.freeze()
    library = ctypes.util.find_library("c")
    trim = getattr(ctypes.CDLL(library), "malloc_trim", None) if library else None
    if trim is not None:  # only glibc has it
        trim(0)
