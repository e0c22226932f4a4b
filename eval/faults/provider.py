"""A company's own service: it does what it is asked once for each key, or fails as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from eval.faults.scene import Scene


class Provider:
    """A company's own service that does what it is asked once for each key."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.done: set[str] = set()
        self.status, self.body, self.pause, self.hangs_up = 200, b'{"ok": "yes", "left": "500"}', 0.0, False
        self.waits = threading.Event()


@contextmanager
def provider() -> Iterator[tuple[Provider, int]]:
    """The service on a port of this machine."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = self.headers.get("Idempotency-Key", "")
            made.calls.append(key)
            made.waits.wait(made.pause)
            if made.status < 300:
                made.done.add(key)
            if made.hangs_up:
                self.connection.close()
                return
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        do_GET = do_POST = _any  # noqa: N815 (the protocol's names)

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made, int(server.server_address[1])
    finally:
        made.waits.set()
        server.shutdown()
        server.server_close()


async def give_tools(scene: Scene, port: int) -> None:
    """A read and a write of the company's own service."""
    common = {"answer": {"left": "left"}, "timeout_seconds": 1.5, "needs_identity": True}
    read = {
        "name": "voucher_balance",
        "description": "What is left on a gift voucher.",
        "label": {"en": "check the voucher", "hinglish": "voucher check karna"},
        "url": f"http://127.0.0.1:{port}/vouchers/{{id}}?by={{email}}",
        "asks": [["voucher", "balance"], ["voucher", "left"]],
    }
    write = {
        "name": "block_voucher",
        "description": "Block a gift voucher.",
        "label": {"en": "block the voucher", "hinglish": "voucher block karna"},
        "kind": "write",
        "method": "POST",
        "body": {"number": "{id}"},
        "url": f"http://127.0.0.1:{port}/blocked",
        "asks": [["block", "voucher"]],
    }
    known = (await scene.operator("GET", "/api/http-tools?company=tamarind-lane")).json()
    for tool in known:
        await scene.operator("DELETE", f"/api/http-tools/{tool['id']}")
    for config in (read, write):
        body = {"company": "tamarind-lane", "config": {**common, **config}}
        answer = await scene.operator("POST", "/api/http-tools", json=body)
        scene.expect(answer.status_code == 201, f"the tool was not set up: {answer.text}")
