"""Uploaded files as knowledge: Markdown, tables of questions and answers, PDF, Word."""

import asyncio
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeAlias

from graph.errors import Invalid, TooLarge
from ingest.extract import Document, Section, decode
from ingest.faq import Asked
from ingest.limits import LARGEST_UPLOAD
from ingest.loaders import PROGRAM
from language.text import clean, sentences

KINDS = {".md": "md", ".markdown": "md", ".txt": "md", ".csv": "csv", ".pdf": "pdf", ".docx": "docx"}
LARGEST_UNPACKED = 100_000_000
MOST_ROWS = 20_000
MOST_PAGES = 2_000
SECONDS = 60.0
MEMORY = 1_500_000_000
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


Parts: TypeAlias = Sequence[Mapping[str, str]]
Load: TypeAlias = Callable[[str, str, bytes], Awaitable[Parts]]


@dataclass(frozen=True)
class Upload:
    """A file as knowledge: each document with its title, and its name as people know it."""

    name: str
    documents: tuple[Document, ...]


async def load_in_child(name: str, kind: str, body: bytes) -> Parts:
    """The loaders' parts of a file, read in a process that may die."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", PROGRAM, str(MEMORY), kind,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"HOME": "/nonexistent"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            said, wrong = await child.communicate(body)
    except TimeoutError:
        child.kill()
        await child.wait()
        raise Invalid(f"{name} takes too long to read", field="file") from None
    if child.returncode or not said:
        why = (wrong.decode("utf-8", "replace").strip().splitlines() or ["it takes too much memory"])[-1]
        raise Invalid(f"{name} cannot be read: {clean(why)[:200]}", field="file")
    parts: list[dict[str, str]] = json.loads(said)
    return parts


async def read_upload(name: str, body: bytes, *, load: Load = load_in_child) -> Upload:
    """The file's documents; Invalid or TooLarge names the file, and the row where there is one."""
    safe = clean(PurePath(name.replace("\\", "/")).name)[:200]
    kind = KINDS.get(PurePath(safe).suffix.lower())
    if kind is None:
        raise Invalid(f"{safe or 'the file'} is none of Markdown, CSV, PDF or DOCX", field="file")
    if len(body) > LARGEST_UPLOAD:
        raise TooLarge(f"{safe} is larger than {LARGEST_UPLOAD // 1_000_000} MB", field="file")
    if not body.strip():
        raise Invalid(f"{safe} is empty", field="file")
    if kind == "docx":
        _check_archive(safe, body)
    prepared = _table(safe, body) if kind == "csv" else decode(body).encode() if kind == "md" else body
    parts = await load(safe, kind, prepared)
    documents = _documents(safe, kind, parts)
    if not documents:
        raise Invalid(f"{safe} holds no text that can be read", field="file")
    return Upload(safe, tuple(documents))


def _check_archive(name: str, body: bytes) -> None:
    """A Word file is an archive; one that would fill the disk is refused before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise Invalid(f"{name} is not a Word file", field="file") from error
    if size > LARGEST_UNPACKED:
        raise TooLarge(f"{name} unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB", field="file")
    if "word/document.xml" not in names:
        raise Invalid(f"{name} is not a Word file", field="file")


def _table(name: str, body: bytes) -> bytes:
    """The table with its three columns under the names that the loader knows."""
    csv.field_size_limit(1_000_000)
    rows = csv.reader(io.StringIO(decode(body), newline=""))
    try:
        header = [column.strip().lower() for column in next(rows)]
        kept = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except (csv.Error, StopIteration) as error:
        raise Invalid(f"{name}, line {rows.line_num}: {error}", field="file") from error
    if missing := {"question", "answer"} - set(header):
        raise Invalid(f"{name} has no column named {' or '.join(sorted(missing))}", field="file")
    if len(kept) > MOST_ROWS:
        raise TooLarge(f"{name} has more than {MOST_ROWS} rows", field="file")
    columns = ("question", "answer", "category")
    places = {column: header.index(column) for column in columns if column in header}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for line, row in kept:
        cells = {column: row[at].strip() if at < len(row) else "" for column, at in places.items()}
        for column in ("question", "answer"):
            if not cells[column]:
                raise Invalid(f"{name}, line {line}: the {column} is empty", field="file")
        writer.writerow((cells["question"], cells["answer"], cells.get("category", "")))
    return out.getvalue().encode()


def _documents(name: str, kind: str, parts: Sequence[Mapping[str, str]]) -> list[Document]:
    title = clean(PurePath(name).stem.replace("_", " ").replace("-", " ")).capitalize()
    match kind:
        case "csv":
            return [_answered(part) for part in parts if part.get("question")]
        case "pdf":
            if len(parts) > MOST_PAGES:
                raise TooLarge(f"{name} has more than {MOST_PAGES} pages", field="file")
            pages = [(f"Page {n}", _lines(part["text"])) for n, part in enumerate(parts, 1)]
            sections = tuple(Section((heading,), lines) for heading, lines in pages if lines)
            return [Document(title, sections, ())] if sections else []
        case "docx":
            lines = _lines("\n".join(part["text"] for part in parts))
            return [Document(title, (Section((), lines),), ())] if lines else []
        case _:
            return _markdown(title, "\n".join(part["text"] for part in parts))


def _answered(part: Mapping[str, str]) -> Document:
    question = clean(part["question"])
    asked = Asked(question, tuple(line for text in part["answer"].splitlines() for line in sentences(text)))
    return Document(question, (), (asked,))


def _lines(text: str) -> tuple[str, ...]:
    """Sentences of text whose lines are broken anywhere; an empty line ends a paragraph."""
    paragraphs = re.split(r"\n\s*\n", text)
    return tuple(line for paragraph in paragraphs if clean(paragraph) for line in sentences(clean(paragraph)))


@dataclass
class _Outline:
    """A Markdown text's sections, as they are read line by line."""

    title: str
    path: list[tuple[int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def end_paragraph(self) -> None:
        """Its sentences become lines."""
        self.lines += sentences(clean(_plain(" ".join(self.paragraph))))
        self.paragraph.clear()

    def end_section(self) -> None:
        """Its lines become a section under its headings."""
        self.end_paragraph()
        if self.lines:
            self.sections.append(Section(tuple(name for _, name in self.path), tuple(self.lines)))
            self.lines = []

    def heading(self, level: int, name: str) -> None:
        """Begin a section; the first first-level heading is the title."""
        self.end_section()
        if level == 1 and not self.sections:
            self.title = name
            return
        self.path = [(above, other) for above, other in self.path if above < level] + [(level, name)]


def _markdown(title: str, text: str) -> list[Document]:
    outline, fenced = _Outline(title), False
    for line in text.splitlines():
        if _FENCE.match(line):
            outline.end_paragraph()
            fenced = not fenced
        elif fenced:
            outline.lines += [line.rstrip()] if line.strip() else []
        elif found := _HEADING.match(line):
            outline.heading(len(found[1]), clean(_plain(found[2])))
        elif _LIST.match(line):
            outline.end_paragraph()
            outline.paragraph.append(_LIST.sub("", line))
        elif line.strip():
            outline.paragraph.append(line.strip())
        else:
            outline.end_paragraph()
    outline.end_section()
    return [Document(outline.title, tuple(outline.sections), ())] if outline.sections else []


def _plain(text: str) -> str:
    return _MARKUP.sub("", _LINK.sub(r"\1", text))
