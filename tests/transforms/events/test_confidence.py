"""How sure rows are: what speaks for and against a reading."""

import pytest

from newsbeam.transforms.events.confidence import confidence, signs
from newsbeam.transforms.events.lexicon import TYPES, load_lexicon, read_table
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reader import Reader
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import code


def read(text: str) -> tuple[Reader, Reading]:
    """The first event of a text, with its reader."""
    lexicon = load_lexicon()
    reader = Reader(Parse(load_model()(text), lexicon.verbs), lexicon)
    return reader, reader.read_all()[0]


def signs_of(text: str) -> tuple[str, ...]:
    reader, reading = read(text)
    return signs(reader.roles, reading)


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("Norway condemned Iran.", ("type ACCUSE", "frame sure", "head verb", "clause main", "actor named",
                                    "recipient named", "sentence short"), ("recipient apart from the predicate",)),
        ("Police said that rebels had attacked a convoy of nurses.",
         ("clause complement", "reported by somebody", "actor people"), ("clause main",)),
        ("The men who attacked the nurses fled.", ("clause added",), ("actor none",)),
        ("Two nurses were kidnapped by rebels.", ("actor people",), ("passive without doer",)),
        ("Two nurses were kidnapped.", ("passive without doer", "actor none"), ("actor people",)),
        ("The army did not attack the rebels.", ("negated",), ("future",)),
        ("Chile and Peru held talks.", ("goes both ways",), ("negated",)),
        ("They attacked the nurses.", ("actor pronoun",), ("actor people",)),
    ],
)  # fmt: skip
def test_what_speaks_for_and_against_a_reading(text: str, present: tuple[str, ...], absent: tuple[str, ...]) -> None:
    found = signs_of(text)
    assert set(present) <= set(found)
    assert set(absent).isdisjoint(found)


def test_plain_sentences_are_surer_than_what_is_told_by_the_way() -> None:
    (plain,) = code("Rebels attacked the nurses.")[0]
    (aside,) = code("The men who attacked the nurses fled.")[0]
    (vague,) = code("They attacked the nurses.")[0]
    assert plain.confidence > vague.confidence > aside.confidence


def test_confidence_is_a_chance_and_the_same_each_time() -> None:
    for text in ("Norway condemned Iran.", "They attacked the nurses.", "Two nurses were kidnapped."):
        reader, reading = read(text)
        value = confidence(reader.roles, reading)
        assert 0.0 < value < 1.0
        assert value == confidence(reader.roles, reading)
        assert value == round(value, 3)


def test_the_table_weighs_types_and_signs_that_exist() -> None:
    rows = read_table("confidence.tsv", 3)
    assert len({(part, sign) for part, sign, _ in rows}) == len(rows)
    assert {part for part, _, _ in rows} == {"type", "roles"}
    assert {sign[5:] for _, sign, _ in rows if sign.startswith("type ")} <= set(TYPES)
    assert all(abs(float(weight)) < 3 for _, _, weight in rows)
