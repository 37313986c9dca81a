"""What an article knows beside its parse: its actors, places and days. The coder asks these questions and no others."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from spacy.tokens import Doc, Span

from newsbeam.transforms.actors.article import Actor, ArticleActors
from newsbeam.transforms.places.article import ArticlePlaces, PlaceReading
from newsbeam.transforms.times.mentions import TimeMention, find_times


class Surroundings(Protocol):
    """Answers about one article."""

    def describe(self, span: Span) -> Actor:
        """Who a phrase names."""
        ...

    def may_act(self, span: Span) -> bool:
        """Whether a phrase names somebody."""
        ...

    def place_of(self, clause: Sequence[int]) -> PlaceReading:
        """Where the event of a clause happened, told by its tokens."""
        ...

    def times(self, sentence: Span, published: date) -> list[TimeMention]:
        """The time expressions of a sentence."""
        ...


class ArticleSurroundings:
    """The surroundings of an article, read from its parse."""

    def __init__(self, doc: Doc, title: str | None, published: date | None = None) -> None:
        """Read the article's actors and places."""
        self._actors = ArticleActors(doc, title, published=published)
        self._places = ArticlePlaces(doc, title)

    def describe(self, span: Span) -> Actor:
        """Who a phrase names."""
        return self._actors.describe(span)

    def may_act(self, span: Span) -> bool:
        """Whether a phrase names somebody."""
        return self._actors.is_actor(span)

    def place_of(self, clause: Sequence[int]) -> PlaceReading:
        """Where the event of a clause happened, told by its tokens."""
        return self._places.place_at(clause)

    def times(self, sentence: Span, published: date) -> list[TimeMention]:
        """The time expressions of a sentence."""
        return find_times(sentence, published)
