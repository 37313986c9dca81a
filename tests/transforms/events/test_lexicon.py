import pytest

from newsbeam.transforms.events.lexicon import TYPES, load_lexicon

LEXICON = load_lexicon()
COOPERATIVE = (1, 2)


def test_has_words_for_every_type() -> None:
    entries = [sense for senses in LEXICON.verbs.values() for sense in senses]
    assert len(entries) + len(LEXICON.nouns) >= 1500
    assert {sense.type for sense in entries if sense.type} == TYPES


def test_every_named_class_exists() -> None:
    named = {
        name
        for senses in LEXICON.verbs.values()
        for sense in senses
        for condition in sense.conditions
        for name in condition.classes
        if name.startswith("@")
    }
    assert {name[1:] for name in named} <= TYPES | {"any"}


def test_sign_of_intensity_agrees_with_quad() -> None:
    for (type_, mode), (quad, root, intensity) in LEXICON.scale.items():
        assert (intensity > 0) == (quad in COOPERATIVE), (type_, mode)
        assert -10 <= intensity <= 10
        assert len(root) == 2 and root.isdigit()


def test_deeds_weigh_more_than_words() -> None:
    plain = {type_: value for (type_, mode), value in LEXICON.scale.items() if mode is None}
    words = [abs(intensity) for quad, _, intensity in plain.values() if quad in (1, 3)]
    deeds = [abs(intensity) for quad, _, intensity in plain.values() if quad in (2, 4)]
    assert max(words) < min(deeds)


@pytest.mark.parametrize(
    ("operator", "inner", "result"),
    [
        ("intend", "AID", "AGREE"),
        ("intend", "ASSAULT", "THREATEN"),
        ("refuse", "CONSULT", "REJECT"),
        ("request", "RETREAT", "REQUEST"),
        ("end", "ASSAULT", "RETREAT"),
        ("end", "AID", "SANCTION"),
        ("fail", "AGREE", "REJECT"),
        ("fail", "ASSAULT", None),
        ("want", "CONSULT", None),
        ("do", "PROTEST", "PROTEST"),
    ],
)
def test_conventions(operator: str, inner: str, result: str | None) -> None:
    assert LEXICON.combine(operator, inner) == result
