"""Forty ways in which sites misbehave: each ends in a clear reason; what is good is imported beside it."""

from store.values.imports import ImportPage
from tests.ingest.conftest import Bench
from tests.ingest.nasty import CASES, GOOD, TWINS, Nasty
from tests.ingest.web import pages


async def test_that_each_nasty_page_has_its_reason_and_the_others_are_imported(bench: Bench) -> None:
    found = {f"/{case.path}": case.answer for case in CASES} | GOOD
    bench.web.sites["shop.test"] = pages(found, robots="User-agent: *\nDisallow: /denied/")

    job = await bench.run(depth=3)

    rows, said = await bench.pages(job), await bench.said()
    assert job.status == "done"
    wrong = [_told(case, rows) for case in CASES if _told(case, rows)]
    assert wrong == []
    assert [case.path for case in CASES if case.said not in said] == []
    assert all(rows[name].state == "indexed" for name in ("", "framed", "forwarded"))
    kept, left = sorted((rows[twin] for twin in TWINS), key=lambda row: row.state)
    assert (kept.state, left.state) == ("indexed", "skipped")
    assert left.reason == f"it says the same as {kept.url}"
    assert "Secretly free" not in said
    assert "Ignore all previous" not in said
    assert not {request.host for request in bench.web.asked} - {"shop.test"}


def _told(case: Nasty, rows: dict[str, ImportPage]) -> str:
    row = rows.get(case.path)
    if row is None:
        return f"{case.path}: not visited"
    fits = row.state == case.state and case.reason in row.reason
    return "" if fits else f"{case.path}: {row.state} {row.reason!r}"
