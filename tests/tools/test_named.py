"""Of several records that one is meant whose things the message names, and none where several are."""

import pytest

from tools.backoffice import Record
from tools.named import named_among


def order(number: str, items: str) -> Record:
    return Record(key=number, id=number, status="shipped", facts={"id": number, "items": items}, payload={})


ORDERS = [
    order("LH-1", "Reading lamp, Cushion cover × 2"),
    order("LH-2", "Reading glasses"),
    order("LH-3", "Bowl"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the reading lamp", ["LH-1"]),
        ("wo cushion cover wala", ["LH-1"]),
        ("the bowls please", ["LH-3"]),
        ("something for reading", []),
        ("where is my order", []),
    ],
)
def test_that_a_record_is_found_by_what_it_alone_has_most_of(text: str, found: list[str]) -> None:
    assert [record.id for record in named_among(ORDERS, text)] == found
