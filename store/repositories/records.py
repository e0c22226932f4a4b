"""Back-office records and orders, with a demo session's own copies in front of the masters."""

from typing import Any, ClassVar, Generic, Self, TypeVar

from sqlalchemy import delete, or_, update

from graph.errors import NotFound
from store.models.desk import BusinessRecords, Orders
from store.repositories.base import Repository, Work, rows_of
from store.values.desk import BusinessRecord, Order
from store.values.scope import Json

Copied = TypeVar("Copied", BusinessRecord, Order)


class Copies(Repository, Generic[Copied]):
    """Rows that exist as a master and, for a demo session that changed one, as its own copy."""

    table: ClassVar[Any]
    value: ClassVar[Any]
    key: ClassVar[str]
    data: ClassVar[str]
    prefix: ClassVar[str]

    def __init__(self, work: Work, demo_session: str | None = None) -> None:
        super().__init__(work)
        self._demo_session = demo_session

    def for_session(self, session_id: str) -> Self:
        """The same rows as this demo session sees and changes them; the masters stay as they are."""
        return type(self)(self._work, session_id)

    def find(self, company_id: str, key: str) -> Copied | None:
        """The row with this id of the company, whatever its letters' case."""
        rows = self._seen(self.table.company_id == company_id, self._key_is(key))
        return rows[0] if rows else None

    def get(self, row_id: str) -> Copied:
        """The row by its own id, master or copy, or `NotFound`."""
        found: Copied | None = self._find(
            self.value, rows_of(self.table, self.value, self.table.id == row_id, *self._within(self.table))
        )
        if found is None:
            raise NotFound("no such record", field="id")
        return found

    def of_email(self, company_id: str, email: str) -> tuple[Copied, ...]:
        """All rows of a customer of the company, by id."""
        wanted = self.table.email == email.strip().lower()
        return self._seen(self.table.company_id == company_id, wanted)

    def all(self, company_id: str | None = None) -> tuple[Copied, ...]:
        """All rows of the caller, by company and id."""
        return self._seen(*([] if company_id is None else [self.table.company_id == company_id]))

    def change(
        self, company_id: str, key: str, *, status: str | None = None, data: Json | None = None
    ) -> Copied:
        """Set status and merge `data`; a demo session gets its own copy first."""
        known = self.find(company_id, key)
        if known is None:
            raise NotFound("no such record", field=self.key)
        if known.demo_session != self._demo_session:
            known = self._copied(known)
        values = {
            "status": status if status is not None else known.status,
            self.data: {**getattr(known, self.data), **(data or {})},
            "updated_at": self._now(),
        }
        self._db.execute(
            update(self.table).where(self.table.id == known.id, *self._within(self.table)).values(values)
        )
        return self.get(known.id)

    def delete(self, company_id: str, key: str) -> None:
        """Remove the row with all its copies; `NotFound` when there is none."""
        if self.find(company_id, key) is None:
            raise NotFound("no such record", field=self.key)
        mine = (self.table.company_id == company_id, self._key_is(key), *self._within(self.table))
        self._db.execute(delete(self.table).where(*mine))

    def _put(self, company_id: str, key: str, values: Json) -> Copied:
        """Set a row whole, made when there is none."""
        self._check(company_id)
        known = self.find(company_id, key)
        now = self._now()
        if known is not None and known.demo_session == self._demo_session:
            self._db.execute(
                update(self.table)
                .where(self.table.id == known.id, *self._within(self.table))
                .values(**values, updated_at=now)
            )
            return self.get(known.id)
        row: Json = {"id": self._new_id(self.prefix), "company_id": company_id, self.key: key}
        row |= {"created_at": now, "updated_at": now, "demo_session": self._demo_session}
        self._insert(self.table, row | values)
        return self.get(row["id"])

    def _copied(self, master: Copied) -> Copied:
        row = {**vars(master), "id": self._new_id(self.prefix), "demo_session": self._demo_session}
        self._insert(self.table, row | {"created_at": self._now(), "updated_at": self._now()})
        copy: Copied = self.value(**row)
        return copy

    def _key_is(self, key: str) -> Any:
        return getattr(self.table, self.key) == key.strip().upper()

    def _seen(self, *where: Any) -> tuple[Copied, ...]:
        """The rows with the session's own copies in place of their masters."""
        mine = [self.table.demo_session.is_(None)]
        if self._demo_session is not None:
            mine.append(self.table.demo_session == self._demo_session)
        statement = rows_of(self.table, self.value, or_(*mine), *where, *self._within(self.table))
        seen: dict[tuple[str, str], Copied] = {}
        for row in self._list(
            self.value, statement.order_by(self.table.company_id, getattr(self.table, self.key))
        ):
            place = (row.company_id, getattr(row, self.key))
            if place not in seen or row.demo_session is not None:
                seen[place] = row
        return tuple(seen.values())


class RecordRepository(Copies[BusinessRecord]):
    """Back-office records such as photo requests and deployments."""

    table = BusinessRecords
    value = BusinessRecord
    key = "external_id"
    data = "payload"
    prefix = "rec"

    def put(
        self,
        company_id: str,
        external_id: str,
        *,
        record_type: str,
        email: str | None,
        status: str,
        payload: Json,
    ) -> BusinessRecord:
        """Set the record with this id, made when there is none."""
        values: Json = {"record_type": record_type, "status": status, "payload": payload}
        values["email"] = email.strip().lower() if email else None
        return self._put(company_id, external_id.strip().upper(), values)


class OrderRepository(Copies[Order]):
    """Orders of a shop."""

    table = Orders
    value = Order
    key = "order_id"
    data = "data"
    prefix = "ord"

    def put(self, company_id: str, order_id: str, *, email: str, status: str, data: Json) -> Order:
        """Set the order with this id, made when there is none."""
        values = {"email": email.strip().lower(), "status": status, "data": data}
        return self._put(company_id, order_id.strip().upper(), values)
