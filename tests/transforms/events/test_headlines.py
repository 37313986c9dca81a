"""Headlines whose verb the parser takes for a noun."""

import pytest

from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import told


@pytest.mark.parametrize(
    ("text", "type_", "actor"),
    [
        ("Thousands rally in Lima", "PROTEST", "Thousands"),
        ("Thousands of students rally in Lima against pension reform", "PROTEST", "Thousands of students"),
        ("Workers strike over pay", "PROTEST", "Workers"),
        ("Troops storm parliament", "ASSAULT", "Troops"),
        ("Rebels shell town in eastern Congo", "ASSAULT", "Rebels"),
        ("Militants ambush convoy, killing six soldiers", "ASSAULT", "Militants"),
    ],
)
def test_a_headline_has_its_verb_back(text: str, type_: str, actor: str) -> None:
    ((found, actors, _),) = told(text)
    assert (found, actors) == (type_, [actor])


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Police raid in Minsk", "raid"),  # a noun with its place
        ("The rebel attack killed six nurses.", "attack"),  # the sentence has its verb
        ("Police protest unit in Lima", "protest"),  # a noun before a noun
    ],
)
def test_a_noun_stays_a_noun(text: str, noun: str) -> None:
    assert next(token.pos_ for token in load_model()(text) if token.text == noun) == "NOUN"
