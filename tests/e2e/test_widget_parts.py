"""The widget's pure parts, run by Node where there is one and by Chromium where there is none."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "ui" / "widget" / "cases.mjs"
APP_LIMIT, LOADER_LIMIT = 60_000, 10_000


def test_that_stream_parser_and_reducer_keep_their_promises(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    node = shutil.which("node")
    outcome = _in_node(node, tmp_path) if node else _in_chromium(request.getfixturevalue("browser"))
    assert outcome["failures"] == []
    assert int(str(outcome["count"])) > 20


@pytest.mark.browser
def test_that_chromium_agrees_with_node_on_the_parts(browser: Browser) -> None:
    assert _in_chromium(browser)["failures"] == []


@pytest.mark.parametrize(("files", "limit"), [("widget/app/*.*", APP_LIMIT), ("widget/v1.js", LOADER_LIMIT)])
def test_that_the_widget_stays_small_on_the_wire(files: str, limit: int) -> None:
    import gzip

    found = list((ROOT / "ui").glob(files))
    assert found
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in found) <= limit


def test_that_no_script_of_ours_writes_markup_or_styles() -> None:
    forbidden = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        ".style.",
        "eval(",
        "setAttribute('style",
    )
    for file in (ROOT / "ui").rglob("*.js"):
        text = file.read_text("utf-8")
        assert [word for word in forbidden if word in text] == [], file.name


def _in_node(node: str, folder: Path) -> dict[str, object]:
    copy = folder / "cases.mjs"
    for part in ("sse", "reducer"):
        source = ROOT / "ui" / "widget" / "app" / f"{part}.js"
        (folder / f"{part}.mjs").write_text(source.read_text("utf-8"), "utf-8")
    text = CASES.read_text("utf-8")
    for part in ("sse", "reducer"):
        text = text.replace(f"/ui/widget/app/{part}.js", f"./{part}.mjs")
    copy.write_text(text, "utf-8")
    told = "console.log(JSON.stringify(outcome))"
    program = f"import({json.dumps(copy.as_uri())}).then((m) => m.run()).then((outcome) => {told})"
    done = subprocess.run([node, "-e", program], capture_output=True, text=True, timeout=30, check=True)
    outcome: dict[str, object] = json.loads(done.stdout)
    return outcome


def _in_chromium(browser: Browser) -> dict[str, object]:
    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if path == "":
            route.fulfill(body="<!doctype html><title>cases</title>", content_type="text/html")
        else:
            route.fulfill(body=(ROOT / path).read_text("utf-8"), content_type="text/javascript")

    page = browser.new_page()
    page.route("http://cases.test/**", answer)
    page.goto("http://cases.test/")
    run = "import('/tests/ui/widget/cases.mjs').then((m) => m.run())"
    outcome: dict[str, object] = page.evaluate(run)
    page.close()
    return outcome
