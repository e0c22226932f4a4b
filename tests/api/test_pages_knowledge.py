"""The content owner's pages over the real application: import, upload, write, try out, close gaps."""

from datetime import UTC, datetime

import httpx
import pytest

from api.desk import Desk
from api.imports import open_imports
from store.models.knowledge import Gaps
from store.unit import UnitOfWork
from store.values.scope import Scope
from tests.api.test_pages import browser, signed_in
from tests.ingest.web import Web, page, pages, words

__all__ = ["browser"]
QUESTIONS = (
    ("Do you sell hats?", "en"),
    ("do you sell a hat", "en"),
    ("kya aap hat bechte ho?", "hinglish"),
    ("Can I pay with gold?", "en"),
)


@pytest.fixture
async def owner(desk: Desk, browser: httpx.AsyncClient) -> httpx.AsyncClient:  # the fixture
    """A signed-in content owner."""
    return await signed_in(desk, browser)


def _ask(uow: UnitOfWork) -> None:
    company = uow.companies.by_slug("photo").id
    now = datetime(2026, 11, 21, tzinfo=UTC)
    rows = [
        {"id": f"gap_{number}", "company_id": company, "digest": str(number), "question": question}
        | {"language": language, "count": 5 - number, "status": "open", "created_at": now, "updated_at": now}
        for number, (question, language) in enumerate(QUESTIONS)
    ]
    uow.knowledge._insert(Gaps, rows)  # completion of a turn is the only other way


async def test_that_a_site_is_imported_from_its_form(owner: httpx.AsyncClient, desk: Desk) -> None:
    async with Web() as web:
        web.sites["127.0.0.1"] = pages({"/": page("Help", words("passport"), links=("/gone",))})
        begun = await owner.post(
            "/imports",
            data={
                "company": "photo",
                "url": web.url("127.0.0.1"),
                "max_pages": "20",
                "depth": "3",
                "nightly": "on",
            },
        )
        settings = desk.settings.model_copy(update={"import_private_hosts": "127.0.0.1"})
        await open_imports(settings, desk.store, desk.index, desk.ids).run_next()

    shown = await owner.get(begun.headers["location"])
    listed = await owner.get("/imports", params={"company": "photo"})
    assert begun.status_code == 303
    assert "the page does not exist (HTTP 404)" in shown.text
    assert "Retry what failed" not in shown.text
    assert "Every night" in listed.text
    assert "1 indexed" in listed.text


async def test_that_a_wrong_form_says_what_is_wrong(owner: httpx.AsyncClient) -> None:
    wrong = {"company": "photo", "url": "ftp://x.example", "max_pages": "many", "depth": "3"}
    first = await owner.post("/imports", data=wrong)
    second = await owner.post("/imports", data={**wrong, "max_pages": "5"})

    assert (first.status_code, second.status_code) == (422, 422)
    assert "max pages" in first.text
    assert "an import starts at an http or https address" in second.text


async def test_that_a_file_is_uploaded_from_its_form(owner: httpx.AsyncClient) -> None:
    sent = {"file": ("notes.exe", b"x")}
    refused = await owner.post("/imports/uploads", files=sent, data={"company": "photo"})

    assert refused.status_code == 422
    assert "notes.exe is none of Markdown, CSV, PDF or DOCX" in refused.text


async def test_that_an_entry_is_written_changed_archived_and_remembered(owner: httpx.AsyncClient) -> None:
    form = {"company": "photo", "question": "Do you print mugs?", "answer": "We print mugs.\nThey are white."}
    made = await owner.post("/knowledge/new", data={**form, "status": "active"})
    path = made.headers["location"].partition("?")[0]
    await owner.post(path, data={**form, "answer": "We print cups.", "status": "archived"})

    shown = await owner.get(path)
    found = await owner.get("/knowledge", params={"company": "photo", "q": "Do you print mugs?"})
    assert made.status_code == 303
    assert "2 · " in shown.text
    assert "They are white." in shown.text
    assert "archived" in found.text
    assert "We print cups." not in found.text.partition("What would the bot answer?")[2]


async def test_that_a_question_is_tried_out_with_scores(owner: httpx.AsyncClient) -> None:
    form = {
        "company": "photo",
        "question": "Do you print mugs?",
        "answer": "We print mugs.",
        "status": "active",
    }
    await owner.post("/knowledge/new", data=form)

    tried = await owner.get("/knowledge", params={"company": "photo", "q": "Do you print mugs?"})

    assert "nswerable, " in tried.text
    assert "We print mugs." in tried.text.partition("What would the bot answer?")[2]


async def test_that_gaps_are_grouped_and_become_a_draft_or_nothing(
    owner: httpx.AsyncClient, desk: Desk
) -> None:
    await desk.store.write(Scope.operator(), _ask)

    groups = (await owner.get("/api/gaps", params={"company": "photo"})).json()
    hats = next(group for group in groups if "hats" in group["question"])
    other = next(group for group in groups if "gold" in group["question"])
    ids = " ".join(gap["id"] for gap in hats["gaps"])
    drafted = await owner.post("/gaps", data={"company": "photo", "ids": ids, "what": "draft"})
    entry = await owner.get(drafted.headers["location"])
    too_early = await owner.post(
        drafted.headers["location"],
        data={"question": "Do you sell hats?", "answer": "Write the answer here.", "status": "active"},
    )
    await owner.post("/gaps", data={"company": "photo", "ids": other["gaps"][0]["id"], "what": "dismiss"})

    assert hats["languages"]["en"] >= 5
    assert "Do you sell hats?" in entry.text
    assert too_early.status_code == 422
    left = {gap["id"] for group in (await owner.get("/api/gaps")).json() for gap in group["gaps"]}
    assert left == {f"gap_{n}" for n in range(4)} - set(ids.split()) - {other["gaps"][0]["id"]}
