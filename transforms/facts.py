"""Everything that one article states: events with their participants, and figures, from one parse."""

import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event, Participant
from newsbeam.schemas.figure import Figure

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: Characters of one article that are read for facts. News texts, transcripts too, are shorter; the rules that look
#: through a whole article for each of its facts take time by the square of it.
MAX_CHARS = 100_000
CODED_LANGUAGES = frozenset({"en"})


class Facts(NamedTuple):
    """The facts of one article; events and figures are joined (event_id, killed_min …)."""

    events: list[Event]
    participants: list[Participant]
    figures: list[Figure]


def read_facts(article: Article, doc: "Doc", spent: Counter[str] | None = None) -> Facts:
    """The facts that `doc`, the parse of the article's text or of its start, states.

    To `spent` the microseconds that events and figures took are added.
    """
    # here, since the process that asks for facts needs neither rules nor spaCy
    from newsbeam.transforms.events.coder import code_events
    from newsbeam.transforms.figures.joining import join_figures
    from newsbeam.transforms.figures.reader import read_figures

    if len(article.text) > MAX_CHARS:
        article = article._replace(text=readable_text(article.text))  # numbers behind the parse have no words around
    begin = time.perf_counter_ns()
    events, participants = code_events(article, doc)
    between = time.perf_counter_ns()
    events, figures = join_figures(events, read_figures(article, doc), doc)
    if spent is not None:
        spent["events"] += (between - begin) // 1000
        spent["figures"] += (time.perf_counter_ns() - between) // 1000
    return Facts(events, participants, figures)


def is_coded(article: Article) -> bool:
    """Whether the article is read for facts: in English, or too short to tell its language."""
    return article.language is None or article.language in CODED_LANGUAGES


def readable_text(text: str) -> str:
    """The text, cut at the last paragraph, else sentence, else character within MAX_CHARS. Offsets stay."""
    if len(text) <= MAX_CHARS:
        return text
    head = text[:MAX_CHARS]
    for mark in ("\n", ". ", " "):
        cut = head.rfind(mark, MAX_CHARS // 2)
        if cut > 0:
            return head[: cut + 1]
    return head
