"""Uploaded files: what is read from each kind, and what is refused with which words."""

import asyncio
import io
import re
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import pytest

from graph.errors import Invalid, SupportError, TooLarge
from ingest import uploads
from ingest.keep import keep_upload
from ingest.loaders import load
from ingest.uploads import Parts, read_upload
from tests.fakes import CountingIds
from tests.ingest.conftest import Bench

MANUAL = b"""# The manual

Photos are *printed* on [matt](x) paper.

## Cleaning

- Use a dry cloth.
- Wait two minutes.

```
clean --all
```
"""
TABLE = (
    b"\xef\xbb\xbfQuestion,Answer\nHow long?,It takes three days. Or less.\nIs it free?,The first one is.\n"
)
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML = f"<w:document xmlns:w='{SPACE}'><w:body>{{}}</w:body></w:document>"


def word_file(*lines: str) -> bytes:
    """A Word file of paragraphs."""
    said = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", XML.format(said))
    return out.getvalue()


async def loaded(name: str, kind: str, body: bytes) -> Parts:
    """The loaders' parts without a process of their own, which takes a second to start."""
    return await asyncio.to_thread(_loaded, name, kind, body)


def _loaded(name: str, kind: str, body: bytes) -> Parts:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(body)
        return load(kind, file)


read = partial(read_upload, load=loaded)


async def test_that_markdown_keeps_its_headings_lists_and_code() -> None:
    (document,) = (await read("my_manual.md", MANUAL)).documents

    assert document.title == "The manual"
    assert [(section.heading, section.lines) for section in document.sections] == [
        ((), ("Photos are printed on matt paper.",)),
        (("Cleaning",), ("Use a dry cloth.", "Wait two minutes.", "clean --all")),
    ]


async def test_that_a_table_becomes_questions_with_answers() -> None:
    documents = (await read("faq.csv", TABLE)).documents

    assert [(each.title, each.questions[0].lines) for each in documents] == [
        ("How long?", ("It takes three days.", "Or less.")),
        ("Is it free?", ("The first one is.",)),
    ]


async def test_that_a_word_file_is_read() -> None:
    (document,) = (await read("Terms.docx", word_file("We ship on Mondays."))).documents

    assert document.sections[0].lines == ("We ship on Mondays.",)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("virus.exe", b"x", "virus.exe is none of Markdown, CSV, PDF or DOCX"),
        ("../../etc/passwd", b"x", "passwd is none of"),
        ("empty.md", b"  \n", "empty.md is empty"),
        ("faq.csv", b"a,b\n1,2\n", "no column named answer or question"),
        ("faq.csv", b"question,answer\nA?,B.\nC?,\n", "faq.csv, line 3: the answer is empty"),
        ("faq.csv", b'question,answer\n"A?', "faq.csv, line 2: the answer is empty"),
        ("broken.docx", b"PK\x03\x04", "broken.docx is not a Word file"),
    ],
)
async def test_that_a_bad_file_is_refused_by_name(name: str, body: bytes, words: str) -> None:
    with pytest.raises(SupportError, match=re.escape(words)) as refused:
        await read_upload(name, body)

    assert refused.value.field == "file"


async def test_that_a_broken_pdf_says_what_is_wrong() -> None:
    with pytest.raises(Invalid, match=r"paper\.pdf cannot be read: "):
        await read_upload("paper.pdf", b"%PDF-1.7 nothing")


async def test_that_an_archive_that_would_fill_the_disk_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UNPACKED", 1000)

    with pytest.raises(TooLarge, match="unpacks to more than"):
        await read("bomb.docx", word_file("a" * 2000))


async def test_that_a_file_is_kept_once_and_replaced_by_its_name(bench: Bench) -> None:
    ids = CountingIds()
    first = await keep_upload(bench.store, bench.index, ids, bench.company, await read("f.md", MANUAL))
    same = await keep_upload(bench.store, bench.index, ids, bench.company, await read("f.md", MANUAL))
    other = MANUAL.replace(b"dry", b"wet")
    changed = await keep_upload(bench.store, bench.index, ids, bench.company, await read("f.md", other))

    assert (first.passages, same.unchanged, changed.source.id) == (2, True, first.source.id)
    assert "wet cloth" in await bench.said()
    assert "dry cloth" not in await bench.said()
    assert {row.kind for row in await bench.passages()} == {"upload"}


def test_that_the_loaders_read_a_pdf(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    file = tmp_path / "blank.pdf"
    with file.open("wb") as out:
        writer.write(out)

    assert [part["text"] for part in load("pdf", file)] == [""]
