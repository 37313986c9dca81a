import gc
import tracemalloc
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from newsbeam.transforms.extraction.model import DEFAULT_MODEL
from newsbeam.transforms.parsing import transitions
from newsbeam.transforms.parsing.encoder import NotThisModel
from newsbeam.transforms.parsing.transitions import SideBySide

STORY = (
    "Mr. Smith of the U.S. Treasury said on Jan. 5 that St. Louis had won. \"We did. Nobody knows why.\" (Nor do I.) "
    "He left... Then? Then nothing! The No. 3 bank, i.e. the one in D.C., closed at 5 p.m. Tuesday. It reopened\n\n"
    "HEADLINE WITHOUT A STOP\n\nThree men, including a judge, were held. . . Why? Police would not say. "
)  # fmt: skip
WORDS = st.sampled_from(
    'the man . . ? ! said that " ) ’ \n\n U.S. Mr. he saw her , and a dog which of in 5 … ran'.split(" ")
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(DEFAULT_MODEL, exclude=["attribute_ruler", "lemmatizer", "ner"])


@pytest.fixture(scope="module")
def sides(nlp: Language) -> SideBySide:
    parser: Any = nlp.get_pipe("parser")
    return SideBySide(parser)


def _tagged(nlp: Language, text: str, starts: dict[int, bool] | None = None) -> Doc:
    with nlp.select_pipes(disable=["parser"]):
        doc = nlp(text)
    for place, is_start in (starts or {}).items():
        doc[place].is_sent_start = is_start
    return doc


def _parse(doc: Doc) -> list[list[int]]:
    attributes: list[Any] = ["HEAD", "DEP", "SENT_START"]
    return [list(row) for row in doc.to_array(attributes).tolist()]


def _both(nlp: Language, sides: SideBySide, text: str, starts: dict[int, bool] | None = None) -> tuple[Any, Any]:
    parser: Any = nlp.get_pipe("parser")
    return _parse(sides(_tagged(nlp, text, starts))), _parse(parser(_tagged(nlp, text, starts)))


@pytest.mark.parametrize("text", [STORY, STORY * 5, "Who? " * 40, ". " * 30, "a " * 400, "\n", '."', '" ." .', "Why"])
def test_parse_is_that_of_spacy(nlp: Language, sides: SideBySide, text: str) -> None:
    ours, theirs = _both(nlp, sides, text)
    assert ours == theirs


@settings(max_examples=60, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=60), data=st.data())
def test_parse_is_that_of_spacy_wherever_sentences_are_bound_to_start(
    nlp: Language, sides: SideBySide, words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    places = st.integers(1, max(1, len(nlp.make_doc(text)) - 1))
    starts = data.draw(st.dictionaries(places, st.booleans(), max_size=5))
    if len(nlp.make_doc(text)) < 2:
        starts = {}
    ours, theirs = _both(nlp, sides, text, starts)
    assert ours == theirs


@pytest.mark.parametrize(("states", "tokens"), [(1, 10), (2, 100), (3, 10_000)])
def test_parse_does_not_depend_on_what_goes_side_by_side(
    nlp: Language, sides: SideBySide, monkeypatch: pytest.MonkeyPatch, states: int, tokens: int
) -> None:
    texts = [STORY, "", "No.", STORY * 2, "He ran. She ran."]
    alone = [_parse(sides(_tagged(nlp, text))) for text in texts]
    monkeypatch.setattr(transitions, "_MOST_STATES", states)
    monkeypatch.setattr(transitions, "_MOST_TOKENS", tokens)
    docs = list(sides.pipe([_tagged(nlp, text) for text in texts], batch_size=4))
    assert [doc.text for doc in docs] == texts
    assert [_parse(doc) for doc in docs] == alone


def test_sentences_are_parsed_side_by_side(nlp: Language, sides: SideBySide, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty sentences take about as many steps as one."""
    steps = []
    take = transitions._Steps._step
    monkeypatch.setattr(transitions._Steps, "_step", lambda self, told: steps.append(len(told)) or take(self, told))
    sides(_tagged(nlp, "The old man saw a dog in the street on Monday. "))
    alone = len(steps)
    steps.clear()
    sides(_tagged(nlp, "The old man saw a dog in the street on Monday. " * 40))
    assert len(steps) < 2 * alone
    assert max(steps) == 40


def test_a_parser_of_another_kind_is_left_alone() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("beam_parser").add_label("nsubj")  # type: ignore[attr-defined]
    blank.initialize()
    parser: Any = blank.get_pipe("beam_parser")
    with pytest.raises(NotThisModel):
        SideBySide(parser)


def test_nothing_is_left_of_a_parse(nlp: Language, sides: SideBySide) -> None:
    """spaCy's networks refer to themselves: the collector would find the megabytes of each batch late."""
    docs = [_tagged(nlp, STORY * 10) for _ in range(6)]
    list(sides.pipe(docs, batch_size=2))
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        list(sides.pipe(docs, batch_size=2))
        left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert peak > 3_000_000
    assert left < 300_000
