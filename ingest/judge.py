"""What becomes of a page that was fetched and read: knowledge, or a reason why not."""

import hashlib
from dataclasses import dataclass

from ingest.alike import fingerprint
from ingest.fetch import Fetched
from ingest.publish import Ready
from ingest.reading import Kind, ReadPage
from ingest.rows import fields_of_passage
from ingest.split import split
from ingest.suspicion import suspicion
from store.values.imports import ImportPage, Suspicion
from store.values.knowledge import PassageFields, SourceFields

PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NO_PAGE: dict[Kind, str] = {
    "login": "it is a sign-in page",
    "cookies": "it shows only a notice about cookies",
    "scripts": "its text is made by scripts, which are not run",
    "frames": "it consists of frames and has no text of its own",
    "empty": "it has no text of its own",
}


@dataclass(frozen=True)
class Judged:
    """A page that could be published: what it says, in passages, and how to recognise that."""

    read: ReadPage
    fetched: Fetched
    passages: tuple[PassageFields, ...]
    content_hash: str
    fingerprint: str


def body_hash(body: bytes) -> str:
    """The same for the same bytes."""
    return hashlib.sha256(body).hexdigest()


def is_page(fetched: Fetched) -> str:
    """Why the answer is not a web page, or empty."""
    kind = fetched.content_type
    if kind in PAGES or (not kind and fetched.body.lstrip()[:1] == b"<"):
        return ""
    return f"it is not a web page but {kind or 'of no stated type'}"


def judge(page: ImportPage, fetched: Fetched, read: ReadPage) -> Judged | str:
    """The page as knowledge, or why it is none."""
    if read.kind != "page":
        return _NO_PAGE[read.kind]
    passages = split(read.document, source_id=page.id, url=page.url)
    if not passages:
        return _NO_PAGE["empty"]
    whole = "\n".join((read.document.title, *(passage.content_hash for passage in passages)))
    return Judged(
        read,
        fetched,
        tuple(fields_of_passage(passage) for passage in passages),
        hashlib.sha256(whole.encode()).hexdigest(),
        fingerprint(read.document),
    )


def ready(page: ImportPage, judged: Judged, decided: dict[str, str]) -> Ready:
    """The page to publish; `decided`: what people said about its suspicious passages before."""
    good, held = sifted(judged.passages, decided)
    reason = f"{len(held)} of {len(judged.passages)} passages wait for approval" if held else ""
    common = {
        "title": judged.read.document.title,
        "content_hash": judged.content_hash,
        "etag": judged.fetched.etag,
        "last_modified": judged.fetched.last_modified,
        "reason": reason,
    }
    state = "quarantined" if held else "indexed"
    source_state = "imported" if good or not held else "quarantined"
    return Ready(
        page=page,
        source=SourceFields(url=page.url, kind="page", status=source_state, **common),
        passages=good,
        held=held,
        settled={
            **common,
            "state": state,
            "http_status": judged.fetched.status,
            "body_hash": body_hash(judged.fetched.body),
            "fingerprint": judged.fingerprint,
            "passages": len(good),
            "attempts": page.attempts + 1,
        },
    )


def sifted(
    passages: tuple[PassageFields, ...], decided: dict[str, str]
) -> tuple[list[PassageFields], list[Suspicion]]:
    """Passages to answer from, and those that wait; what was rejected once is neither."""
    good: list[PassageFields] = []
    held: list[Suspicion] = []
    for position, passage in enumerate(passages):
        decision = decided.get(passage.content_hash, "")
        said = "\n".join((passage.title, passage.heading, *passage.questions, passage.text))
        why = "" if decision in ("approved", "rejected") else suspicion(said)
        if why:
            held.append(Suspicion(passage=passage, position=position, reason=why))
        elif decision != "rejected":
            good.append(passage)
    return good, held
