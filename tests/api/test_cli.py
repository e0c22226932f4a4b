"""The command line: quick help, accounts and keys, one clear line for an error."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from api.commands import upkeep

HEAVY = ("chromadb", "fastapi", "langgraph", "numpy", "onnxruntime", "sqlalchemy", "pydantic")
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a folder of its own and returns what it wrote; errors are raised as exits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPORTGRAPH_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("SUPPORTGRAPH_ENV", raising=False)

    def command(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["supportgraph", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0, ended.value.code
        return capsys.readouterr().out

    return command


def test_that_help_imports_nothing_heavy() -> None:
    program = "import sys, api.cli; print([name for name in sys.argv[1:] if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program, *HEAVY], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_that_a_member_of_staff_is_created_and_listed(run: Run) -> None:
    made = run("user", "create", "lead@desk.example", "--role", "lead")
    listed = json.loads(run("user", "list", "--json"))

    assert "password: " in made
    assert [(user["email"], user["roles"]) for user in listed] == [("lead@desk.example", {"all": "lead"})]


def test_that_a_key_is_shown_once_and_can_be_revoked(run: Run) -> None:
    key = run("key", "create", "shop server", "--scopes", "run,read").strip()
    listed = json.loads(run("key", "list", "--json"))
    run("key", "revoke", listed[0]["id"])

    assert key.startswith("sk_all_")
    assert key not in json.dumps(listed)
    assert listed[0]["scopes"] == ["run", "read"]
    assert json.loads(run("key", "list", "--json"))[0]["revoked_at"] is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user", "create", "x@desk.example", "--role", "owner"), "role"),
        (("key", "create", "x", "--scopes", "root"), "scopes"),
        (("key", "create", "x", "--company", "nowhere"), "company"),
        (("key", "revoke", "key_0"), "key"),
        (("user", "password", "x@desk.example"), "email"),
    ],
)
def test_that_an_error_is_one_clear_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    run("migrate")
    monkeypatch.setattr(sys, "argv", ["supportgraph", *arguments])

    with pytest.raises(SystemExit) as ended:
        main()

    line = str(ended.value.code)
    assert line.startswith("supportgraph: ")
    assert words in line
    assert "\n" not in line


def test_that_weak_production_settings_are_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPORTGRAPH_ENV", "production")
    monkeypatch.setattr(sys, "argv", ["supportgraph", "migrate"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert "SUPPORTGRAPH_SECRET_KEY" in str(ended.value.code)


def test_that_the_doctor_finds_this_installation_in_order(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(upkeep.CHECKS, "embedder")  # it builds its model, which takes seconds

    checks = json.loads(run("doctor", "--json"))

    assert {check["name"] for check in checks} >= {"python", "database", "product"}
    assert all(check["good"] for check in checks)
