import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from newsbeam.transforms.extraction.model import DEFAULT_MODEL
from newsbeam.transforms.parsing.encoder import Encoder, NotThisModel
from newsbeam.transforms.parsing.forms import Lemmas, WordClasses
from newsbeam.transforms.parsing.quicken import quicken
from newsbeam.transforms.parsing.states import StateFeatures

SEEDS = Path(__file__).parents[3] / "seeds"
ATTRIBUTES: list[Any] = ["TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE", "SENT_START"]
TEXTS = (
    "",
    "x",
    " ",
    "\n\n\n",
    "Gonna go, gotta run: let's see. C'm on, y'all ain't here.",  # patterns of several tokens
    "There is a man. There are two; nothin' there's wrong, is it?",
    "I saw you. You saw me. It saw it, but it was but a dream.",
    "The United Nations Security Council\n\nNew York  City \n Mayor said that, that's that.",
    "Mr. Ban Ki-moon, Secretary-General of the United Nations, flew to Port-au-Prince on 12 January 2010 at 5 p.m.",
    "She's better than he'd've been; they'll've left. Who's whose? U.S. dollars: $5.3 million, €12, 7%, 3rd, half.",
    "Ünïcödé naïve Zoë 日本 🚀 \u200b \xa0 https://a.example/b?c=d x@y.example",
    "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon " * 9,
    "word " * 600,
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def quick() -> Language:
    return quicken(spacy.load(DEFAULT_MODEL))


def _seeds() -> list[str]:
    with gzip.open(SEEDS / "003_wire.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines] + [
            (SEEDS / "000_7aab83144a0a2c32.txt").read_text(encoding="utf-8")
        ]


def _tokens(doc: Doc) -> list[Any]:
    return [doc.text, doc.to_array(ATTRIBUTES).tolist(), [(e.start, e.end, e.label_) for e in doc.ents]]


def test_every_component_that_can_be_is_replaced(quick: Language) -> None:
    assert quick.pipe_names == [
        "tok2vec", "tagger", "quick_parser", "quick_attribute_ruler", "quick_lemmatizer", "quick_ner",
    ]  # fmt: skip


def test_tokens_are_the_same(plain: Language, quick: Language) -> None:
    texts = [*TEXTS, *_seeds()]
    for ours, theirs in zip(quick.pipe(texts, batch_size=7), plain.pipe(texts), strict=True):
        assert _tokens(ours) == _tokens(theirs)
        assert ours.has_annotation("ENT_IOB") == theirs.has_annotation("ENT_IOB")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from("Obama in , . the visited New York 's is was are there but I \n\n - 40 % U.S.".split(" ")))
)
def test_tokens_of_any_sequence_are_the_same(plain: Language, quick: Language, words: list[str]) -> None:
    text = " ".join(words)
    assert _tokens(quick(text)) == _tokens(plain(text))


def test_vectors_are_those_of_spacy_to_rounding(plain: Language) -> None:
    component: Any = plain.get_pipe("tok2vec")
    docs = [plain.make_doc(text) for text in TEXTS]
    for ours, theirs in zip(Encoder(component.model)(docs), component.model.predict(docs), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_vectors_do_not_depend_on_the_batch(plain: Language) -> None:
    component: Any = plain.get_pipe("tok2vec")
    encoder = Encoder(component.model)
    docs = [plain.make_doc(text) for text in TEXTS]
    for together, doc in zip(encoder(docs), docs, strict=True):
        assert together.tobytes() == encoder([doc])[0].tobytes()


def test_features_of_states_are_those_of_spacy_to_rounding(plain: Language, quick: Language) -> None:
    parser: Any = plain.get_pipe("parser")
    vectors = np.random.default_rng(1).normal(size=(600, 64)).astype(np.float32)
    for count in (0, 1, 255, 256, 257, 600):
        theirs = parser.model.get_ref("lower").predict(vectors[:count])
        ours = StateFeatures(parser.model.get_ref("lower"))(vectors[:count])
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    replaced: Any = quick.get_pipe("quick_parser")
    assert replaced.parser.model.get_ref("lower").name == replaced.parser.model.layers[1].name == "state_features"


def test_features_of_a_token_do_not_depend_on_how_many_there_are(plain: Language) -> None:
    parser: Any = plain.get_pipe("parser")
    features = StateFeatures(parser.model.get_ref("lower"))
    vectors = np.random.default_rng(2).normal(size=(300, 64)).astype(np.float32)
    whole = features(vectors)
    for count in (1, 7, 33, 255, 256, 299):
        assert features(vectors[:count]).tobytes() == whole[: count + 1].tobytes()
        assert features(vectors[count:])[1:].tobytes() == whole[count + 1 :].tobytes()


def test_pipeline_with_other_components_is_left_alone() -> None:
    nlp = spacy.load(DEFAULT_MODEL)
    nlp.add_pipe("entity_ruler")
    names = list(nlp.pipe_names)
    assert quicken(nlp).pipe_names == names


def test_other_networks_and_rules_are_left_alone(plain: Language) -> None:
    tagger: Any = plain.get_pipe("tagger")
    with pytest.raises(NotThisModel):
        Encoder(tagger.model)
    with pytest.raises(NotThisModel):
        StateFeatures(tagger.model)
    blank = spacy.blank("en")
    ruler: Any = blank.add_pipe("attribute_ruler")
    ruler.add([[{"SHAPE": "dd"}]], {"TAG": "CD"})
    with pytest.raises(NotThisModel, match="reads something else"):
        WordClasses(ruler)
    lookup: Any = blank.add_pipe("lemmatizer", config={"mode": "lookup"})
    with pytest.raises(NotThisModel, match="lookup"):
        Lemmas(lookup)


def test_words_beyond_the_memory_are_worked_out_anew(
    plain: Language, quick: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsbeam.transforms.parsing.forms._MOST_KINDS", 3)
    fresh = quicken(spacy.load(DEFAULT_MODEL))
    for text in (*TEXTS, " ".join(TEXTS[:10]), " ".join(TEXTS[4:8]), TEXTS[5]):
        assert _tokens(fresh(text)) == _tokens(plain(text))
