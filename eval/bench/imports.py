"""How fast a website becomes knowledge: a whole import from a local web server, then the same one again.

The site is made (a thousand pages of headings, prose, lists, tables and code), or a folder of HTML pages.
"""

import functools
import json
import random
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from eval.bench.load import Json
from eval.bench.server import prepared, program
from graph.errors import Invalid, Unavailable

COMPANY = "aipassportphoto"
PAGES = 1000
SECTIONS = 6
WORDS = (
    "account",
    "archive",
    "battery",
    "bracket",
    "cable",
    "camera",
    "charge",
    "column",
    "device",
    "display",
    "engine",
    "export",
    "filter",
    "folder",
    "frame",
    "gallery",
    "invoice",
    "label",
    "layout",
    "limit",
    "margin",
    "memory",
    "module",
    "notice",
    "order",
    "panel",
    "picture",
    "printer",
    "profile",
    "receipt",
    "record",
    "report",
    "scanner",
    "screen",
    "sensor",
    "server",
    "signal",
    "storage",
    "switch",
    "system",
    "ticket",
    "timer",
    "upload",
    "vendor",
    "warranty",
    "window",
)
VERBS = ("keeps", "shows", "replaces", "checks", "sends", "prints", "stores", "limits", "renames", "closes")


def bench(
    environment: Mapping[str, str], *, requests: int = PAGES, concurrency: int = 1, folder: Path | None = None
) -> Json:
    """Figures of a first import (`requests` pages at most) and of a second one of the same pages."""
    del concurrency  # an import has its own
    with prepared(environment) as settings, tempfile.TemporaryDirectory() as made:
        root = folder or write_site(Path(made), requests)
        if not any(root.glob("*.html")):
            raise Invalid(f"there are no HTML pages in {root}", field="folder")
        with served(root) as url:
            first = _import(url, requests, settings)
            again = _import(url, requests, settings)
    share = again["seconds"] / max(first["seconds"], 1e-9)
    return {
        "name": "import",
        "n": first["passages"],
        "pages": sum(first["counts"].values()),
        "seconds": first["seconds"],
        "perSecond": first["perSecond"],
        "rssMb": first["rssMb"],
        "again": {"seconds": again["seconds"], "share": round(share, 3), "counts": again["counts"]},
        "counts": first["counts"],
    }


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port; yields the address of its first page."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        start = "index.html" if (folder / "index.html").exists() else ""
        yield f"http://127.0.0.1:{server.server_address[1]}/{start}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_site(folder: Path, pages: int) -> Path:
    """A manual of so many pages that link to one another; the same text at every call."""
    chance = random.Random(pages)
    for number in range(pages):
        name = "index" if number == 0 else f"page-{number}"
        (folder / f"{name}.html").write_text(_page(number, pages, chance), "utf-8")
    return folder


def _page(number: int, pages: int, chance: random.Random) -> str:
    title = f"{_some(2, chance).title()} {number}"
    sections = "".join(_section(chance) for _ in range(SECTIONS))
    near = [n for n in range(number * 10 + 1, number * 10 + 11) if n < pages]
    links = "".join(f'<li><a href="page-{n}.html">Chapter {n}</a></li>' for n in near)
    menu = f'<nav><a href="index.html">Start</a><ul>{links}</ul></nav>'
    return f"<!doctype html><title>{title} | Manual</title>{menu}<main><h1>{title}</h1>{sections}</main>"


def _section(chance: random.Random) -> str:
    prose = " ".join(_sentence(chance) for _ in range(9))
    sizes = [(_some(1, chance), chance.randint(2, 900)) for _ in range(3)]
    rows = "".join(f"<tr><td>{part}</td><td>{size} mm</td></tr>" for part, size in sizes)
    table = f"<table><tr><th>Part</th><th>Size</th></tr>{rows}</table>"
    code = f"<pre>set {_some(1, chance)} = {chance.randint(1, 99)};\nrun {_some(1, chance)} --all</pre>"
    return f"<h2>{_some(2, chance).capitalize()}</h2><p>{prose}</p>{table}{code}"


def _sentence(chance: random.Random) -> str:
    one, other = _some(2, chance), _some(2, chance)
    return f"The {one} {chance.choice(VERBS)} the {other} after {chance.randint(2, 90)} {_some(1, chance)}s."


def _some(count: int, chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _import(url: str, pages: int, settings: Mapping[str, str]) -> Json:
    options = ("--company", COMPANY, "--max-pages", str(max(pages, 5000)), "--depth", "30", "--json")
    command = [*program(), "import", url, *options, "--allow-private", "127.0.0.1"]
    done = subprocess.run(command, env=dict(settings), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"the import failed: {done.stderr.strip()[-400:]}")
    result: Json = json.loads(done.stdout)
    return result


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing."""
