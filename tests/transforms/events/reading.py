"""Articles for the tests of the event coder, and their parses, one parser call a text."""

import functools

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event, Participant
from newsbeam.transforms.events.coder import code_events
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.models import load_model

DAY = "2024-05-15"  # a Wednesday


def article(text: str, day: str | None = DAY) -> Article:
    """An article of `text`, published on `day`."""
    return Article(
        article_id="a1", revision=0, date=day or "2024-05-20", date_source="file" if day else "ingest", url=None,
        canonical_url=None, source=None, origin="test", entry_id=None, feed_title=None, title=None, authors=[],
        summary=None, text=text, text_source="file", language="en", language_score=1.0, word_count=len(text.split()),
        published_at=start_of(day) if day else None, published_raw=None, updated_at=None, fetched_at=None,
        ingested_at=start_of("2024-05-20"), tags=[], image_url=None, is_free=None, content_hash="h",
    )  # fmt: skip


@functools.cache
def code(text: str, day: str | None = DAY) -> tuple[tuple[Event, ...], tuple[Participant, ...]]:
    """The events and participants of a text."""
    events, participants = code_events(article(text, day), load_model()(text))
    return tuple(events), tuple(participants)


def told(text: str) -> list[tuple[str, list[str], list[str]]]:
    """Type, actors' words and recipients' words of each event."""
    events, participants = code(text)
    return [
        (
            event.type,
            [p.text for p in participants if p.event_id == event.event_id and p.role == "actor"],
            [p.text for p in participants if p.event_id == event.event_id and p.role == "recipient"],
        )
        for event in events
    ]
