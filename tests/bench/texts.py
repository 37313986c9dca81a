"""Texts to measure with: articles composed of the sentences of seeds/, the same in every run."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from newsbeam.transforms.ids import digest

SEEDS = Path(__file__).parents[2] / "seeds"
_SENTENCE = re.compile(r"[A-Z“\"][^\n]{25,400}?[.!?][”\"]?(?=\s|$)")
_WORD = re.compile(r"\b[A-Za-z]{4,}\b")


@cache
def sentences() -> tuple[str, ...]:
    """The sentences of the seeds, each once, in order."""
    texts = [(SEEDS / "000_7aab83144a0a2c32.txt").read_text(encoding="utf-8")]
    texts += [json.loads((SEEDS / "002_record_talks.json").read_text(encoding="utf-8"))["body"]]
    with gzip.open(SEEDS / "003_wire.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines]
    found = [match.group() for text in texts for match in _SENTENCE.finditer(text)]
    return tuple(dict.fromkeys(found))


def compose(count: int, *, per_article: int, is_scrambled: bool = False) -> Iterator[dict[str, Any]]:
    """`count` articles of `per_article` sentences, as records with url, title, date and text.

    `is_scrambled` puts another word in the place of each of four letters or more: such texts say nothing, and two of
    them share as little of their wording as two reports of news that have nothing to do with each other.
    """
    pool = sentences()
    words = tuple(sorted({word for sentence in pool for word in _WORD.findall(sentence)}))
    for number in range(count):
        picks = [_pick(len(pool), number, place) for place in range(per_article)]
        lines = [pool[pick] for pick in picks]
        if is_scrambled:
            lines = [_scrambled(line, words, number, place) for place, line in enumerate(lines)]
        paragraphs = [" ".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
        yield {
            "url": f"https://press{number % 40}.example/story/{number}",
            "title": f"Report {number}",
            "date": _day(number),
            "text": "\n\n".join(paragraphs),
        }


def read_texts(path: Path, limit: int) -> list[dict[str, Any]]:
    """The first records of a JSONL file that have a text, dated to one week: an ingester sees few days at a time."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    names = ("url", "title", "text")
    kept = [{name: record[name] for name in names if record.get(name)} for record in records if record.get("text")]
    return [{**record, "date": _day(number)} for number, record in enumerate(kept[:limit])]


def write_texts(path: Path, records: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> Path:
    """The records as JSONL."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return path


def page_of(record: dict[str, Any]) -> bytes:
    """A page such as publishers serve: the article between a menu, a list of other stories and a foot."""
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in record["text"].split("\n\n"))
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(30))
    others = "".join(f'<li><a href="/story/{n}">Another story of today, number {n}</a></li>' for n in range(40))
    ld = json.dumps({"@type": "NewsArticle", "headline": record["title"], "datePublished": record["date"]})
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{record["title"]} - The Press</title>'
        f'<script type="application/ld+json">{ld}</script></head><body><nav><ul>{menu}</ul></nav>'
        f"<main><article><h1>{record['title']}</h1>{body}</article></main>"
        f"<aside><ul>{others}</ul></aside><footer>All rights reserved.</footer></body></html>"
    ).encode()


def _day(number: int) -> str:
    return f"2023-02-{1 + number % 7:02d}"


def _pick(size: int, number: int, place: int) -> int:
    return int(digest("pick", number, place, hex_digits=8), 16) % size


def _scrambled(line: str, words: tuple[str, ...], number: int, place: int) -> str:
    seed = int(digest("scramble", number, place), 16)

    def other(match: re.Match[str]) -> str:
        return words[(seed >> match.start() % 96) * 2_654_435_761 % len(words)]

    return _WORD.sub(other, line)
