"""Breadth of the lexicon: hundreds of short clauses over all types, and sentences that hold no event."""

import functools
from pathlib import Path

import pytest

from newsbeam.transforms.events.coder import code_events
from newsbeam.transforms.events.lexicon import TYPES
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import article

HERE = Path(__file__).parent


def lines_of(name: str) -> list[str]:
    """The lines of a table beside this file, without comments."""
    return [line for line in (HERE / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


CLAUSES = [tuple(line.split("\t")) for line in lines_of("clauses.tsv")]
NO_EVENT = lines_of("no_event.txt")


@functools.cache
def types_of_all() -> dict[str, list[str]]:
    """The types read in each sentence; all are parsed at one go."""
    texts = [*(text for _, text in CLAUSES), *NO_EVENT]
    docs = load_model().pipe(texts, batch_size=64)
    return {
        text: [event.type for event in code_events(article(text), doc)[0]]
        for text, doc in zip(texts, docs, strict=True)
    }


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_first_event_is_of_its_type(type_: str) -> None:
    wanted = [text for name, text in CLAUSES if name == type_]
    assert len(wanted) >= 15
    assert [text for text in wanted if types_of_all()[text][:1] != [type_]] == []


def test_no_event_is_read_where_there_is_none() -> None:
    assert [text for text in NO_EVENT if types_of_all()[text]] == []
