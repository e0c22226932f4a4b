"""Background texts of a company: for whoever answers; the bot quotes published knowledge only."""

from dataclasses import dataclass
from typing import ClassVar

from store.values.knowledge import Article
from ui.views.forms import Form
from ui.views.shell import Shell
from ui.views.words import clipped, stamp


@dataclass(frozen=True)
class ArticleLine:
    """An article in the list."""

    title: str
    says: str
    category: str
    at: str
    url: str


@dataclass(frozen=True)
class Articles:
    """The articles of a company, with the form for one of them."""

    template: ClassVar[str] = "articles.html"
    shell: Shell
    companies: tuple[tuple[str, str, bool], ...]
    company: str
    articles: tuple[ArticleLine, ...]
    form: Form
    editing: str = ""
    """The slug of the article in the form; empty for a new one."""
    saved: str = ""
    may_change: bool = True


def article_line(article: Article, company: str) -> ArticleLine:
    """An article as a line that leads to its form."""
    url = f"/articles?company={company}&edit={article.slug}#article-title"
    return ArticleLine(
        article.title, clipped(article.content, 160), article.category, stamp(article.updated_at), url
    )
