"""Case files are read strictly, and a mistake says where it is."""

import json
from pathlib import Path

import pytest

from eval.cases import read_cases
from graph.errors import Invalid


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def _line(**fields: object) -> str:
    return json.dumps({"id": "c1", "turns": ["Hello"], "company": "shop", **fields})


def test_that_a_full_case_is_read_and_unknown_fields_are_notes(tmp_path: Path) -> None:
    line = _line(
        language="hinglish",
        email="a@example.com",
        verified=True,
        intent="greeting",
        kind="clarify",
        kinds_ok=["answer"],
        must=[["hello", "namaste"], ["help"]],
        must_not=["sorry"],
        tools=[],
        tools_ok=[["order_lookup"]],
        family="f1",
        note="for people",
        written_by=["somebody"],
    )

    (case,) = read_cases([_file(tmp_path, "", line, "  ")])

    assert case.turns == ("Hello",)
    assert case.must == (("hello", "namaste"), ("help",))
    assert case.kinds == {"clarify", "answer"}
    assert case.tool_lists == ((), ("order_lookup",))


def test_that_only_id_and_turns_are_needed(tmp_path: Path) -> None:
    (case,) = read_cases([_file(tmp_path, '{"id": "c1", "turns": ["Hi"]}')], company="shop")

    assert case.company == "shop"
    assert case.kinds == frozenset()
    assert case.tool_lists == ()


def test_that_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + _line().encode() + b"\r\n" + _line(id="c2").encode() + b"\r\n")

    assert [case.id for case in read_cases([path])] == ["c1", "c2"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"turns": ["Hi"]}', "id"),
        ('{"id": "c1"}', "turns"),
        ('{"id": "c1", "turns": []}', "turns"),
        ('{"id": "c1", "turns": "Hi"}', "turns"),
        ('{"id": "c1", "turns": [""]}', "turns.0"),
        ('{"id": 7, "turns": ["Hi"]}', "id"),
        (_line(kind="answered"), "kind"),
        (_line(kinds_ok=["nothing"]), "kinds_ok.0"),
        (_line(must=["a", "b"]), "must.0"),
        (_line(must=[[]]), "must"),
        (_line(must=[["a", " "]]), "must.0.1"),
        (_line(must_not="x"), "must_not"),
        (_line(tools="order_lookup"), "tools"),
        (_line(verified="yes"), "verified"),
        (_line(verified=True), "verified"),
        ('{"id": "c1", "turns": ["Hi"]', "Invalid JSON"),
        ('["c1"]', "Input should be an object"),
        ('{"id": "c1", "turns": ["Hi"]}', "company"),
    ],
)
def test_that_a_mistake_names_file_line_and_field(tmp_path: Path, line: str, field: str) -> None:
    path = _file(tmp_path, _line(id="ok"), line)

    with pytest.raises(Invalid) as caught:
        read_cases([path])

    assert caught.value.message.startswith(f"{path}:2: {field}")


def test_that_an_id_may_occur_once_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = _file(tmp_path, _line()), _file(tmp_path / "other", _line())

    with pytest.raises(Invalid, match=r"other/cases.jsonl:1: id: 'c1' is also at .*cases.jsonl:1"):
        read_cases([first, second])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_that_an_empty_or_unreadable_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(content)

    with pytest.raises(Invalid, match=r"cases.jsonl: (holds no case|is not UTF-8)"):
        read_cases([path])


def test_that_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_cases([tmp_path / "none.jsonl"])
