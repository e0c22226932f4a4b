"""Questions with their answers, as pages declare them for search engines (schema.org FAQPage in JSON-LD)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from language.text import clean, sentences

DEEPEST = 12


@dataclass(frozen=True)
class Asked:
    """A question that the page itself asks and answers."""

    question: str
    lines: tuple[str, ...]
    heading: tuple[str, ...] = ()


def json_ld_questions(tree: LexborHTMLParser) -> list[Asked]:
    """The questions of every FAQPage on the page; what is not valid JSON is passed over."""
    found = []
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (json.JSONDecodeError, RecursionError):
            continue
        found += [asked for item in _objects(data) if (asked := _asked(item)) is not None]
    return list({asked.question.casefold(): asked for asked in found}.values())


def _objects(data: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value, depth + 1)


def _asked(item: Mapping[str, object]) -> Asked | None:
    kinds = item.get("@type")
    answer = item.get("acceptedAnswer")
    if isinstance(answer, list):
        answer = answer[0] if answer else None
    if "Question" not in (kinds if isinstance(kinds, list) else [kinds]) or not isinstance(answer, dict):
        return None
    question, text = item.get("name"), answer.get("text")
    if not isinstance(question, str) or not isinstance(text, str):
        return None
    lines = sentences(_plain(text))
    return Asked(clean(question), tuple(lines)) if lines and clean(question) else None


def _plain(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css("script,style"):
        node.decompose()
    body = tree.body
    return clean(body.text(separator=" ")) if body is not None else ""
