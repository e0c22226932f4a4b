"""Background texts that only the specialist reads."""

from sqlalchemy import update

from graph.errors import NotFound
from store.models.knowledge import Articles as ArticleTable
from store.repositories.base import Repository, fields_of, rows_of
from store.values.knowledge import Article, ArticleFields


class Articles(Repository):
    """The specialist's articles of a company."""

    def articles(self, company_id: str, category: str | None = None) -> tuple[Article, ...]:
        """The articles, of one category if asked for, by title."""
        where = [ArticleTable.company_id == company_id, *self._within(ArticleTable)]
        if category is not None:
            where.append(ArticleTable.category == category)
        return self._list(Article, rows_of(ArticleTable, Article, *where).order_by(ArticleTable.title))

    def article(self, article_id: str) -> Article:
        """The article, or `NotFound`."""
        where = (ArticleTable.id == article_id, *self._within(ArticleTable))
        found = self._find(Article, rows_of(ArticleTable, Article, *where))
        if found is None:
            raise NotFound("no such article", field="id")
        return found

    def article_by_slug(self, company_id: str, slug: str) -> Article | None:
        """The article with this slug, if there is one."""
        where = (ArticleTable.company_id == company_id, ArticleTable.slug == slug)
        return self._find(Article, rows_of(ArticleTable, Article, *where, *self._within(ArticleTable)))

    def put_article(self, company_id: str, new: ArticleFields) -> Article:
        """Set the article with this slug, made when there is none."""
        self._check(company_id)
        known = self.article_by_slug(company_id, new.slug)
        now = self._now()
        if known is not None:
            self._db.execute(
                update(ArticleTable)
                .where(ArticleTable.id == known.id, *self._within(ArticleTable))
                .values(**fields_of(new), updated_at=now)
            )
            return self.article(known.id)
        article_id = self._new_id("art")
        row = {"id": article_id, "company_id": company_id, "created_at": now, "updated_at": now}
        self._insert(ArticleTable, row | fields_of(new))
        return self.article(article_id)
