import pytest
from spacy.tokens import Doc

from newsbeam.transforms import models
from newsbeam.transforms.extraction.model import ModelMissing
from newsbeam.transforms.models import load_model


def _read(text: str) -> list[tuple[str, str, str, int, str]]:
    doc: Doc = load_model()(text)
    return [(token.text, token.lemma_, token.dep_, token.head.i, token.ent_type_) for token in doc]


def test_a_model_is_loaded_once_a_process() -> None:
    assert load_model() is load_model()


def test_a_model_that_has_met_very_many_words_gives_way_to_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_model()
    before = _read("Police in Xyzzyville arrested two plughers.")
    monkeypatch.setattr(models, "_loaded", dict(models._loaded))
    monkeypatch.setattr(models, "_MOST_STRINGS", len(first.vocab.strings) - 1)
    second = load_model()
    assert second is not first
    assert len(second.vocab.strings) < len(first.vocab.strings)
    monkeypatch.setattr(models, "_MOST_STRINGS", len(first.vocab.strings) + 1_000)
    assert _read("Police in Xyzzyville arrested two plughers.") == before
    assert load_model() is second


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelMissing, match="no_such_model"):
        load_model("no_such_model")


def test_each_line_starts_a_sentence_where_lines_are_paragraphs() -> None:
    paragraph = "The ministry said that its forces had moved into the valley" + " and over the next hill" * 8 + "."
    sentences = [sent.text for sent in load_model()(f"{paragraph}\nTalks to resume\nThe president of Chad left.").sents]
    assert sentences[-2:] == ["Talks to resume\n", "The president of Chad left."]


def test_a_line_that_was_broken_by_hand_goes_on_in_the_next() -> None:
    doc = load_model()("The president of Chad met\nhis neighbour in Accra.\nTalks were held.")
    assert [sent.text for sent in doc.sents] == [
        "The president of Chad met\nhis neighbour in Accra.\n",
        "Talks were held.",
    ]
