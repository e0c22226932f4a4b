"""Take company checks out of a copy of the code, one at a time, and see whether the tests notice.

A check that can go without a red test protects nobody for long. This needs the repository with its tests.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Unavailable

STORE_TESTS = ("tests/test_scoping.py", "tests/store/test_scope.py")
"""The quick one first: it reads the code; the other one calls it."""
_CONDITION = re.compile(r"\*(?:self\._within|within)\([^()]*\)")
_REFUSAL = re.compile(r"^( +)self\._check\([^()]*\)$", re.MULTILINE)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "node_modules")
ELSEWHERE = (
    (
        "store/repositories/base.py",
        "        return (column == next(iter(companies)),)",
        "        return ()",
        STORE_TESTS,
    ),
    (
        "store/values/scope.py",
        "return self.companies is None or company_id in self.companies",
        "return True",
        STORE_TESTS,
    ),
    (
        "api/routes/pages_frame.py",
        "return Scope(member.companies)",
        "return Scope.operator()",
        ("tests/api/test_pages.py",),
    ),
    (
        "api/auth/callers.py",
        "return Scope(self.companies)",
        "return Scope.operator()",
        ("tests/api/test_perimeter.py",),
    ),
)
"""Where a caller's companies become a scope, and where a scope becomes a condition."""


@dataclass(frozen=True)
class Removal:
    """One company check: where it stands, what is left without it, which tests guard it."""

    file: str
    line: int
    before: str
    start: int
    end: int
    instead: str
    guards: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """A removal, and whether a test went red."""

    removal: Removal
    caught: bool


def removals(root: Path) -> list[Removal]:
    """Every company check of the code below `root`, in order; `Unavailable` without the tests beside it."""
    if not (root / STORE_TESTS[0]).is_file():
        raise Unavailable(f"{root} holds no tests; this needs the repository")
    found = []
    for path in sorted((root / "store" / "repositories").glob("*.py")):
        found += list(_in_store(path.relative_to(root), path.read_text("utf-8")))
    for file, before, instead, guards in ELSEWHERE:
        text = (root / file).read_text("utf-8")
        start = text.index(before)
        found.append(_removal(file, text, start, start + len(before), instead, guards))
    return found


def sampled(found: Sequence[Removal], count: int, seed: int) -> list[Removal]:
    """So many of them, the same for the same seed."""
    chosen = random.Random(seed).sample(range(len(found)), min(count, len(found)))  # not for secrets
    return [found[place] for place in sorted(chosen)]


def try_all(root: Path, chosen: Sequence[Removal], tell: Callable[[Tried], None]) -> list[Tried]:
    """Each removal in one private copy of the code; the copy is whole again before the next."""
    tried = []
    with tempfile.TemporaryDirectory(prefix="supportgraph-removals-") as folder:
        copy = Path(folder) / "code"
        shutil.copytree(root, copy, ignore=LEFT_OUT)
        for removal in chosen:
            tried.append(Tried(removal, _is_caught(copy, removal)))
            tell(tried[-1])
    return tried


def _in_store(file: Path, text: str) -> Iterator[Removal]:
    for match in _CONDITION.finditer(text):
        yield _removal(str(file), text, match.start(), match.end(), "*()", STORE_TESTS)
    for match in _REFUSAL.finditer(text):
        yield _removal(str(file), text, match.start(), match.end(), f"{match[1]}pass", STORE_TESTS)


def _removal(file: str, text: str, start: int, end: int, instead: str, guards: tuple[str, ...]) -> Removal:
    line = text.count("\n", 0, start) + 1
    return Removal(file, line, text[start:end].strip(), start, end, instead, guards)


def _is_caught(copy: Path, removal: Removal) -> bool:
    path = copy / removal.file
    whole = path.read_text("utf-8")
    path.write_text(whole[: removal.start] + removal.instead + whole[removal.end :], "utf-8")
    try:
        return _is_red(copy, removal.guards)
    finally:
        path.write_text(whole, "utf-8")


def _is_red(copy: Path, guards: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *guards]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise Unavailable(f"the tests could not be run: {(done.stdout + done.stderr).strip()[-400:]}")
    return done.returncode == 1
