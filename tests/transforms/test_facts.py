from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from newsbeam.transforms import facts
from newsbeam.transforms.facts import MAX_CHARS, read_facts, readable_text
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.models import MAX_SENTENCE_TOKENS, load_model


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        ("\n", "\n"),
        (". ", "."),
        (" ", " "),
    ],
)
def test_a_text_of_two_megabytes_is_read_up_to_a_mark_within_the_limit(mark: str, kept: str) -> None:
    text = ("x" * 98 + mark).ljust(100, "y") * 20_000
    start = readable_text(text)
    assert MAX_CHARS - 200 < len(start) <= MAX_CHARS
    assert text.startswith(start)
    assert start.endswith(kept)


def test_a_text_without_any_mark_is_cut_at_the_limit() -> None:
    assert readable_text("x" * 2_000_000) == "x" * MAX_CHARS


def test_a_text_within_the_limit_is_read_whole() -> None:
    text = "x" * MAX_CHARS
    assert readable_text(text) is text


@pytest.mark.parametrize("join", [" ".join, ", ".join, "; ".join], ids=["words", "commas", "semicolons"])
def test_a_sentence_without_end_is_parsed_in_pieces(join: Callable[[list[str]], str]) -> None:
    doc: Doc = load_model()(join(["police", "arrested", "the", "rebels", "and"] * 200))
    assert len(doc) >= 3 * MAX_SENTENCE_TOKENS
    assert max(len(sentence) for sentence in doc.sents) <= MAX_SENTENCE_TOKENS


def test_figures_behind_the_part_that_is_read_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Police arrested 12 protesters in Accra on Monday.\nRebels killed 34 soldiers near Goma, the army said."
    monkeypatch.setattr(facts, "MAX_CHARS", 60)
    article, _ = article_from(
        Draft(text=text, published="2024-05-08"), origin="a.txt", feed="folder", ingested_at=1_715_126_400_000_000
    )
    found = read_facts(article, load_model()(readable_text(text)))
    assert [(figure.surface, figure.value) for figure in found.figures] == [("12", 12.0)]
    assert [event.type for event in found.events] == ["COERCE"]
