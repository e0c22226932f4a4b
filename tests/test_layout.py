"""The house stands as it is drawn: our folders win over foreign packages, modules stay small, layers hold."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = (
    "graph",
    "nodes",
    "tools",
    "retrieval",
    "api",
    "ui",
    "ingest",
    "seeds",
    "eval",
    "store",
    "language",
)
MODULES = sorted(path for folder in (*FOLDERS, "tests") for path in (ROOT / folder).rglob("*.py"))


def test_that_every_folder_is_ours_wherever_python_starts() -> None:
    code = f"import importlib; [print(importlib.import_module(name).__file__) for name in {FOLDERS!r}]"
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd="/", capture_output=True, text=True, check=True
    )
    found = [Path(line).parent for line in run.stdout.split()]
    assert found == [ROOT / folder for folder in FOLDERS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_a_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no module docstring"
    if "migrations" in path.parts:
        return  # a migration is a record of what was done, not code that anybody changes
    limit = 400 if "tests" in path.relative_to(ROOT).parts else 300
    assert text.count("\n") <= limit
    if path.name == "__init__.py":
        assert len(tree.body) == 1, "an __init__ holds a docstring and nothing else"


def test_that_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_that_only_the_clock_asks_for_the_time() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if "tests" not in path.relative_to(ROOT).parts and "datetime.now(" in path.read_text("utf-8")
    ]
    assert asking == ["graph/adapters/clock.py"]


def test_that_only_api_reads_the_environment() -> None:
    reading = {
        path.relative_to(ROOT).parts[0]
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert reading <= {"api", "tests"}
