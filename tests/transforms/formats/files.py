"""Small files for the tests of this folder, and reading them whole."""

import json
from pathlib import Path
from typing import Any

from newsbeam.schemas.article import Article
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.articles import with_language
from newsbeam.transforms.formats.inputs import expand
from newsbeam.transforms.formats.pieces import plan_pieces
from newsbeam.transforms.formats.records import read_piece
from newsbeam.transforms.instants import start_of

TODAY = start_of("2024-06-15")
Found = tuple[list[Article], list[BadRecord]]


def read_all(*paths: object, count: int = 1000) -> Found:
    """The articles and bad records of files, cut into pieces of `count` articles."""
    articles: list[Article] = []
    bad: list[BadRecord] = []
    for piece in plan_pieces(expand([str(path) for path in paths]), articles_per_piece=count):
        for found in [piece] if isinstance(piece, BadRecord) else read_piece(piece, ingested_at=TODAY):
            if isinstance(found, BadRecord):
                bad.append(found)
            else:
                articles.append(with_language(found))
    return articles, bad


def read_bytes(folder: Path, data: bytes, name: str = "file") -> Found:
    """What is read of a file of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return read_all(path)


def reasons(bad: list[BadRecord]) -> list[tuple[str, str]]:
    """Reason and key of each bad record."""
    return [(one.reason, one.key) for one in bad]


def record(number: int, **more: Any) -> dict[str, Any]:
    """One record of a wire."""
    text = f"The minister of Kenya met the president of Ghana in Accra for talks, round {number}."
    return {
        "id": f"a{number}",
        "url": f"https://example.org/{number}",
        "title": f"Round {number}",
        "text": text,
        **more,
    }


def lines(count: int) -> bytes:
    """JSON Lines of so many records."""
    return b"".join(json.dumps(record(number)).encode() + b"\n" for number in range(count))
