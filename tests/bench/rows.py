"""Rows of made-up events, which weigh what real ones do, column by column."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.ids import KEY_HEX, digest, fact_id
from newsbeam.transforms.instants import SECOND, start_of
from newsbeam.transforms.lake.encode import plain_schema

_EVENTS_AN_ARTICLE = 5
_EVENTS_A_SENTENCE = 1.2
_SYLLABLES = (
    "a e i o u ba be bi ca ce co da de di en er es fa fi ga ge ha he in ing is it ka la le li lo ma me mi mo na ne ni"
    " no on or pa pe po ra re ri ro sa se si so ta te ter ti to tion tor un ur us va ve vi wa we"
).split()
_TYPES = (
    "ASSAULT CONSULT ACCUSE REQUEST SUPPORT AGREE COERCE AID PROTEST REJECT THREATEN COOPERATE MOBILIZE CONCEDE"
    " SANCTION RETREAT"
).split()
_COUNTRIES = "USA RUS UKR ISR PSE CHN IRN SYR GBR FRA DEU TUR IND PAK AFG IRQ SDN NGA MMR YEM".split()


class Words:
    """Words, phrases and names as text of a newspaper has them: few are frequent, many are rare.

    zstd makes of the sentences what it makes of real ones. At levels 3, 9 and 12 a MB (3.6 MB) shrinks to .335 (.322),
    .306 (.284), .299 (.273); sentences of news to .338 (.323), .306 (.282), .302 (.274).
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        count = 20_000
        lengths = np.maximum(1, random.poisson(1 + np.log2(2 + np.arange(count)) / 6))
        self._words = ["".join(_SYLLABLES[n] for n in random.integers(0, len(_SYLLABLES), k)) for k in lengths]
        self._words_odds = _odds(count, 3, 1.0)
        self._phrases = self._of_words(random.integers(2, 6, 60_000))
        self._phrases_odds = _odds(60_000, 50, 0.9)
        self.names = [name.title() for name in self._of_words(random.integers(1, 7, 40_000))]
        self.triggers = self._of_words(random.integers(1, 4, 6000))

    def sentences(self, count: int) -> list[str]:
        """Sentences of 140 characters or so."""
        sizes = self._random.integers(5, 14, count)
        words = self._random.choice(len(self._words), int(sizes.sum()), p=self._words_odds)
        phrases = self._random.choice(len(self._phrases), int((sizes // 2).sum()), p=self._phrases_odds)
        found, word, phrase = [], 0, 0
        for size in sizes:
            parts = [self._words[n] for n in words[word : word + size]]
            for n in phrases[phrase : phrase + size // 2]:
                parts.insert(int(n) * 7919 % (len(parts) + 1), self._phrases[n])
            word, phrase = word + size, phrase + size // 2
            found.append(" ".join(parts).capitalize() + ".")
        return found

    def _of_words(self, sizes: Any) -> list[str]:
        picks = self._random.choice(len(self._words), int(sizes.sum()), p=self._words_odds)
        ends = np.cumsum(sizes)
        return [
            " ".join(self._words[n] for n in picks[end - size : end]) for size, end in zip(sizes, ends, strict=True)
        ]


def rows_of(words: Words, random: np.random.Generator, date: str, count: int) -> Iterator[tuple[str, pa.Table]]:
    articles = [digest("article", date, n) for n in range(max(1, count // _EVENTS_AN_ARTICLE))]
    yield "events", _events(words, random, date, articles, count)
    size = len(articles)
    texts = words.sentences(size * 4)
    yield "articles", _table(
        "articles", size, article_id=articles, date_source=["feed"] * size, origin=["feed.example"] * size,
        source=[f"paper{n}.example" for n in random.integers(0, 200, size)],
        url=[f"https://paper.example/{name[:8]}" for name in articles], title=words.sentences(size),
        text=[" ".join(texts[n * 4 : n * 4 + 4]) for n in range(size)], text_source=["page"] * size,
        authors=[[]] * size, tags=[[]] * size, content_hash=articles, word_count=[80] * size,
        ingested_at=[start_of(date)] * size, published_at=[start_of(date)] * size,
    )  # fmt: skip


def _events(words: Words, random: np.random.Generator, date: str, articles: list[str], count: int) -> pa.Table:
    of_article = np.sort(random.integers(0, len(articles), count))
    is_next = np.concatenate([[True], random.random(count - 1) < 1 / _EVENTS_A_SENTENCE])
    is_next |= np.concatenate([[True], of_article[1:] != of_article[:-1]])
    begins = np.concatenate([[True], of_article[1:] != of_article[:-1]])
    of_sentence = np.cumsum(is_next) - 1
    sentences = words.sentences(int(of_sentence[-1]) + 1)
    index = _within(begins, is_next * random.integers(1, 4, count))
    offset = _within(begins, random.integers(20, 400, count))
    triggers = random.choice(words.triggers, count, p=_odds(len(words.triggers), 20, 1.0))
    own_names = random.choice(40_000, (len(articles), 9), p=_odds(40_000, 100, 0.9))
    kinds = random.choice(len(_TYPES), count, p=_odds(len(_TYPES), 3, 1.0))
    countries = random.choice(len(_COUNTRIES), (len(articles), 2), p=_odds(len(_COUNTRIES), 4, 1.0))
    places = random.choice(4000, (len(articles), 2), p=_odds(4000, 5, 1.0))
    place = places[of_article, random.integers(0, 2, count)]
    has_place, has_actor, has_recipient = (random.random(count) < share for share in (0.5, 0.6, 0.6))
    ids = [articles[n] for n in of_article]
    keys = [digest("key", date, n, hex_digits=KEY_HEX) for n in random.integers(0, count * 10, count)]
    published = start_of(date) + random.integers(0, 86_400, len(articles)) * SECOND
    days = [str(np.datetime64(date) - int(n)) for n in random.geometric(0.6, count) - 1]

    def named(column: int, has_name: Any) -> list[str | None]:
        chosen = own_names[of_article, random.integers(0, 4, count) + column]
        return [words.names[n] if has else None for n, has in zip(chosen, has_name, strict=True)]

    def some(values: list[str], numbers: Any, has_value: Any) -> list[str | None]:
        return [values[n] if has else None for n, has in zip(numbers, has_value, strict=True)]

    return _table(
        "events", count,
        event_id=[fact_id(name, n) for n, name in enumerate(ids)],
        event_key=keys, article_id=ids, published_at=published[of_article], event_date=days,
        date_type=some(["assumed_pub", "exact"], random.integers(0, 2, count), [True] * count),
        date_text=some(words.names[:7], random.integers(0, 7, count), random.random(count) < 0.4),
        type=[_TYPES[n] for n in kinds], cameo_root=[f"{n + 1:02}" for n in kinds], quad=kinds % 4 + 1,
        mode=some(words.triggers[:40], random.integers(0, 40, count), random.random(count) < 0.4),
        intensity=kinds * 1.0 - 8, contexts=[[_TYPES[n].lower()] if n % 3 else [] for n in kinds],
        polarity=["asserted"] * count,
        realis=some(["actual", "future"], (random.random(count) < 0.1).astype(int), [True] * count),
        attribution=some(words.names, own_names[of_article, 8], random.random(count) < 0.1),
        actor_name=named(0, has_actor), actor_country=some(_COUNTRIES, countries[of_article, 0], has_actor),
        actor_sector=some(_TYPES[:9], kinds % 9, has_actor),
        recipient_name=named(4, has_recipient),
        recipient_country=some(_COUNTRIES, countries[of_article, 1], has_recipient),
        recipient_sector=some(_TYPES[:9], random.integers(0, 9, count), has_recipient),
        place_name=some(words.names, place, has_place), place_country=some(_COUNTRIES, place % 20, has_place),
        place_id=[int(n) * 811 + 100_000 if has else None for n, has in zip(place, has_place, strict=True)],
        place_admin1=[f"{n % 30:02}" if has else None for n, has in zip(place, has_place, strict=True)],
        lat=[n / 50.1 if has else None for n, has in zip(place, has_place, strict=True)],
        lon=[n / 25.3 if has else None for n, has in zip(place, has_place, strict=True)],
        place_precision=["city" if has else None for has in has_place],
        trigger=triggers, trigger_start=offset, trigger_end=offset + np.array([len(word) for word in triggers]),
        sentence=[sentences[n] for n in of_sentence], sentence_index=index,
        confidence=random.choice([0.77, 0.67, 0.55, 0.48], count), coder_version=["1"] * count,
    )  # fmt: skip


def _within(begins: Any, steps: Any) -> Any:
    """Sums of steps, from 0 at each beginning."""
    sums = np.cumsum(steps)
    starts = np.maximum.accumulate(np.where(begins, sums, 0))
    return sums - starts


def _odds(count: int, flat: float, exponent: float) -> Any:
    """Zipf's and Mandelbrot's law."""
    weights = 1 / (np.arange(count) + flat) ** exponent
    return weights / weights.sum()


def _table(name: str, count: int, **columns: Any) -> pa.Table:
    schema = plain_schema(TABLES[name])
    columns["revision"] = [0] * count
    arrays = [
        _array(columns[field.name], field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    if pa.types.is_timestamp(kind):
        return pa.array(values, pa.int64()).cast(kind)
    return (
        pa.array(values, pa.from_numpy_dtype(values.dtype)).cast(kind)
        if isinstance(values, np.ndarray) and values.dtype.kind in "if"
        else pa.array(list(values), kind)
    )
