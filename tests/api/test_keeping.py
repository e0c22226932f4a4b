"""`backup` and `restore` as a person types them: whole copies, tampered ones, and what was there before."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.cli import main
from graph.adapters.checkpoints import open_saver

Run = Callable[..., str]


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a desk with two companies, one checkpoint file and a generated key."""
    folder = Path(shutil.copytree(template, tmp_path / "var"))
    open_saver(folder / "checkpoints.db").conn.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPORTGRAPH_DATA_DIR", str(folder))
    monkeypatch.delenv("SUPPORTGRAPH_ENV", raising=False)
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; what it wrote, or what it said when it refused."""

    def command(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["supportgraph", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().out
        return said if ended.value.code == 0 else f"refused: {ended.value.code}"

    return command


def slugs(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as db:
        return [row[0] for row in db.execute("SELECT slug FROM companies ORDER BY slug")]


def test_that_a_backup_is_restored_to_an_empty_place(
    home: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = json.loads(run("backup", str(tmp_path / "copy"), "--json"))
    monkeypatch.setenv("SUPPORTGRAPH_DATA_DIR", str(tmp_path / "elsewhere"))

    restored = json.loads(run("restore", str(tmp_path / "copy"), "--json"))

    assert restored["restored"] == made["files"] == len(list((tmp_path / "copy").iterdir())) - 1
    assert slugs(tmp_path / "elsewhere" / "supportgraph.db") == ["nodes", "photo"]
    key = (tmp_path / "elsewhere" / "secret.key").read_bytes()
    assert key == (home / "secret.key").read_bytes(), "kept values can be opened again"


def test_that_what_was_there_is_put_aside_and_the_vectors_are_made_again(
    home: Path, run: Run, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "copy"))
    with closing(sqlite3.connect(home / "supportgraph.db")) as db:
        db.execute("UPDATE companies SET slug = 'other' WHERE slug = 'nodes'")
        db.commit()
    (home / "chroma").mkdir()

    run("restore", str(tmp_path / "copy"))

    assert slugs(home / "supportgraph.db") == ["nodes", "photo"]
    assert slugs(home / "supportgraph.db.before-restore") == ["other", "photo"]
    assert not (home / "chroma").exists()


@pytest.mark.parametrize("name", ["supportgraph.db", "checkpoints.db", "secret.key"])
def test_that_a_backup_that_is_not_whole_changes_nothing(
    home: Path, run: Run, tmp_path: Path, name: str
) -> None:
    run("backup", str(tmp_path / "copy"))
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    (tmp_path / "copy" / name).write_bytes(b"tampered with")

    said = run("restore", str(tmp_path / "copy"))

    assert said.startswith("refused: ")
    assert "nothing was restored" in said
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()} == before


def test_that_a_folder_that_is_no_backup_is_refused(home: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()

    assert "no manifest" in run("restore", str(tmp_path / "photos"))


def test_that_nothing_is_restored_under_a_desk_that_runs(
    home: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(tmp_path / "copy"))
    monkeypatch.setattr("retrieval.chroma.is_owned", lambda folder: True)

    assert "stop it first" in run("restore", str(tmp_path / "copy"))
