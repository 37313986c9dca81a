"""Read stored articles back, to extract their facts anew without fetching."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from newsbeam.schemas.article import Article
from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import FACT_TABLES
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.tally import typed


class StoredArticles(NamedTuple):
    """What RereadArticles gives."""

    canonical: PCollection[Article]
    retired: PCollection[Retired]


class RereadArticles(beam.PTransform[PCollection[str], Any]):
    """Read the canonical articles of days, each in its newest revision.

    Input: days as ISO strings. Output: `StoredArticles`: the articles, and Retired rows for the facts that they have.
    """

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = root

    def expand(self, days: PCollection[str]) -> StoredArticles:
        """Read each day."""
        found = days | "Read" >> beam.ParDo(_ReadDayFn(self._root)).with_outputs("retired", main="articles")
        return StoredArticles(
            typed(found.articles, Article, "Type"),
            typed(found.retired, Retired, "TypeRetired"),
        )


class _ReadDayFn(beam.DoFn):
    def __init__(self, root: str) -> None:
        self._root = root

    def setup(self) -> None:
        self._lake = Lake(self._root)
        self._latest: dict[str, int] | None = None

    def process(self, day: str) -> Iterator[Any]:
        copies = {link.article_id for link in self._lake.rows("links", dates=[day]) if link.relation == "copy"}
        for article in self._lake.rows("articles", dates=[day]):
            if article.article_id in copies or article.revision < self._newest(article.article_id):
                continue
            yield TaggedOutput("retired", Retired(article.article_id, article.revision, day, list(FACT_TABLES)))
            yield article

    def _newest(self, article_id: str) -> int:
        """The newest revision of an article, which may lie in another day than the ones before."""
        if self._latest is None:
            seen = self._lake.read("seen", columns=["article_id", "revision"])
            self._latest = {}
            for known, revision in zip(*(seen.column(n).to_pylist() for n in ("article_id", "revision")), strict=True):
                self._latest[known] = max(revision, self._latest.get(known, 0))
        return self._latest.get(article_id, 0)
