"""Read a web page: its title, its text under its headings, its questions with answers; no navigation.

HTML is data here: nothing is run or fetched, and text that a visitor cannot see is dropped.
"""

import codecs
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.faq import Asked, json_ld_questions
from ingest.tables import table_lines
from language.text import clean, sentences

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SHORT_ITEM = 8
MOSTLY_LINKS = 0.7
FEW_ROWS = 2

_DROPPED = (
    "script,style,template,noscript,svg,iframe,object,embed,canvas,video,audio,form,button,select,nav,aside,dialog,"
    "[hidden],[aria-hidden=true],[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=dialog],"
    "[role=menu],body>header,body>footer,body>div>header,body>div>footer"
)
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|sidebar|toc|skip|pagination|pager|share|social|related|newsletter"
    r"|subscribe|banner|advert|ads|promo|menu|nav|navbar|navigation|nav(?:header|footer|links?)|footer|comments?|sr-only|visually-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CONTENT = ("main", "[role=main]", "article", "#content", "#main", ".content", "body")
_UNCLOSED = "p,ul,ol,table,pre,blockquote,h1,h2,h3,h4"
_BLOCKS = frozenset(("p", "blockquote", "figcaption", "dd", "dt", "address", "caption"))
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
        "font",
        "tt",
    )
)


@dataclass(frozen=True)
class Section:
    """Lines of text under one heading path; the path leaves out the page's own title."""

    heading: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """What a page says."""

    title: str
    sections: tuple[Section, ...]
    questions: tuple[Asked, ...]
    canonical: str = ""


def decode(body: bytes, declared: str = "") -> str:
    """The page's text: by its byte order mark, as UTF-8 if it is, by the declared charset, the page's own.

    Declarations are often wrong; bytes that are not UTF-8 hardly ever read as UTF-8 by accident.
    """
    own = CHARSET.search(body[:4096])
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), "")
    for name in (marked, "utf-8", declared, own.group(1).decode("ascii") if own else ""):
        try:
            if name:
                return body.decode(name).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("windows-1252", errors="replace")


def extract(html: str) -> Document:
    """The page's title, sections in order, and questions with answers."""
    tree = LexborHTMLParser(html)
    asked = json_ld_questions(tree)
    title, canonical = _title(tree), _canonical(tree)
    _drop_furniture(tree)
    reader = _Reader(title)
    root = _content(tree)
    if root is not None:
        reader.read(root)
    reader.flush()
    known = {question.question.casefold() for question in asked}
    shown = [question for question in reader.questions if question.question.casefold() not in known]
    return Document(title, tuple(reader.sections), (*asked, *shown), canonical)


def _title(tree: LexborHTMLParser) -> str:
    """The only first-level heading, else the page's title without the site's name."""
    tops = [text for node in tree.css("h1") if (text := _heading_text(node))]
    if len(tops) == 1:
        return tops[0]
    node = tree.css_first("title")
    parts = re.split(r"\s+[|·–—»-]\s+", _text(node)) if node is not None else []
    return parts[0] if parts else (tops[0] if tops else "")


def _canonical(tree: LexborHTMLParser) -> str:
    node = tree.css_first("link[rel=canonical]")
    return (node.attributes.get("href") or "") if node is not None else ""


def _drop_furniture(tree: LexborHTMLParser) -> None:
    for node in tree.css(_DROPPED):
        node.decompose()
    for node in tree.css("[style]"):
        if _INVISIBLE.search(node.attributes.get("style") or ""):
            node.decompose()
    for node in tree.css("[class],[id]"):
        named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if node.tag not in ("body", "main", "article", "html") and _FURNITURE.search(named):
            node.decompose()


def _content(tree: LexborHTMLParser) -> LexborNode | None:
    """The part of the page that holds its own text: the first candidate with a fair share of all text."""
    whole = len(_text(tree.body)) if tree.body is not None else 0
    for selector in _CONTENT:
        nodes = tree.css(selector)
        if len(nodes) == 1 and len(_text(nodes[0])) >= 0.3 * whole:
            return nodes[0]
    return tree.body


def _text(node: LexborNode) -> str:
    return (
        clean(node.text(separator=" ").replace("\xad", "").replace("¶", " "))
        .replace(" ,", ",")
        .replace(" .", ".")
    )


@dataclass
class _Reader:
    """Walks a page in reading order and collects its lines under their headings."""

    title: str
    sections: list[Section] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def flush(self) -> None:
        """End the section that is being read."""
        if self.lines:
            self.sections.append(Section(tuple(text for _, text in self.path), tuple(self.lines)))
            self.lines = []

    def read(self, node: LexborNode) -> None:
        """Read a container's children, in order."""
        loose: list[str] = []
        for child in node.iter(include_text=True):
            if child.tag == "-text" or child.tag in _INLINE:
                loose.append(_inline(child))
                continue
            self._say(loose)
            self._block(child)
        self._say(loose)

    def _say(self, loose: list[str]) -> None:
        text = clean("".join(loose))
        loose.clear()
        if text:
            self.lines += sentences(text)

    def _block(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in HEADINGS:
            self._heading(HEADINGS[tag], _heading_text(node))
            if node.css_first(_UNCLOSED) is not None:
                self._rest_of_heading(node)
        elif tag == "details":
            self._details(node)
        elif tag in ("ul", "ol"):
            self._list(node)
        elif tag == "table":
            self.lines += [] if _leads_elsewhere(node) else table_lines(node)
        elif tag == "pre":
            self.lines += [line.rstrip() for line in node.text().splitlines() if line.strip()]
        elif tag in _BLOCKS and not any(
            child.tag in ("ul", "ol", "table", "pre", "p") for child in node.iter()
        ):
            if text := _text(node):
                self.lines += sentences(text)
        else:
            self.read(node)

    def _heading(self, level: int, text: str) -> None:
        self.flush()
        if not text:
            return
        self.path = [(above, name) for above, name in self.path if above < level]
        if text != self.title:
            self.path.append((level, text))

    def _rest_of_heading(self, node: LexborNode) -> None:
        """Paragraphs that ended up in a heading because nobody closed it."""
        for child in node.iter():
            if child.tag not in _INLINE:
                self._block(child)

    def _details(self, node: LexborNode) -> None:
        summary = node.css_first("summary")
        asked = _text(summary) if summary is not None else ""
        if summary is not None:
            summary.decompose()
        inner = _Reader(self.title)
        inner.read(node)
        inner.flush()
        lines = tuple(line for section in inner.sections for line in section.lines)
        if asked and lines:
            self.questions.append(Asked(asked, lines, tuple(text for _, text in self.path)))
        self.questions += inner.questions

    def _list(self, node: LexborNode) -> None:
        """Short items join the line that announces them; long ones are lines of their own."""
        items = [item for item in node.iter() if item.tag == "li"]
        texts = [text for item in items if (text := _text(item))]
        if not texts or _is_menu(items, texts):
            return
        if any(item.css_first("ul,ol,table,pre,p,details") is not None for item in items):
            for item in items:
                self.read(item)
        elif all(len(text.split()) <= SHORT_ITEM for text in texts):
            lead = self.lines.pop() if self.lines and self.lines[-1].endswith(":") else ""
            joined = ", ".join(text.rstrip(".,;") for text in texts)
            self.lines.append(f"{lead} {joined}." if lead else f"{joined}.")
        else:
            self.lines += [line for text in texts for line in sentences(text)]


def _heading_text(node: LexborNode) -> str:
    """A heading's own text; what an unclosed heading swallowed is not part of it."""
    if node.css_first(_UNCLOSED) is None:
        return _text(node)
    own = (child for child in node.iter(include_text=True) if child.tag == "-text" or child.tag in _INLINE)
    return clean("".join(_inline(child) for child in own))


def _inline(node: LexborNode) -> str:
    if node.tag == "br":
        return " "
    return (node.text() or "").replace("\xad", "").replace("¶", "")


def _leads_elsewhere(table: LexborNode) -> bool:
    """Whether a table is navigation: a row or two, nearly all of them links."""
    linked = sum(len(_text(link)) for link in table.css("a"))
    return len(table.css("tr")) <= FEW_ROWS and linked >= MOSTLY_LINKS * len(_text(table)) > 0


def _is_menu(items: list[LexborNode], texts: list[str]) -> bool:
    """Whether a list is navigation: nearly all of its text is links, and there are several."""
    linked = sum(len(_text(link)) for item in items for link in item.css("a"))
    return len(texts) > 2 and linked >= MOSTLY_LINKS * sum(map(len, texts))
