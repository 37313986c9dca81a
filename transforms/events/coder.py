"""Code the events of an article: who did what to whom, where and when."""

from spacy.tokens import Doc

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event, Participant
from newsbeam.transforms.events.lexicon import load_lexicon
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reader import Reader
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.relevance import is_stated
from newsbeam.transforms.events.rows import Rows
from newsbeam.transforms.events.sides import settled
from newsbeam.transforms.events.surroundings import ArticleSurroundings
from newsbeam.transforms.instants import date_of


def code_events(article: Article, doc: Doc) -> tuple[list[Event], list[Participant]]:
    """The events that `doc`, the parse of the article's text, states, with everyone in them, in order."""
    lexicon = load_lexicon()
    parse = Parse(doc, lexicon.verbs)
    reader = Reader(parse, lexicon)
    readings = readings_of(reader)
    if not readings:
        return [], []
    published = date_of(article.published_at) if article.published_at is not None else None
    return Rows(article, parse, reader, ArticleSurroundings(doc, article.title, published)).of(readings)


def readings_of(reader: Reader) -> list[Reading]:
    """The events of a parse, each once."""
    kept: list[Reading] = []
    seen: set[tuple[object, ...]] = set()
    for found in reader.read_all():
        reading = settled(reader.roles, found)
        key = (reading.type, reading.actors, reading.recipients)
        if key not in seen and is_stated(reader.roles, reader.lexicon, reading):
            seen.add(key)
            kept.append(reading)
    return kept
