"""Requests made up from the OpenAPI document: without credentials, as customer, as roles, with keys.

No answer may be a 5xx, break the documented schema, or hold another company's fact. `make fuzz` asks longer.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.core.result import Ok

from api.app import create_app
from api.auth.passwords import hash_password
from api.wiring import open_store
from store.unit import UnitOfWork
from store.values.knowledge import EntryFields
from store.values.scope import Scope
from tests.api.conftest import KEY, RUN_KEY, settings_of
from tests.api.test_staff import PASSWORD

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
ENDLESS = ("/events",)
SIGN_OUT = "/api/staff/sign-out"
"""Would end the session with which staff ask the rest."""
ROLES = ("admin", "lead", "agent", "content", "viewer")
CALLERS = ["nobody", "customer", "key that runs", "foreign key", "key of all"]
STAFF = [f"foreign {role}" for role in ROLES] if EXAMPLES > 1 else ["foreign admin"]
"""Staff of the other company; `make fuzz` asks as every role."""
MARK = "Violet Heron 4417"
"""A fact of the other company."""
NODES_KEY = "sk_nodes_every-right-at-the-other-company-123"


@schemathesis.serializer("message/rfc822")
def as_mail(ctx: Any, value: Any) -> bytes:
    """A made-up body where a route takes a mail as it came."""
    return str(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class Fuzzed:
    """A running application and what it documents."""

    client: TestClient
    document: dict[str, Any]
    session: str
    cookies: dict[str, str]

    def headers(self, identity: str) -> dict[str, str]:
        """The credentials of one kind of caller."""
        if identity in self.cookies:
            return {"Cookie": self.cookies[identity], "Sec-Fetch-Site": "same-origin"}
        tokens = {
            "customer": self.session,
            "key that runs": RUN_KEY,
            "key of all": KEY,
            "foreign key": NODES_KEY,
        }
        return {"Authorization": f"Bearer {tokens[identity]}"} if identity in tokens else {}


@pytest.fixture(scope="module")
def fuzzed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """The desk of two companies, one of which has a secret."""
    folder = tmp_path_factory.mktemp("fuzz") / "desk"
    shutil.copytree(template, folder)

    async def mark() -> None:
        store = await open_store(settings_of(folder))
        hashed = await hash_password(PASSWORD)
        await store.write(Scope.operator(), lambda uow: _mark(uow, hashed))
        await store.close()

    asyncio.run(mark())
    with TestClient(create_app(settings_of(folder), pages=False), raise_server_exceptions=False) as client:
        opened = client.post("/api/widget/photo/sessions", json={}).json()
        cookies = {identity: _signed_in(client, identity) for identity in STAFF}
        yield Fuzzed(client, client.get("/openapi.json").json(), opened["sessionToken"], cookies)


def _signed_in(client: TestClient, identity: str) -> str:
    """The cookie of a member of staff, as its header has it."""
    email = f"{identity.removeprefix('foreign ')}@nodes.example"
    answer = client.post("/api/staff/sign-in", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 204, answer.text
    client.cookies.clear()
    return str(answer.headers["set-cookie"]).partition(";")[0]


def _mark(uow: UnitOfWork, hashed: str) -> None:
    photo, nodes = uow.companies.by_slug("photo"), uow.companies.by_slug("nodes")
    uow.knowledge.create_entry(photo.id, EntryFields(title=MARK, content=(MARK,)))
    every = ("run", "read", "write", "identity", "admin")
    uow.keys.create(NODES_KEY, name="nodes", scopes=every, company_id=nodes.id)
    for role in ROLES:
        user = uow.staff.create(f"{role}@nodes.example", hashed, name=role)
        uow.staff.grant(user.id, nodes.id, role)


@pytest.mark.parametrize("identity", CALLERS + STAFF)
def test_that_no_request_breaks_the_contract(fuzzed: Fuzzed, identity: str) -> None:
    schema = schemathesis.openapi.from_dict(fuzzed.document)
    problems: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path.endswith(ENDLESS) or (identity in STAFF and operation.path == SIGN_OUT):
            continue

        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            path = case.operation.path
            sent = case.as_transport_kwargs(base_url="http://testserver")
            sent["headers"] = {**dict(sent.get("headers") or {}), **fuzzed.headers(identity)}
            sent.pop("cookies", None)
            if isinstance(sent.get("data"), bytes | str):
                sent["content"] = sent.pop("data")
            if "files" in sent:
                sent["files"] = [(name, _as_part(part)) for name, part in sent["files"]]
            answer = fuzzed.client.request(**sent)
            where = f"{case.method} {path}: {answer.status_code}"
            if answer.status_code >= 500:
                problems.append(f"{where} {answer.text[:200]}")
            if identity not in ("key of all", "key that runs") and MARK in answer.text:
                problems.append(f"{where} holds another company's fact")
            problems.extend(f"{where} {wrong}" for wrong in _wrong(fuzzed.document, case, path, answer))

        ask()

    assert problems == []


def _as_part(part: Any) -> Any:
    """A part of a form as a client can write it: a made-up number or truth as its text."""
    if isinstance(part, tuple):
        return tuple(_as_part(each) for each in part)
    return part if part is None or isinstance(part, str | bytes) or hasattr(part, "read") else str(part)


def _wrong(document: dict[str, Any], case: Any, path: str, answer: Any) -> list[str]:
    """How the body differs from what is documented for its status; an undocumented status is wrong too."""
    documented = document["paths"][path][case.method.lower()]["responses"]
    status = str(answer.status_code)
    if status in ("405", "400"):
        return []
    if status not in documented:
        return ["is not documented"]
    content = documented[status].get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    schema = content.get(kind, {}).get("schema")
    if not schema or not kind.endswith("json"):
        return []
    whole = {**schema, "components": document.get("components", {})}
    return [error.message[:200] for error in Draft202012Validator(whole).iter_errors(answer.json())][:1]
