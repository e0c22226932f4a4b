"""The people who write to a company."""

from typing import Any

from sqlalchemy import update

from graph.errors import NotFound
from store.models.companies import Customers
from store.repositories.base import Repository, rows_of
from store.values.companies import Customer


class CustomerRepository(Repository):
    """Customers of the caller's companies; addresses are kept lower-cased."""

    def get(self, customer_id: str) -> Customer:
        """The customer, or `NotFound`."""
        found = self._find(
            Customer, rows_of(Customers, Customer, Customers.id == customer_id, *self._within(Customers))
        )
        if found is None:
            raise NotFound("no such customer", field="customer")
        return found

    def by_email(self, company_id: str, email: str) -> Customer | None:
        """The company's customer with this address, if there is one."""
        return self._find(
            Customer,
            rows_of(
                Customers,
                Customer,
                Customers.company_id == company_id,
                Customers.email == email.strip().lower(),
                *self._within(Customers),
            ),
        )

    def ensure(self, company_id: str, email: str, *, name: str = "", demo: bool = False) -> Customer:
        """The company's customer with this address, made when there is none; `demo` is set, never unset."""
        self._check(company_id)
        known = self.by_email(company_id, email)
        if known is not None:
            return self._set(known.id, demo=True) if demo and not known.demo else known
        customer = Customer(
            id=self._new_id("cus"),
            company_id=company_id,
            email=email.strip().lower(),
            name=name,
            demo=demo,
            created_at=self._now(),
        )
        self._insert(Customers, dict(vars(customer)))
        return customer

    def proven(self, customer_id: str) -> Customer:
        """Note that the customer has just proven the address."""
        return self._set(customer_id, verified_at=self._now())

    def demo(self, company_id: str) -> tuple[Customer, ...]:
        """The fictional customers for whom demo pages may mint tokens."""
        statement = rows_of(
            Customers, Customer, Customers.company_id == company_id, Customers.demo, *self._within(Customers)
        )
        return self._list(Customer, statement.order_by(Customers.email))

    def _set(self, customer_id: str, **values: Any) -> Customer:
        self._db.execute(
            update(Customers).where(Customers.id == customer_id, *self._within(Customers)).values(values)
        )
        return self.get(customer_id)
