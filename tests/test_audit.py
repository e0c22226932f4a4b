"""The audit of dependencies does not pass by looking nothing up."""

import json
from pathlib import Path

import pytest

from tests.audit import main, problems

GOOD = {"name": "httpx", "version": "0.28.1", "vulns": []}
BAD = {"name": "jinja2", "version": "3.1.2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}]}
SKIPPED = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([GOOD], 0),
        ([GOOD, BAD], 1),
        ([GOOD, SKIPPED], 1),
        ([SKIPPED, SKIPPED], 1),
        ([], 1),
    ],
)
def test_that_only_a_whole_and_clean_audit_passes(rows: list[dict[str, object]], wrong: int) -> None:
    assert len(problems({"dependencies": rows})) == wrong


def test_that_the_exit_code_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "audit.json"
    assert main(report) == 1

    report.write_text(json.dumps({"dependencies": [SKIPPED]}), "utf-8")
    assert main(report) == 1
    assert "0 of 1 packages were audited" in capsys.readouterr().out

    report.write_text(json.dumps({"dependencies": [GOOD]}), "utf-8")
    assert main(report) == 0
