"""What came back from models and tools is kept without personal data; what the desk itself said stays."""

import json
import logging
from datetime import UTC, datetime

import pytest

from api.journal import redacted
from api.logs import Json, Redacted
from store.values.exchanges import Exchange

CARD = "4111 1111 1111 1111"
PRIVATE = [
    "write to asha.verma@example.com",
    f"my card is {CARD}",
    "call +91 98765 43210",
    "Aadhaar 2345 6789 0124",
    "password is hunter2secret",
]


def exchange(response: str, user: str = "", kind: str = "model") -> Exchange:
    return Exchange(
        kind=kind,  # type: ignore[arg-type]
        step="answer",
        name="m",
        request={"user": user, "system": ""},
        response={"text": response, "list": [response]},
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def test_that_an_address_that_a_model_made_up_is_not_kept() -> None:
    kept = redacted(exchange("Write to asha.verma@example.com.")).response
    assert "asha" not in json.dumps(kept)
    assert kept["list"] == ["Write to [email_1]."]


def test_that_what_stood_in_the_request_may_stand_in_the_answer() -> None:
    said = "Write to help@lamps.example about [order_1]."
    assert redacted(exchange(said, user="help@lamps.example [order_1]")).response["text"] == said


def test_that_of_a_tool_only_what_nobody_may_know_is_taken_out() -> None:
    kept = redacted(exchange(f"APP-1001 for anna@example.com, card {CARD}", kind="tool")).response["text"]
    assert "anna@example.com" in kept
    assert CARD not in kept


@pytest.mark.parametrize("said", PRIVATE)
@pytest.mark.parametrize("formatter", [Json(), Redacted("%(message)s")], ids=["json", "text"])
def test_that_logs_hold_no_personal_data(said: str, formatter: logging.Formatter) -> None:
    try:
        raise ValueError(said)
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "failed: %s", (said,), (ValueError, error, None)
        )
    record.turn = said
    line = formatter.format(record)
    secret = said.split()[-1]
    assert secret not in line


def test_that_a_json_line_names_time_level_and_what_was_added() -> None:
    record = logging.LogRecord("supportgraph.worker", logging.INFO, "f", 1, "turn %s ended", ("trn_1",), None)
    record.company = "cmp_1"
    line = json.loads(Json().format(record))
    assert (line["level"], line["message"], line["company"]) == ("info", "turn trn_1 ended", "cmp_1")
    assert datetime.fromisoformat(line["time"]).tzinfo is not None
