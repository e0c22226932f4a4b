"""Company checks are found in the code, and taken out so that what is left still runs."""

import ast
from pathlib import Path

import pytest

from eval.removals import removals, sampled
from graph.errors import Unavailable
from tests.scoping import unscoped

ROOT = Path(__file__).parents[2]


def test_that_every_kind_of_check_is_found() -> None:
    found = removals(ROOT)
    assert len(found) > 200
    kinds = {removal.before.partition("(")[0] for removal in found}
    assert {"*self._within", "*within", "self._check", "return Scope"} <= kinds
    assert sampled(found, 20, 1) == sampled(found, 20, 1) != sampled(found, 20, 2)


def test_that_code_without_one_check_still_reads_and_the_quick_guard_goes_red(tmp_path: Path) -> None:
    """The quick half of `check-isolation`, on a few conditions of tables that are named."""
    conditions = [item for item in removals(ROOT) if item.instead == "*()" and "table" not in item.before]
    for removal in sampled(conditions, 5, seed=1):
        whole = (ROOT / removal.file).read_text("utf-8")
        left = whole[: removal.start] + removal.instead + whole[removal.end :]
        ast.parse(left)
        found = []
        for text in (whole, left):
            (tmp_path / "one.py").write_text(text, "utf-8")
            found.append(unscoped(tmp_path))
        assert found[0] != found[1], removal


def test_that_an_installation_without_tests_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no tests"):
        removals(tmp_path)
