"""Support rules: the company's own come before those of all companies, then by priority."""

from typing import Any

from sqlalchemy import Select, bindparam, case, delete, or_, update

from graph.errors import Invalid, NotFound
from store.models.desk import SupportRules
from store.repositories.base import Repository, fields_of, rows_of
from store.repositories.prepared import Prepared
from store.values.desk import RuleFields, SupportRule

_FIELDS = tuple(RuleFields.__dataclass_fields__)
_MATCHES = frozenset({"all_terms", "any_terms"})
_ROUTES = frozenset({"escalate", "specialist", "knowledge_answer"})


def _ordered(*where: Any) -> Select[Any]:
    """Rules in the order in which they are tried."""
    own_first = case((SupportRules.company_id.is_(None), 1), else_=0)
    return rows_of(SupportRules, SupportRule, *where).order_by(
        own_first, SupportRules.priority, SupportRules.name, SupportRules.id
    )


_FOR_COMPANY = Prepared(
    lambda _: _ordered(
        or_(SupportRules.company_id == bindparam("company"), SupportRules.company_id.is_(None)),
        SupportRules.active,
    )
)


class RuleRepository(Repository):
    """Rules of the caller's companies, and the global ones; only the operator changes those."""

    def for_company(self, company_id: str) -> tuple[SupportRule, ...]:
        """The active rules that hold for the company, in the order in which they are tried."""
        self._check(company_id)
        rows = self._run(_FOR_COMPANY, company=company_id)
        return tuple(SupportRule(**row._mapping) for row in rows)

    def all(self) -> tuple[SupportRule, ...]:
        """Every rule that the caller may see, inactive ones too."""
        return self._list(SupportRule, _ordered(*self._visible()))

    def get(self, rule_id: str) -> SupportRule:
        """The rule, or `NotFound`."""
        rule = self._find(
            SupportRule,
            rows_of(SupportRules, SupportRule, SupportRules.id == rule_id, *self._visible()),
        )
        if rule is None:
            raise NotFound("no such rule", field="id")
        return rule

    def create(self, company_id: str | None, new: RuleFields) -> SupportRule:
        """A new rule; one that can never be used is refused."""
        self._check(company_id)
        _checked(new)
        rule_id, now = self._new_id("rul"), self._now()
        row = {"id": rule_id, "company_id": company_id, "created_at": now, "updated_at": now}
        self._insert(SupportRules, row | fields_of(new, _FIELDS))
        return self.get(rule_id)

    def change(self, rule_id: str, new: RuleFields) -> SupportRule:
        """Set all fields of the rule."""
        self._check(self.get(rule_id).company_id)
        _checked(new)
        self._db.execute(
            update(SupportRules)
            .where(SupportRules.id == rule_id, *self._within(SupportRules))
            .values(**fields_of(new, _FIELDS), updated_at=self._now())
        )
        return self.get(rule_id)

    def delete(self, rule_id: str) -> None:
        """Remove the rule."""
        self._check(self.get(rule_id).company_id)
        self._db.execute(delete(SupportRules).where(SupportRules.id == rule_id, *self._within(SupportRules)))

    def _visible(self) -> tuple[Any, ...]:
        within = self._within(SupportRules)
        return (or_(*within, SupportRules.company_id.is_(None)),) if within else ()


def _checked(new: RuleFields) -> None:
    if new.match not in _MATCHES:
        raise Invalid(f"a rule cannot match by {new.match!r}", field="match")
    if new.route not in _ROUTES:
        raise Invalid(f"a rule cannot lead to {new.route!r}", field="route")
    if not new.terms or not all(term.strip() for term in new.terms):
        raise Invalid("a rule needs at least one term, and no empty ones", field="terms")
    if not all(group and all(term.strip() for term in group) for group in new.terms_hinglish):
        raise Invalid("a group of Hinglish terms cannot be empty", field="termsHinglish")
    if not 0.0 <= new.confidence <= 1.0:
        raise Invalid("confidence is a probability, 0 to 1", field="confidence")
