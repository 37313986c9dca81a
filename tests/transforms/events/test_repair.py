import pytest

from newsbeam.transforms.models import load_model


def heads(text: str) -> dict[str, tuple[str, str]]:
    return {token.text: (token.dep_, token.head.text) for token in load_model()(text)}


def test_participle_before_a_name_is_an_adjective() -> None:
    found = heads("He spoke about the old mosque compound in occupied East Jerusalem.")
    assert found["occupied"] == ("amod", "Jerusalem")
    assert found["Jerusalem"] == ("pobj", "in")


def test_gerund_governs_its_noun() -> None:
    found = heads("The military responded by striking locations in the north.")
    assert found["striking"] == ("pcomp", "by")
    assert found["locations"] == ("dobj", "striking")


@pytest.mark.parametrize(
    "text", ["TIRANA, Albania (AP) -- Albania's parliament passed a law.", "KABUL (Reuters): Police left."]
)
def test_dateline_is_a_sentence_of_its_own(text: str) -> None:
    assert len(list(load_model()(text).sents)) == 2


def test_parse_stays_a_tree() -> None:
    doc = load_model()("Trump called Erdogan on Monday and urged him to exercise caution in besieged Aleppo.")
    for token in doc:
        assert sum(1 for _ in token.ancestors) < len(doc)
    assert [sentence.root.dep_ for sentence in doc.sents] == ["ROOT"]
