"""The phrases that companies teach the intent classifier."""

from sqlalchemy import bindparam, delete, func, select

from graph.errors import Conflict, Invalid, NotFound
from store.models.phrases import IntentPhrases
from store.repositories.base import Repository, rows_of
from store.repositories.prepared import Prepared
from store.values.phrases import IntentPhrase

MOST = 500
"""Phrases of one company."""

_OF_COMPANY = Prepared(
    lambda _: rows_of(IntentPhrases, IntentPhrase, IntentPhrases.company_id == bindparam("company")).order_by(
        IntentPhrases.intent, IntentPhrases.text
    )
)


class PhraseRepository(Repository):
    """Phrases of the caller's companies."""

    def for_company(self, company_id: str) -> tuple[IntentPhrase, ...]:
        """All phrases of the company, by intent."""
        self._check(company_id)
        return tuple(IntentPhrase(**row._mapping) for row in self._run(_OF_COMPANY, company=company_id))

    def add(self, company_id: str, intent: str, text: str) -> IntentPhrase:
        """Teach a phrase; `Conflict` where the company has it already, `Invalid` where it has too many."""
        self._check(company_id)
        said = " ".join(text.split())
        own = IntentPhrases.company_id == company_id
        known = select(IntentPhrases.id).where(own, IntentPhrases.text == said)
        if self._db.execute(known).first() is not None:
            raise Conflict("the company has this phrase already", field="text")
        count = self._db.execute(select(func.count(IntentPhrases.id)).where(own)).scalar_one()
        if count >= MOST:
            raise Invalid(f"a company can teach at most {MOST} phrases", field="text")
        row = {"id": self._new_id("phr"), "company_id": company_id, "intent": intent, "text": said}
        self._insert(IntentPhrases, row | {"created_at": self._now()})
        return self.get(row["id"])

    def get(self, phrase_id: str) -> IntentPhrase:
        """The phrase, or `NotFound`."""
        wanted = (IntentPhrases.id == phrase_id, *self._within(IntentPhrases))
        phrase = self._find(IntentPhrase, rows_of(IntentPhrases, IntentPhrase, *wanted))
        if phrase is None:
            raise NotFound("no such phrase", field="id")
        return phrase

    def delete(self, phrase_id: str) -> None:
        """Forget the phrase; `NotFound` if it is not the caller's."""
        self.get(phrase_id)
        self._db.execute(
            delete(IntentPhrases).where(IntentPhrases.id == phrase_id, *self._within(IntentPhrases))
        )
