"""An embeddings server: its vectors are used, checked and replaced by words when it does not answer."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from graph.errors import RetrievalUnavailable
from retrieval import endpoint
from retrieval.embed import Hashing
from retrieval.endpoint import Endpoint
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors

WIDTH = 64


@dataclass
class Server:
    """A server on this machine that hashes letters."""

    url: str = ""
    width: int = WIDTH
    status: int = 200
    asked: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.asked.append(len(body["input"]))
            state.keys.append(self.headers["authorization"])
            vectors = Hashing().embed(body["input"])[:, : state.width] + 0.001
            data = [{"index": n, "embedding": row.tolist()} for n, row in enumerate(vectors)]
            said = json.dumps({"data": data[::-1]}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


def connected(server: Server) -> Endpoint:
    return Endpoint(server.url, "small", "secret", Hashing())


class Shop:
    """Two passages."""

    async def passages(self, company_id: str) -> list[Passage]:
        del company_id
        texts = {"Shipping": "Parcels arrive after 4 days.", "Refunds": "Money comes back within a week."}
        return [
            Passage(
                id=f"p{n}", source_id="s", kind="entry", title=title, text=text, content_hash=title,
                questions=(f"How do {title.lower()} work?",),
            )
            for n, (title, text) in enumerate(texts.items())
        ]  # fmt: skip

    async def version(self, company_id: str) -> str:
        return company_id


def test_that_vectors_come_in_batches_in_order_and_of_unit_length(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "BATCH", 3)
    texts = ["seven words", "a", "seven words", "other", "more", "last"]

    made = connected(server).embed_strictly(texts)

    assert made.shape == (6, WIDTH)
    assert np.allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)
    assert np.allclose(made[0], made[2])
    assert server.asked == [3, 2]
    assert set(server.keys) == {"Bearer secret"}


def test_that_the_texts_of_a_question_are_asked_for_once(server: Server) -> None:
    embedder = connected(server)

    embedder.embed(["parcel late?", "parcel"])
    again = embedder.embed(["parcel", "parcel late?", "kab aayega"])

    assert server.asked == [2, 1]
    assert np.allclose(again[:2], connected(server).embed(["parcel", "parcel late?"]))


def test_that_another_width_and_a_failing_server_are_refused(server: Server) -> None:
    embedder = connected(server)
    embedder.embed_strictly(["first"])
    server.width = 32
    with pytest.raises(RetrievalUnavailable, match="instead of"):
        embedder.embed_strictly(["second"])
    server.status = 500
    with pytest.raises(RetrievalUnavailable, match="failed"):
        embedder.embed_strictly(["third"])
    asked = len(server.asked)

    assert not embedder.embed(["fourth"]).any()
    assert len(server.asked) == asked, "a dead server is left in peace for a while"


async def test_that_search_uses_the_server_and_falls_back_on_words(server: Server) -> None:
    index = Index(MemoryVectors(), connected(server))
    shop = Shop()
    await index.upsert("c", await shop.passages("c"))
    retriever = CompanyRetriever("c", shop, index)

    near = await retriever.search("How do refunds work?")
    server.status = 503
    words = await retriever.search("When do parcels arrive?")

    assert (near.hits[0].passage.title, near.degraded) == ("Refunds", False)
    assert (words.hits[0].passage.title, words.degraded) == ("Shipping", True)
    index.close()


async def test_that_another_model_makes_all_vectors_again(server: Server) -> None:
    vectors, shop = MemoryVectors(), Shop()
    first = Index(vectors, Hashing())
    await first.upsert("c", await shop.passages("c"))

    second = Index(vectors, connected(server))
    assert await second.rebuild("c", await shop.passages("c")) > 0

    status = await second.status("c")
    assert (status.embedder, status.passages) == ("endpoint:small", 2)
    assert vectors.read("c").vectors.shape[1] == WIDTH
