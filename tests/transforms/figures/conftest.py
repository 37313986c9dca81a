from collections.abc import Callable

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.figures.reader import read_figures
from newsbeam.transforms.models import load_model

Read = Callable[[str], list[Figure]]


def article_of(text: str, day: str = "2023-01-31") -> Article:
    values = dict.fromkeys(Article._fields)
    values |= {"article_id": "a1", "revision": 0, "date": day, "text": text, "title": None}
    return Article(**values)


@pytest.fixture(scope="session")
def read() -> Read:
    nlp = load_model()

    def _read(text: str) -> list[Figure]:
        figures = read_figures(article_of(text), nlp(text))
        for figure in figures:
            assert text[figure.char_start : figure.char_end] == figure.surface
        assert len({figure.figure_id for figure in figures}) == len(figures)
        return figures

    return _read
